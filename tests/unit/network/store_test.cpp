// Records of containers in the store of networks.
#include "network/store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace caisson::network {
namespace {

class NetworkStore : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/network-store-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    places_ = {name, std::string(name) + "/.networks"};
  }
  void TearDown() override { std::filesystem::remove_all(places_.state_root); }

  Places places_;
};

Member member_with(std::size_t lines) {
  Member member{.id = "one", .attached = true};
  for (std::size_t i = 0; i < lines; ++i) member.host_lines.push_back({*net::Ip::parse("10.1.2.3"), text::join("host-", i)});
  return member;
}

// A record grows and shrinks; within a page it is written over in place, beyond that beside.
TEST_F(NetworkStore, RecordsAreReplacedByLongerAndShorterOnes) {
  const Store store(places_);
  for (const std::size_t lines : {3, 30, 0, 200, 1, 400, 2}) {
    store.write(member_with(lines));
    const auto found = store.member("one");
    ASSERT_TRUE(found);
    EXPECT_EQ(to_json(*found), to_json(member_with(lines)));
  }
  EXPECT_EQ(store.members().size(), 1U);
}

TEST_F(NetworkStore, TheLastAddressIsTheOneThatWasSet) {
  const Store store(places_);
  EXPECT_FALSE(store.last_address("lab").given());
  for (const char* address : {"10.89.0.255", "10.89.1.1", "10.89.3.254"}) {
    store.set_last_address("lab", *net::Ip::parse(address));
    EXPECT_EQ(store.last_address("lab").text(), address);
  }
}

// As after a kill between the writing of a record and its renaming.
TEST_F(NetworkStore, WhatWasCutOffIsRemoved) {
  const Store store(places_);
  store.write(member_with(1));
  std::filesystem::path members;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(places_.state_root))
    if (entry.path().filename() == "one") members = entry.path().parent_path();
  ASSERT_FALSE(members.empty());
  const std::filesystem::path cut_off = members / ".two.new";
  std::ofstream(cut_off) << "{";
  store.remove_cut_off();
  EXPECT_FALSE(std::filesystem::exists(cut_off));
  EXPECT_TRUE(store.member("one"));
}

}  // namespace
}  // namespace caisson::network
