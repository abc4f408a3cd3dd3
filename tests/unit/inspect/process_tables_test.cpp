#include "inspect/process_tables.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "inspect/cgroup_use.hpp"
#include "inspect/process_dir.hpp"
#include "inspect/sections.hpp"
#include "inspect/status_file.hpp"

namespace caisson::inspect {
namespace {

TEST(IdMapTable, IsReadWithItsPadding) {
  const auto map = parse_id_map("         0       1000          1\n         1     100000      65536\n");
  ASSERT_EQ(map.size(), 2U);
  EXPECT_EQ(map[1].container_id, 1U);
  EXPECT_EQ(map[1].host_id, 100000U);
  EXPECT_EQ(map[1].size, 65536U);
  EXPECT_TRUE(parse_id_map("").empty());
}

TEST(IdMapTable, IsRefusedWhenItIsNone) {
  EXPECT_THROW(static_cast<void>(parse_id_map("0 1000\n")), Error);
  EXPECT_THROW(static_cast<void>(parse_id_map("0 1000 x\n")), Error);
}

TEST(IdMapTable, IsToldInWords) {
  EXPECT_EQ(id_range_in_words({0, 0, 4294967295}), "every id is the same outside");
  EXPECT_EQ(id_range_in_words({0, 1000, 1}), "0 inside is 1000 outside");
  EXPECT_EQ(id_range_in_words({1, 100000, 65536}), "1-65536 inside are 100000-165535 outside");
}

TEST(ClockOffsets, KeepTheirSignInWords) {
  const auto offsets = parse_clock_offsets("monotonic           -2 500000000\nboottime         86400         0\n");
  ASSERT_EQ(offsets.size(), 2U);
  EXPECT_EQ(offset_in_words(offsets[0]), "-1.5 s");
  EXPECT_EQ(offset_in_words(offsets[1]), "+86400 s");
  EXPECT_EQ(offset_in_words({"monotonic", 0, 0}), "none");
  EXPECT_EQ(offset_in_words({"monotonic", -1, 0}), "-1 s");
  EXPECT_EQ(offset_in_words({"monotonic", -1, 999000000}), "-0.001 s");
}

TEST(LimitsTable, IsReadByTheColumnsOfItsHeading) {
  const auto limits = parse_limits(
      "Limit                     Soft Limit           Hard Limit           Units     \n"
      "Max open files            1024                 4096                 files     \n"
      "Max nice priority         0                    0                              \n");
  ASSERT_EQ(limits.size(), 2U);
  EXPECT_EQ(limits[0], (ResourceLimit{"Max open files", "1024", "4096", "files"}));
  EXPECT_EQ(limits[1].unit, "");
  EXPECT_THROW(static_cast<void>(parse_limits("nothing of the kind\n")), Error);
}

TEST(ShellWord, ReadsBackAsItWas) {
  EXPECT_EQ(shell_word("plain/path-1.2"), "plain/path-1.2");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("a\nb\x1b["), "$'a\\012b\\033['");
  EXPECT_EQ(shell_word("\xc2\x9b"), "$'\\302\\233'");
  EXPECT_EQ(shell_word("$(reboot)"), "'$(reboot)'");
}

TEST(CommandLine, QuotesWhatAShellWouldSplit) {
  using namespace std::string_view_literals;
  EXPECT_EQ(command_line("sh\0-c\0echo hi\0"sv), "sh -c 'echo hi'");
  EXPECT_EQ(command_line("a\0\0b\0"sv), "a '' b");
}

constexpr std::string_view kStatus =
    "Name:\t odd\\nname \nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7\nPPid:\t3\nUid:\t1000\t0\t0\t0\nGid:\t5\t5\t5\t5\n"
    "Groups:\t4 24 "
    "\nNSpid:\t7\t1\nThreads:\t2\nCapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t0000000000000001\n"
    "CapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t3\n";

TEST(StatusFile, GivesWhatItSays) {
  const StatusFile status = parse_status(kStatus);
  EXPECT_EQ(status.name, " odd\nname ");
  EXPECT_EQ(status.parent, 3);
  EXPECT_EQ(status.users, (FourIds{1000, 0, 0, 0}));
  EXPECT_EQ(status.supplementary, (std::vector<std::uint32_t>{4, 24}));
  EXPECT_EQ(status.pids, (std::vector<pid_t>{7, 1}));
  EXPECT_EQ(status.capabilities.effective, 1U);
  EXPECT_EQ(status.no_new_privs, true);
  EXPECT_EQ(status.seccomp, 2U);
  EXPECT_EQ(status.seccomp_filters, 3U);
}

TEST(StatusFile, WithoutAFieldOfEveryKernelIsRefused) {
  std::string cut(kStatus);
  cut.erase(cut.find("CapBnd"), cut.find("CapAmb") - cut.find("CapBnd"));
  EXPECT_THROW(static_cast<void>(parse_status(cut)), Error);
  EXPECT_THROW(static_cast<void>(parse_status("")), Error);
}

TEST(NamespaceLink, IsANumberInBrackets) {
  EXPECT_EQ(inode_in("net:[4026531833]"), 4026531833U);
  EXPECT_THROW(static_cast<void>(inode_in("net:[]")), Error);
  EXPECT_THROW(static_cast<void>(inode_in("/etc")), Error);
}

TEST(CgroupFigures, AreToldInUnitsOfPeople) {
  EXPECT_EQ(bytes_in_words("max"), "unlimited");
  EXPECT_EQ(bytes_in_words("9223372036854771712"), "unlimited");
  EXPECT_EQ(bytes_in_words("536870912"), "512 MiB");
  EXPECT_EQ(bytes_in_words("1610612736"), "1.5 GiB");
  EXPECT_EQ(bytes_in_words("12"), "12 bytes");
  EXPECT_EQ(cpu_quota_in_words("50000 100000"), "0.5 CPUs");
  EXPECT_EQ(cpu_quota_in_words("100000 100000"), "1 CPU");
  EXPECT_EQ(cpu_quota_in_words("125000 50000"), "2.5 CPUs");
  EXPECT_EQ(cpu_quota_in_words("max 100000"), "unlimited");
}

TEST(Sections, AreNamedSeveralAtOnce) {
  Sections sections;
  add_sections("mounts,network", sections);
  EXPECT_TRUE(sections.has(Section::Mounts) && sections.has(Section::Network));
  EXPECT_FALSE(sections.has(Section::Clocks));
  EXPECT_THROW(add_sections("mount", sections), Error);
  EXPECT_THROW(add_sections("", sections), Error);
}

}  // namespace
}  // namespace caisson::inspect
