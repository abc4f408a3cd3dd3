#include "inspect/remove_name.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "inspect/hold.hpp"
#include "inspect/make_hold.hpp"
#include "inspect/own_directory.hpp"
#include "inspect/pin_place.hpp"
#include "inspect/target_word.hpp"
#include "mount/mountinfo.hpp"
#include "sys/file.hpp"

namespace caisson::inspect {
namespace {

bool is_chosen(const KindChoice& kinds, ns::Type type) {
  return kinds.all || kinds.types.empty() || std::ranges::find(kinds.types, type) != kinds.types.end();
}

// One thing that has the name.
struct Named {
  PinnedBy by = PinnedBy::Mount;
  ns::Type type = ns::Type::User;
  std::string name;
  std::optional<std::uint64_t> inode;
};

void find_files(const std::string& state_root, PinnedBy by, ns::Type type, const std::string& name, std::vector<Named>& found) {
  const auto place = PinPlace::find(state_root, by, type);
  if (!place) return;
  const PinFile file = place->file(name);
  if (file.state() != PinFileState::Absent) found.push_back({by, type, name, file.inode()});
}

std::vector<Named> find_named(const std::string& state_root, const NameWord& word) {
  std::vector<Named> found;
  for (const ns::Kind& kind : ns::kKinds) {
    if (!is_chosen(word.kinds, kind.type)) continue;
    find_files(state_root, PinnedBy::Mount, kind.type, word.name, found);
    if (kind.type == ns::Type::Network) find_files(state_root, PinnedBy::IpNetns, kind.type, word.name, found);
  }
  for (const Hold& hold : list_holds(state_root))
    for (const HeldNamespace& held : hold.namespaces)
      if (hold.name == word.name && is_chosen(word.kinds, held.type))
        found.push_back({PinnedBy::Holder, held.type, hold.name, held.inode});
  return found;
}

[[noreturn]] void throw_missing(const std::string& state_root, const NameWord& word) {
  const std::vector<Pin> pins = list_pins(state_root);
  std::vector<std::string_view> known;
  std::string kinds;
  for (const Pin& pin : pins) {
    known.push_back(pin.name);
    if (pin.name == word.name) kinds += text::join(kinds.empty() ? "" : " ", ns::kind_of(pin.type).proc);
  }
  const std::string_view near = text::nearest(word.name, known);
  Error error(ErrorKind::Host, text::join("no namespace is called ", text::quoted(word.name),
                                          kinds.empty() ? "" : " of the kinds that were named"));
  if (!kinds.empty()) throw std::move(error).with_hint(text::join("it is of kind ", kinds));
  throw std::move(error).with_hint(near.empty() ? "the names of another user, or of another --root, are not seen"
                                                : text::join("did you mean ", near, "?"));
}

void remove_files(const std::string& state_root, const std::vector<Named>& found) {
  for (const Named& named : found)
    if (named.by != PinnedBy::Holder)
      if (const auto place = PinPlace::find(state_root, named.by, named.type)) place->file(named.name).remove();
}

void end_holds(const std::string& state_root, const std::vector<Named>& found, const std::string& name) {
  std::vector<ns::Type> types;
  for (const Named& named : found)
    if (named.by == PinnedBy::Holder) types.push_back(named.type);
  if (!types.empty()) end_hold(state_root, name, types);
}

// A name that a process gave itself may hold anything.
std::string processes_in(const std::string& link, ns::Type type) {
  const auto proc = sys::open_at(sys::kCwd, "/proc", O_RDONLY | O_DIRECTORY).or_throw("open /proc");
  std::size_t count = 0;
  pid_t first = 0;
  for (const sys::DirEntry& entry : sys::list_dir(proc.borrow()).or_throw("list /proc")) {
    const auto pid = text::parse_number<pid_t>(entry.name);
    if (!pid) continue;
    const auto seen = sys::read_link(proc.borrow(), text::join(entry.name, "/ns/", ns::kind_of(type).proc).c_str());
    if (!seen.ok() || seen.value() != link) continue;
    ++count;
    first = first == 0 ? *pid : std::min(first, *pid);
  }
  if (count == 0) return {};
  const auto name = sys::read_file(proc.borrow(), text::join(first, "/comm").c_str());
  return text::join(count, count == 1 ? " process" : " processes", " (first ", first, ", ",
                    text::quoted(text::trim(name.ok() ? name.value() : "")), ")");
}

std::string mounts_of(const std::string& link) {
  std::string mounts;
  const std::string table = sys::read_file(sys::kCwd, "/proc/self/mountinfo").or_throw("read the mount table");
  for (const mount::MountInfo& mounted : mount::parse_mountinfo(table))
    if (mounted.type == "nsfs" && mounted.root == link)
      mounts += text::join(mounts.empty() ? "mounted on " : ", ", text::quoted(mounted.mount_point));
  return mounts;
}

// What earlier attempts left that were killed, and directories that have become empty.
void clean_up(const std::string& state_root, const sys::UniqueFd&) {
  remove_empty_places(state_root);
  sweep_holds(state_root);
}

}  // namespace

NameWord parse_name_word(std::string_view word, const KindChoice& kinds) {
  const TargetWord parsed = parse_target_word(word);
  if (parsed.form != WordForm::Name)
    throw Error(ErrorKind::Usage, text::join(text::quoted(word), " is not the name of a pin or a hold"))
        .with_hint("write NAME or KIND:NAME; a name that looks like a process id needs its kind before it");
  if (!parsed.type) return {parsed.text, kinds};
  if (kinds.all || !kinds.types.empty())
    throw Error(ErrorKind::Usage, text::join(text::quoted(word), " names its kind already: --kind cannot name another"));
  return {parsed.text, {.all = false, .types = {*parsed.type}}};
}

std::vector<std::string> remove_names(const std::string& state_root, const std::vector<NameWord>& names) {
  for (const NameWord& word : names) {
    if (!find_named(state_root, word).empty()) continue;
    if (find_own_directory(state_root, "")) clean_up(state_root, lock_names(state_root));
    throw_missing(state_root, word);
  }
  const sys::UniqueFd lock = lock_names(state_root);
  std::vector<Named> removed;
  for (const NameWord& word : names) {
    const std::vector<Named> found = find_named(state_root, word);
    end_holds(state_root, found, word.name);
    remove_files(state_root, found);
    removed.insert(removed.end(), found.begin(), found.end());
  }
  clean_up(state_root, lock);
  std::vector<std::string> living;
  for (const Named& named : removed) {
    const auto sentence = named.inode ? what_keeps(state_root, named.type, *named.inode) : std::nullopt;
    if (sentence && std::ranges::find(living, *sentence) == living.end()) living.push_back(*sentence);
  }
  return living;
}

std::optional<std::string> what_keeps(const std::string& state_root, ns::Type type, std::uint64_t inode) {
  const std::string link = namespace_link(type, inode);
  const auto own = sys::read_link(sys::kCwd, text::join("/proc/self/ns/", ns::kind_of(type).proc).c_str());
  if (own.ok() && own.value() == link) return std::nullopt;
  std::vector<std::string> keepers;
  if (std::string processes = processes_in(link, type); !processes.empty()) keepers.push_back(std::move(processes));
  for (const Pin& pin : list_pins(state_root))
    if (pin.by == PinnedBy::Holder && pin.type == type && pin.inode == inode) keepers.push_back(pin.label());
  if (std::string mounts = mounts_of(link); !mounts.empty()) keepers.push_back(std::move(mounts));
  if (keepers.empty()) return std::nullopt;
  return text::join(link, " lives on: ", text::join_with(keepers, "; "));
}

}  // namespace caisson::inspect
