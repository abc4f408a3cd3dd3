#include "app/caisson/lsns_rows.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "inspect/details.hpp"

namespace caisson::app::human {

namespace {

using inspect::HeldBy;
using inspect::Holder;
using inspect::kUnknown;
using inspect::Machine;
using inspect::NamespaceEntry;
using inspect::Process;

// Nothing but its children keeps it.
bool is_ghost(const NamespaceEntry& entry) {
  return entry.members.empty() &&
         std::ranges::all_of(entry.holders, [](const Holder& holder) { return holder.how == HeldBy::Children; });
}

class Cells {
 public:
  Cells(const Machine& machine, const LsnsRequest& request) : request_(request), details_(machine) {}

  // process: none for a namespace that no process is in.
  std::string cell(LsnsColumn column, const NamespaceEntry& entry, const Process* process) {
    switch (column) {
      case LsnsColumn::Ns:
        return text::join(entry.inode);
      case LsnsColumn::Type:
        return ns::kind_of(entry.type).proc;
      case LsnsColumn::Path:
        return process == nullptr ? std::string() : text::join("/proc/", process->pid, "/ns/", ns::kind_of(entry.type).proc);
      case LsnsColumn::Nprocs:
        return text::join(entry.members.size());
      case LsnsColumn::Pid:
        return process == nullptr ? std::string() : text::join(process->pid);
      case LsnsColumn::Ppid:
        return process == nullptr ? std::string() : text::join(process->parent);
      case LsnsColumn::Command:
        return process == nullptr ? std::string() : details_.command(process->pid);
      case LsnsColumn::Uid:
      case LsnsColumn::User:
        return user(column, entry, process);
      case LsnsColumn::Netnsid:
        return details_.netnsid(entry);
      case LsnsColumn::Nsfs:
        return mounts(entry);
      case LsnsColumn::Pns:
        return text::join(entry.parent);
      case LsnsColumn::Ons:
        break;
    }
    return text::join(entry.owner);
  }

  bool passes(const NamespaceEntry& entry, const Process* process) {
    return !request_.filter || request_.filter->matches([&](std::size_t i) {
      const LsnsColumn column = request_.filter_columns[i];
      return inspect::ColumnValue{cell(column, entry, process), info_of(column).number};
    });
  }

 private:
  std::string user(LsnsColumn column, const NamespaceEntry& entry, const Process* process) {
    if (process == nullptr && !entry.owner_uid) return {};
    const uid_t uid = process != nullptr ? process->uid : *entry.owner_uid;
    return column == LsnsColumn::Uid ? text::join(uid) : details_.user(uid);
  }

  std::string mounts(const NamespaceEntry& entry) const {
    std::string out;
    for (const Holder& holder : entry.holders) {
      if (holder.how != HeldBy::Mount || holder.mount_namespace != kUnknown) continue;
      if (!out.empty()) out += request_.wrap ? '\n' : ',';
      out += holder.path;
    }
    return out;
  }

  const LsnsRequest& request_;
  inspect::Details details_;
};

class Rows {
 public:
  Rows(const Machine& machine, const LsnsRequest& request, ColumnTable& table)
      : machine_(machine), request_(request), table_(table), cells_(machine, request) {}

  void list();
  void list_processes_of(std::uint64_t inode);

 private:
  static constexpr std::size_t kNone = TableRow::kNoParent;

  const Process* first_of(const NamespaceEntry& entry) const {
    return entry.members.empty() ? nullptr : &machine_.processes[entry.members.front()];
  }
  const NamespaceEntry* above(const NamespaceEntry& entry) const;
  bool is_asked_for(const NamespaceEntry& entry) const;
  void show(const NamespaceEntry& entry);
  void show_process(const NamespaceEntry& entry, const Process& process);
  std::size_t add(const NamespaceEntry& entry, const Process* process, std::size_t parent);
  std::size_t row_of_process(pid_t pid) const {
    const auto found = process_rows_.find(pid);
    return found == process_rows_.end() ? kNone : found->second;
  }

  const Machine& machine_;
  const LsnsRequest& request_;
  ColumnTable& table_;
  Cells cells_;
  std::unordered_map<pid_t, std::size_t> process_rows_;  // the last line of each
  std::unordered_map<const NamespaceEntry*, std::size_t> namespace_rows_;
  std::unordered_set<const NamespaceEntry*> shown_;
};

std::size_t Rows::add(const NamespaceEntry& entry, const Process* process, std::size_t parent) {
  if (!cells_.passes(entry, process)) return kNone;
  TableRow row;
  row.parent = parent;
  row.cells.reserve(request_.columns.size());
  for (const LsnsColumn column : request_.columns) row.cells.push_back(cells_.cell(column, entry, process));
  table_.rows.push_back(std::move(row));
  return table_.rows.size() - 1;
}

const NamespaceEntry* Rows::above(const NamespaceEntry& entry) const {
  if (request_.tree == LsnsTree::Parent && entry.type == ns::Type::Pid) return machine_.find(ns::Type::Pid, entry.parent);
  if (request_.tree == LsnsTree::Parent && entry.type != ns::Type::User) return nullptr;
  return request_.wants(ns::Type::User) ? machine_.find(ns::Type::User, entry.owner) : nullptr;
}

bool Rows::is_asked_for(const NamespaceEntry& entry) const {
  if (!request_.wants(entry.type)) return false;
  if (request_.persistent) return entry.members.empty();
  if (request_.task) {
    const Process* const task = machine_.process(*request_.task);
    return task != nullptr && task->namespaces[static_cast<std::size_t>(entry.type)] == entry.inode;
  }
  const bool tree_of_namespaces = request_.tree == LsnsTree::Owner || request_.tree == LsnsTree::Parent;
  return tree_of_namespaces || !is_ghost(entry);
}

// Owners and parents stand before what is below them, also when they were not asked for.
void Rows::show(const NamespaceEntry& entry) {
  if (!shown_.insert(&entry).second) return;
  const Process* const process = first_of(entry);
  if (request_.tree == LsnsTree::Process || request_.tree == LsnsTree::None) {
    const std::size_t parent =
        request_.tree == LsnsTree::Process && process != nullptr ? row_of_process(process->parent) : kNone;
    const std::size_t row = add(entry, process, parent);
    if (row != kNone && process != nullptr) process_rows_[process->pid] = row;
    return;
  }
  const NamespaceEntry* const up = above(entry);
  const NamespaceEntry* const first = up == nullptr && request_.tree == LsnsTree::Parent && request_.wants(ns::Type::User)
                                          ? machine_.find(ns::Type::User, entry.owner)
                                          : up;
  if (first != nullptr) show(*first);
  const auto found = namespace_rows_.find(up);
  const std::size_t row = add(entry, process, up == nullptr || found == namespace_rows_.end() ? kNone : found->second);
  if (row != kNone) namespace_rows_[&entry] = row;
}

void Rows::list() {
  std::vector<const NamespaceEntry*> by_inode;
  by_inode.reserve(machine_.namespaces.size());
  for (const NamespaceEntry& entry : machine_.namespaces)
    if (is_asked_for(entry)) by_inode.push_back(&entry);
  std::ranges::sort(by_inode, {}, &NamespaceEntry::inode);
  for (const NamespaceEntry* entry : by_inode) show(*entry);
}

// Parents first, as far as they are in the same namespace.
void Rows::show_process(const NamespaceEntry& entry, const Process& process) {
  const auto type = static_cast<std::size_t>(entry.type);
  std::vector<const Process*> chain{&process};
  while (request_.tree == LsnsTree::Process) {
    const Process* const parent = machine_.process(chain.back()->parent);
    if (parent == nullptr || process_rows_.contains(parent->pid) || parent->namespaces[type] != entry.inode) break;
    if (std::ranges::find(chain, parent) != chain.end()) break;
    chain.push_back(parent);
  }
  for (; !chain.empty(); chain.pop_back()) {
    const std::size_t parent = request_.tree == LsnsTree::Process ? row_of_process(chain.back()->parent) : kNone;
    process_rows_[chain.back()->pid] = add(entry, chain.back(), parent);
  }
}

void Rows::list_processes_of(std::uint64_t inode) {
  for (const NamespaceEntry& entry : machine_.namespaces) {
    if (entry.inode != inode || !request_.wants(entry.type)) continue;
    for (const std::size_t member : entry.members) {
      const Process& process = machine_.processes[member];
      if (!process_rows_.contains(process.pid)) show_process(entry, process);
    }
    return;
  }
  throw Error(ErrorKind::Host, text::join("not found namespace: ", inode));
}

TableColumn layout_of(LsnsColumn column, const LsnsRequest& request) {
  const LsnsColumnInfo& info = info_of(column);
  TableColumn out{.name = info.name, .right = info.right, .number = info.number, .hint = info.hint};
  if (column == LsnsColumn::Command) {
    out.may_cut = request.cut;
    out.tree = request.tree == LsnsTree::Process;
  }
  if (column == LsnsColumn::Nsfs) out.by_lines = request.wrap;
  if (column == LsnsColumn::Ns && (request.tree == LsnsTree::Owner || request.tree == LsnsTree::Parent)) {
    out.tree = true;
    out.right = false;
  }
  return out;
}

}  // namespace

inspect::ScanScope scope_of(const LsnsRequest& request) {
  const bool related = request.tree == LsnsTree::Owner || request.tree == LsnsTree::Parent || request.persistent ||
                       request.shows(LsnsColumn::Pns) || request.shows(LsnsColumn::Ons);
  inspect::ScanScope scope{.threads = true,
                           .descriptors = true,
                           .mounts = true,
                           .other_mounts = true,
                           .future_children = related,
                           .relations = related,
                           .orphan_relations = true,
                           .commands = false,
                           .identities = request.one.has_value()};
  for (const ns::Kind& kind : ns::kKinds)
    if (request.types == kind.flag && !request.one) scope.only = kind.type;
  return scope;
}

ColumnTable lsns_table(const Machine& machine, const LsnsRequest& request) {
  ColumnTable table;
  for (const LsnsColumn column : request.columns) table.columns.push_back(layout_of(column, request));
  Rows rows(machine, request, table);
  if (request.one) {
    rows.list_processes_of(*request.one);
  } else {
    rows.list();
  }
  return table;
}

ColumnTable lsns_columns_table() {
  ColumnTable table{.columns = {{.name = "HOLDER", .right = true}, {.name = "TYPE"}, {.name = "DESCRIPTION"}}, .rows = {}};
  for (const LsnsColumnInfo& info : kLsnsColumns)
    table.rows.push_back(
        {{std::string(info.name), info.number ? "<integer>" : "<string>", std::string(info.help)}, TableRow::kNoParent});
  return table;
}

}  // namespace caisson::app::human
