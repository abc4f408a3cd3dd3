// The vocabulary of mount options: one table for parser, printer and the `features` output. An option changes attributes of one
// mount, attributes of a whole tree, flags of the filesystem, propagation, or is one of a few special words. Whatever is not in
// the table belongs to the filesystem and is collected as data. man 8 mount, man 2 mount_setattr; runtime-spec config.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sys/kernel_abi.hpp"

namespace caisson::mount {

enum class OptionScope : std::uint8_t {
  Nothing,      // accepted, changes nothing ("defaults")
  Mount,        // MOUNT_ATTR_* of this mount
  Tree,         // MOUNT_ATTR_* of this mount and all below it
  Filesystem,   // MS_* flags of the superblock
  Propagation,  // MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE, with MS_REC for the whole tree
  Special,      // SpecialOption
};

enum class SpecialOption : std::uint64_t { Bind, RecursiveBind, Remount, CopyUp, IdMap, RecursiveIdMap };

struct OptionRow {
  std::string_view name;
  OptionScope scope;
  std::uint64_t set;    // for Propagation the MS_ value, for Special the SpecialOption
  std::uint64_t clear;  // applied before `set`
};

std::span<const OptionRow> option_table() noexcept;
// Every name of the table, in its order: what `features` reports as mountOptions.
std::vector<std::string> option_names();

// Attributes to set and to clear, as mount_setattr(2) takes them.
struct AttributeChange {
  std::uint64_t set = 0, clear = 0;
  bool empty() const noexcept { return set == 0 && clear == 0; }
  bool operator==(const AttributeChange&) const = default;
};

enum class IdMapping : std::uint8_t { None, Mount, Tree };

struct Options {
  AttributeChange mount, tree, filesystem;  // filesystem: MS_* values
  std::vector<unsigned long> propagation;   // in the order given
  bool bind = false, recursive_bind = false, remount = false, copy_up = false;
  IdMapping idmap = IdMapping::None;
  std::vector<std::string> data;  // what the table does not know, in the order given
};

Options parse_options(std::span<const std::string> options);

// The flags of mount(2) for an attribute set, including MS_RDONLY and the access-time modes.
unsigned long mount_flags_of(std::uint64_t attributes) noexcept;
// "ro,nosuid,rnodev": for messages and plans, in table order.
std::string describe(const Options& options);
std::string_view propagation_name(unsigned long flags) noexcept;  // "rslave"; empty if it is none

}  // namespace caisson::mount
