#include "inspect/target.hpp"

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "host/facts.hpp"
#include "inspect/find_namespace.hpp"
#include "inspect/pin.hpp"
#include "inspect/target_word.hpp"
#include "life/store.hpp"
#include "state/status.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

const ns::Kind* kind_of_flag(std::uint64_t flag) {
  const auto found = std::ranges::find(ns::kKinds, flag, &ns::Kind::flag);
  return found == ns::kKinds.end() ? nullptr : &*found;
}

std::string hint_near(std::string_view word, const std::vector<std::string>& known, std::string_view otherwise) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view near = text::nearest(word, views);
  return near.empty() ? std::string(otherwise) : text::join("did you mean ", near, "?");
}

// pidfd_open(2) of a thread: EINVAL, or ENOENT from 6.15 on.
[[noreturn]] void throw_no_process(pid_t pid, int error) {
  const bool exists = sys::status_at(sys::kCwd, text::join("/proc/", pid).c_str()).ok();
  if (error != ESRCH && exists)
    throw Error(ErrorKind::Host, text::join(pid, " is a thread, not a process"))
        .with_hint(text::join("its process is named by Tgid in /proc/", pid, "/status"));
  throw Error(ErrorKind::Host, text::join("there is no process ", pid));
}

Target process_target(const TargetWord& word) {
  Target target;
  target.pid = static_cast<pid_t>(word.number);
  auto process = sys::open_pidfd(target.pid);
  if (!process.ok()) throw_no_process(target.pid, process.err());
  target.process = std::move(process).value();
  return target;
}

std::optional<life::Store> named_containers(const Places& places) {
  return places.store.empty() ? std::nullopt : life::Store::open(places.store);
}

std::vector<std::string> container_names(const std::optional<state::StateRoot>& root, const Places& places) {
  std::vector<std::string> names;
  if (root)
    for (const state::Entry& entry : root->list()) names.push_back(entry.id);
  if (const auto named = named_containers(places))
    for (const life::Entry& entry : named->list()) names.push_back(entry.record.name);
  return names;
}

// The id that the state root knows; nothing: nobody is called so.
std::optional<std::string> id_of_name(std::string_view name, const Places& places) {
  const auto named = named_containers(places);
  const auto entry = named ? named->try_find(name) : std::nullopt;
  return entry ? std::optional(entry->id()) : std::nullopt;
}

// Nothing: there is no container with that name.
std::optional<Target> container_target(const std::string& name, const std::optional<state::StateRoot>& root,
                                       const Places& places) {
  std::string id = name;
  auto file = root ? root->find(id) : std::nullopt;
  if (!file) {
    auto meant = id_of_name(name, places);
    if (!meant) return std::nullopt;
    id = *std::move(meant);
    file = root ? root->find(id) : std::nullopt;
    if (!file) throw Error(ErrorKind::Host, text::join("container ", text::quoted(name), " is not running"));
  }
  const auto record = file->read_record();
  state::Live live = state::live_status(*file, record, host::read_boot_id());
  if (live.status == state::Status::Creating)
    throw Error(ErrorKind::Host, text::join("container ", text::quoted(name), " is still being created"));
  if (!live.init) throw Error(ErrorKind::Host, text::join("container ", text::quoted(name), ": its first process has ended"));
  Target target;
  target.container = id;
  target.pid = record->init.pid;
  target.process = *std::move(live.init);
  return target;
}

Target named_container(const TargetWord& word, const Places& places) {
  const auto root = state::StateRoot::open(places.state_root);
  if (auto target = container_target(word.text, root, places)) return *std::move(target);
  throw Error(ErrorKind::Host, text::join("there is no container ", text::quoted(word.text), " in ", places.state_root))
      .with_hint(hint_near(word.text, container_names(root, places),
                           "the containers of another user, or of another --root, are not seen"));
}

Target pin_target(const Pin& pin, const std::string& state_root) {
  Target target;
  target.type = pin.type;
  target.fd = open_pin(pin, state_root);
  return target;
}

// One namespace may have a name in several ways; several namespaces of one name are for the user to tell apart.
std::vector<const Pin*> different(const std::vector<Pin>& pins, const TargetWord& word) {
  std::vector<const Pin*> found;
  for (const Pin& pin : pins) {
    if (pin.name != word.text || (word.type && pin.type != *word.type)) continue;
    const auto is_same = [&](const Pin* other) { return other->type == pin.type && other->inode == pin.inode; };
    if (std::ranges::none_of(found, is_same)) found.push_back(&pin);
  }
  return found;
}

[[noreturn]] void throw_ambiguous(const TargetWord& word, const std::vector<const Pin*>& found) {
  std::string all;
  for (const Pin* pin : found)
    all += text::join(all.empty() ? "" : ", ", ns::kind_of(pin->type).proc, ":", pin->name, " (", pin->path, ")");
  throw Error(ErrorKind::Usage, text::join(text::quoted(word.text), " names ", found.size(), " namespaces: ", all))
      .with_hint(word.type ? "name it by its path" : "say which one: KIND:NAME");
}

[[noreturn]] void throw_no_name(const TargetWord& word, const std::vector<Pin>& pins, std::vector<std::string> known,
                                const std::string& state_root) {
  for (const Pin& pin : pins)
    if (!word.type || pin.type == *word.type) known.push_back(pin.name);
  const std::string what = word.type ? text::join("no ", ns::kind_of(*word.type).proc, " namespace is called ")
                                     : std::string("no container and no namespace is called ");
  const std::string also = !word.type || *word.type == ns::Type::Network ? text::join(" or ", kNetnsFolder) : std::string();
  throw Error(ErrorKind::Host, text::join(what, text::quoted(word.text), " in ", state_root, also))
      .with_hint(hint_near(word.text, known, "a path has a slash, a process is a number; caisson ns ls lists what there is"));
}

// Whoever may not read the state directory sees no container in it.
std::optional<state::StateRoot> readable_root(const std::string& state_root) {
  try {
    return state::StateRoot::open(state_root);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Host) throw;
    return std::nullopt;
  }
}

bool may_be_container(std::string_view name) {
  try {
    state::check_container_id(name);
    return true;
  } catch (const Error&) {
    return false;
  }
}

Target named_target(const TargetWord& word, const Places& places) {
  const std::vector<Pin> pins = list_pins(places.state_root);
  const std::vector<const Pin*> found = different(pins, word);
  if (found.size() > 1) throw_ambiguous(word, found);
  if (!found.empty()) return pin_target(*found.front(), places.state_root);
  std::vector<std::string> known;
  if (!word.type) {
    const auto root = readable_root(places.state_root);
    if (may_be_container(word.text))
      if (auto target = container_target(word.text, root, places)) return *std::move(target);
    known = container_names(root, places);
  }
  throw_no_name(word, pins, std::move(known), places.state_root);
}

Target path_target(const TargetWord& word) {
  auto fd = sys::open_namespace_file(sys::kCwd, word.text.c_str());
  if (fd.err() == ENOTTY)
    throw Error(ErrorKind::Host, text::join(text::quoted(word.text), " is no namespace file"))
        .with_hint("of a pin whose mount is gone, or in another mount namespace, only the empty file is seen");
  if (!fd.ok()) {
    Error error(ErrorKind::Host, text::join("open ", text::quoted(word.text)), fd.err());
    if (fd.err() == EACCES || fd.err() == EPERM)
      error.with_hint("the namespaces of a process can be opened by its user and by root");
    throw std::move(error);
  }
  const auto flag = sys::namespace_type(fd.value().borrow()).or_throw("look at ", word.text);
  const ns::Kind* kind = kind_of_flag(flag);
  if (kind == nullptr)
    throw Error(ErrorKind::Host, text::join(text::quoted(word.text), " is a namespace of an unknown kind, ", text::hex(flag)));
  Target target;
  target.type = kind->type;
  target.fd = std::move(fd).value();
  return target;
}

Target found_target(std::optional<FoundNamespace> found, std::string_view word) {
  if (!found)
    throw Error(ErrorKind::Host, text::join("no namespace ", word, " among those that you may see"))
        .with_hint("it has ended, or belongs to another user");
  Target target;
  target.type = found->type;
  target.fd = std::move(found->fd);
  return target;
}

Target resolve(const TargetWord& word, std::string_view written, const Places& places) {
  switch (word.form) {
    case WordForm::Process:
      return process_target(word);
    case WordForm::Container:
      return named_container(word, places);
    case WordForm::Name:
      return named_target(word, places);
    case WordForm::Path:
      return path_target(word);
    case WordForm::Inode:
      return found_target(find_by_inode(*word.type, word.number), written);
    case WordForm::Id:
      return found_target(find_by_id(word.number), written);
  }
  return {};
}

[[noreturn]] void throw_unreadable(const Target& target, const ns::Kind& kind, int error) {
  const std::string what = text::join("open the ", kind.proc, " namespace of process ", target.pid);
  if (error == ESRCH) throw Error(ErrorKind::Host, text::join(what, ": it has ended"));
  if (error == ENOENT || error == EOPNOTSUPP)
    throw Error(ErrorKind::Host, text::join(what, ": this kernel has none, or the process has ended"));
  Error failed(ErrorKind::Host, what, error);
  if (error == EACCES || error == EPERM) failed.with_hint("the namespaces of a process can be opened by its user and by root");
  throw std::move(failed);
}

sys::SysResult<sys::NamespaceFd> open_of_process(const Target& target, const ns::Kind& kind) {
  auto direct = sys::namespace_of(target.process, kind.flag);
  if (direct.err() != ENOTTY && direct.err() != EINVAL) return direct;
  const std::string path = text::join("/proc/", target.pid, "/ns/", kind.proc);
  auto opened = sys::open_namespace_file(sys::kCwd, path.c_str());
  // The number was still its own if it has not been reaped.
  if (sys::send_signal(target.process, 0).err() == ESRCH) return sys::SysResult<sys::NamespaceFd>::failed(ESRCH);
  return opened;
}

}  // namespace

Target resolve_target(std::string_view word, const Places& places) {
  Target target = resolve(parse_target_word(word), word, places);
  target.name = std::string(word);
  return target;
}

sys::NamespaceFd open_namespace(const Target& target, ns::Type type) {
  const ns::Kind& kind = ns::kind_of(type);
  if (target.pid != 0) {
    auto opened = open_of_process(target, kind);
    if (!opened.ok()) throw_unreadable(target, kind, opened.err());
    return std::move(opened).value();
  }
  if (target.type != type)
    throw Error(ErrorKind::Host, text::join(text::quoted(target.name), " is a ", ns::kind_of(*target.type).proc,
                                            " namespace, not a ", kind.proc, " namespace"));
  return {sys::duplicate(target.fd.borrow()).or_throw("duplicate the descriptor of ", target.name)};
}

}  // namespace caisson::inspect
