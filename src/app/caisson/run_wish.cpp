#include "app/caisson/run_wish.hpp"

#include "app/paths.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "life/abandoned.hpp"
#include "request/parse.hpp"
#include "sys/process.hpp"
#include "sys/terminal.hpp"

namespace caisson::app::human {
namespace {

std::vector<spec::IdMapping> maps(const OptionValues& options, std::string_view name) {
  std::vector<spec::IdMapping> all;
  for (const std::string_view value : options.values(name)) all.push_back(request::parse_id_map(value, text::join("--", name)));
  return all;
}

// Unique among the containers of this machine while they run: a pid and the time.
std::string new_id() {
  const timespec now = sys::realtime();
  return text::join(life::kForegroundPrefix, sys::process_id(), "-", now.tv_nsec / 1000);
}

std::optional<spec::BoxSize> window() {
  const auto size = sys::window_size(sys::BorrowedFd(0));
  if (!size.ok()) return std::nullopt;
  return spec::BoxSize{.height = size.value().rows, .width = size.value().columns};
}

}  // namespace

std::vector<std::string> texts(const OptionValues& options, std::string_view name) {
  std::vector<std::string> all;
  for (const std::string_view value : options.values(name)) all.emplace_back(value);
  return all;
}

request::RunWish run_wish(const Parsed& line, bool on_terminal) {
  const OptionValues& options = line.options;
  request::RunWish wish{.id = new_id()};
  wish.rootfs = absolute_path(options.text("rootfs"));
  wish.read_only = options.flag("read-only");
  wish.terminal = options.has("tty") ? options.flag("tty") : on_terminal && !options.has("interactive");
  wish.init = options.flag("init");
  wish.hostname = options.text("hostname");
  wish.workdir = options.text("workdir");
  wish.user = options.text("user");
  wish.env = texts(options, "env");
  wish.volumes = texts(options, "volume");
  wish.tmpfs = texts(options, "tmpfs");
  wish.cap_add = texts(options, "cap-add");
  wish.cap_drop = texts(options, "cap-drop");
  wish.ulimits = texts(options, "ulimit");
  wish.security_opts = texts(options, "security-opt");
  for (const std::string_view kind : options.values("share")) wish.shared.push_back(request::parse_namespace(kind, "--share"));
  wish.uid_maps = maps(options, "uidmap");
  wish.gid_maps = maps(options, "gidmap");
  wish.time_offset = options.text("time-offset");
  for (const std::string_view word : line.operands) wish.command.emplace_back(word);
  if (wish.terminal) wish.window = window();
  return wish;
}

}  // namespace caisson::app::human
