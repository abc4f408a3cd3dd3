// The columns of `caisson ns ls` and `ns tree`, and what stands in them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/details.hpp"
#include "inspect/machine.hpp"

namespace caisson::app::human {

enum class NsColumn : std::uint8_t { Kind, Ns, Id, Parent, Owner, Procs, Pid, Uid, User, Held, Holders, Names, Command };

struct NsColumnInfo {
  NsColumn column;
  std::string_view name;
  bool number;
};

inline constexpr std::array kNsColumns{
    NsColumnInfo{NsColumn::Kind, "KIND", false},
    NsColumnInfo{NsColumn::Ns, "NS", true},
    NsColumnInfo{NsColumn::Id, "ID", true},
    NsColumnInfo{NsColumn::Parent, "PARENT", true},
    NsColumnInfo{NsColumn::Owner, "OWNER", true},
    NsColumnInfo{NsColumn::Procs, "PROCS", true},
    NsColumnInfo{NsColumn::Pid, "PID", true},
    NsColumnInfo{NsColumn::Uid, "UID", true},
    NsColumnInfo{NsColumn::User, "USER", false},
    NsColumnInfo{NsColumn::Held, "HELD", false},
    NsColumnInfo{NsColumn::Holders, "HOLDERS", false},
    NsColumnInfo{NsColumn::Names, "NAMES", false},
    NsColumnInfo{NsColumn::Command, "COMMAND", false},
};

constexpr const NsColumnInfo& info_of(NsColumn column) { return kNsColumns[static_cast<std::size_t>(column)]; }

// Throws Error{Usage} with the nearest name as its hint.
NsColumn ns_column_named(std::string_view name);

// How a namespace is kept, in one word each: "process", "thread", "descriptor", "socket", "mount", "children", "future";
// "unseen" when nothing of it can be seen.
inline constexpr std::array<std::string_view, 8> kWaysToHold{"process", "thread",   "descriptor", "socket",
                                                             "mount",   "children", "future",     "unseen"};
std::vector<std::string_view> ways_held(const inspect::NamespaceEntry& entry);
std::string_view way_of(inspect::HeldBy how);

// The process that has run for the longest time; nullptr: none is in it.
const inspect::Process* oldest_process(const inspect::Machine& machine, const inspect::NamespaceEntry& entry);

class NsCells {
 public:
  explicit NsCells(const inspect::Machine& machine) : machine_(machine), details_(machine) {}

  // Numbers that are not known, and what is not there, are empty.
  std::string cell(NsColumn column, const inspect::NamespaceEntry& entry);
  inspect::Details& details() { return details_; }

 private:
  const inspect::Machine& machine_;
  inspect::Details details_;
};

// What keeps it besides its processes, one word each: "12/13" (a thread), "fd 12:5", "socket 12:7", "/run/netns/blue",
// "/x in mnt:[4026532177]", "future 12".
std::string holder_text(const inspect::Holder& holder);

}  // namespace caisson::app::human
