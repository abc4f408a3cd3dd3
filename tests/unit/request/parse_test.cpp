#include "request/parse.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::request {
namespace {

using Words = std::vector<std::string>;

template <class Parse>
void expect_refused(Parse parse, std::string_view text, std::string_view option) {
  try {
    static_cast<void>(parse(text));
    ADD_FAILURE() << '"' << text << "\" was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage) << text;
    EXPECT_TRUE(error.message().starts_with(option)) << error.message();
  }
}

TEST(Volume, IsAPrivateBindOfTheWholeTree) {
  const spec::Mount mount = parse_volume("/srv/data:/data", "/home/ann");
  EXPECT_EQ(mount.type, "bind");
  EXPECT_EQ(mount.source, "/srv/data");
  EXPECT_EQ(mount.destination, "/data");
  EXPECT_EQ(mount.options, (Words{"rbind", "rprivate"}));
}

TEST(Volume, TakesOptionsAfterItsOwn) {
  EXPECT_EQ(parse_volume("/a:/b:ro,nosuid", "/").options, (Words{"rbind", "rprivate", "ro", "nosuid"}));
}

TEST(Volume, FindsARelativeSourceInTheCallersDirectory) {
  EXPECT_EQ(parse_volume("data:/b", "/home/ann").source, "/home/ann/data");
  EXPECT_EQ(parse_volume("./x/y:/b", "/home/ann").source, "/home/ann/./x/y");
}

TEST(Volume, IsRefusedWhenItIsNoPairOfPaths) {
  for (const std::string_view text : {"", "/a", ":/b", "/a:b", "/a:", "/a:/b:ro:rw", "::"})
    expect_refused([](std::string_view t) { return parse_volume(t, "/"); }, text, "--volume: ");
}

TEST(Tmpfs, HasNoDevicesAndNoSetuidPrograms) {
  const spec::Mount mount = parse_tmpfs("/scratch");
  EXPECT_EQ(mount.type, "tmpfs");
  EXPECT_EQ(mount.destination, "/scratch");
  EXPECT_EQ(mount.options, (Words{"nosuid", "nodev"}));
}

TEST(Tmpfs, TakesOptions) {
  EXPECT_EQ(parse_tmpfs("/s:size=64k,mode=700").options, (Words{"nosuid", "nodev", "size=64k", "mode=700"}));
}

TEST(Tmpfs, IsRefusedWithoutAnAbsolutePath) {
  for (const std::string_view text : {"", "scratch", ":size=1", "./a"}) expect_refused(parse_tmpfs, text, "--tmpfs: ");
}

TEST(IdMap, IsThreeNumbers) {
  const spec::IdMapping map = parse_id_map("0:100000:65536", "--uidmap");
  EXPECT_EQ(map.container_id, 0U);
  EXPECT_EQ(map.host_id, 100000U);
  EXPECT_EQ(map.size, 65536U);
  EXPECT_EQ(parse_id_map("4294967295:4294967295:4294967295", "--gidmap").size, 4294967295U);
}

TEST(IdMap, IsRefusedWhenItIsNotAndNamesItsOption) {
  for (const std::string_view text :
       {"", "0", "0:1", "0:1:2:3", "0:1:0", "a:1:1", "0:-1:1", "0:1:4294967296", " 0:1:1", "0:1:1 ", "0::1"}) {
    expect_refused([](std::string_view t) { return parse_id_map(t, "--uidmap"); }, text, "--uidmap: ");
    expect_refused([](std::string_view t) { return parse_id_map(t, "--gidmap"); }, text, "--gidmap: ");
  }
}

spec::TimeOffset offset_of(std::string_view seconds) {
  return parse_time_offset("monotonic=" + std::string(seconds)).at("monotonic");
}

void expect_offset(std::string_view seconds, std::int64_t secs, std::uint32_t nanosecs) {
  EXPECT_EQ(offset_of(seconds).secs, secs) << seconds;
  EXPECT_EQ(offset_of(seconds).nanosecs, nanosecs) << seconds;
}

TEST(TimeOffset, IsInSecondsOrAUnit) {
  expect_offset("0", 0, 0);
  expect_offset("3600", 3600, 0);
  expect_offset("+5", 5, 0);
  expect_offset("7s", 7, 0);
  expect_offset("2m", 120, 0);
  expect_offset("3h", 10800, 0);
  expect_offset("1d", 86400, 0);
  expect_offset("-1d", -86400, 0);
  expect_offset("4294967295d", 371085174288000, 0);
}

TEST(TimeOffset, MayHaveAFraction) {
  expect_offset("1.5", 1, 500'000'000);
  expect_offset("0.000000001", 0, 1);
  expect_offset("0.25s", 0, 250'000'000);
}

TEST(TimeOffset, CountsNanosecondsForwardsFromANegativeSecond) {
  expect_offset("-1.5", -2, 500'000'000);
  expect_offset("-0.25", -1, 750'000'000);
  expect_offset("-0.000000001", -1, 999'999'999);
  expect_offset("-3.0", -3, 0);
  expect_offset("-0", 0, 0);
}

TEST(TimeOffset, SetsBothClocks) {
  const auto offsets = parse_time_offset("monotonic=10,boottime=-5m");
  ASSERT_EQ(offsets.size(), 2U);
  EXPECT_EQ(offsets.at("monotonic").secs, 10);
  EXPECT_EQ(offsets.at("boottime").secs, -300);
}

TEST(TimeOffset, IsRefusedWhenItIsNotUnderstoodWhole) {
  for (const std::string_view text :
       {"monotonic", "monotonic=", "realtime=1", "=1", "monotonic=1,", "monotonic=x", "monotonic=1w", "monotonic=1.5h",
        "monotonic=1.", "monotonic=.5", "monotonic=1.0000000001", "monotonic=--1", "monotonic=+-1", "monotonic=1.-5",
        "monotonic= 1", "monotonic=s", "monotonic=4294967296", "monotonic=1.5.5"})
    expect_refused(parse_time_offset, text, "--time-offset: ");
}

TEST(NamespaceName, IsThatOfLsnsOrOfTheConfiguration) {
  using spec::NamespaceType;
  EXPECT_EQ(parse_namespace("net", "--share"), NamespaceType::Network);
  EXPECT_EQ(parse_namespace("network", "--share"), NamespaceType::Network);
  EXPECT_EQ(parse_namespace("mnt", "--share"), NamespaceType::Mount);
  EXPECT_EQ(parse_namespace("mount", "--share"), NamespaceType::Mount);
  EXPECT_EQ(parse_namespace("user", "--share"), NamespaceType::User);
  EXPECT_EQ(parse_namespace("time", "--share"), NamespaceType::Time);
}

TEST(NamespaceName, IsRefusedWhenThereIsNone) {
  for (const std::string_view text : {"", "NET", "nets", "all", "net,pid"})
    expect_refused([](std::string_view t) { return parse_namespace(t, "--share"); }, text, "--share: ");
}

}  // namespace
}  // namespace caisson::request
