#include "mount/made_places.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sys/file.hpp"

namespace caisson::mount {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

class MadePlaces : public testing::Test {
 protected:
  MadePlaces() : stage_(mkdtemp(name_)) {
    fs::create_directories(stage_ / "upper/root/srv/www");
    fs::create_directories(stage_ / "upper/root/etc");
    std::ofstream(stage_ / "upper/root/etc/hosts") << "";
    fs::create_directories(stage_ / "root/new/deep");
    directory_ = sys::open_at(sys::kCwd, name_, O_PATH | O_DIRECTORY).or_throw("open ", name_);
    note_made_places(directory_.borrow());
  }
  ~MadePlaces() override { fs::remove_all(stage_); }
  Names untouched() const { return untouched_places(directory_.borrow()); }

  char name_[32] = "/tmp/madeXXXXXX";
  fs::path stage_;
  sys::UniqueFd directory_;
};

TEST_F(MadePlaces, WhatTheProgramFoundIsUntouchedUntilSomethingIsInIt) {
  const Names all{"root/new",       "root/new/deep",     "upper/root", "upper/root/etc", "upper/root/etc/hosts",
                  "upper/root/srv", "upper/root/srv/www"};
  EXPECT_EQ(untouched(), all);
  std::ofstream(stage_ / "upper/root/etc/hosts") << "x";
  std::ofstream(stage_ / "root/new/file") << "";
  const Names left{"root/new/deep", "upper/root/srv", "upper/root/srv/www"};
  EXPECT_EQ(untouched(), left);
}

TEST_F(MadePlaces, AnotherModeOrKindOfFileIsAChange) {
  fs::permissions(stage_ / "upper/root/srv/www", fs::perms::owner_all);
  fs::remove(stage_ / "upper/root/etc/hosts");
  fs::create_directory(stage_ / "upper/root/etc/hosts");
  fs::remove_all(stage_ / "root/new");
  fs::create_directory_symlink(stage_ / "upper", stage_ / "root/new");
  EXPECT_EQ(untouched(), Names{});
}

TEST_F(MadePlaces, WhatALaterRunFindsIsTheContainersOwn) {
  fs::create_directory(stage_ / "upper/root/mine");
  note_made_places(directory_.borrow());
  const Names left{"root/new",       "root/new/deep",     "upper/root/etc", "upper/root/etc/hosts",
                   "upper/root/srv", "upper/root/srv/www"};
  EXPECT_EQ(untouched(), left);
}

TEST_F(MadePlaces, WithoutANoteNothingIsSaidToBeUntouched) {
  fs::remove(stage_ / "made");
  EXPECT_EQ(untouched(), Names{});
}

}  // namespace
}  // namespace caisson::mount
