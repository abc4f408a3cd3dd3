#include "inspect/target_word.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::inspect {
namespace {

std::string refusal(std::string_view word) {
  try {
    static_cast<void>(parse_target_word(word));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.message() + " [" + error.hint() + "]";
  }
  return "accepted";
}

std::string name_refusal(std::string_view name) {
  try {
    check_pin_name(name);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.message();
  }
  return "accepted";
}

TEST(TargetWord, KnowsEveryForm) {
  EXPECT_EQ(parse_target_word("17").form, WordForm::Process);
  EXPECT_EQ(parse_target_word("17").number, 17U);
  const TargetWord container = parse_target_word("container:web:1");
  EXPECT_EQ(container.form, WordForm::Container);
  EXPECT_EQ(container.text, "web:1");
  const TargetWord name = parse_target_word("network:blue");
  EXPECT_EQ(name.form, WordForm::Name);
  EXPECT_EQ(name.type, ns::Type::Network);
  EXPECT_EQ(name.text, "blue");
  EXPECT_EQ(parse_target_word("net:7").form, WordForm::Name);
  EXPECT_EQ(parse_target_word("net:a:b").text, "a:b");
  const TargetWord bare = parse_target_word("blue");
  EXPECT_EQ(bare.form, WordForm::Name);
  EXPECT_FALSE(bare.type);
  const TargetWord inode = parse_target_word("mnt:[4026531841]");
  EXPECT_EQ(inode.form, WordForm::Inode);
  EXPECT_EQ(inode.type, ns::Type::Mount);
  EXPECT_EQ(inode.number, 4026531841U);
  const TargetWord id = parse_target_word(":18446744073709551615");
  EXPECT_EQ(id.form, WordForm::Id);
  EXPECT_EQ(id.number, 18446744073709551615U);
}

TEST(TargetWord, TakesEverythingWithASlashForAPath) {
  EXPECT_EQ(parse_target_word("/proc/7/ns/net").form, WordForm::Path);
  EXPECT_EQ(parse_target_word("./7").text, "./7");
  EXPECT_EQ(parse_target_word("net:../blue").form, WordForm::Path);
  EXPECT_EQ(parse_target_word("./:7").form, WordForm::Path);
}

TEST(TargetWord, RefusesWhatCanMeanNothing) {
  EXPECT_EQ(refusal(""), "\"\": no target [a target is PID, container:NAME, KIND:NAME, NAME, PATH, KIND:[INODE] or :ID]");
  EXPECT_TRUE(refusal("0").starts_with("\"0\": no process id"));
  EXPECT_TRUE(refusal("2147483648").starts_with("\"2147483648\": no process id"));
  EXPECT_TRUE(refusal("99999999999999999999").starts_with("\"99999999999999999999\": no process id"));
  EXPECT_TRUE(refusal(":").starts_with("\":\": the id of a namespace is a decimal number"));
  EXPECT_TRUE(refusal(":-1").starts_with("\":-1\": the id"));
  EXPECT_TRUE(refusal(":0").starts_with("\":0\": no id"));
  EXPECT_TRUE(refusal(":18446744073709551616").starts_with("\":18446744073709551616\": no id"));
  EXPECT_TRUE(refusal("net:").starts_with("\"net:\": the name is missing"));
  EXPECT_TRUE(refusal("net:..").starts_with("\"net:..\": this cannot be a name"));
  EXPECT_TRUE(refusal("..").starts_with("\"..\": this cannot be a name"));
  EXPECT_TRUE(refusal("net:[]").starts_with("\"net:[]\": no inode"));
  EXPECT_TRUE(refusal("net:[4294967296]").starts_with("\"net:[4294967296]\": no inode"));
  EXPECT_TRUE(refusal("container:").starts_with("\"container:\": the name is missing"));
  EXPECT_TRUE(refusal("nte:blue").starts_with("\"nte:blue\": no kind of namespace is called \"nte\" [kinds are user pid"));
  EXPECT_TRUE(refusal(std::string(256, 'a')).find("this cannot be a name") != std::string::npos);
  EXPECT_EQ(refusal("bl\x1b[2Jue\n"), "accepted");
  EXPECT_TRUE(refusal(std::string_view("a\0b", 3)).find("this cannot be a name") != std::string::npos);
}

TEST(PinName, FitsInAPathAndInATargetWord) {
  for (const std::string_view good : {"lab", "L4b", "7up", "a.b-c_d+e", "_"}) EXPECT_EQ(name_refusal(good), "accepted") << good;
  for (const std::string_view bad : {"", ".", "..", ".lab", "-lab", "a/b", "a:b", "a b", "a\n", "\x1b[1m", "ä"})
    EXPECT_TRUE(name_refusal(bad).ends_with("this cannot be the name of a pin")) << bad;
  EXPECT_EQ(name_refusal(std::string(255, 'a')), "accepted");
  EXPECT_NE(name_refusal(std::string(256, 'a')), "accepted");
  EXPECT_EQ(name_refusal("77"), "\"77\": a name of digits only would be taken for a process id");
}

TEST(Kind, IsKnownByBothNames) {
  EXPECT_EQ(parse_kind("mnt"), ns::Type::Mount);
  EXPECT_EQ(parse_kind("mount"), ns::Type::Mount);
  try {
    static_cast<void>(parse_kind("netw"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.hint(), "did you mean net?");
  }
}

TEST(NamespaceLink, IsReadAsTheKernelWritesIt) {
  EXPECT_EQ(parse_namespace_link("net:[4026531833]"), (NamespaceLink{ns::Type::Network, 4026531833U}));
  EXPECT_EQ(namespace_link(ns::Type::Network, 4026531833U), "net:[4026531833]");
  for (const std::string_view other :
       {"socket:[17]", "pidfd:[9]", "net:[x]", "net:[7", "net:7]", "/net:[7]", "", "network:[7]"})
    EXPECT_FALSE(parse_namespace_link(other)) << other;
}

}  // namespace
}  // namespace caisson::inspect
