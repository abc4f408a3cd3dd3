#include "life/inside.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "life/look.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::life {
namespace {

std::optional<sys::NamespaceFd> user_namespace_of(pid_t pid) {
  const std::string path = text::join("/proc/", pid, "/ns/user");
  auto theirs = sys::open_namespace_file(sys::kCwd, path.c_str()).or_throw("open ", path);
  const auto ours = sys::open_namespace_file(sys::kCwd, "/proc/self/ns/user").or_throw("open /proc/self/ns/user");
  if (sys::same_namespace(theirs.borrow(), ours.borrow()).or_throw("compare user namespaces")) return std::nullopt;
  return theirs;
}

Inside open_directory_of(const Entry& entry) {
  const Record& record = entry.record;
  const std::string given = record.option_text("rootfs");
  if (given.empty())
    throw Error(ErrorKind::State, text::join("container ", record.name, " is not running, and what it wrote went with it"))
        .with_hint("copy while it runs; with --rootfs or a volume files stay");
  const std::string path = given.starts_with('/') ? given : text::join(record.directory, "/", given);
  return {.root = sys::RootDir::open_host(path.c_str()).or_throw("open the root of container ", record.name, ", ", path),
          .user = {}};
}

// Else its number may be another process's by now.
void require_alive(const lifecycle::Container& container, const Entry& entry) {
  if (sys::has_ended(*container.live.init))
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " has just ended"));
}

// Its keeper, as long as that lives.
pid_t parent_of(pid_t pid) {
  const std::string path = text::join("/proc/", pid, "/stat");
  const std::string stat = sys::read_file(sys::kCwd, path.c_str()).or_throw("read ", path);
  const auto words = text::split(std::string_view(stat).substr(std::min(stat.rfind(')') + 2, stat.size())), ' ');
  return words.size() < 2 ? 0 : text::parse_number<pid_t>(words[1]).value_or(0);
}

}  // namespace

Inside open_inside(const lifecycle::Context& context, const Entry& entry) {
  const auto container = live_container(context, entry);
  if (!container) return open_directory_of(entry);
  const pid_t pid = container->record->init.pid;
  const std::string path = text::join("/proc/", pid, "/root");
  Inside inside{.root = sys::RootDir::open_host(path.c_str()).or_throw("open ", path), .user = user_namespace_of(pid)};
  require_alive(*container, entry);
  return inside;
}

Written open_written(const lifecycle::Context& context, const Entry& entry) {
  const auto container = live_container(context, entry);
  if (!container)
    throw Error(ErrorKind::State,
                text::join("container ", entry.record.name, " is not running, and what it wrote went with it"));
  const pid_t pid = container->record->init.pid, keeper = parent_of(pid);
  if (!entry.has_keeper())
    throw Error(ErrorKind::State, text::join("the monitor of container ", entry.record.name, " was killed"))
        .with_hint("it held what the container has written; a restart gives the container a new one");
  const std::string stage = text::join("/proc/", keeper, "/fd/", entry.record.stage_at),
                    table = text::join("/proc/", pid, "/mountinfo");
  Written written{.stage = {}, .user = user_namespace_of(pid), .mountinfo = {}};
  written.mountinfo = sys::read_file(sys::kCwd, table.c_str()).or_throw("read ", table);
  auto opened = sys::open_at(sys::kCwd, stage.c_str(), O_PATH | O_DIRECTORY);
  if (opened.ok()) written.stage = std::move(opened).value();
  if (!opened.ok() && opened.err() != ENOENT) throw Error(ErrorKind::Kernel, text::join("open ", stage), opened.err());
  require_alive(*container, entry);
  return written;
}

}  // namespace caisson::life
