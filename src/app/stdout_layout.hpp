// How a table is laid out for whoever reads standard output: as wide as its terminal, in the characters of the locale.
#pragma once

#include "app/column_table.hpp"

namespace caisson::app {

TableLayout layout_for_stdout();

}  // namespace caisson::app
