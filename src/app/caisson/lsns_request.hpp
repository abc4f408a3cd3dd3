// What a command line of lsns asks for: read as util-linux reads it, with its messages.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "inspect/filter.hpp"
#include "ns/kinds.hpp"

namespace caisson::app::human {

enum class LsnsColumn : std::uint8_t { Ns, Type, Path, Nprocs, Pid, Ppid, Command, Uid, User, Netnsid, Nsfs, Pns, Ons };

struct LsnsColumnInfo {
  LsnsColumn column;
  std::string_view name;
  bool right = false, number = false;
  std::string_view help;
  std::size_t hint = 0;  // TableColumn::hint
};

inline constexpr std::array kLsnsColumns{
    LsnsColumnInfo{LsnsColumn::Ns, "NS", true, true, "the namespace, by the inode number that /proc shows", 10},
    LsnsColumnInfo{LsnsColumn::Type, "TYPE", false, false, "its kind", 5},
    LsnsColumnInfo{LsnsColumn::Path, "PATH", false, false, "a path that leads to it"},
    LsnsColumnInfo{LsnsColumn::Nprocs, "NPROCS", true, true, "how many processes are in it", 5},
    LsnsColumnInfo{LsnsColumn::Pid, "PID", true, true, "the lowest of their numbers", 5},
    LsnsColumnInfo{LsnsColumn::Ppid, "PPID", true, true, "the parent of that process", 5},
    LsnsColumnInfo{LsnsColumn::Command, "COMMAND", false, false, "its command line"},
    LsnsColumnInfo{LsnsColumn::Uid, "UID", true, true, "its user, by number"},
    LsnsColumnInfo{LsnsColumn::User, "USER", false, false, "its user, by name"},
    LsnsColumnInfo{LsnsColumn::Netnsid, "NETNSID", true, false, "number of a network namespace as seen from the caller's"},
    LsnsColumnInfo{LsnsColumn::Nsfs, "NSFS", false, false, "where it is mounted"},
    LsnsColumnInfo{LsnsColumn::Pns, "PNS", true, true, "the namespace above it"},
    LsnsColumnInfo{LsnsColumn::Ons, "ONS", true, true, "the user namespace that owns it"},
};

constexpr const LsnsColumnInfo& info_of(LsnsColumn column) { return kLsnsColumns[static_cast<std::size_t>(column)]; }

enum class LsnsTree : std::uint8_t { None, Owner, Parent, Process };
enum class LsnsFormat : std::uint8_t { Columns, Raw, Json };

struct LsnsRequest {
  LsnsFormat format = LsnsFormat::Columns;
  LsnsTree tree = LsnsTree::None;
  bool headings = true, cut = true, wrap = true;
  bool persistent = false, list_columns = false;
  std::optional<pid_t> task;
  std::optional<std::uint64_t> one;  // the processes of this one
  std::uint64_t types = 0;           // CLONE_NEW*; 0: all
  std::vector<LsnsColumn> columns;
  std::optional<inspect::Filter> filter;
  std::vector<LsnsColumn> filter_columns;  // of its names

  bool wants(ns::Type type) const { return types == 0 || (types & ns::kind_of(type).flag) != 0; }
  bool shows(LsnsColumn column) const;
};

// Throws Error{Usage}.
LsnsRequest read_lsns_request(const OptionValues& options, const std::vector<std::string_view>& operands);

}  // namespace caisson::app::human
