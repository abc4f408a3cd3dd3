#include "image/changes.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace caisson::image {
namespace {

namespace fs = std::filesystem;

TEST(Changes, FilesAreAddedOrChangedAndDirectoriesAreNamedForWhatIsInThem) {
  char name[] = "/tmp/changesXXXXXX";
  ASSERT_NE(mkdtemp(name), nullptr);
  const fs::path upper(name);
  fs::create_directories(upper / "etc" / "apt");
  fs::create_directories(upper / "etc" / "same");
  fs::create_directories(upper / "new" / "sub");
  fs::create_directories(upper / "tmp");
  std::ofstream(upper / "etc" / "hosts") << "x";
  std::ofstream(upper / "etc" / "mounted") << "";
  std::ofstream(upper / "new" / "file") << "x";
  const auto dir = sys::open_at(sys::kCwd, name, O_RDONLY | O_DIRECTORY);
  ASSERT_TRUE(dir.ok());
  const sys::Status directory = sys::status_at(sys::kCwd, (upper / "etc").c_str()).value();
  sys::Status other = directory;
  other.mode ^= 7;
  const ChangesOf what{.prefix = "",
                       .opaque_attribute = "user.overlay.opaque",
                       .below = [&](const std::string& path) -> std::optional<sys::Status> {
                         if (path == "/etc" || path == "/etc/same" || path == "/tmp") return directory;
                         if (path == "/etc/apt") return other;
                         return path == "/etc/hosts" ? std::optional(sys::Status{}) : std::nullopt;
                       },
                       .is_made = [](const std::string& path) { return path == "/tmp" || path == "/etc/mounted"; }};
  using enum ChangeKind;
  const std::vector<Change> expected{{Changed, "/etc"}, {Changed, "/etc/apt"}, {Changed, "/etc/hosts"},
                                     {Added, "/new"},   {Added, "/new/file"},  {Added, "/new/sub"}};
  EXPECT_EQ(changes(dir.value().borrow(), what), expected);
  fs::remove_all(upper);
}

}  // namespace
}  // namespace caisson::image
