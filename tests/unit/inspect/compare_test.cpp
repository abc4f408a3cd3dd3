#include "inspect/compare.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::inspect {
namespace {

std::vector<Sysctl> settings(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  std::vector<Sysctl> out;
  for (const auto& [name, value] : pairs) out.push_back({name, std::string(value)});
  return out;
}

TEST(SysctlDifferences, AreByNameAndByDirectoryWhereOneSideHasNone) {
  const auto a = settings({{"net.ipv4.conf.eth0.a", "1"}, {"net.ipv4.conf.eth0.b", "1"}, {"net.ipv4.ip_forward", "0"}});
  const auto b = settings({{"net.ipv4.fresh", "9"}, {"net.ipv4.ip_forward", "1"}});
  const SysctlDifferences found = differences(a, b);
  ASSERT_EQ(found.values.size(), 1U);
  EXPECT_EQ(found.values[0].a, "0");
  EXPECT_EQ(found.values[0].b, "1");
  ASSERT_EQ(found.one_sided.size(), 2U);
  EXPECT_EQ(found.one_sided[0].name, "net.ipv4.conf.eth0.*");
  EXPECT_EQ(found.one_sided[0].settings, 2U);
  EXPECT_TRUE(found.one_sided[0].only_a);
  EXPECT_EQ(found.one_sided[1].name, "net.ipv4.fresh");
  EXPECT_FALSE(found.one_sided[1].only_a);
  EXPECT_TRUE(differences(a, a).none());
}

TEST(SysctlDifferences, DoNotCountACounter) {
  EXPECT_TRUE(
      differences(settings({{"net.netfilter.nf_conntrack_count", "1"}}), settings({{"net.netfilter.nf_conntrack_count", "2"}}))
          .none());
}

TEST(SysctlName, KeepsDotsOfADeviceApart) {
  EXPECT_EQ(sysctl_name("net/ipv4/conf/eth0.5/forwarding"), "net.ipv4.conf.eth0/5.forwarding");
}

TEST(Changes, AreWhatOneSideHasAndTheOtherHasNot) {
  const auto changes =
      changes_between({{"same", "1"}, {"other", "1"}, {"gone", "1"}}, {{"new", "2"}, {"other", "2"}, {"same", "1"}});
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0].name, "other");
  EXPECT_EQ(changes[1].name, "gone");
  EXPECT_TRUE(changes[1].b.empty());
  EXPECT_EQ(changes[2].name, "new");
  EXPECT_TRUE(changes[2].a.empty());
}

// A process whose namespaces all have one number, but the network's.
Subject process(std::uint64_t network) {
  Subject subject{.name = "someone"};
  for (const ns::Kind& kind : ns::kKinds) {
    NamespaceSeen seen{.type = kind.type};
    seen.own = seen.callers = std::uint64_t{7};
    if (kind.type == ns::Type::Network) seen.own = network;
    subject.process.namespaces.push_back(seen);
  }
  return subject;
}

TEST(Comparison, OfTheSameIsTheSame) {
  const Subject a = process(1), b = process(1);
  EXPECT_EQ(compare(a, b, Sections::all()).verdict(), Verdict::Same);
}

TEST(Comparison, LooksIntoWhatIsNotShared) {
  Subject a = process(1), b = process(2);
  net::Link link;
  link.name = "eth0";
  a.inside.links = std::vector<net::Link>{link};
  b.inside.links = std::vector<net::Link>{};
  a.inside.host_name = std::string("a");  // of a namespace that both share: not looked at
  b.inside.host_name = std::string("b");
  const Comparison found = compare(a, b, Sections::all());
  EXPECT_EQ(found.verdict(), Verdict::Different);
  ASSERT_EQ(found.sections.size(), 1U);
  EXPECT_EQ(found.sections[0].section, Section::Network);
  EXPECT_EQ(found.sections[0].changes[0].name, "eth0");
}

TEST(Comparison, OfOneSectionSeesOnlyThat) {
  const Subject a = process(1), b = process(2);
  Sections clocks;
  clocks.add(Section::Clocks);
  EXPECT_EQ(compare(a, b, clocks).verdict(), Verdict::Same);
  Sections namespaces;
  namespaces.add(Section::Namespaces);
  EXPECT_EQ(compare(a, b, namespaces).verdict(), Verdict::Different);
}

TEST(Comparison, WithSomethingUnreadableIsUnknownAndNotTheSame) {
  const Subject a = process(1);
  Subject b = process(1);
  b.process.namespaces[0].own = Fact<std::uint64_t>::none("Permission denied");
  const Comparison found = compare(a, b, Sections::all());
  EXPECT_EQ(found.verdict(), Verdict::Unknown);
  EXPECT_NE(diff_text(a, b, found).find("cannot be read: Permission denied"), std::string::npos);
}

TEST(Comparison, OfNamespacesOfTwoKindsIsRefused) {
  Subject a{.name = "a", .lone = ns::Type::Uts}, b{.name = "b", .lone = ns::Type::Ipc};
  EXPECT_THROW(static_cast<void>(compare(a, b, Sections::all())), Error);
}

TEST(Comparison, OfAProcessAndANamespaceIsOfThatKindOnly) {
  const Subject a = process(5);
  Subject b{.name = "net:blue", .lone = ns::Type::Network, .inode = 5};
  const Comparison found = compare(a, b, Sections::all());
  ASSERT_EQ(found.namespaces.size(), 1U);
  EXPECT_EQ(found.namespaces[0].type, ns::Type::Network);
  EXPECT_EQ(found.verdict(), Verdict::Same);
}

TEST(Capabilities, AreToldShortly) {
  EXPECT_EQ(capabilities_in_words(0), "none");
  EXPECT_EQ(capabilities_in_words((std::uint64_t{1} << 41) - 1), "all 41");
  EXPECT_EQ(capabilities_in_words(((std::uint64_t{1} << 41) - 1) & ~(std::uint64_t{1} << 24)), "all 41 but CAP_SYS_RESOURCE");
  EXPECT_EQ(capabilities_in_words(33), "CAP_CHOWN CAP_KILL");
  EXPECT_EQ(capabilities_in_words(std::uint64_t{1} << 50), "number 50");
}

TEST(Rows, KeepHostileWordsOnTheirLine) {
  EXPECT_EQ(aligned({{"a\x1b", "b\nc"}, {"long name", std::vector<std::string>{"1", "2"}}}),
            "  \"a\\x1b\"    \"b\\x0ac\"\n  long name  1\n             2\n");
}

}  // namespace
}  // namespace caisson::inspect
