#include "copy/unpack.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "sys/file.hpp"

namespace caisson::copy {
namespace {

TEST(CopyUnpack, AnArchiveThatIsRefusedLeavesTheCallersUmask) {
  char name[] = "/tmp/unpackXXXXXX";
  ASSERT_NE(mkdtemp(name), nullptr);
  const mode_t before = sys::set_umask(027);
  const sys::RootDir root = sys::RootDir::open_host(name).or_throw("open ", name);
  const auto nothing = sys::open_at(sys::kCwd, "/dev/null", O_RDONLY);
  image::PipeSource source(nothing.value().borrow());
  std::vector<std::string> notes;
  EXPECT_THROW(Unpacker({.root = root, .path = "/", .source = {}}).unpack(source, notes), Error);
  EXPECT_EQ(sys::set_umask(before), 027U);
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace caisson::copy
