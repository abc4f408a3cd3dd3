#include "app/caisson/ns_json.hpp"

#include "json/writer.hpp"

namespace caisson::app::human {

namespace {

using inspect::HeldBy;
using inspect::Holder;
using inspect::kUnknown;
using inspect::Machine;
using inspect::NamespaceEntry;
using inspect::Process;

void write_number(json::Writer& writer, std::string_view key, std::uint64_t number) {
  writer.key(key);
  if (number == kUnknown) {
    writer.null();
  } else {
    writer.integer(number);
  }
}

void write_holder(json::Writer& writer, const Holder& holder) {
  writer.begin_object().key("by").string(way_of(holder.how));
  if (holder.pid != 0) writer.key("pid").integer(holder.pid);
  if (holder.how == HeldBy::Thread) writer.key("thread").integer(holder.thread);
  if (holder.descriptor >= 0) writer.key("descriptor").integer(holder.descriptor);
  if (holder.how == HeldBy::Mount) {
    writer.key("path").string(holder.path);
    if (holder.mount_namespace != kUnknown) writer.key("mount_namespace").integer(holder.mount_namespace);
  }
  writer.end_object();
}

void write_oldest(json::Writer& writer, const Process* process, NsCells& cells) {
  writer.key("oldest_process");
  if (process == nullptr) {
    writer.null();
    return;
  }
  writer.begin_object();
  writer.key("pid").integer(process->pid);
  writer.key("parent").integer(process->parent);
  writer.key("uid").integer(process->uid);
  writer.key("user").string(cells.details().user(process->uid));
  writer.key("command").string(cells.details().command(process->pid));
  if (!process->container.empty()) writer.key("container").string(process->container);
  writer.end_object();
}

void write_entry(json::Writer& writer, const Machine& machine, const NamespaceEntry& entry, NsCells& cells) {
  writer.begin_object();
  writer.key("kind").string(ns::kind_of(entry.type).proc);
  writer.key("ns").integer(entry.inode);
  write_number(writer, "id", entry.id);
  write_number(writer, "parent", entry.parent);
  write_number(writer, "owner", entry.owner);
  writer.key("owner_uid");
  if (entry.owner_uid) {
    writer.integer(*entry.owner_uid);
  } else {
    writer.null();
  }
  writer.key("processes").integer(entry.members.size());
  write_oldest(writer, oldest_process(machine, entry), cells);
  writer.key("held").begin_array();
  for (const std::string_view way : ways_held(entry)) writer.string(way);
  writer.end_array().key("holders").begin_array();
  for (const Holder& holder : entry.holders)
    if (holder.how != HeldBy::Children) write_holder(writer, holder);
  writer.end_array().key("names").begin_array();
  for (const std::string& name : entry.names) writer.string(name);
  writer.end_array().end_object();
}

}  // namespace

std::string namespaces_as_json(const Machine& machine, const std::vector<const NamespaceEntry*>& entries, NsCells& cells) {
  json::Writer writer(json::kTwoSpaces);
  writer.begin_object().key("namespaces").begin_array();
  for (const NamespaceEntry* entry : entries) write_entry(writer, machine, *entry, cells);
  writer.end_array().key("unreadable_processes").integer(machine.unreadable).end_object();
  return writer.take() + "\n";
}

}  // namespace caisson::app::human
