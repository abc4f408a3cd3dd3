#include "mount/options.hpp"

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <algorithm>

#include "base/text.hpp"

namespace caisson::mount {
namespace {

using namespace sys::abi;

Options parse(std::vector<std::string> words) { return parse_options(words); }

TEST(MountOptions, SetAndClearAreOpposites) {
  EXPECT_EQ(parse({"ro"}).mount, (AttributeChange{.set = kMountAttrRdonly, .clear = 0}));
  EXPECT_EQ(parse({"rw"}).mount, (AttributeChange{.set = 0, .clear = kMountAttrRdonly}));
  EXPECT_EQ(parse({"ro", "rw"}).mount, (AttributeChange{.set = 0, .clear = kMountAttrRdonly}));
  EXPECT_EQ(parse({"rw", "ro"}).mount, (AttributeChange{.set = kMountAttrRdonly, .clear = 0}));
}

TEST(MountOptions, AccessTimeModesReplaceEachOther) {
  EXPECT_EQ(parse({"noatime"}).mount, (AttributeChange{.set = kMountAttrNoatime, .clear = kMountAttrAtimeMask}));
  EXPECT_EQ(parse({"noatime", "strictatime"}).mount.set, kMountAttrStrictatime);
  EXPECT_EQ(parse({"noatime", "relatime"}).mount, (AttributeChange{.set = 0, .clear = kMountAttrAtimeMask}));
  EXPECT_EQ(parse({"rnoatime"}).tree, (AttributeChange{.set = kMountAttrNoatime, .clear = kMountAttrAtimeMask}));
}

TEST(MountOptions, KeepsMountTreeAndFilesystemApart) {
  const Options options = parse({"ro", "rnosuid", "sync", "rbind"});
  EXPECT_EQ(options.mount.set, kMountAttrRdonly);
  EXPECT_EQ(options.tree.set, kMountAttrNosuid);
  EXPECT_EQ(options.filesystem.set, static_cast<std::uint64_t>(MS_SYNCHRONOUS));
  EXPECT_TRUE(options.bind);
  EXPECT_TRUE(options.recursive_bind);
}

TEST(MountOptions, KeepsTheOrderOfPropagation) {
  const Options options = parse({"rslave", "shared"});
  ASSERT_EQ(options.propagation.size(), 2U);
  EXPECT_EQ(options.propagation[0], static_cast<unsigned long>(MS_SLAVE | MS_REC));
  EXPECT_EQ(options.propagation[1], static_cast<unsigned long>(MS_SHARED));
}

TEST(MountOptions, LeavesUnknownWordsToTheFilesystem) {
  const Options options = parse({"size=64k", "nosuid", "mode=755", ""});
  EXPECT_EQ(options.data, (std::vector<std::string>{"size=64k", "mode=755"}));
}

TEST(MountOptions, DefaultsChangeNothing) {
  const Options options = parse({"defaults"});
  EXPECT_TRUE(options.mount.empty());
  EXPECT_TRUE(options.data.empty());
}

TEST(MountOptions, KnowsTheSpecialWords) {
  EXPECT_TRUE(parse({"tmpcopyup"}).copy_up);
  EXPECT_TRUE(parse({"remount"}).remount);
  EXPECT_EQ(parse({"idmap"}).idmap, IdMapping::Mount);
  EXPECT_EQ(parse({"ridmap"}).idmap, IdMapping::Tree);
}

TEST(MountOptions, NamesEveryWordOfTheSpecification) {
  const std::vector<std::string> names = option_names();
  for (const char* word :
       {"bind",        "rbind",        "ro",        "rw",          "suid",      "nosuid",     "dev",          "nodev",
        "exec",        "noexec",       "sync",      "async",       "dirsync",   "remount",    "mand",         "nomand",
        "atime",       "noatime",      "diratime",  "nodiratime",  "relatime",  "norelatime", "strictatime",  "nostrictatime",
        "private",     "shared",       "slave",     "unbindable",  "rprivate",  "rshared",    "rslave",       "runbindable",
        "iversion",    "noiversion",   "lazytime",  "nolazytime",  "silent",    "loud",       "symfollow",    "nosymfollow",
        "rro",         "rrw",          "rnosuid",   "rsuid",       "rnodev",    "rdev",       "rnoexec",      "rexec",
        "rnodiratime", "rdiratime",    "rrelatime", "rnorelatime", "rnoatime",  "ratime",     "rstrictatime", "rnostrictatime",
        "rsymfollow",  "rnosymfollow", "idmap",     "ridmap",      "tmpcopyup", "defaults"})
    EXPECT_NE(std::ranges::find(names, word), names.end()) << word;
}

TEST(MountOptions, EveryRowOfTheTableParses) {
  for (const std::string& name : option_names()) EXPECT_TRUE(parse({name}).data.empty()) << name;
}

TEST(MountOptions, DescriptionParsesToTheSame) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"ro", "nosuid", "noatime"},
                                                                                     {"rw", "strictatime"},
                                                                                     {"rbind", "rro", "rslave"},
                                                                                     {"relatime", "mode=755"},
                                                                                     {"idmap"}}) {
    const Options first = parse(words);
    std::vector<std::string> again;
    const std::string description = describe(first);
    for (const auto part : text::split(description, ',')) again.emplace_back(part);
    const Options second = parse_options(again);
    EXPECT_EQ(first.mount, second.mount) << describe(first);
    EXPECT_EQ(first.tree, second.tree) << describe(first);
    EXPECT_EQ(first.propagation, second.propagation) << describe(first);
    EXPECT_EQ(first.data, second.data) << describe(first);
    EXPECT_EQ(first.bind, second.bind) << describe(first);
    EXPECT_EQ(first.idmap, second.idmap) << describe(first);
  }
}

TEST(MountOptions, GivesTheFlagsOfTheOldCall) {
  EXPECT_EQ(mount_flags_of(kMountAttrRdonly | kMountAttrNosuid | kMountAttrStrictatime),
            static_cast<unsigned long>(MS_RDONLY | MS_NOSUID | MS_STRICTATIME));
  EXPECT_EQ(mount_flags_of(0), 0UL);
}

}  // namespace
}  // namespace caisson::mount
