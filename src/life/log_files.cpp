#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "life/log_reader.hpp"
#include "sys/file.hpp"

namespace caisson::life {
namespace {

constexpr unsigned kOldest = 99;
constexpr std::size_t kPiece = std::size_t{64} << 10;

std::string name_of(unsigned age) { return age == 0 ? "log" : text::join("log.", age); }

}  // namespace

LogFiles::LogFiles(sys::BorrowedFd directory) : directory_(directory), buffer_(kPiece, '\0') { open_all(); }

// From the newest back: a rotation meanwhile shifts names to older ones, the oldest first, so that a file may be seen twice and
// a name may be free for a moment, but no file is missed.
void LogFiles::open_all() {
  std::vector<Part> found;
  bool gap = false;
  for (unsigned age = 0; age <= kOldest; ++age) {
    auto file = sys::open_at(directory_, name_of(age).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (file.err() == ENOENT) {
      if (gap) break;
      gap = true;
      continue;
    }
    gap = false;
    Part part{.file = std::move(file).or_throw("open the container's ", name_of(age))};
    part.inode = sys::status_of_fd(part.file.borrow()).or_throw("look at the container's log").inode;
    if (std::ranges::find(found, part.inode, &Part::inode) == found.end()) found.push_back(std::move(part));
  }
  for (auto part = found.rbegin(); part != found.rend(); ++part) parts_.push_back(std::move(*part));
}

bool LogFiles::is_at_newest() const {
  const auto newest = sys::status_at(directory_, "log");
  return newest.ok() && !parts_.empty() && newest.value().inode == parts_.back().inode;
}

// The file that was the newest has got successors: all that are newer than it follow.
void LogFiles::follow_rotation() {
  std::vector<Part> kept = std::move(parts_);
  parts_.clear();
  open_all();
  if (kept.empty()) return;
  std::size_t same = parts_.size();
  for (std::size_t i = 0; i < parts_.size(); ++i)
    if (parts_[i].inode == kept.back().inode) same = i;
  if (same < parts_.size()) parts_.erase(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(same) + 1);
  parts_.insert(parts_.begin(), std::move(kept.back()));
}

void LogFiles::read_to_end(LogFilter& filter) {
  for (;;) {
    while (!parts_.empty()) {
      const std::size_t got =
          sys::read_some(parts_.front().file.borrow(), buffer_.data(), buffer_.size()).or_throw("read the log");
      if (got > 0) {
        rest_.append(buffer_, 0, got);
        rest_.erase(0, rest_.size() - filter.feed(rest_).size());
        continue;
      }
      if (parts_.size() == 1) break;
      parts_.erase(parts_.begin());
      rest_.clear();
    }
    if (is_at_newest()) return;
    follow_rotation();
    if (parts_.size() <= 1) return;
  }
}

std::size_t count_log_lines(sys::BorrowedFd directory) {
  std::size_t count = 0;
  LogFilter filter({}, [&count](bool, std::string_view text) { count += text.ends_with('\n') ? 1 : 0; });
  LogFiles(directory).read_to_end(filter);
  return count;
}

}  // namespace caisson::life
