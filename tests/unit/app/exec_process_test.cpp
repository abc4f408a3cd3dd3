#include "app/caisson_oci/exec_process.hpp"

#include <gtest/gtest.h>

#include "app/caisson_oci/grammar.hpp"
#include "base/error.hpp"

namespace caisson::app::oci {
namespace {

spec::Process base() {
  spec::Process out;
  out.terminal = true;
  out.args = {"/init"};
  out.env = {"PATH=/bin", "TERM=xterm"};
  out.cwd = "/srv";
  out.user = {.uid = 5, .gid = 6, .additional_gids = {7}};
  out.capabilities = spec::Capabilities{.bounding = {"CAP_KILL"}, .effective = {"CAP_KILL"}, .permitted = {"CAP_KILL"}};
  return out;
}

spec::Process process_of(std::vector<const char*> words) {
  words.insert(words.begin(), "exec");
  Parsed parsed;
  parse(grammar(), words, parsed);
  return exec_process(base(), parsed.options, std::span(parsed.operands).subspan(1));
}

TEST(ExecProcess, KeepsWhatTheConfigurationSays) {
  const spec::Process process = process_of({"id", "ls", "-l"});
  EXPECT_EQ(process.args, (std::vector<std::string>{"ls", "-l"}));
  EXPECT_EQ(process.env, base().env);
  EXPECT_EQ(process.cwd, "/srv");
  EXPECT_EQ(process.user.uid, 5U);
  EXPECT_FALSE(process.no_new_privileges);
}

TEST(ExecProcess, HasATerminalOnlyWhenAsked) {
  EXPECT_FALSE(process_of({"id", "ls"}).terminal);
  EXPECT_TRUE(process_of({"-t", "id", "ls"}).terminal);
}

TEST(ExecProcess, AppendsVariablesSoThatTheyWin) {
  const spec::Process process = process_of({"-e", "PATH=/x", "--env=A=b", "id", "ls"});
  EXPECT_EQ(process.env, (std::vector<std::string>{"PATH=/bin", "TERM=xterm", "PATH=/x", "A=b"}));
}

TEST(ExecProcess, TakesUsersByNumberOnly) {
  EXPECT_EQ(process_of({"-u", "1000", "id", "ls"}).user.gid, 6U);
  const spec::Process process = process_of({"--user=1000:100", "-g", "8", "--additional-gids", "9", "id", "ls"});
  EXPECT_EQ(process.user.uid, 1000U);
  EXPECT_EQ(process.user.gid, 100U);
  EXPECT_EQ(process.user.additional_gids, (std::vector<std::uint32_t>{7, 8, 9}));
  EXPECT_THROW(process_of({"-u", "root", "id", "ls"}), Error);
  EXPECT_THROW(process_of({"-g", "wheel", "id", "ls"}), Error);
  EXPECT_THROW(process_of({"-g", "4294967295", "id", "ls"}), Error);
}

TEST(ExecProcess, AddsCapabilitiesOnceAndNotForTheNextProgram) {
  const spec::Process process = process_of({"--cap", "CAP_KILL", "-c", "net_raw", "id", "ls"});
  const std::vector<std::string> expected{"CAP_KILL", "CAP_NET_RAW"};
  EXPECT_EQ(process.capabilities->bounding, expected);
  EXPECT_EQ(process.capabilities->effective, expected);
  EXPECT_EQ(process.capabilities->permitted, expected);
  EXPECT_TRUE(process.capabilities->inheritable.empty());
  EXPECT_TRUE(process.capabilities->ambient.empty());
  // The plan warns of it.
  EXPECT_EQ(process_of({"--cap", "CAP_NONSENSE", "id", "ls"}).capabilities->permitted.back(), "CAP_NONSENSE");
}

TEST(ExecProcess, ChangesTheRest) {
  const spec::Process process =
      process_of({"--cwd", "/etc", "--no-new-privs", "--apparmor", "p", "--process-label", "l", "id", "ls"});
  EXPECT_EQ(process.cwd, "/etc");
  EXPECT_TRUE(process.no_new_privileges);
  EXPECT_EQ(process.apparmor_profile, "p");
  EXPECT_EQ(process.selinux_label, "l");
}

}  // namespace
}  // namespace caisson::app::oci
