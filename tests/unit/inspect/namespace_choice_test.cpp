#include "inspect/namespace_choice.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::inspect {
namespace {

TEST(NamespaceChoice, IsAKindAndATarget) {
  for (const auto& [word, type, target] :
       {std::tuple{"net=blue", ns::Type::Network, "blue"}, std::tuple{"network=blue", ns::Type::Network, "blue"},
        std::tuple{"mnt=container:web", ns::Type::Mount, "container:web"}, std::tuple{"uts=:7", ns::Type::Uts, ":7"},
        std::tuple{"pid=/run/a=b", ns::Type::Pid, "/run/a=b"}}) {
    const NamespaceChoice choice = parse_namespace_choice(word);
    EXPECT_EQ(choice.type, type) << word;
    EXPECT_EQ(choice.target, target) << word;
  }
}

TEST(NamespaceChoice, IsRefusedWithoutEither) {
  for (const char* word : {"", "net", "net=", "=blue", "nets=blue", "NET=blue"}) {
    try {
      static_cast<void>(parse_namespace_choice(word));
      ADD_FAILURE() << word;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage) << word;
      EXPECT_NE(error.hint(), "") << word;
    }
  }
}

TEST(NamespaceChoice, OpensTheCallersOwnNamespacesByProcess) {
  const auto opened = open_choices({"net=/proc/self/ns/net", "uts=/proc/self/ns/uts"}, {"/nonexistent"});
  ASSERT_EQ(opened.size(), 2U);
  EXPECT_EQ(opened[0].type, ns::Type::Network);
  EXPECT_TRUE(opened[1].fd.valid());
}

TEST(NamespaceChoice, TakesEveryKindOnceAndOnlyThatKind) {
  EXPECT_THROW(open_choices({"net=/proc/self/ns/net", "network=/proc/self/ns/net"}, {"/nonexistent"}), Error);
  EXPECT_THROW(open_choices({"net=/proc/self/ns/uts"}, {"/nonexistent"}), Error);
  EXPECT_THROW(open_choices({"net=nowhere"}, {"/nonexistent"}), Error);
}

}  // namespace
}  // namespace caisson::inspect
