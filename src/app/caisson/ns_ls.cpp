// caisson ns ls: every namespace that the caller may see.
#include <algorithm>
#include <optional>

#include "app/caisson/commands.hpp"
#include "app/caisson/ns_cells.hpp"
#include "app/caisson/ns_json.hpp"
#include "app/caisson/state_root.hpp"
#include "app/column_table.hpp"
#include "app/report.hpp"
#include "app/stdout_layout.hpp"
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "inspect/filter.hpp"
#include "inspect/kind_choice.hpp"

namespace caisson::app::human {

namespace {

using inspect::Machine;
using inspect::NamespaceEntry;

struct Order {
  NsColumn column;
  bool down = false;
};

struct Request {
  inspect::KindChoice kinds;
  std::optional<pid_t> pid;
  std::vector<std::string_view> held_by;
  bool named = false;
  std::optional<inspect::Filter> filter;
  std::vector<NsColumn> filter_columns;
  std::optional<Order> order;
  std::vector<NsColumn> columns{NsColumn::Kind, NsColumn::Ns,   NsColumn::Procs, NsColumn::Pid,
                                NsColumn::User, NsColumn::Held, NsColumn::Names, NsColumn::Command};

  bool wants(ns::Type type) const { return kinds.types.empty() || std::ranges::find(kinds.types, type) != kinds.types.end(); }
};

std::string_view way_named(std::string_view word) {
  const auto found = std::ranges::find(kWaysToHold, word);
  if (found != kWaysToHold.end()) return *found;
  const std::string_view near = text::nearest(word, kWaysToHold);
  throw Error(ErrorKind::Usage, text::join("--held-by: unknown way: ", text::quoted(word)))
      .with_hint(near.empty() ? "process, thread, descriptor, socket, mount, children, future or unseen"
                              : text::join("did you mean ", near, "?"));
}

void read_columns(std::string_view list, std::vector<NsColumn>& out) {
  if (!list.starts_with('+'))
    out.clear();
  else
    list.remove_prefix(1);
  for (const std::string_view name : text::split(list, ',')) out.push_back(ns_column_named(name));
}

Order order_named(std::string_view word) {
  const bool down = word.starts_with('-');
  return {ns_column_named(down ? word.substr(1) : word), down};
}

Request read_request(const OptionValues& options) {
  Request out;
  if (options.has("kind")) out.kinds = inspect::parse_kinds(options.values("kind"));
  if (const auto pid = options.number("pid")) out.pid = static_cast<pid_t>(*pid);
  for (const std::string_view way : options.values("held-by")) out.held_by.push_back(way_named(way));
  out.named = options.flag("named");
  if (const auto expression = options.value("filter")) {
    try {
      out.filter = inspect::Filter::parse(*expression);
    } catch (Error& error) {
      throw std::move(error.within(text::join("--filter ", text::quoted(*expression))));
    }
    for (const std::string& name : out.filter->names()) out.filter_columns.push_back(ns_column_named(name));
  }
  if (const auto word = options.value("sort")) out.order = order_named(*word);
  if (const auto list = options.value("columns")) read_columns(*list, out.columns);
  if (out.columns.empty()) throw Error(ErrorKind::Usage, "--columns: no column is named");
  return out;
}

bool passes(const Machine& machine, const NamespaceEntry& entry, const Request& request, NsCells& cells) {
  if (!request.wants(entry.type) || (request.named && entry.names.empty())) return false;
  if (request.pid) {
    const inspect::Process* const process = machine.process(*request.pid);
    if (process == nullptr || process->namespaces[static_cast<std::size_t>(entry.type)] != entry.inode) return false;
  }
  if (!request.held_by.empty()) {
    const auto ways = ways_held(entry);
    const auto asked = [&](std::string_view way) { return std::ranges::find(request.held_by, way) != request.held_by.end(); };
    if (std::ranges::none_of(ways, asked)) return false;
  }
  return !request.filter || request.filter->matches([&](std::size_t i) {
    const NsColumn column = request.filter_columns[i];
    return inspect::ColumnValue{cells.cell(column, entry), info_of(column).number};
  });
}

void sort(std::vector<const NamespaceEntry*>& entries, const Order& order, NsCells& cells) {
  struct Keyed {
    std::string text;
    std::uint64_t number;
    const NamespaceEntry* entry;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(entries.size());
  for (const NamespaceEntry* entry : entries) {
    std::string text = cells.cell(order.column, *entry);
    const std::uint64_t number = text::parse_number<std::uint64_t>(text).value_or(0);
    keyed.push_back({info_of(order.column).number ? std::string() : std::move(text), number, entry});
  }
  const auto before = [](const Keyed& a, const Keyed& b) {
    return a.number != b.number ? a.number < b.number : a.text < b.text;
  };
  if (order.down) {
    std::ranges::stable_sort(keyed, [&](const Keyed& a, const Keyed& b) { return before(b, a); });
  } else {
    std::ranges::stable_sort(keyed, before);
  }
  std::ranges::transform(keyed, entries.begin(), &Keyed::entry);
}

ColumnTable table_of(const std::vector<const NamespaceEntry*>& entries, const Request& request, NsCells& cells) {
  ColumnTable table;
  for (const NsColumn column : request.columns)
    table.columns.push_back({.name = info_of(column).name,
                             .right = info_of(column).number,
                             .may_cut = column == NsColumn::Command || column == NsColumn::Holders});
  for (const NamespaceEntry* entry : entries) {
    TableRow row;
    for (const NsColumn column : request.columns) {
      row.cells.push_back(cells.cell(column, *entry));
      if (row.cells.back().empty()) row.cells.back() = "-";  // so that columns can be counted
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

void tell_what_is_hidden(const Machine& machine) {
  if (machine.unreadable == 0) return;
  print_error(text::join("caisson: ", machine.unreadable, machine.unreadable == 1 ? " process" : " processes",
                         " may not be looked at; what nothing else keeps is not listed\n"));
}

}  // namespace

int ns_ls(const Invocation& invocation) {
  const Request request = read_request(invocation.options());
  inspect::ScanScope scope = inspect::ScanScope::everything();
  scope.commands = false;  // those that are shown are read then
  scope.state_root = state_root_of(invocation);
  const Machine machine = inspect::scan(scope);
  if (request.pid && machine.process(*request.pid) == nullptr)
    throw Error(ErrorKind::Host, text::join("process ", *request.pid, " is not there, or may not be looked at"));
  NsCells cells(machine);
  std::vector<const NamespaceEntry*> shown;
  for (const NamespaceEntry& entry : machine.namespaces)
    if (passes(machine, entry, request, cells)) shown.push_back(&entry);
  if (request.order) sort(shown, *request.order, cells);
  if (invocation.options().flag("json")) {
    print_out(namespaces_as_json(machine, shown, cells));
  } else {
    TableLayout layout = layout_for_stdout();
    if (invocation.options().flag("no-headings")) layout.headings = Headings::Hidden;
    print_out(as_columns(table_of(shown, request, cells), layout));
  }
  tell_what_is_hidden(machine);
  return 0;
}

}  // namespace caisson::app::human
