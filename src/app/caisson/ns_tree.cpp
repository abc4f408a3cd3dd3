// caisson ns tree: user namespaces by parent with what each owns, and pid namespaces by parent.
#include <algorithm>
#include <unordered_map>

#include "app/caisson/commands.hpp"
#include "app/caisson/ns_cells.hpp"
#include "app/caisson/state_root.hpp"
#include "app/column_table.hpp"
#include "app/report.hpp"
#include "app/stdout_layout.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::app::human {

namespace {

using inspect::Machine;
using inspect::NamespaceEntry;

constexpr std::array kShown{NsColumn::Procs, NsColumn::Pid, NsColumn::User, NsColumn::Names, NsColumn::Command};

class TreeTable {
 public:
  TreeTable(const Machine& machine, NsCells& cells) : machine_(machine), cells_(cells) {
    table_.columns.push_back({.name = "NAMESPACE", .tree = true});
    for (const NsColumn column : kShown)
      table_.columns.push_back({.name = info_of(column).name,
                                .right = info_of(column).number,
                                .may_cut = column == NsColumn::Command,
                                .number = info_of(column).number});
  }

  // Every namespace of the type below its parent, the others below their owner.
  ColumnTable with_owned(ns::Type type) {
    add_all(type);
    for (const NamespaceEntry& entry : machine_.namespaces)
      if (entry.type != type) add(entry, row_of(type, entry.owner));
    return std::move(table_);
  }
  ColumnTable alone(ns::Type type) {
    add_all(type);
    return std::move(table_);
  }

 private:
  void add_all(ns::Type type) {
    for (const NamespaceEntry& entry : machine_.namespaces)
      if (entry.type == type) add_below_parent(entry);
  }

  // Inodes are used again: a parent may have a larger one than its child.
  std::size_t add_below_parent(const NamespaceEntry& entry) {
    if (const auto found = rows_.find(entry.inode); found != rows_.end()) return found->second;
    const NamespaceEntry* const parent = machine_.find(entry.type, entry.parent);
    const std::size_t row = add(entry, parent == nullptr ? TableRow::kNoParent : add_below_parent(*parent));
    rows_[entry.inode] = row;
    return row;
  }

  std::size_t row_of(ns::Type type, std::uint64_t inode) {
    const NamespaceEntry* const entry = machine_.find(type, inode);
    return entry == nullptr ? TableRow::kNoParent : add_below_parent(*entry);
  }

  std::size_t add(const NamespaceEntry& entry, std::size_t parent) {
    TableRow row;
    row.parent = parent;
    row.cells.push_back(text::join(ns::kind_of(entry.type).proc, ":[", entry.inode, "]"));
    for (const NsColumn column : kShown) row.cells.push_back(cells_.cell(column, entry));
    // What keeps one that no process is in stands in the place of a command.
    if (entry.members.empty()) row.cells.back() = text::join("(", cells_.cell(NsColumn::Held, entry), ")");
    table_.rows.push_back(std::move(row));
    return table_.rows.size() - 1;
  }

  const Machine& machine_;
  NsCells& cells_;
  ColumnTable table_;
  std::unordered_map<std::uint64_t, std::size_t> rows_;
};

struct Wanted {
  bool user = true, pid = true;
};

Wanted read_kinds(const OptionValues& options) {
  if (!options.has("kind")) return {};
  Wanted out{false, false};
  for (const std::string_view kind : options.values("kind")) {
    if (kind != "user" && kind != "pid")
      throw Error(ErrorKind::Usage, text::join("--kind: ", text::quoted(kind), " namespaces are no tree"))
          .with_hint("user or pid; what each user namespace owns is shown below it");
    (kind == "user" ? out.user : out.pid) = true;
  }
  return out;
}

}  // namespace

int ns_tree(const Invocation& invocation) {
  const Wanted wanted = read_kinds(invocation.options());
  inspect::ScanScope scope = inspect::ScanScope::everything();
  scope.commands = false;
  scope.state_root = state_root_of(invocation);
  const Machine machine = inspect::scan(scope);
  NsCells cells(machine);
  const ColumnTable users = TreeTable(machine, cells).with_owned(ns::Type::User);
  const ColumnTable pids = TreeTable(machine, cells).alone(ns::Type::Pid);
  std::vector<NamedTable> tables;
  if (wanted.user) tables.push_back({"user", &users});
  if (wanted.pid) tables.push_back({"pid", &pids});
  if (invocation.options().flag("json")) {
    print_out(as_json(tables));
    return 0;
  }
  std::string out;
  for (const NamedTable& named : tables)
    out += text::join(out.empty() ? "" : "\n", as_columns(*named.table, layout_for_stdout()));
  print_out(out);
  return 0;
}

}  // namespace caisson::app::human
