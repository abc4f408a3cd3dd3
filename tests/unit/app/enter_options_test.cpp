#include "app/caisson/enter_options.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "app/caisson/nsenter_grammar.hpp"
#include "base/error.hpp"

namespace caisson::app::human {
namespace {

using ns::Type;
using plan::EnterPlan;
using From = plan::NamespaceSource::From;
using How = plan::IdChoice::How;

EnterPlan plan_of(std::vector<const char*> words) {
  Parsed line;
  parse(kNsenterCommand, words, line);
  return enter_plan(line);
}

std::string refusal_of(std::vector<const char*> words) {
  try {
    static_cast<void>(plan_of(std::move(words)));
  } catch (const Error& error) {
    return error.message();
  }
  return "accepted";
}

TEST(EnterOptions, TakesNamespacesFromTheTargetByLetterAndByName) {
  const EnterPlan plan = plan_of({"-t", "42", "-m", "--pid", "ls", "-n", "-t", "7"});
  EXPECT_EQ(plan.target, 42);
  EXPECT_EQ(plan.source(Type::Mount).from, From::Target);
  EXPECT_EQ(plan.source(Type::Pid).from, From::Target);
  EXPECT_EQ(plan.source(Type::Uts).from, From::Nowhere);
  // What follows -m is its value, as getopt(3) has it.
  EXPECT_EQ(plan_of({"-mn"}).source(Type::Mount).path, "n");
  EXPECT_EQ(plan.command, (std::vector<std::string>{"ls", "-n", "-t", "7"}));
}

TEST(EnterOptions, TakesFilesAndNumbersWithAndWithoutEquals) {
  EXPECT_EQ(plan_of({"-n/run/netns/blue"}).source(Type::Network).path, "/run/netns/blue");
  EXPECT_EQ(plan_of({"-n=/run/netns/blue"}).source(Type::Network).path, "/run/netns/blue");
  EXPECT_EQ(plan_of({"--net=/run/netns/blue"}).source(Type::Network).path, "/run/netns/blue");
  EXPECT_EQ(plan_of({"--net", "/run/netns/blue"}).source(Type::Network).from, From::Target);
  EXPECT_EQ(plan_of({"-U:4026531837"}).source(Type::User).id, 4026531837U);
  EXPECT_EQ(plan_of({"--user=:7"}).source(Type::User).from, From::Id);
  EXPECT_EQ(plan_of({"-u./:7"}).source(Type::Uts).path, "./:7");
  EXPECT_EQ(refusal_of({"-u:"}), "failed to parse nsid: ");
  EXPECT_EQ(refusal_of({"-u:-1"}), "failed to parse nsid: -1");
  EXPECT_EQ(refusal_of({"-u:18446744073709551616"}), "failed to parse nsid: 18446744073709551616");
}

TEST(EnterOptions, KeepsAFileWhateverComesAfterItWithoutOne) {
  EXPECT_EQ(plan_of({"-n/a", "-n"}).source(Type::Network).path, "/a");
  EXPECT_EQ(plan_of({"-n", "-n/a"}).source(Type::Network).path, "/a");
  EXPECT_EQ(plan_of({"-n/a", "-n/b"}).source(Type::Network).path, "/b");
}

TEST(EnterOptions, ReadsTheTargetOnceAndWithItsInode) {
  EXPECT_EQ(plan_of({"--target=9:33"}).target_inode, 33U);
  EXPECT_EQ(plan_of({"--target=9"}).target_inode, 0U);
  EXPECT_EQ(refusal_of({"-t", "9", "--target", "9"}), "option --target may be given only once");
  for (const char* wrong : {"", "x", "9x", "9:", "9:x", "99999999999"})
    EXPECT_EQ(refusal_of({"-t", wrong}), std::string("failed to parse PID argument '") + wrong + "': Invalid argument");
  for (const char* wrong : {"0", "-4", "9:0"})
    EXPECT_EQ(refusal_of({"-t", wrong}),
              std::string("failed to parse PID argument '") + wrong + "': Numerical result out of range");
}

TEST(EnterOptions, ReadsIdsAndThoseOfTheTarget) {
  const EnterPlan plan = plan_of({"-S", "5", "--setgid=follow"});
  EXPECT_EQ(plan.uid.how, How::Number);
  EXPECT_EQ(plan.uid.number, 5U);
  EXPECT_EQ(plan.gid.how, How::OfTarget);
  EXPECT_EQ(plan_of({"-n"}).uid.how, How::Unsaid);
  EXPECT_EQ(refusal_of({"-S", "root"}), "failed to parse uid: 'root'");
  EXPECT_EQ(refusal_of({"-G", "4294967295"}), "failed to parse gid: '4294967295'");
  EXPECT_EQ(refusal_of({"-G", ""}), "failed to parse gid: ''");
}

TEST(EnterOptions, ReadsDirectories) {
  const EnterPlan plan = plan_of({"-r=/srv", "--wd"});
  EXPECT_TRUE(plan.root.wanted);
  EXPECT_EQ(plan.root.path, "/srv");
  EXPECT_TRUE(plan.directory.wanted);
  EXPECT_EQ(plan.directory.path, "");
  EXPECT_EQ(plan_of({"-W/a"}).inner_directory, "/a");
  EXPECT_EQ(refusal_of({"-W/a", "-w"}), "mutually exclusive arguments: --wdns --wd");
}

TEST(EnterOptions, ReadsTheFlags) {
  EXPECT_TRUE(plan_of({"-n"}).fork);
  const EnterPlan plan = plan_of({"-aeFcZ", "--preserve-credentials", "--keep-caps", "--user-parent", "-N", "7"});
  EXPECT_TRUE(plan.all && plan.environment && !plan.fork && plan.join_cgroup && plan.follow_context);
  EXPECT_TRUE(plan.preserve_credentials && plan.keep_capabilities && plan.user_parent);
  EXPECT_EQ(plan.net_socket, 7);
  EXPECT_EQ(refusal_of({"-N", "-1"}), "failed to parse file descriptor: '-1'");
}

}  // namespace
}  // namespace caisson::app::human
