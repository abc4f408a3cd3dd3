#include "app/column_table.hpp"

#include <algorithm>

#include "base/character_width.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"

namespace caisson::app {

namespace {

struct TreeSigns {
  std::string_view branch, last, line, nothing;
};
constexpr TreeSigns kUtf8Signs{"├─", "└─", "│ ", "  "};
constexpr TreeSigns kAsciiSigns{"|-", "`-", "| ", "  "};

bool is_tree(const ColumnTable& table) { return std::ranges::any_of(table.columns, &TableColumn::tree); }

// A row with what is drawn before it.
struct DrawnRow {
  const TableRow* row;
  std::string lead;       // of its first line
  std::string lead_more;  // of further lines
};

class Drawing {
 public:
  Drawing(const ColumnTable& table, const TreeSigns& signs) : table_(table), signs_(signs) {}

  std::vector<DrawnRow> rows() {
    out_.reserve(table_.rows.size());
    if (!is_tree(table_)) {
      for (const TableRow& row : table_.rows) out_.push_back({&row, {}, {}});
      return std::move(out_);
    }
    children_.resize(table_.rows.size());
    std::vector<std::size_t> roots;
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      const std::size_t parent = table_.rows[i].parent;
      (parent == TableRow::kNoParent ? roots : children_[parent]).push_back(i);
    }
    for (const std::size_t root : roots) {
      out_.push_back({&table_.rows[root], {}, children_[root].empty() ? std::string() : std::string(signs_.line)});
      draw_children(root);
    }
    return std::move(out_);
  }

 private:
  // Without recursion: a tree of processes may be deep.
  void draw_children(std::size_t root) {
    struct Place {
      std::size_t row, next;
      std::string lead;  // of its children
    };
    std::vector<Place> path{{root, 0, {}}};
    while (!path.empty()) {
      Place& here = path.back();
      const std::vector<std::size_t>& siblings = children_[here.row];
      if (here.next == siblings.size()) {
        path.pop_back();
        continue;
      }
      const std::size_t row = siblings[here.next++];
      const bool last = here.next == siblings.size();
      std::string below = text::join(here.lead, last ? signs_.nothing : signs_.line);
      out_.push_back({&table_.rows[row], text::join(here.lead, last ? signs_.last : signs_.branch),
                      children_[row].empty() ? below : text::join(below, signs_.line)});
      path.push_back({row, 0, std::move(below)});
    }
  }

  const ColumnTable& table_;
  const TreeSigns& signs_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<DrawnRow> out_;
};

const TreeSigns& signs_of(const TableLayout& layout) {
  return layout.characters == Characters::Utf8 ? kUtf8Signs : kAsciiSigns;
}

std::string_view line_of(std::string_view text, std::size_t line) {
  for (; line > 0; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

class Columns {
 public:
  Columns(const ColumnTable& table, const TableLayout& layout)
      : table_(table), layout_(layout), rows_(Drawing(table, signs_of(layout)).rows()) {}

  std::string text() {
    measure();
    fit();
    std::string out;
    if (layout_.headings == Headings::Shown) append_headings(out);
    for (const DrawnRow& row : rows_) append_row(out, row);
    return out;
  }

 private:
  std::string shown(const DrawnRow& row, std::size_t column, std::size_t line) const {
    const TableColumn& of = table_.columns[column];
    const std::string& cell = row.row->cells[column];
    std::string out;
    if (of.tree) out = line == 0 ? row.lead : row.lead_more;
    const std::string_view part = of.by_lines ? line_of(cell, line) : line == 0 ? std::string_view(cell) : std::string_view();
    out += printable_text(part, layout_.characters);
    return out;
  }

  std::size_t lines_of(const DrawnRow& row) const {
    std::size_t lines = 1;
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      if (table_.columns[i].by_lines)
        lines = std::max(lines, 1 + static_cast<std::size_t>(std::ranges::count(row.row->cells[i], '\n')));
    return lines;
  }

  void measure() {
    widths_.resize(table_.columns.size());
    for (const DrawnRow& row : rows_)
      for (std::size_t line = 0, lines = lines_of(row); line < lines; ++line)
        for (std::size_t i = 0; i < widths_.size(); ++i)
          widths_[i] = std::max(widths_[i], text::columns_of(shown(row, i, line)));
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      const std::size_t heading = text::columns_of(table_.columns[i].name), hint = table_.columns[i].hint;
      // Odd, but so are the columns of libsmartcols.
      if (widths_[i] < heading) {
        widths_[i] = heading;
      } else if (widths_[i] < hint && heading < hint) {
        widths_[i] = hint;
      }
    }
  }

  // Takes what is too much from the columns that may be cut, down to their headings.
  void fit() {
    if (layout_.width == 0 || widths_.empty()) return;
    std::size_t whole = widths_.size() - 1;
    for (const std::size_t width : widths_) whole += width;
    for (std::size_t i = widths_.size(); i-- > 0 && whole > layout_.width;) {
      if (!table_.columns[i].may_cut) continue;
      const std::size_t least = text::columns_of(table_.columns[i].name);
      const std::size_t less = std::min(whole - layout_.width, widths_[i] - std::min(widths_[i], least));
      widths_[i] -= less;
      whole -= less;
    }
  }

  void append_cell(std::string& out, std::size_t column, std::string_view cell) const {
    const std::string_view kept = table_.columns[column].may_cut ? text::cut_to_columns(cell, widths_[column]) : cell;
    const std::size_t width = text::columns_of(kept);
    const std::size_t padding = widths_[column] - std::min(width, widths_[column]);
    const bool last = column + 1 == widths_.size();
    if (table_.columns[column].right) out.append(padding, ' ');
    out += kept;
    if (!table_.columns[column].right && !last) out.append(padding, ' ');
    out += last ? '\n' : ' ';
  }

  void append_headings(std::string& out) const {
    for (std::size_t i = 0; i < widths_.size(); ++i) append_cell(out, i, table_.columns[i].name);
  }

  void append_row(std::string& out, const DrawnRow& row) const {
    for (std::size_t line = 0, lines = lines_of(row); line < lines; ++line)
      for (std::size_t i = 0; i < widths_.size(); ++i) append_cell(out, i, shown(row, i, line));
  }

  const ColumnTable& table_;
  const TableLayout& layout_;
  std::vector<DrawnRow> rows_;
  std::vector<std::size_t> widths_;
};

// Cells end at a blank: what could be taken for one, and what is no ASCII, is written as "\xNN".
void append_raw(std::string& out, std::string_view cell) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : cell) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f && c != '\\') {
      out += c;
    } else {
      out += text::join("\\x", kDigits[byte >> 4U], kDigits[byte & 15U]);
    }
  }
}

class JsonRows {
 public:
  explicit JsonRows(const ColumnTable& table) : table_(table), children_(table.rows.size()) {
    const bool tree = is_tree(table);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const std::size_t parent = table.rows[i].parent;
      (parent == TableRow::kNoParent || !tree ? roots_ : children_[parent]).push_back(i);
    }
  }

  const std::vector<std::size_t>& roots() const { return roots_; }

  void write(json::Writer& writer, const std::vector<std::size_t>& rows) const {
    writer.begin_array();
    for (const std::size_t row : rows) {
      writer.begin_object();
      write_cells(writer, table_.rows[row]);
      if (!children_[row].empty()) {
        writer.key("children");
        write(writer, children_[row]);
      }
      writer.end_object();
    }
    writer.end_array();
  }

 private:
  void write_cells(json::Writer& writer, const TableRow& row) const {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const std::string& cell = row.cells[i];
      writer.key(text::lower_case(table_.columns[i].name));
      const auto number = table_.columns[i].number ? text::parse_number<std::int64_t>(cell) : std::nullopt;
      if (cell.empty()) {
        writer.null();
      } else if (number) {
        writer.integer(*number);
      } else {
        writer.string(cell);
      }
    }
  }

  const ColumnTable& table_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<std::size_t> roots_;
};

}  // namespace

std::string as_columns(const ColumnTable& table, const TableLayout& layout) { return Columns(table, layout).text(); }

std::string as_raw(const ColumnTable& table, const TableLayout& layout) {
  std::string out;
  const auto separator = [&](std::size_t column) { return column + 1 == table.columns.size() ? '\n' : ' '; };
  if (layout.headings == Headings::Shown)
    for (std::size_t i = 0; i < table.columns.size(); ++i) out += text::join(table.columns[i].name, separator(i));
  for (const DrawnRow& row : Drawing(table, signs_of(layout)).rows())
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      append_raw(out, table.columns[i].tree ? row.lead + row.row->cells[i] : row.row->cells[i]);
      out += separator(i);
    }
  return out;
}

std::string as_json(std::span<const NamedTable> tables) {
  json::Writer writer(json::Style{"   "});
  writer.begin_object();
  for (const NamedTable& named : tables) {
    writer.key(named.name);
    const JsonRows rows(*named.table);
    rows.write(writer, rows.roots());
  }
  writer.end_object();
  return writer.take() + "\n";
}

}  // namespace caisson::app
