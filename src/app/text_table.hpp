// Columns of text, as wide as their widest cell, for listings.
#pragma once

#include <string>
#include <vector>

namespace caisson::app {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> heading) { rows_.push_back(std::move(heading)); }

  // As many cells as the heading has; an empty one is shown as "-", so that columns can be counted. Control characters are
  // escaped: a name must not be able to move the cursor.
  void add(std::vector<std::string> cells);
  // Three blanks between columns, none at the end of a line.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace caisson::app
