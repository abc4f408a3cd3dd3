// What `ns show` says about a namespace alone.
#include "base/text.hpp"
#include "inspect/show.hpp"

namespace caisson::inspect {
namespace {

struct HoldName {
  HeldBy how;
  std::string_view name;
};
constexpr HoldName kHoldNames[] = {
    {HeldBy::Thread, "thread"}, {HeldBy::Descriptor, "descriptor"}, {HeldBy::Socket, "socket"},
    {HeldBy::Mount, "mount"},   {HeldBy::Children, "children"},     {HeldBy::FutureChildren, "future children"},
};

std::string_view name_of(HeldBy how) {
  for (const HoldName& row : kHoldNames)
    if (row.how == how) return row.name;
  return {};
}

std::string process_in_words(pid_t pid, const Machine& machine) {
  const Process* process = machine.process(pid);
  return process == nullptr ? text::join(pid) : text::join(pid, " ", process->command);
}

std::string holder_in_words(const Holder& holder, const Machine& machine) {
  switch (holder.how) {
    case HeldBy::Thread:
      return text::join("thread ", holder.thread, " of process ", process_in_words(holder.pid, machine));
    case HeldBy::Descriptor:
      return text::join("descriptor ", holder.descriptor, " of process ", process_in_words(holder.pid, machine));
    case HeldBy::Socket:
      return text::join("socket ", holder.descriptor, " of process ", process_in_words(holder.pid, machine));
    case HeldBy::Mount:
      return holder.mount_namespace == kUnknown
                 ? text::join("mounted at ", holder.path)
                 : text::join("mounted at ", holder.path, " in mnt:[", holder.mount_namespace, "]");
    case HeldBy::Children:
      return "namespaces that belong to it";
    case HeldBy::FutureChildren:
      break;
  }
  return text::join("the next child of process ", process_in_words(holder.pid, machine));
}

std::string inode_in_words(ns::Type type, std::uint64_t inode) {
  return inode == kUnknown ? std::string("out of the caller's sight") : text::join(ns::kind_of(type).proc, ":[", inode, "]");
}

bool has_parent(ns::Type type) { return type == ns::Type::User || type == ns::Type::Pid; }

std::vector<std::string> members_in_words(const NamespaceEntry& entry, const Machine& machine) {
  constexpr std::size_t kMostNamed = 20;
  if (entry.members.empty()) return {"none"};
  std::vector<std::string> lines;
  for (const std::size_t member : entry.members) {
    if (lines.size() == kMostNamed) {
      lines.push_back(text::join("and ", entry.members.size() - kMostNamed, " more"));
      break;
    }
    lines.push_back(text::join(machine.processes[member].pid, " ", machine.processes[member].command));
  }
  return lines;
}

}  // namespace

Rows lone_rows(const Subject& subject, const Machine& machine) {
  const ns::Type type = *subject.lone;
  Rows rows{{"kind", text::join(ns::kind_of(type).oci, ": ", ns::kind_of(type).isolates)},
            {"inode", inode_in_words(type, subject.inode)}};
  if (subject.id != kUnknown) rows.emplace_back("id", text::join(subject.id));
  const NamespaceEntry* entry = machine.find(type, subject.inode);
  if (entry == nullptr) {
    rows.push_back(Row::missing("processes", "no process, descriptor or mount that the caller may see holds it"));
    return rows;
  }
  rows.emplace_back("owner", inode_in_words(ns::Type::User, entry->owner));
  if (entry->owner_uid) rows.emplace_back("owner's user", text::join(*entry->owner_uid));
  if (has_parent(type)) rows.emplace_back("parent", inode_in_words(type, entry->parent));
  if (!entry->names.empty()) rows.emplace_back("names", entry->names);
  rows.emplace_back("processes", members_in_words(*entry, machine));
  std::vector<std::string> holders;
  for (const Holder& holder : entry->holders) holders.push_back(holder_in_words(holder, machine));
  if (!holders.empty()) rows.emplace_back("also held by", std::move(holders));
  return rows;
}

void write_lone(FactWriter& out, const Subject& subject, const Machine& machine) {
  const NamespaceEntry* entry = machine.find(*subject.lone, subject.inode);
  const auto number = [&](std::string_view key, std::uint64_t value) {
    out.json().key(key);
    value == kUnknown ? out.json().null() : out.json().integer(value);
  };
  out.json().key("namespace").begin_object().key("kind").string(ns::kind_of(*subject.lone).proc);
  out.json().key("inode").integer(subject.inode);
  number("id", subject.id);
  number("owner", entry == nullptr ? kUnknown : entry->owner);
  number("parent", entry == nullptr ? kUnknown : entry->parent);
  out.json().key("owner_uid");
  entry == nullptr || !entry->owner_uid ? out.json().null() : out.json().integer(*entry->owner_uid);
  const NamespaceEntry nothing;
  const NamespaceEntry& known = entry == nullptr ? nothing : *entry;
  out.json().key("names");
  out.array(known.names, [&](const std::string& name) { out.json().string(name); });
  out.json().key("processes");
  out.array(known.members, [&](std::size_t member) {
    out.json().begin_object().key("pid").integer(machine.processes[member].pid);
    out.json().key("command").string(machine.processes[member].command).end_object();
  });
  out.json().key("holders");
  out.array(known.holders, [&](const Holder& holder) {
    out.json().begin_object().key("how").string(name_of(holder.how)).key("pid").integer(holder.pid);
    out.json().key("thread").integer(holder.thread).key("descriptor").integer(holder.descriptor);
    out.json().key("path").string(holder.path).key("mount_namespace").integer(holder.mount_namespace).end_object();
  });
  out.json().end_object();
}

}  // namespace caisson::inspect
