#include "launch/monitor.hpp"

#include <fcntl.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "launch/monitor/config.hpp"
#include "launch/sealed_program.hpp"
#include "launch/wire.hpp"
#include "process/signals.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

extern "C" {
extern const char caisson_monitor_begin[];
extern const char caisson_monitor_end[];
}

namespace caisson::launch {
namespace {

constexpr int kLowest = 10;  // above every number that is given a meaning

// What the runtime will need to find its programs and directories again. All of the caller's environment would be memory of
// every monitor, and secrets in it.
constexpr std::string_view kKeptVariables[] = {"PATH", "HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "DBUS_SESSION_BUS_ADDRESS"};

std::vector<std::string> kept_environment() {
  std::vector<std::string> kept;
  for (const std::string_view name : kKeptVariables)
    if (const char* value = std::getenv(std::string(name).c_str()); value != nullptr)
      kept.push_back(text::join(name, "=", value));
  return kept;
}

std::vector<const char*> pointers(const std::vector<std::string>& texts, const char* first = nullptr) {
  std::vector<const char*> all;
  if (first != nullptr) all.push_back(first);
  for (const std::string& text : texts) all.push_back(text.c_str());
  all.push_back(nullptr);
  return all;
}

// Out of the way of the numbers with a meaning, and open in the monitor.
sys::UniqueFd inherited(sys::BorrowedFd fd) {
  sys::UniqueFd copy = sys::duplicate(fd, kLowest).or_throw("duplicate a descriptor");
  sys::keep_across_exec(copy.borrow()).or_throw("keep a descriptor");
  return copy;
}

sys::UniqueFd inherited(const std::optional<sys::BorrowedFd>& fd) { return fd ? inherited(*fd) : sys::UniqueFd(); }

sys::UniqueFd monitor_program(const MonitorConfig& config) {
  const auto size = static_cast<std::size_t>(caisson_monitor_end - caisson_monitor_begin);
  const std::string_view block(reinterpret_cast<const char*>(&config), sizeof config);
  sys::UniqueFd sealed = seal_program(with_block({caisson_monitor_begin, size}, std::string(block)));
  return sys::duplicate(sealed.borrow(), kLowest).or_throw("duplicate a descriptor");
}

void leave_terminal() {
  sys::new_session().or_throw("make a session");
  sys::change_dir("/").or_throw("go to /");
}

[[noreturn]] void keeper_main(const std::function<void(const Channel&)>& keep, const Channel& channel) noexcept {
  try {
    leave_terminal();
    keep(channel);
  } catch (const Error& error) {
    channel.send_failure(error);
  }
  sys::exit_now(125);
}

}  // namespace

void redirect_streams(const StandardStreams& streams) {
  const sys::UniqueFd null = sys::open_at(sys::kCwd, "/dev/null", O_RDWR).or_throw("open /dev/null");
  const std::array wanted{streams.input.value_or(null.borrow()), streams.output.value_or(null.borrow()),
                          streams.error.value_or(null.borrow())};
  for (int number = 0; number < 3; ++number)
    sys::duplicate_onto(wanted[static_cast<std::size_t>(number)], number).or_throw("redirect a standard stream");
}

void become_monitor(const MonitorOrders& orders) {
  sys::close_range(3, ~0U, sys::abi::kCloseRangeCloexec).or_throw("mark descriptors");
  // By descriptor: the file may be replaced while the container runs.
  const sys::UniqueFd program =
      inherited(sys::open_at(sys::kCwd, "/proc/self/exe", O_PATH).or_throw("open /proc/self/exe").borrow());
  const sys::UniqueFd directory = inherited(orders.directory), process = inherited(orders.process);
  const sys::UniqueFd listener = inherited(orders.listener), input = inherited(orders.input);
  const sys::UniqueFd output = inherited(orders.output), error = inherited(orders.error), channel = inherited(orders.channel);
  const sys::UniqueFd stage =
      orders.stage ? sys::duplicate(*orders.stage, kLowest).or_throw("duplicate a descriptor") : sys::UniqueFd();
  std::vector<sys::UniqueFd> held;
  for (const sys::BorrowedFd fd : orders.held) held.push_back(inherited(fd));
  const MonitorConfig config{.magic = kMonitorMagic,
                             .channel = channel.get(),
                             .directory = directory.get(),
                             .exit_file = kPassedExitFile,
                             .program = program.get(),
                             .process = process.get(),
                             .streams = {output.get(), error.get()},
                             .listener = listener.get(),
                             .input = input.get(),
                             .run = orders.run,
                             .delay_ms = orders.delay_ms,
                             .log_files = orders.log_files,
                             .log_most_bytes = orders.log_most_bytes};
  const sys::UniqueFd monitor = monitor_program(config);
  redirect_streams({});
  sys::duplicate_onto(orders.exit_file, kPassedExitFile).or_throw("place the exit file");
  if (stage.valid()) sys::duplicate_onto(stage.borrow(), kHeldStage).or_throw("place the stage");
  const std::vector<std::string> environment = kept_environment();
  sys::execute_fd(monitor.borrow(), pointers(orders.arguments, orders.title.c_str()).data(), pointers(environment).data())
      .or_throw("execute the monitor");
  sys::exit_now(125);
}

void start_keeper(const std::function<void(const Channel&)>& keep) {
  ChannelPair channels = make_channel();
  sys::Cloned child = sys::clone_with_pidfd().or_throw("clone the monitor");
  if (child.pid == 0) {
    channels.parent.close();
    keeper_main(keep, channels.child);
  }
  channels.child.close();
  const auto answer = channels.parent.receive();
  if (answer && answer->message == Message::Ready) return;
  const sys::ExitStatus ended = sys::wait_for(child.process).or_throw("wait for the monitor");
  if (answer) throw decode_failure(std::as_bytes(std::span(answer->data)));
  throw Error(ErrorKind::Kernel, text::join("the monitor ", process::end_in_words(ended), " before the container ran"));
}

}  // namespace caisson::launch
