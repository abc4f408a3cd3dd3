#include "process/keyring.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/keyring.hpp"
#include "sys/process.hpp"

namespace caisson::process {
namespace {

constexpr std::uint32_t kOwnerMaySearch = 0x00080000, kOthersMaySearch = 0x00000008;  // KEY_USR_SEARCH, KEY_OTH_SEARCH

// False where there are no keyrings. A null wanted name: a new keyring without one.
bool join(const char* wanted, std::string_view shown) {
  const auto joined = sys::join_session_keyring(wanted);
  if (joined.ok()) return true;
  if (joined.err() == ENOSYS) return false;
  Error error(ErrorKind::Kernel, text::join("join session keyring ", shown), joined.err());
  if (joined.err() == EDQUOT) error.with_hint("raise /proc/sys/kernel/keys/maxkeys, or use --no-new-keyring");
  throw error;
}

struct KeyringStatus {
  uid_t owner;
  std::uint32_t permissions;
};
KeyringStatus status_of(std::string_view name) {
  const std::string description = sys::describe_key(sys::kSessionKeyring).or_throw("look at session keyring ", name);
  const auto fields = text::split(description, ';');
  const auto owner = fields.size() > 3 ? text::parse_number<uid_t>(fields[1]) : std::nullopt;
  const auto permissions = fields.size() > 3 ? text::parse_number<std::uint32_t>(fields[3], 16) : std::nullopt;
  if (!owner || !permissions)
    throw Error(ErrorKind::Kernel, text::join("session keyring ", name, " is unreadable: ", description));
  return {*owner, *permissions};
}

}  // namespace

void join_session_keyring(std::string_view container_id, KeySearch search) {
  const std::string name = text::join("_ses.", container_id);
  if (!join(name.c_str(), name)) return;
  KeyringStatus found = status_of(name);
  // Anybody may have made a keyring of that name and let others search it; who owns it could read what the container keeps in
  // it. In a user namespace names are its own (Linux 5.3), and the owner may be an id from outside.
  if (search == KeySearch::ByOwner && found.owner != sys::effective_uid()) {
    join(nullptr, name);
    found = status_of(name);
  }
  const std::uint32_t wanted = found.permissions | (search == KeySearch::ByOwner ? kOwnerMaySearch : kOthersMaySearch);
  sys::set_key_permissions(sys::kSessionKeyring, wanted).or_throw("set the permissions of session keyring ", name);
}

}  // namespace caisson::process
