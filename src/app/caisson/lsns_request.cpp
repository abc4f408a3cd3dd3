#include "app/caisson/lsns_request.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::app::human {

namespace {

[[noreturn]] void refuse(std::string words) { throw Error(ErrorKind::Usage, std::move(words)); }

struct Exclusive {
  char one, other;
  std::string_view names;
};
constexpr std::array kExclusive{Exclusive{'J', 'r', "--json --raw"}, Exclusive{'P', 'p', "--persistent --task"},
                                Exclusive{'l', 'T', "--list --tree"}};

void check_exclusive(const OptionValues& options) {
  const auto given = [&](char letter) {
    return std::ranges::any_of(options.all(), [&](const Given& one) { return one.option->letter == letter; });
  };
  for (const Exclusive& pair : kExclusive)
    if (given(pair.one) && given(pair.other)) refuse(text::join("mutually exclusive arguments: ", pair.names));
}

LsnsColumn column_named(std::string_view name) {
  const std::string wanted = text::upper_case(name);
  for (const LsnsColumnInfo& info : kLsnsColumns)
    if (info.name == wanted) return info.column;
  refuse(text::join("unknown column: ", name));
}

std::vector<LsnsColumn> usual_columns(const LsnsRequest& request, bool of_one) {
  using enum LsnsColumn;
  if (of_one) return {Pid, Ppid, User, Command};
  if ((request.types & ns::kind_of(ns::Type::Network).flag) != 0) return {Ns, Type, Nprocs, Pid, User, Netnsid, Nsfs, Command};
  return {Ns, Type, Nprocs, Pid, User, Command};
}

void read_columns(std::string_view list, std::vector<LsnsColumn>& out) {
  if (list.starts_with('+')) {
    list.remove_prefix(1);
  } else {
    out.clear();
  }
  if (list.empty()) refuse("no column is named");
  for (const std::string_view name : text::split(list, ',')) out.push_back(column_named(name));
}

LsnsTree tree_named(std::optional<std::string_view> value) {
  if (!value) return LsnsTree::Owner;
  std::string_view name = *value;
  if (name.starts_with('=')) name.remove_prefix(1);
  if (name == "owner") return LsnsTree::Owner;
  if (name == "parent") return LsnsTree::Parent;
  if (name == "process") return LsnsTree::Process;
  refuse(text::join("unknown tree type: ", name));
}

std::uint64_t type_named(std::string_view name) {
  for (const ns::Kind& kind : ns::kKinds)
    if (kind.proc == name) return kind.flag;
  refuse(text::join("unknown namespace type: ", name));
}

void read_filter(std::string_view expression, LsnsRequest& out) {
  try {
    out.filter = inspect::Filter::parse(expression);
  } catch (const Error& error) {
    refuse(text::join("failed to parse \"", expression, "\": ", error.message()));
  }
  out.filter_columns.clear();
  for (const std::string& name : out.filter->names()) out.filter_columns.push_back(column_named(name));
}

void read_options(const OptionValues& options, LsnsRequest& out) {
  for (const Given& given : options.all()) {
    const std::string_view name = given.option->name;
    if (name == "json") out.format = LsnsFormat::Json;
    if (name == "raw") out.format = LsnsFormat::Raw;
    if (name == "raw" || name == "nowrap") out.wrap = false;
    if (name == "noheadings") out.headings = false;
    if (name == "notruncate") out.cut = false;
    if (name == "persistent") out.persistent = true;
    if (name == "list-columns") out.list_columns = true;
    if (name == "tree") out.tree = tree_named(given.value);
    if (name == "type") out.types |= type_named(*given.value);
    if (name == "filter") read_filter(*given.value, out);
    if (name == "task") {
      const auto pid = text::parse_number<pid_t>(*given.value);
      if (!pid) refuse(text::join("invalid PID argument: '", *given.value, "'"));
      out.task = *pid == 0 ? std::nullopt : pid;
    }
  }
}

}  // namespace

bool LsnsRequest::shows(LsnsColumn column) const {
  return std::ranges::find(columns, column) != columns.end() ||
         std::ranges::find(filter_columns, column) != filter_columns.end();
}

LsnsRequest read_lsns_request(const OptionValues& options, const std::vector<std::string_view>& operands) {
  LsnsRequest out;
  check_exclusive(options);
  read_options(options, out);
  const bool of_one = !operands.empty();
  if (of_one) {
    if (out.task) refuse("--task is mutually exclusive with <namespace>");
    const auto inode = text::parse_number<std::uint64_t>(operands.front());
    if (!inode) refuse(text::join("invalid namespace argument: '", operands.front(), "'"));
    if (*inode != 0) out.one = inode;
  }
  const bool all = options.flag("output-all");
  // Whoever asks for every column gets a list.
  if (out.tree == LsnsTree::None && !options.flag("list") && (of_one || !all)) out.tree = LsnsTree::Process;
  if (all) {
    for (const LsnsColumnInfo& info : kLsnsColumns) out.columns.push_back(info.column);
  } else {
    out.columns = usual_columns(out, of_one);
  }
  if (const auto list = options.value("output")) read_columns(*list, out.columns);
  return out;
}

}  // namespace caisson::app::human
