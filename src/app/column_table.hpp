// Rows of cells, laid out as libsmartcols does it for the programs of util-linux, so that what reads their output can read
// ours: columns padded with blanks, or raw with one blank between cells, or JSON; rows may be a tree, drawn in one of the
// columns. Cells are hostile text: what could move the cursor is shown as "\xNN". Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caisson::app {

struct TableColumn {
  std::string_view name;
  bool right = false;     // to the right edge of the column
  bool may_cut = false;   // when the lines are longer than the terminal is wide
  bool by_lines = false;  // a newline in a cell begins another line of the row; elsewhere it is escaped
  bool tree = false;      // the tree is drawn in this one
  bool number = false;    // JSON: a number, not a string
  std::size_t hint = 0;   // of the width, where the cells are as wide as the heading and both are narrower than this
};

struct TableRow {
  static constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

  std::vector<std::string> cells;  // as many as columns
  std::size_t parent = kNoParent;  // an earlier row
};

struct ColumnTable {
  std::vector<TableColumn> columns;
  std::vector<TableRow> rows;
};

enum class Headings : unsigned char { Shown, Hidden };
enum class Characters : unsigned char { Ascii, Utf8 };

struct TableLayout {
  Headings headings = Headings::Shown;
  Characters characters = Characters::Ascii;
  std::size_t width = 0;  // of the terminal; 0: not limited
};

std::string as_columns(const ColumnTable& table, const TableLayout& layout);
std::string as_raw(const ColumnTable& table, const TableLayout& layout);
struct NamedTable {
  std::string_view name;
  const ColumnTable* table;
};
// {"NAME": [{"column": ..., "children": [...]}], ...}, names of columns in lower case; an empty cell is null.
std::string as_json(std::span<const NamedTable> tables);

// By LC_ALL, LC_CTYPE or LANG: the first of them that is not empty.
Characters characters_of_locale(std::string_view lc_all, std::string_view lc_ctype, std::string_view lang) noexcept;
// What can be printed: other bytes as "\xNN".
std::string printable_text(std::string_view text, Characters characters);

}  // namespace caisson::app
