#include "inspect/namespace_table.hpp"

namespace caisson::inspect {

NamespaceTable::NamespaceTable(std::vector<NamespaceEntry>& entries) : entries_(entries), slots_(1024, 0) {}

std::size_t NamespaceTable::slot_of(ns::Type type, std::uint64_t inode) const noexcept {
  // Inodes of nsfs are handed out one after the other, over all kinds: they are their own hash.
  std::size_t slot = (inode ^ static_cast<std::uint64_t>(type) << 7U) & (slots_.size() - 1);
  while (slots_[slot] != 0) {
    const NamespaceEntry& entry = entries_[slots_[slot] - 1];
    if (entry.inode == inode && entry.type == type) break;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

std::size_t NamespaceTable::find(ns::Type type, std::uint64_t inode) const noexcept {
  const std::uint32_t found = slots_[slot_of(type, inode)];
  return found == 0 ? kNone : found - 1;
}

std::size_t NamespaceTable::place(ns::Type type, std::uint64_t inode) {
  const std::size_t slot = slot_of(type, inode);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  NamespaceEntry entry;
  entry.type = type;
  entry.inode = inode;
  entries_.push_back(std::move(entry));
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  if (entries_.size() * 2 > slots_.size()) grow();
  return entries_.size() - 1;
}

void NamespaceTable::grow() {
  slots_.assign(slots_.size() * 2, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    slots_[slot_of(entries_[i].type, entries_[i].inode)] = static_cast<std::uint32_t>(i + 1);
}

}  // namespace caisson::inspect
