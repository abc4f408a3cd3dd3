#include "app/caisson/commands.hpp"
#include "app/caisson/lsns_request.hpp"
#include "app/caisson/lsns_rows.hpp"
#include "app/report.hpp"
#include "app/stdout_layout.hpp"

namespace caisson::app::human {

namespace {

std::string written(const ColumnTable& table, const LsnsRequest& request, std::string_view json_name) {
  const NamedTable named[] = {{json_name, &table}};
  if (request.format == LsnsFormat::Json) return as_json(named);
  if (table.rows.empty()) return {};  // not even headings
  TableLayout layout = layout_for_stdout();
  if (!request.headings || request.list_columns) layout.headings = Headings::Hidden;
  if (!request.cut) layout.width = 0;
  return request.format == LsnsFormat::Raw ? as_raw(table, layout) : as_columns(table, layout);
}

}  // namespace

int lsns(const Invocation& invocation) {
  const LsnsRequest request = read_lsns_request(invocation.options(), invocation.line.operands);
  if (request.list_columns) {
    print_out(written(lsns_columns_table(), request, "lsns-columns"));
    return 0;
  }
  inspect::Machine machine = inspect::scan(scope_of(request));
  if (!request.one) inspect::identify_first_processes(machine);
  print_out(written(lsns_table(machine, request), request, "namespaces"));
  return 0;
}

}  // namespace caisson::app::human
