#include "app/caisson/ns_cells.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace caisson::app::human {

namespace {

using inspect::HeldBy;
using inspect::Holder;
using inspect::kUnknown;
using inspect::NamespaceEntry;
using inspect::Process;

std::string number_or_nothing(std::uint64_t number) { return number == kUnknown ? std::string() : text::join(number); }

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) out += text::join(out.empty() ? "" : ",", word);
  return out;
}

}  // namespace

NsColumn ns_column_named(std::string_view name) {
  const std::string wanted = text::upper_case(name);
  std::array<std::string_view, kNsColumns.size()> known;
  std::ranges::transform(kNsColumns, known.begin(), &NsColumnInfo::name);
  for (const NsColumnInfo& info : kNsColumns)
    if (info.name == wanted) return info.column;
  const std::string_view near = text::nearest(wanted, known);
  std::string hint = "there are ";
  for (const std::string_view one : known) hint += text::join(one == known.front() ? "" : ", ", one);
  throw Error(ErrorKind::Usage, text::join("unknown column: ", text::quoted(name)))
      .with_hint(near.empty() ? hint : text::join("did you mean ", near, "?"));
}

std::string_view way_of(HeldBy how) {
  constexpr std::array<std::string_view, 6> kWays{"thread", "descriptor", "socket", "mount", "children", "future"};
  return kWays[static_cast<std::size_t>(how)];
}

std::vector<std::string_view> ways_held(const NamespaceEntry& entry) {
  std::vector<std::string_view> out;
  const auto held = [&](std::string_view way) {
    return std::ranges::any_of(entry.holders, [&](const Holder& holder) { return way_of(holder.how) == way; });
  };
  if (!entry.members.empty()) out.push_back("process");
  for (const std::string_view way : kWaysToHold)
    if (held(way)) out.push_back(way);
  if (out.empty()) out.push_back("unseen");
  return out;
}

const Process* oldest_process(const inspect::Machine& machine, const NamespaceEntry& entry) {
  const Process* oldest = nullptr;
  for (const std::size_t member : entry.members) {
    const Process& process = machine.processes[member];
    if (oldest == nullptr || process.start_time < oldest->start_time) oldest = &process;
  }
  return oldest;
}

std::string holder_text(const Holder& holder) {
  switch (holder.how) {
    case HeldBy::Thread:
      return text::join("thread ", holder.pid, "/", holder.thread);
    case HeldBy::Descriptor:
      return text::join("fd ", holder.pid, ":", holder.descriptor);
    case HeldBy::Socket:
      return text::join("socket ", holder.pid, ":", holder.descriptor);
    case HeldBy::Mount:
      return holder.mount_namespace == kUnknown ? holder.path
                                                : text::join(holder.path, " in mnt:[", holder.mount_namespace, "]");
    case HeldBy::Children:
      return "children";
    case HeldBy::FutureChildren:
      break;
  }
  return text::join("future ", holder.pid);
}

std::string NsCells::cell(NsColumn column, const NamespaceEntry& entry) {
  const auto oldest = [&] { return oldest_process(machine_, entry); };
  switch (column) {
    case NsColumn::Kind:
      return ns::kind_of(entry.type).proc;
    case NsColumn::Ns:
      return text::join(entry.inode);
    case NsColumn::Id:
      return number_or_nothing(entry.id);
    case NsColumn::Parent:
      return number_or_nothing(entry.parent);
    case NsColumn::Owner:
      return number_or_nothing(entry.owner);
    case NsColumn::Procs:
      return text::join(entry.members.size());
    case NsColumn::Pid:
      return entry.members.empty() ? std::string() : text::join(oldest()->pid);
    case NsColumn::Uid:
    case NsColumn::User: {
      if (entry.members.empty() && !entry.owner_uid) return {};
      const uid_t uid = entry.members.empty() ? *entry.owner_uid : oldest()->uid;
      return column == NsColumn::Uid ? text::join(uid) : details_.user(uid);
    }
    case NsColumn::Held:
      return joined(ways_held(entry));
    case NsColumn::Holders: {
      std::vector<std::string> all;
      for (const Holder& holder : entry.holders) all.push_back(holder_text(holder));
      return text::join_with(all, ", ");
    }
    case NsColumn::Names:
      return text::join_with(entry.names, ",");
    case NsColumn::Command:
      break;
  }
  return entry.members.empty() ? std::string() : details_.command(oldest()->pid);
}

}  // namespace caisson::app::human
