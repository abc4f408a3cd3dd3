#include "life/inside.hpp"

#include <fcntl.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "life/layer.hpp"
#include "life/look.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"
#include "sys/process_stat.hpp"

namespace caisson::life {
namespace {

std::optional<sys::NamespaceFd> user_namespace_of(pid_t pid) {
  const std::string path = text::join("/proc/", pid, "/ns/user");
  auto theirs = sys::open_namespace_file(sys::kCwd, path.c_str()).or_throw("open ", path);
  const auto ours = sys::open_namespace_file(sys::kCwd, "/proc/self/ns/user").or_throw("open /proc/self/ns/user");
  if (sys::same_namespace(theirs.borrow(), ours.borrow()).or_throw("compare user namespaces")) return std::nullopt;
  return theirs;
}

Inside open_directory_of(const Entry& entry, const std::string& given) {
  const Record& record = entry.record;
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
  const auto parsed = sys::parse_process_stat(stat);
  return parsed ? parsed->parent : 0;
}

// The keeper's descriptor of what lies in memory.
sys::UniqueFd open_stage(const lifecycle::Container& container, const Entry& entry) {
  const pid_t keeper = parent_of(container.record->init.pid);
  if (!entry.has_keeper())
    throw Error(ErrorKind::State, text::join("the monitor of container ", entry.record.name, " was killed"))
        .with_hint("it held what the container has written, which is in memory; without --rm it is kept on disk");
  const std::string path = text::join("/proc/", keeper, "/fd/", entry.record.stage_at);
  auto opened = sys::open_at(sys::kCwd, path.c_str(), O_PATH | O_DIRECTORY);
  if (opened.err() == ENOENT) return {};
  return std::move(opened).or_throw("open ", path);
}

}  // namespace

Inside inside_of(pid_t pid) {
  const std::string path = text::join("/proc/", pid, "/root");
  return {.root = sys::RootDir::open_host(path.c_str()).or_throw("open ", path), .user = user_namespace_of(pid)};
}

std::optional<Inside> open_inside(const lifecycle::Context& context, const Entry& entry) {
  const auto container = live_container(context, entry);
  if (!container) {
    const std::string given = entry.record.option_text("rootfs");
    return given.empty() ? std::nullopt : std::optional(open_directory_of(entry, given));
  }
  lifecycle::require_made(*container, entry.record.name);
  Inside inside = inside_of(container->record->init.pid);
  require_alive(*container, entry);
  return inside;
}

sys::UniqueFd open_written(const lifecycle::Context& context, const Entry& entry) {
  if (entry.record.layer) return open_layer(entry);
  const auto container = live_container(context, entry);
  if (!container)
    throw Error(ErrorKind::State,
                text::join("container ", entry.record.name, " is not running, and what it wrote went with it"));
  lifecycle::require_made(*container, entry.record.name);
  sys::UniqueFd stage = open_stage(*container, entry);
  require_alive(*container, entry);
  if (!stage.valid()) throw Error(ErrorKind::State, text::join("container ", entry.record.name, " has no writable layer"));
  return stage;
}

View view_of(pid_t pid) {
  const std::string table = text::join("/proc/", pid, "/mountinfo");
  return {.user = user_namespace_of(pid), .mountinfo = sys::read_file(sys::kCwd, table.c_str()).or_throw("read ", table)};
}

}  // namespace caisson::life
