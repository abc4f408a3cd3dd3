#include "base/printable.hpp"

#include <gtest/gtest.h>

namespace caisson::text {
namespace {

TEST(Printable, LeavesTextOfPeopleAlone) {
  for (const char* text : {"", "plain", "a b\\c\"", "grün €  𝄞"}) EXPECT_EQ(printable(text), text);
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\nb"), "\"a\\x0ab\"");
  EXPECT_EQ(printable("\x1b[31m"), "\"\\x1b[31m\"");
  EXPECT_EQ(printable("\x7f"), "\"\\x7f\"");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "\"\\xc2\\x9b2J\"");  // CSI in UTF-8
  EXPECT_EQ(printable("\x9b"
                      "2J"),
            "\"\\x9b2J\"");  // and alone
}

TEST(Printable, EscapesWhatIsNoUtf8) {
  EXPECT_EQ(printable("\xff"), "\"\\xff\"");
  EXPECT_EQ(printable("\xe2\x82"), "\"\\xe2\\x82\"");
  EXPECT_EQ(printable("\xc0\xaf"), "\"\\xc0\\xaf\"");
}

}  // namespace
}  // namespace caisson::text
