// The lines of lsns out of a scan: which there are, in which order, below which other one.
#pragma once

#include "app/caisson/lsns_request.hpp"
#include "app/column_table.hpp"
#include "inspect/machine.hpp"

namespace caisson::app::human {

// What has to be looked at for the request.
inspect::ScanScope scope_of(const LsnsRequest& request);

// Throws Error{Host} when the namespace whose processes were asked for is not there.
ColumnTable lsns_table(const inspect::Machine& machine, const LsnsRequest& request);

// Which columns there are.
ColumnTable lsns_columns_table();

}  // namespace caisson::app::human
