#include "inspect/own_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "state/store.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"

namespace caisson::inspect {
namespace {

constexpr int kOwnOpenFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
constexpr mode_t kPrivateMode = 0700;
constexpr mode_t kWritableByOthers = 0022;

bool is_own(sys::BorrowedFd directory) {
  const auto status = sys::status_of_fd(directory);
  return status.ok() && status.value().uid == sys::effective_uid() && (status.value().mode & kWritableByOthers) == 0;
}

// `below` may have several components; each is opened, made and checked by itself.
template <class OpenNext>
std::optional<sys::UniqueFd> walk(sys::UniqueFd directory, const std::string& below, OpenNext open_next) {
  for (const std::string_view part : text::split(below, '/')) {
    auto next = open_next(directory.borrow(), std::string(part));
    if (!next || !is_own(next->borrow())) return std::nullopt;
    directory = *std::move(next);
  }
  return directory;
}

std::optional<sys::UniqueFd> open_root(const std::string& state_root) {
  auto root = sys::open_at(sys::kCwd, state_root.c_str(), kOwnOpenFlags);
  if (!root.ok() || !is_own(root.value().borrow())) return std::nullopt;
  return std::move(root).value();
}

[[noreturn]] void throw_replaced(const std::string& state_root) {
  throw Error(ErrorKind::Host, text::join("state directory ", state_root, " was replaced meanwhile"));
}

std::optional<sys::UniqueFd> open_existing(sys::BorrowedFd directory, const std::string& name) {
  auto opened = sys::open_at(directory, name.c_str(), kOwnOpenFlags);
  if (!opened.ok()) return std::nullopt;
  return std::move(opened).value();
}

}  // namespace

std::optional<sys::UniqueFd> find_own_directory(const std::string& state_root, const std::string& below) {
  auto root = open_root(state_root);
  if (!root) return std::nullopt;
  return walk(*std::move(root), below, open_existing);
}

sys::UniqueFd make_own_directory(const std::string& state_root, const std::string& below) {
  static_cast<void>(state::StateRoot::open_or_create(state_root));  // says what is wrong with it
  auto root = open_root(state_root);
  if (!root) throw_replaced(state_root);
  const auto make = [&](sys::BorrowedFd directory, const std::string& name) -> std::optional<sys::UniqueFd> {
    const auto made = sys::make_dir(directory, name.c_str(), kPrivateMode);
    if (!made.ok() && made.err() != EEXIST)
      throw Error(ErrorKind::Host, text::join("make directory ", state_root, "/", below), made.err());
    return sys::open_at(directory, name.c_str(), kOwnOpenFlags).or_throw("open directory ", state_root, "/", below);
  };
  auto made = walk(*std::move(root), below, make);
  if (!made)
    throw Error(ErrorKind::Host, text::join(state_root, "/", below, " belongs to another user, or can be written by others"))
        .with_hint("remove it, or choose another state directory with --root");
  return *std::move(made);
}

sys::UniqueFd lock_names(const std::string& state_root) {
  static_cast<void>(state::StateRoot::open_or_create(state_root));
  auto root = open_root(state_root);
  if (!root) throw_replaced(state_root);
  sys::lock_file(root->borrow(), LOCK_EX).or_throw("lock ", state_root);
  return *std::move(root);
}

}  // namespace caisson::inspect
