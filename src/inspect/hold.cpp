#include "inspect/hold.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "inspect/own_directory.hpp"
#include "inspect/target_word.hpp"
#include "json/fields.hpp"
#include "spec/vocabulary.hpp"
#include "state/identity_fields.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {

template <class Fields, json::same_struct<HeldNamespace> H>
void visit_fields(Fields& fields, H& held) {
  fields.required("type", held.type);
  fields.required("inode", held.inode);
  fields.required("descriptor", held.descriptor);
}

template <class Fields, json::same_struct<Hold> H>
void visit_fields(Fields& fields, H& hold) {
  state::visit_fields(fields, hold.holder);
  fields.required("pidNamespace", hold.pid_namespace);
  fields.required("namespaces", hold.namespaces);
}

namespace {

constexpr std::size_t kMostRecordBytes = 64 * 1024;

// Nothing: stale, being removed, or no record of the caller.
std::optional<Hold> read_record(sys::BorrowedFd directory, const std::string& name) {
  const auto file = sys::open_at(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!file.ok()) return std::nullopt;
  const auto status = sys::status_of_fd(file.value().borrow());
  if (!status.ok() || !status.value().is_regular() || status.value().uid != sys::effective_uid()) return std::nullopt;
  if (sys::lock_file(file.value().borrow(), LOCK_SH | LOCK_NB).ok()) return std::nullopt;
  const auto text = sys::read_full(file.value().borrow(), kMostRecordBytes);
  if (!text.ok()) return std::nullopt;
  try {
    Hold hold = parse_hold(text.value());
    hold.name = name;
    return hold;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

const HeldNamespace* Hold::find(ns::Type type) const noexcept {
  const auto found = std::ranges::find(namespaces, type, &HeldNamespace::type);
  return found == namespaces.end() ? nullptr : &*found;
}

std::string to_json(const Hold& hold) { return json::write_document(hold, json::kCompact); }

Hold parse_hold(std::string_view json) {
  Hold hold;
  try {
    hold = json::read_document<Hold>(json);
  } catch (const Error& error) {
    throw Error(ErrorKind::State, text::join("the record of a hold: ", error.message()));
  }
  const auto refuse = [](std::string_view why) { throw Error(ErrorKind::State, text::join("the record of a hold: ", why)); };
  if (hold.holder.pid <= 0) refuse("no process id");
  if (hold.namespaces.empty()) refuse("no namespaces");
  for (const HeldNamespace& held : hold.namespaces)
    if (held.descriptor < 0 || held.inode == 0) refuse("a namespace without number");
  return hold;
}

std::vector<Hold> list_holds(const std::string& state_root) {
  std::vector<Hold> holds;
  const auto directory = find_own_directory(state_root, kHoldsFolder);
  if (!directory) return holds;
  for (const sys::DirEntry& entry : sys::list_dir(directory->borrow()).or_throw("list ", state_root, "/", kHoldsFolder)) {
    if (entry.name.starts_with('.') || (entry.type != DT_REG && entry.type != DT_UNKNOWN)) continue;
    if (auto hold = read_record(directory->borrow(), entry.name)) holds.push_back(*std::move(hold));
  }
  std::ranges::sort(holds, {}, &Hold::name);
  return holds;
}

std::uint64_t own_pid_namespace() {
  const auto link = parse_namespace_link(sys::read_link(sys::kCwd, "/proc/self/ns/pid").or_throw("read /proc/self/ns/pid"));
  return link ? link->inode : 0;
}

sys::Pidfd open_holder(const Hold& hold) {
  if (hold.pid_namespace != own_pid_namespace())
    throw Error(ErrorKind::Host,
                text::join("hold ", text::quoted(hold.name), ": its holder was made in another pid namespace, ",
                           namespace_link(ns::Type::Pid, hold.pid_namespace)))
        .with_hint("process ids mean something else there: use it from a process of that namespace");
  auto holder = state::open_verified(hold.holder, host::read_boot_id());
  if (!holder)
    throw Error(ErrorKind::Host,
                text::join("hold ", text::quoted(hold.name), ": its holder, process ", hold.holder.pid, ", is gone"));
  return *std::move(holder);
}

sys::NamespaceFd open_held(const Hold& hold, const HeldNamespace& held) {
  const sys::Pidfd holder = open_holder(hold);
  const std::string path = text::join("/proc/", hold.holder.pid, "/fd/", held.descriptor);
  auto fd = sys::open_namespace_file(sys::kCwd, path.c_str()).or_throw("hold ", text::quoted(hold.name), ": open ", path);
  // Opened by number: it was the holder's if that one is still there.
  const auto type = sys::namespace_type(fd.borrow());
  const auto status = sys::status_of_fd(fd.borrow());
  if (sys::has_ended(holder) || !type.ok() || type.value() != ns::kind_of(held.type).flag || !status.ok() ||
      status.value().inode != held.inode)
    throw Error(ErrorKind::Host, text::join("hold ", text::quoted(hold.name), ": its holder, process ", hold.holder.pid,
                                            ", no longer has ", namespace_link(held.type, held.inode)));
  return fd;
}

}  // namespace caisson::inspect
