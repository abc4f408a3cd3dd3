#include "app/caisson/unshare_wish.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>

#include "app/caisson/unshare_grammar.hpp"
#include "base/error.hpp"

namespace caisson::app::human {
namespace {

using ns::Type;
using plan::UnshareWish;

std::string accounts_file(const char* path) {
  return std::string_view(path) == "/etc/passwd" ? "root:x:0:0::/:/bin/sh\nann:x:1000:1001::/:/bin/sh\n77:x:5:5::/:/bin/sh\n"
                                                 : "root:x:0:\nstaff:x:50:ann\n";
}

UnshareWish wish_of(const std::vector<const char*>& words) {
  Parsed line;
  parse(kUnshareCommand, words, line);
  return unshare_wish(line, {.euid = 1000, .egid = 1001, .read = accounts_file});
}

std::string refusal_of(const std::vector<const char*>& words) {
  try {
    wish_of(words);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.message();
  }
  return "accepted";
}

std::uint64_t flags(std::initializer_list<Type> types) {
  std::uint64_t all = 0;
  for (const Type type : types) all |= ns::kind_of(type).flag;
  return all;
}

TEST(UnshareWish, LettersAndLongNamesMakeNamespaces) {
  const UnshareWish wish = wish_of({"-muinpUCT", "true"});
  std::uint64_t all = 0;
  for (const ns::Kind& kind : ns::kKinds) all |= kind.flag;
  EXPECT_EQ(wish.created, all);
  EXPECT_TRUE(wish.files.empty());
  EXPECT_EQ(wish_of({"--mount", "--uts", "--ipc", "--net", "--pid", "--user", "--cgroup", "--time"}).created, all);
  EXPECT_EQ(wish_of({"true"}).created, 0U);
}

TEST(UnshareWish, OnlyTheLongNameTakesAFile) {
  const UnshareWish wish = wish_of({"--net=/run/n", "-u", "/run/u"});
  ASSERT_EQ(wish.files.size(), 1U);
  EXPECT_EQ(wish.files[0].path, "/run/n");
  EXPECT_EQ(wish.command, std::vector<std::string>{"/run/u"});
}

TEST(UnshareWish, OptionsImplyNamespacesAndFork) {
  for (const char* option : {"-r", "-c", "--map-user=1", "--map-group=1", "--map-users=auto", "--map-groups=0:1:2",
                             "--map-auto", "--map-subids", "--owner=1:2"})
    EXPECT_EQ(wish_of({option}).created, flags({Type::User})) << option;
  EXPECT_EQ(wish_of({"--mount-proc"}).created, flags({Type::Mount}));
  EXPECT_EQ(wish_of({"--mount-binfmt"}).created, flags({Type::Mount, Type::User}));
  EXPECT_EQ(wish_of({"-l", "x"}).created, flags({Type::Mount, Type::User}));
  for (const char* option : {"-f", "--kill-child", "--forward-signals"}) EXPECT_TRUE(wish_of({option}).fork) << option;
  EXPECT_FALSE(wish_of({"-p", "--mount-proc"}).fork);
}

TEST(UnshareWish, TheLastMapOfOneIdCounts) {
  EXPECT_EQ(*wish_of({"-r", "-c"}).user, 1000U);
  EXPECT_EQ(*wish_of({"-c", "-r"}).group, 0U);
  EXPECT_EQ(*wish_of({"--map-user=5", "--map-user=6"}).user, 6U);
}

TEST(UnshareWish, UsersAndGroupsHaveNames) {
  EXPECT_EQ(*wish_of({"--map-user=ann"}).user, 1000U);
  EXPECT_EQ(*wish_of({"--map-group=staff"}).group, 50U);
  EXPECT_EQ(*wish_of({"--map-user=77"}).user, 77U);  // digits are never a name
  EXPECT_EQ(refusal_of({"--map-user=bob"}), "failed to parse uid 'bob'");
  EXPECT_EQ(refusal_of({"--map-user=4294967295"}), "failed to parse uid '4294967295'");
  EXPECT_EQ(refusal_of({"--map-group=ann"}), "failed to parse gid 'ann'");
}

TEST(UnshareWish, BinfmtBelowProcBringsAProcOfItsOwn) {
  EXPECT_EQ(wish_of({"--mount-binfmt"}).proc, "/proc");
  EXPECT_EQ(wish_of({"--mount-binfmt"}).binfmt, "/proc/sys/fs/binfmt_misc");
  EXPECT_EQ(wish_of({"--mount-binfmt=/b"}).proc, "");
  EXPECT_EQ(wish_of({"--mount-binfmt=/b"}).binfmt, "/b");
  EXPECT_EQ(wish_of({"--mount-proc=/p", "-l", "x"}).proc, "/p");
  EXPECT_EQ(wish_of({"--mount-binfmt=/b", "-l", "x"}).binfmt, "/b");
}

TEST(UnshareWish, PropagationIsPrivateUnlessItIsNamed) {
  EXPECT_EQ(wish_of({"-m"}).propagation, static_cast<unsigned long>(MS_REC | MS_PRIVATE));
  EXPECT_EQ(wish_of({"--propagation=shared"}).propagation, static_cast<unsigned long>(MS_REC | MS_SHARED));
  EXPECT_EQ(wish_of({"--propagation", "unchanged"}).propagation, 0U);
  EXPECT_EQ(refusal_of({"--propagation=other"}), "unsupported propagation mode: other");
}

TEST(UnshareWish, TheSignalOfKillChildIsANameOrNothing) {
  EXPECT_EQ(wish_of({"--kill-child"}).death_signal, SIGKILL);
  EXPECT_EQ(wish_of({"--kill-child=TERM"}).death_signal, SIGTERM);
  EXPECT_EQ(wish_of({"--kill-child=sighup"}).death_signal, SIGHUP);
  EXPECT_EQ(refusal_of({"--kill-child=NONE"}), "unknown signal: NONE");
  EXPECT_EQ(refusal_of({"--kill-child=0"}), "unknown signal: 0");
}

TEST(UnshareWish, ClocksHaveASign) {
  EXPECT_EQ(*wish_of({"--monotonic=-5"}).monotonic, -5);
  EXPECT_EQ(*wish_of({"--boottime", "+7"}).boottime, 7);
  for (const char* text : {"", "+", "--5", "++5", "1.5", "5s", "99999999999999999999"})
    EXPECT_EQ(refusal_of({"--monotonic", text}), "failed to parse monotonic offset: '" + std::string(text) + "'");
}

TEST(UnshareWish, OwnersAreTwoNumbers) {
  const auto owner = wish_of({"--owner=5:6"}).owner;
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->uid, 5U);
  EXPECT_EQ(owner->gid, 6U);
  for (const char* text : {"", "5", "5:", ":6", "5:6:7", "a:b", "5:4294967295"})
    EXPECT_EQ(refusal_of({"--owner", text}), "failed to parse owner") << text;
}

TEST(UnshareWish, AListOfVariablesClearsTheOthers) {
  const UnshareWish wish = wish_of({"--whitelist-env=A,,B", "--whitelist-env", "C"});
  EXPECT_EQ(wish.environment, plan::Environment::Listed);
  EXPECT_EQ(wish.kept_variables, (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(wish_of({"--clear-env"}).environment, plan::Environment::Listed);
  EXPECT_EQ(wish_of({"true"}).environment, plan::Environment::Inherit);
}

}  // namespace
}  // namespace caisson::app::human
