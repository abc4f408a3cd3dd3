#include "lifecycle/bundle.hpp"

#include <cerrno>
#include <cstdlib>

#include "base/text.hpp"
#include "process/descriptors.hpp"
#include "spec/read_config.hpp"
#include "spec/validate.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

namespace caisson::lifecycle {
namespace {

constexpr std::size_t kMostConfig = std::size_t{16} << 20;

Terminal terminal_of(const spec::Spec& spec, const CreateRequest& request, Lifetime lifetime) {
  const bool wanted = spec.process && spec.process->terminal;
  if (!request.console_socket.empty() && (!wanted || lifetime == Lifetime::Foreground))
    throw Error(ErrorKind::Usage,
                "--console-socket: cannot be used unless the container is detached and process.terminal is true");
  if (!wanted) return Terminal::None;
  if (lifetime == Lifetime::Foreground) return Terminal::Foreground;
  if (request.console_socket.empty())
    throw Error(ErrorKind::Usage, "process.terminal: a detached container needs --console-socket to hand its terminal over")
        .with_hint("set process.terminal to false, or give the path of a listening socket");
  return Terminal::Socket;
}

std::optional<std::string_view> environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string_view>(value);
}

}  // namespace

unsigned keep_descriptors(unsigned preserve_fds, std::vector<std::string>& env) {
  const process::KeptDescriptors kept = process::plan_descriptors(
      preserve_fds, {.listen_fds = environment("LISTEN_FDS"), .listen_pid = environment("LISTEN_PID")}, sys::process_id());
  process::verify_descriptors(kept);
  for (std::string& variable : process::activation_variables(kept)) env.push_back(std::move(variable));
  if (const auto names = environment("LISTEN_FDNAMES"); names && kept.listening > 0)
    env.push_back(text::join("LISTEN_FDNAMES=", *names));
  return kept.listening + kept.preserved;
}

void take_callers_window(spec::Process& process) {
  if (process.console_size) return;
  if (const auto size = sys::window_size(sys::BorrowedFd(0)); size.ok())
    process.console_size = spec::BoxSize{.height = size.value().rows, .width = size.value().columns};
}

ContainerWish read_wish(const Context& context, const CreateRequest& request, Lifetime lifetime) {
  state::check_container_id(request.id);
  const std::string path = request.config_path.empty() ? text::join(request.bundle, "/config.json") : request.config_path;
  auto config = sys::read_file(sys::kCwd, path.c_str(), kMostConfig);
  if (!config.ok()) {
    Error error(ErrorKind::Spec, text::join("read ", path), config.err());
    if (config.err() == ENOENT || config.err() == ENOTDIR || config.err() == EISDIR)
      error.with_hint("a bundle is a directory with a config.json and a root filesystem; `spec` writes the former");
    throw error;
  }
  ContainerWish wish{.config = std::move(config).value()};
  try {
    wish.spec = spec::read_config(wish.config);
    spec::validate(wish.spec);
    if (!wish.spec.process) throw Error(ErrorKind::Spec, "process: is required to create a container");
  } catch (Error& error) {
    throw std::move(error.within(path));
  }
  wish.terminal = terminal_of(wish.spec, request, lifetime);
  if (wish.terminal == Terminal::Foreground) take_callers_window(*wish.spec.process);
  wish.payload = lifetime == Lifetime::Detached ? Payload::WaitsForStart : Payload::StartsAtOnce;
  wish.console_socket = request.console_socket;
  wish.pid_file = request.pid_file;
  wish.pidfd_socket = request.pidfd_socket;
  wish.request = {.id = request.id,
                  .bundle = request.bundle,
                  .pivot = request.no_pivot ? plan::PivotMode::MoveAndChroot : plan::PivotMode::Pivot,
                  .keyring = request.no_new_keyring ? plan::KeyringMode::KeepCallers : plan::KeyringMode::New,
                  .cgroup_driver = context.cgroup_manager,
                  .preserve_fds = keep_descriptors(request.preserve_fds, wish.spec.process->env)};
  return wish;
}

}  // namespace caisson::lifecycle
