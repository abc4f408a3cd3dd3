// A directory of a test's own, removed with all it holds.
#pragma once

#include <fcntl.h>
#include <stdlib.h>

#include <string>

#include "sys/file.hpp"

namespace caisson::test {

class ScratchDir {
 public:
  ScratchDir() {
    std::string pattern = "/tmp/caisson-test-XXXXXX";
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  ~ScratchDir() {
    if (!path_.empty()) clear(sys::kCwd, path_.c_str());
  }
  const std::string& path() const { return path_; }
  std::string at(const std::string& name) const { return path_ + "/" + name; }

 private:
  static void clear(sys::BorrowedFd dir, const char* name) {
    if (const auto inside = sys::open_at(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW); inside.ok()) {
      const auto entries = sys::list_dir(inside.value().borrow());
      for (const auto& entry : entries.value()) clear(inside.value().borrow(), entry.name.c_str());
    }
    if (!sys::unlink_at(dir, name, AT_REMOVEDIR).ok()) static_cast<void>(sys::unlink_at(dir, name));
  }
  std::string path_;
};

}  // namespace caisson::test
