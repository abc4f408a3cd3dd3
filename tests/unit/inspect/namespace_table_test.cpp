#include "inspect/namespace_table.hpp"

#include <gtest/gtest.h>

namespace caisson::inspect {
namespace {

TEST(NamespaceTables, KnowEachNamespaceOnce) {
  std::vector<NamespaceEntry> entries;
  NamespaceTable table(entries);
  const std::size_t net = table.place(ns::Type::Network, 4026532000);
  EXPECT_EQ(table.place(ns::Type::Network, 4026532000), net);
  EXPECT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[net].inode, 4026532000U);
  EXPECT_EQ(table.find(ns::Type::Mount, 4026532000), NamespaceTable::kNone);
}

TEST(NamespaceTables, FindEverythingAfterTheyGrew) {
  std::vector<NamespaceEntry> entries;
  NamespaceTable table(entries);
  for (std::uint64_t i = 0; i < 20000; ++i) table.place(static_cast<ns::Type>(i % 8), 4026531840 + i * 3);
  ASSERT_EQ(entries.size(), 20000U);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    ASSERT_EQ(table.find(static_cast<ns::Type>(i % 8), 4026531840 + i * 3), i);
    ASSERT_EQ(table.find(static_cast<ns::Type>((i + 1) % 8), 4026531840 + i * 3), NamespaceTable::kNone);
  }
}

}  // namespace
}  // namespace caisson::inspect
