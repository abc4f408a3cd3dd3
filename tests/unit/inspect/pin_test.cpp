#include <gtest/gtest.h>

#include "base/error.hpp"
#include "inspect/kind_choice.hpp"
#include "inspect/pin.hpp"
#include "inspect/pin_file.hpp"
#include "inspect/remove_name.hpp"

namespace caisson::inspect {
namespace {

std::string pin_refusal(std::string_view word, const KindChoice& kinds = {}) {
  try {
    static_cast<void>(parse_name_word(word, kinds));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.message();
  }
  return "accepted";
}

TEST(PinRecord, SurvivesItsText) {
  const PinRecord before{4026532177U, "0edfad12-b592"};
  EXPECT_EQ(to_text(before), "mnt:[4026532177] 0edfad12-b592\n");
  EXPECT_EQ(parse_pin_record(to_text(before)), before);
}

TEST(PinRecord, IsNothingWhenItIsCutOffOrSomebodyElses) {
  for (const std::string_view text :
       {"", "mnt:[4026532177] 0edf", "mnt:[4026532177]\n", "net:[4026532177] 0edf\n", "a b c\n", "mnt:[x] 0edf\n"})
    EXPECT_FALSE(parse_pin_record(text)) << text;
}

TEST(Pin, IsLabelledByTheWayItIsKept) {
  Pin pin{.name = "lab"};
  EXPECT_EQ(pin.label(), "pin:lab");
  pin.by = PinnedBy::IpNetns;
  EXPECT_EQ(pin.label(), "netns:lab");
  pin.by = PinnedBy::Holder;
  EXPECT_EQ(pin.label(), "hold:lab");
}

TEST(KindChoice, KnowsKindsOnceAndAll) {
  const KindChoice some = parse_kinds({"net", "mount", "network"});
  EXPECT_FALSE(some.all);
  EXPECT_EQ(some.types, (std::vector{ns::Type::Network, ns::Type::Mount}));
  EXPECT_TRUE(parse_kinds({"net", "all"}).all);
  EXPECT_TRUE(parse_kinds({}).types.empty());
  EXPECT_THROW(static_cast<void>(parse_kinds({"nets"})), Error);
}

TEST(NameWord, IsANameWithOneKindAtMost) {
  EXPECT_TRUE(parse_name_word("lab", {}).kinds.types.empty());
  EXPECT_EQ(parse_name_word("lab", parse_kinds({"uts"})).kinds.types, std::vector{ns::Type::Uts});
  EXPECT_EQ(parse_name_word("net:lab", {}).kinds.types, std::vector{ns::Type::Network});
  EXPECT_EQ(pin_refusal("net:lab", parse_kinds({"uts"})), "\"net:lab\" names its kind already: --kind cannot name another");
  for (const std::string_view word : {"17", ":5", "/run/netns/x", "net:[7]", "container:x"})
    EXPECT_TRUE(pin_refusal(word).ends_with("is not the name of a pin or a hold")) << word;
}

}  // namespace
}  // namespace caisson::inspect
