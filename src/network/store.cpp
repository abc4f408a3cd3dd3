#include "network/store.hpp"

#include <dirent.h>
#include <sys/file.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"
#include "sys/mount.hpp"
#include "sys/namespace.hpp"
#include "sys/process.hpp"

namespace caisson::network {
namespace {

constexpr std::string_view kUsualDefinitions = "/etc/caisson/networks";
constexpr std::string_view kSuffix = ".json", kUnfinished = ".new";
constexpr mode_t kPrivate = 0700, kSeenInside = 0755, kReadInside = 0644, kOwnFile = 0600;
constexpr std::size_t kLongestFile = std::size_t{4} << 20;

void make_directory(sys::BorrowedFd parent, const std::string& path, mode_t mode) {
  const auto made = sys::make_dir(parent, path.c_str(), mode);
  if (!made.ok() && made.err() != EEXIST) throw Error(ErrorKind::Host, text::join("make directory ", path), made.err());
}

sys::UniqueFd open_directory(sys::BorrowedFd parent, const std::string& path) {
  return sys::open_at(parent, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW).or_throw("open ", path);
}

sys::UniqueFd make_and_open(sys::BorrowedFd parent, const std::string& path) {
  make_directory(parent, path, kPrivate);
  return open_directory(parent, path);
}

// One state for each network namespace that caisson is used in: what is recorded for one means nothing in another.
std::string namespace_name() {
  const auto status = sys::open_at(sys::kCwd, "/proc/self/ns/net", O_RDONLY).or_throw("open /proc/self/ns/net");
  return text::join(sys::status_of_fd(status.borrow()).or_throw("look at /proc/self/ns/net").inode);
}

std::string state_path(const Places& places) { return text::join(places.state_root, "/.net/", namespace_name()); }

std::vector<std::string> names_in(sys::BorrowedFd directory, const std::string& path) {
  const sys::UniqueFd listed = sys::open_at(directory, ".", O_RDONLY | O_DIRECTORY).or_throw("open ", path);
  std::vector<std::string> names;
  for (sys::DirEntry& entry : sys::list_dir(listed.borrow()).or_throw("list ", path))
    if (!entry.name.starts_with('.')) names.push_back(std::move(entry.name));
  std::ranges::sort(names);
  return names;
}

}  // namespace

void refuse_ordinary_user() {
  if (sys::effective_uid() == 0) return;
  throw Error(ErrorKind::Host, "networks of containers need root in this version")
      .with_hint(
          "without root a container has a network by pasta (--net user), the machine's (--net host) or none (--net none)");
}

Places places_of(const std::string& state_root) {
  if (state_root == kUsualRoot) return {state_root, std::string(kUsualDefinitions)};
  return {state_root, text::join(state_root, "/.networks")};
}

std::string files_of(const Places& places, std::string_view id) { return text::join(state_path(places), "/files/", id); }

bool is_member(const Places& places, std::string_view id) {
  const std::string path = text::join(state_path(places), "/members/", id);
  return sys::status_at(sys::kCwd, path.c_str()).ok();
}

Store::Store(const Places& places) : places_(places) {
  state::StateRoot::open_or_create(places_.state_root);
  const sys::UniqueFd root = open_directory(sys::kCwd, places_.state_root);
  state_ = make_and_open(make_and_open(root.borrow(), ".net").borrow(), namespace_name());
  lock_ =
      sys::open_at(state_.borrow(), "lock", O_RDWR | O_CREAT | O_NOFOLLOW, kOwnFile).or_throw("open the lock of the networks");
  sys::lock_file(lock_.borrow(), LOCK_EX).or_throw("lock the networks");
  members_ = make_and_open(state_.borrow(), "members");
  cursors_ = make_and_open(state_.borrow(), "last");
  make_directory(state_.borrow(), "files", kSeenInside);
  files_ = open_directory(state_.borrow(), "files");
}

std::vector<std::string> network_names(const Places& places) {
  std::vector<std::string> names;
  const auto directory = sys::open_at(sys::kCwd, places.definitions.c_str(), O_RDONLY | O_DIRECTORY);
  if (directory.err() == ENOENT) return names;
  if (!directory.ok()) throw Error(ErrorKind::Host, text::join("open ", places.definitions), directory.err());
  for (const std::string& file : names_in(directory.value().borrow(), places.definitions))
    if (file.ends_with(kSuffix)) names.push_back(file.substr(0, file.size() - kSuffix.size()));
  return names;
}

std::vector<Definition> Store::definitions() const {
  std::vector<Definition> all;
  for (const std::string& name : network_names(places_))
    if (auto found = find(name)) all.push_back(*std::move(found));
  return all;
}

std::optional<Definition> Store::find(std::string_view name) const {
  const std::string path = text::join(places_.definitions, "/", name, kSuffix);
  const auto text = sys::read_file(sys::kCwd, path.c_str(), kLongestFile);
  if (text.err() == ENOENT) return std::nullopt;
  if (!text.ok()) throw Error(ErrorKind::Host, text::join("read ", path), text.err());
  Definition found = parse_definition(text.value(), path);
  if (found.name != name)
    throw Error(ErrorKind::State, text::join(path, ": it is of a network called ", text::quoted(found.name)));
  return found;
}

void Store::write_whole(sys::BorrowedFd directory, const std::string& name, std::string_view text) const {
  const std::string beside = text::join(".", name, kUnfinished);
  const auto file =
      sys::open_at(directory, beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, kOwnFile).or_throw("make ", beside);
  sys::write_full(file.borrow(), text).or_throw("write ", name);
  sys::rename_at(directory, beside.c_str(), directory, name.c_str()).or_throw("write ", name);
}

// Whoever is killed meanwhile leaves the old text or the new one, with blank lines behind it, as long as both are within a
// page.
static void write_over(sys::BorrowedFd file, std::string_view text, std::uint64_t size_before, std::string_view what) {
  std::string padded(text);
  padded.resize(std::max<std::size_t>(padded.size(), size_before), '\n');
  sys::write_full(file, padded).or_throw("write ", what);
  if (padded.size() != text.size()) sys::cut_file(file, text.size()).or_throw("write ", what);
}

void Store::write_again(sys::BorrowedFd directory, const std::string& name, std::string_view text) const {
  constexpr std::size_t kPage = 4096;
  const auto file = sys::open_at(directory, name.c_str(), O_WRONLY | O_NOFOLLOW);
  if (!file.ok() && file.err() != ENOENT) throw Error(ErrorKind::State, text::join("open ", name), file.err());
  const std::uint64_t size = file.ok() ? sys::status_of_fd(file.value().borrow()).or_throw("look at ", name).size : kPage + 1;
  if (std::max<std::uint64_t>(size, text.size()) > kPage)
    write_whole(directory, name, text);
  else
    write_over(file.value().borrow(), text, size, name);
}

void Store::write(const Definition& definition) const {
  for (std::size_t slash = places_.definitions.find('/', 1); slash != std::string::npos;
       slash = places_.definitions.find('/', slash + 1))
    make_directory(sys::kCwd, places_.definitions.substr(0, slash), kSeenInside);
  make_directory(sys::kCwd, places_.definitions, kSeenInside);
  const sys::UniqueFd directory = open_directory(sys::kCwd, places_.definitions);
  write_whole(directory.borrow(), definition.name + std::string(kSuffix), to_json(definition));
}

void Store::remove(std::string_view network) const {
  const std::string path = text::join(places_.definitions, "/", network, kSuffix);
  const auto removed = sys::unlink_at(sys::kCwd, path.c_str());
  if (!removed.ok() && removed.err() != ENOENT) throw Error(ErrorKind::Host, text::join("remove ", path), removed.err());
  static_cast<void>(sys::unlink_at(cursors_.borrow(), std::string(network).c_str()));
}

std::vector<Member> Store::members() const {
  std::vector<Member> all;
  for (const std::string& id : names_in(members_.borrow(), "the records of the networks"))
    if (auto found = member(id)) all.push_back(*std::move(found));
  return all;
}

std::optional<Member> Store::member(std::string_view id) const {
  const std::string name(id);
  const auto text = sys::read_file(members_.borrow(), name.c_str(), kLongestFile);
  if (text.err() == ENOENT) return std::nullopt;
  if (!text.ok()) throw Error(ErrorKind::State, text::join("read the network record of container ", id), text.err());
  return parse_member(text.value(), text::join("the network record of container ", id));
}

void Store::write(const Member& member) const { write_again(members_.borrow(), member.id, to_json(member)); }

void Store::remove(const Member& member) const {
  const auto files = sys::open_at(files_.borrow(), member.id.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (files.ok()) {
    for (const std::string& name : names_in(files.value().borrow(), member.id))
      sys::unlink_at(files.value().borrow(), name.c_str()).or_throw("remove ", name, " of container ", member.id);
    sys::unlink_at(files_.borrow(), member.id.c_str(), AT_REMOVEDIR).or_throw("remove the files of container ", member.id);
  }
  const auto removed = sys::unlink_at(members_.borrow(), member.id.c_str());
  if (!removed.ok() && removed.err() != ENOENT)
    throw Error(ErrorKind::Host, text::join("remove the network record of container ", member.id), removed.err());
}

void Store::remove_cut_off() const {
  for (const sys::BorrowedFd directory : {members_.borrow(), cursors_.borrow()}) {
    const sys::UniqueFd listed =
        sys::open_at(directory, ".", O_RDONLY | O_DIRECTORY).or_throw("open the state of the networks");
    for (const sys::DirEntry& entry : sys::list_dir(listed.borrow()).or_throw("list the state of the networks"))
      if (entry.name.starts_with('.') && entry.name.ends_with(kUnfinished))
        sys::unlink_at(directory, entry.name.c_str()).or_throw("remove ", entry.name);
  }
}

void Store::make_files(std::string_view id) const { make_directory(files_.borrow(), std::string(id), kSeenInside); }

sys::UniqueFd Store::open_files(std::string_view id) const { return open_directory(files_.borrow(), std::string(id)); }

bool Store::has_files(std::string_view id) const { return sys::status_at(files_.borrow(), std::string(id).c_str()).ok(); }

void Store::write_file(std::string_view id, std::string_view name, std::string_view text) const {
  const std::string path = text::join(id, "/", name);
  const auto opened = sys::open_at(files_.borrow(), path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW, kReadInside);
  if (opened.err() == ENOENT) return;  // its container is being removed
  if (!opened.ok()) throw Error(ErrorKind::Host, text::join("open ", path), opened.err());
  const sys::BorrowedFd file = opened.value().borrow();
  sys::change_mode(file, kReadInside).or_throw("let everybody read ", path);
  const auto before = sys::status_of_fd(file).or_throw("look at ", path).size;
  write_over(file, text, before, path);
}

sys::UniqueFd Store::companion_lock(std::string_view id) const {
  const std::string path = text::join(id, "/companion");
  sys::UniqueFd lock =
      sys::open_at(files_.borrow(), path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW, kOwnFile).or_throw("make ", path);
  sys::lock_file(lock.borrow(), LOCK_EX | LOCK_NB).or_throw("lock ", path);
  return lock;
}

bool Store::wait_for_companion(std::string_view id) const {
  constexpr int kTries = 300;
  constexpr std::uint64_t kPauseNs = 10'000'000;
  const auto lock = sys::open_at(files_.borrow(), text::join(id, "/companion").c_str(), O_RDWR | O_NOFOLLOW);
  if (!lock.ok()) return true;
  for (int left = kTries; left > 0; --left) {
    if (sys::lock_file(lock.value().borrow(), LOCK_EX | LOCK_NB).ok()) return true;
    sys::sleep_ns(kPauseNs);
  }
  return false;
}

std::string Store::held_path(std::string_view id) const { return text::join(state_path(places_), "/held/", id); }

void Store::hold_namespace(std::string_view id, sys::BorrowedFd network_namespace) const {
  const std::string path = held_path(id), source = text::join("/proc/self/fd/", network_namespace.get());
  make_directory(state_.borrow(), "held", kPrivate);
  sys::open_at(sys::kCwd, path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW, kOwnFile).or_throw("make ", path);
  const auto held = sys::mount(source.c_str(), path.c_str(), nullptr, MS_BIND, nullptr);
  if (held.ok()) return;
  static_cast<void>(sys::unlink_at(sys::kCwd, path.c_str()));
  throw Error(ErrorKind::Kernel, text::join("hold the network namespace of container ", id, " at ", path), held.err());
}

std::optional<sys::NamespaceFd> Store::held_namespace(std::string_view id) const {
  const std::string path = held_path(id);
  auto held = sys::open_namespace_file(sys::kCwd, path.c_str(), sys::LastLink::Stays);
  if (held.err() == ENOENT || held.err() == ENOTTY) return std::nullopt;
  return std::move(held).or_throw("open ", path);
}

void Store::let_namespace_go(std::string_view id) const {
  const std::string path = held_path(id);
  const auto unmounted = sys::unmount(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
  if (!unmounted.ok() && unmounted.err() != EINVAL && unmounted.err() != ENOENT)
    throw Error(ErrorKind::Kernel, text::join("let the network namespace go: unmount ", path), unmounted.err());
  const auto removed = sys::unlink_at(sys::kCwd, path.c_str());
  if (!removed.ok() && removed.err() != ENOENT) throw Error(ErrorKind::Host, text::join("remove ", path), removed.err());
}

net::Ip Store::last_address(std::string_view network) const {
  const auto text = sys::read_file(cursors_.borrow(), std::string(network).c_str(), kLongestFile);
  return text.ok() ? net::Ip::parse(text.value()).value_or(net::Ip()) : net::Ip();
}

void Store::set_last_address(std::string_view network, const net::Ip& ip) const {
  write_again(cursors_.borrow(), std::string(network), ip.text());
}

}  // namespace caisson::network
