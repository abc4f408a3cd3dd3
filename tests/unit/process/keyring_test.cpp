#include "process/keyring.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "base/text.hpp"
#include "sys/keyring.hpp"
#include "sys/process.hpp"

namespace caisson::process {
namespace {

constexpr std::uint32_t kOwnerMaySearch = 0x00080000, kOthersMaySearch = 0x00000008;

std::string session_description() { return sys::describe_key(sys::kSessionKeyring).or_throw("describe the session keyring"); }
std::uint32_t permissions_of(const std::string& description) {
  return text::parse_number<std::uint32_t>(text::split(description, ';').at(3), 16).value_or(0);
}

// Names live on for a moment after a process, and others may see them.
std::string own_id() { return text::join("caisson-test-", getpid()); }

// 0 if the body says so, in a process whose session keyring may be changed; 77: there are none here.
template <class Body>
int with_keyrings(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    if (!sys::join_session_keyring("caisson-probe").ok()) _exit(77);
    try {
      _exit(body());
    } catch (const std::exception&) {
      _exit(99);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Keyring, IsFoundAgainByItsName) {
  const int result = with_keyrings([] {
    const std::string id = own_id(), name = text::join("_ses.", id);
    join_session_keyring(id, KeySearch::ByOwner);
    const int first = sys::session_keyring().or_throw("read the serial number");
    join_session_keyring(id, KeySearch::ByOwner);  // it is there already
    if (sys::session_keyring().or_throw("read the serial number") != first) return 4;
    const std::string description = session_description();
    if (!description.ends_with(name)) return 1;
    if ((permissions_of(description) & kOwnerMaySearch) == 0) return 2;
    // While this process keeps it, another one finds the very same.
    const pid_t other = fork();
    if (other == 0) {
      const bool left = sys::join_session_keyring("caisson-probe").ok();
      const auto again = sys::join_session_keyring(name.c_str());
      _exit(left && again.ok() && again.value() == first ? 0 : 1);
    }
    int status = 0;
    waitpid(other, &status, 0);
    return status == 0 ? 0 : 3;
  });
  if (result == 77) GTEST_SKIP() << "no session keyrings here";
  EXPECT_EQ(result, 0);
}

TEST(Keyring, OfAnotherUserIsNotJoined) {
  if (geteuid() != 0) GTEST_SKIP() << "needs a second user";
  const int result = with_keyrings([] {
    const std::string id = own_id(), name = text::join("_ses.", id);
    int ready[2];
    if (pipe(ready) != 0) return 90;
    const pid_t stranger = fork();
    if (stranger == 0) {
      sys::set_user(12345).or_throw("become another user");
      sys::join_session_keyring(name.c_str()).or_throw("join");
      sys::set_key_permissions(sys::kSessionKeyring, 0x3f1b0000 | kOthersMaySearch).or_throw("share");
      const int trap = sys::session_keyring().or_throw("read the serial number");
      _exit(write(ready[1], &trap, sizeof trap) == sizeof trap ? pause() : 1);
    }
    int trap = 0;
    if (read(ready[0], &trap, sizeof trap) != sizeof trap) return 91;
    const bool trapped = sys::join_session_keyring(name.c_str()).or_throw("join") == trap;  // what the kernel does by itself
    sys::join_session_keyring("caisson-probe").or_throw("leave");
    join_session_keyring(id, KeySearch::ByOwner);
    const int joined = sys::session_keyring().or_throw("read the serial number");
    kill(stranger, SIGKILL);
    waitpid(stranger, nullptr, 0);
    if (!trapped) return 1;
    return joined != trap && (permissions_of(session_description()) & kOwnerMaySearch) != 0 ? 0 : 2;
  });
  if (result == 77) GTEST_SKIP() << "no session keyrings here";
  EXPECT_EQ(result, 0);
}

TEST(Keyring, OfAUserNamespaceIsSearchedByOthers) {
  const int result = with_keyrings([] {
    join_session_keyring(own_id(), KeySearch::ByOthers);
    return (permissions_of(session_description()) & kOthersMaySearch) != 0 ? 0 : 1;
  });
  if (result == 77) GTEST_SKIP() << "no session keyrings here";
  EXPECT_EQ(result, 0);
}

}  // namespace
}  // namespace caisson::process
