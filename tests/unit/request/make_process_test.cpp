// The process of `caisson run`: environment, user, capabilities, security options.
#include <gtest/gtest.h>

#include "unit/request/people.hpp"

namespace caisson::request {
namespace {

using Words = std::vector<std::string>;

TEST(Environment, HasAPathAndSaysThatThisIsACaisson) {
  EXPECT_EQ(spec_of({}).process->env,
            (Words{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "container=caisson"}));
}

TEST(Environment, HasTheCallersTermOnATerminal) {
  EXPECT_EQ(spec_of({.terminal = true}).process->env.back(), "TERM=linux");
  Surroundings dark = around();
  dark.environment.clear();
  EXPECT_EQ(make_spec({.terminal = true}, root(), dark).process->env.back(), "TERM=xterm");
}

TEST(Environment, TakesValuesAndTheCallersByName) {
  const Words env = spec_of({.env = {"A=1", "B=", "EDITOR", "NOT_THERE", "A=x=y"}}).process->env;
  EXPECT_EQ(Words(env.begin() + 2, env.end()), (Words{"B=", "EDITOR=vi", "A=x=y"}));
}

TEST(Environment, LetsAWishReplaceADefault) {
  const Words env = spec_of({.env = {"PATH=/bin"}}).process->env;
  EXPECT_EQ(env, (Words{"container=caisson", "PATH=/bin"}));
}

TEST(Environment, RefusesAnEntryWithoutAName) {
  EXPECT_EQ(refusal_of({.env = {"=1"}}), "--env: \"=1\" has no name");
  EXPECT_EQ(refusal_of({.env = {""}}), "--env: \"\" has no name");
}

std::uint64_t granted(const RunWish& wish) {
  const spec::Spec spec = spec_of(wish);
  const spec::Capabilities& sets = *spec.process->capabilities;
  EXPECT_EQ(sets.bounding, sets.effective);
  EXPECT_EQ(sets.bounding, sets.permitted);
  EXPECT_TRUE(sets.inheritable.empty());
  EXPECT_TRUE(sets.ambient.empty());
  std::vector<std::string> unknown;
  return security::capability_mask(sets.bounding, unknown);
}

constexpr std::uint64_t kChown = 1U << 0, kSysAdmin = 1U << 21;

TEST(CapabilitiesOfRun, AreDockersByDefault) { EXPECT_EQ(granted({}), security::kDockerCapabilities); }

TEST(CapabilitiesOfRun, AreAddedAndDropped) {
  EXPECT_EQ(granted({.cap_add = {"sys_admin"}}), security::kDockerCapabilities | kSysAdmin);
  EXPECT_EQ(granted({.cap_drop = {"CAP_CHOWN"}}), security::kDockerCapabilities & ~kChown);
  EXPECT_EQ(granted({.cap_drop = {"ALL"}}), 0U);
  EXPECT_EQ(granted({.cap_add = {"ALL"}}), security::kAllCapabilities);
  EXPECT_EQ(granted({.cap_add = {"chown"}, .cap_drop = {"all"}}), kChown);
}

TEST(CapabilitiesOfRun, AreRefusedWhenUnknown) {
  EXPECT_EQ(refusal_of({.cap_add = {"FLY"}}), "--cap-add: unknown capability \"FLY\"");
  EXPECT_EQ(refusal_of({.cap_drop = {"FLY"}}), "--cap-drop: unknown capability \"FLY\"");
}

TEST(UserOfRun, IsFoundInTheTextOfPasswd) {
  const spec::User user = spec_of({.user = "web"}).process->user;
  EXPECT_EQ(user.uid, 33U);
  EXPECT_EQ(user.gid, 34U);
  EXPECT_EQ(user.additional_gids, (std::vector<std::uint32_t>{34, 4}));
}

TEST(UserOfRun, MayBeANumberWithAGroup) {
  const spec::User user = spec_of({.user = "1234:log"}).process->user;
  EXPECT_EQ(user.uid, 1234U);
  EXPECT_EQ(user.gid, 4U);
  EXPECT_EQ(user.additional_gids, (std::vector<std::uint32_t>{4}));
}

TEST(UserOfRun, HasNoFurtherGroupsWhereOneIsMapped) {
  EXPECT_TRUE(spec_of({.user = "web"}, ann_without_ranges()).process->user.additional_gids.empty());
}

TEST(UserOfRun, IsRefusedWhenUnknown) {
  EXPECT_EQ(refusal_of({.user = "nobody-here"}), "unable to find user nobody-here: no matching entries in passwd file");
}

TEST(ProcessOfRun, TakesCommandDirectoryAndLimits) {
  const spec::Spec spec = spec_of({.workdir = "/srv", .ulimits = {"nofile=10:20"}, .command = {"ls", "-l"}});
  EXPECT_EQ(spec.process->args, (Words{"ls", "-l"}));
  EXPECT_EQ(spec.process->cwd, "/srv");
  ASSERT_EQ(spec.process->rlimits.size(), 1U);
  EXPECT_EQ(spec.process->rlimits[0].soft, 10U);
  EXPECT_EQ(refusal_of({.workdir = "srv"}), "--workdir: must be an absolute path");
}

TEST(SecurityOptions, ChangeWhatTheyName) {
  EXPECT_FALSE(spec_of({.security_opts = {"no-new-privileges=false"}}).process->no_new_privileges);
  EXPECT_TRUE(spec_of({.security_opts = {"no-new-privileges=false", "no-new-privileges"}}).process->no_new_privileges);
  EXPECT_EQ(spec_of({.security_opts = {"apparmor=web"}}).process->apparmor_profile, "web");
  EXPECT_EQ(spec_of({.security_opts = {"label=a:b:c"}}).process->selinux_label, "a:b:c");
  const spec::Spec open = spec_of({.security_opts = {"unmask=all"}});
  EXPECT_TRUE(open.linux_->masked_paths.empty());
  EXPECT_TRUE(open.linux_->readonly_paths.empty());
  EXPECT_FALSE(spec_of({}).linux_->masked_paths.empty());
}

TEST(SecurityOptions, NameTheFileOfTheFilter) {
  EXPECT_EQ(seccomp_file({}), "");
  EXPECT_EQ(seccomp_file({.security_opts = {"seccomp=/etc/p.json"}}), "/etc/p.json");
  EXPECT_EQ(seccomp_file({.security_opts = {"seccomp=/etc/p.json", "seccomp=unconfined"}}), "");
}

TEST(SecurityOptions, ReadTheFilter) {
  Surroundings strict = around();
  strict.seccomp_profile = R"({"defaultAction":"SCMP_ACT_ERRNO"})";
  const spec::Spec spec = make_spec({}, root(), strict);
  ASSERT_TRUE(spec.linux_->seccomp);
  EXPECT_EQ(spec.linux_->seccomp->default_action, spec::SeccompAction::Errno);
  EXPECT_FALSE(spec_of({}).linux_->seccomp);
}

TEST(SecurityOptions, AreRefusedWhenUnknown) {
  for (const std::string option : {"", "no-new-privileges=yes", "privileged", "unmask=/proc/kcore", "Seccomp=x"}) {
    try {
      static_cast<void>(seccomp_file({.security_opts = {option}}));
      ADD_FAILURE() << option << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      EXPECT_EQ(error.message(), "--security-opt: unknown option \"" + option + "\"");
    }
  }
}

}  // namespace
}  // namespace caisson::request
