#include "life/inside.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "lifecycle/container.hpp"
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
  const auto given = std::ranges::find(record.options, "rootfs", &GivenOption::name);
  if (given == record.options.end() || !given->value)
    throw Error(ErrorKind::State, text::join("container ", record.name, " is not running, and what it wrote went with it"))
        .with_hint("copy while it runs; with --rootfs or a volume files stay");
  const std::string path = given->value->starts_with('/') ? *given->value : text::join(record.directory, "/", *given->value);
  return {.root = sys::RootDir::open_host(path.c_str()).or_throw("open the root of container ", record.name, ", ", path),
          .user = {},
          .runs = false};
}

}  // namespace

Inside open_inside(const lifecycle::Context& context, const Entry& entry) {
  const auto state_root = state::StateRoot::open(context.state_root);
  std::optional<state::ContainerFile> file;
  if (state_root) file = state_root->find(entry.id());
  if (!file) return open_directory_of(entry);
  const lifecycle::Container container = lifecycle::read_container(*std::move(file), host::read_boot_id());
  if (!container.live.init) return open_directory_of(entry);
  const pid_t pid = container.record->init.pid;
  const std::string path = text::join("/proc/", pid, "/root");
  Inside inside{.root = sys::RootDir::open_host(path.c_str()).or_throw("open ", path), .user = user_namespace_of(pid)};
  // Else the number may be another process's by now.
  if (sys::has_ended(*container.live.init))
    throw Error(ErrorKind::State, text::join("container ", entry.record.name, " has just ended"));
  return inside;
}

}  // namespace caisson::life
