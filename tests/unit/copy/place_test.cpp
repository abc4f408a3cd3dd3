#include "copy/place.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::copy {
namespace {

TEST(CopyPlace, OnlyWhatBeginsWithANameBelongsToAContainer) {
  EXPECT_EQ(parse_operand("web:/etc").container, "web");
  EXPECT_EQ(parse_operand("web:etc:a").path, "etc:a");
  EXPECT_FALSE(parse_operand("./a:b").container);
  EXPECT_FALSE(parse_operand("/a:b").container);
  EXPECT_TRUE(parse_operand("-").is_stream());
  EXPECT_FALSE(parse_operand("web:-").is_stream());
  for (const char* wrong : {"", ":/a", "web:"}) EXPECT_THROW(parse_operand(wrong), Error) << wrong;
}

TEST(CopyPlace, TheEndingSaysWhetherTheDirectoryOrItsContentsAreMeant) {
  EXPECT_EQ(ending_of("/a/b"), Ending::Plain);
  EXPECT_EQ(ending_of("/a/b//"), Ending::Slash);
  for (const char* contents : {"/", "/a/.", "/a/./", ".", "..", "/a/.."})
    EXPECT_EQ(ending_of(contents), Ending::Contents) << contents;
  EXPECT_EQ(ending_of("/a/.b"), Ending::Plain);
  EXPECT_EQ(base_name("/a/b//"), "b");
  EXPECT_EQ(base_name("b"), "b");
}

TEST(CopyPlace, AFileGoesIntoADirectoryOrBecomesTheTarget) {
  const Source file{.name = "f"};
  EXPECT_EQ(landing(file, "/d", There::Directory).top, "f");
  EXPECT_EQ(landing(file, "/d/g", There::Nothing).top, "g");
  EXPECT_EQ(landing(file, "/d/g", There::File).at, Landing::At::Parent);
  EXPECT_THROW(landing(file, "/d/g/", There::Nothing), Error);
  EXPECT_THROW(landing(file, "/d/g/", There::File), Error);
}

TEST(CopyPlace, ADirectoryGoesIntoADirectoryOrBecomesTheTargetOrIsMerged) {
  const Source directory{.name = "s", .is_directory = true}, contents{.name = ".", .contents = true, .is_directory = true};
  EXPECT_EQ(landing(directory, "/d", There::Directory).top, "s");
  EXPECT_EQ(landing(directory, "/d/new/", There::Nothing).top, "new");
  EXPECT_EQ(landing(contents, "/d", There::Directory).top, "");
  EXPECT_EQ(landing(contents, "/d/new", There::Nothing).top, "new");
  EXPECT_THROW(landing(directory, "/d/f", There::File), Error);
  EXPECT_THROW(landing(contents, "/d/f", There::File), Error);
}

}  // namespace
}  // namespace caisson::copy
