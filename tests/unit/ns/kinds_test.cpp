#include "ns/kinds.hpp"

#include <gtest/gtest.h>
#include <linux/sched.h>

namespace caisson::ns {
namespace {

TEST(NamespaceKinds, HaveTheCloneFlagsOfTheKernel) {
  EXPECT_EQ(kind_of(Type::User).flag, static_cast<std::uint64_t>(CLONE_NEWUSER));
  EXPECT_EQ(kind_of(Type::Pid).flag, static_cast<std::uint64_t>(CLONE_NEWPID));
  EXPECT_EQ(kind_of(Type::Ipc).flag, static_cast<std::uint64_t>(CLONE_NEWIPC));
  EXPECT_EQ(kind_of(Type::Uts).flag, static_cast<std::uint64_t>(CLONE_NEWUTS));
  EXPECT_EQ(kind_of(Type::Network).flag, static_cast<std::uint64_t>(CLONE_NEWNET));
  EXPECT_EQ(kind_of(Type::Mount).flag, static_cast<std::uint64_t>(CLONE_NEWNS));
  EXPECT_EQ(kind_of(Type::Cgroup).flag, static_cast<std::uint64_t>(CLONE_NEWCGROUP));
  EXPECT_EQ(kind_of(Type::Time).flag, static_cast<std::uint64_t>(CLONE_NEWTIME));
}

TEST(NamespaceKinds, AreFoundByTheirOciNameAndByTheirNameInProc) {
  for (const Kind& kind : kKinds) {
    EXPECT_EQ(find_kind(kind.oci), &kind);
    EXPECT_EQ(find_kind(kind.proc), &kind);
  }
  EXPECT_EQ(find_kind("net"), find_kind("network"));
  EXPECT_EQ(find_kind("mnt"), find_kind("mount"));
}

TEST(NamespaceKinds, AreNotFoundByAnotherSpelling) {
  for (const std::string_view name : {"", "Net", "NET", "nets", "ne", " net", "pid_for_children"})
    EXPECT_EQ(find_kind(name), nullptr) << name;
}

TEST(NamespaceKinds, ShareNoFlagAndNoName) {
  std::uint64_t seen = 0;
  for (const Kind& kind : kKinds) {
    EXPECT_EQ(seen & kind.flag, 0U) << kind.oci;
    seen |= kind.flag;
    EXPECT_FALSE(kind.isolates.empty()) << kind.oci;
  }
}

}  // namespace
}  // namespace caisson::ns
