#include "process/keyring.hpp"

#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sys/keyring.hpp"

namespace caisson::process {
namespace {

constexpr std::uint32_t kOwnerMaySearch = 0x00080000, kOthersMaySearch = 0x00000008;  // KEY_USR_SEARCH, KEY_OTH_SEARCH

}  // namespace

void join_session_keyring(std::string_view container_id, KeySearch search) {
  const std::string name = text::join("_ses.", container_id);
  const auto serial = sys::join_session_keyring(name.c_str());
  if (serial.err() == ENOSYS) return;
  if (!serial.ok()) {
    Error error(ErrorKind::Kernel, text::join("join session keyring ", name), serial.err());
    if (serial.err() == EDQUOT) error.with_hint("raise /proc/sys/kernel/keys/maxkeys, or use --no-new-keyring");
    throw error;
  }
  const std::string description = sys::describe_key(serial.value()).or_throw("read the permissions of session keyring ", name);
  const auto fields = text::split(description, ';');
  const auto permissions = fields.size() > 3 ? text::parse_number<std::uint32_t>(fields[3], 16) : std::nullopt;
  if (!permissions)
    throw Error(ErrorKind::Kernel, text::join("session keyring ", name, " has no readable permissions: ", description));
  const std::uint32_t wanted = *permissions | (search == KeySearch::ByOwner ? kOwnerMaySearch : kOthersMaySearch);
  sys::set_key_permissions(serial.value(), wanted).or_throw("set the permissions of session keyring ", name);
}

}  // namespace caisson::process
