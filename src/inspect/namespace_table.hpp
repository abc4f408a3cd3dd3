// The namespaces that a scan has found so far, by kind and inode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inspect/machine.hpp"

namespace caisson::inspect {

class NamespaceTable {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit NamespaceTable(std::vector<NamespaceEntry>& entries);

  // Its place; a new entry when it was not there.
  std::size_t place(ns::Type type, std::uint64_t inode);
  std::size_t find(ns::Type type, std::uint64_t inode) const noexcept;  // kNone: not there
  NamespaceEntry& operator[](std::size_t place) noexcept { return entries_[place]; }
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  std::size_t slot_of(ns::Type type, std::uint64_t inode) const noexcept;
  void grow();

  std::vector<NamespaceEntry>& entries_;
  std::vector<std::uint32_t> slots_;  // open addressing; place + 1, 0: free
};

}  // namespace caisson::inspect
