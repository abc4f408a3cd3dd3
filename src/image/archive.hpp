// The files of an image that lies in one tar file or in one directory, by name. A tar file is gone through once, and then read
// where its members lie: nothing of it is copied. Links inside of it are followed once, as docker save needs it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "image/byte_source.hpp"
#include "sys/root_dir.hpp"

namespace caisson::image {

inline constexpr std::size_t kLargestDocument = std::size_t{4} << 20;  // of JSON

class Archive {
 public:
  static Archive of_directory(sys::UniqueFd directory);
  // A regular file that is not compressed.
  static Archive of_tar(sys::UniqueFd file, std::string name);

  bool has(const std::string& name);
  // Throws Error(Spec) when there is none.
  FileRange find(const std::string& name);
  std::string document(const std::string& name);
  // Whether the top level looks like that of a root filesystem.
  bool looks_like_root() const noexcept { return looks_like_root_; }
  bool is_directory() const noexcept { return directory_.valid(); }
  // The whole tar file.
  FileRange whole() const;

 private:
  struct Member {
    FileRange range;
    std::string link;  // of a link: the name that it leads to
  };
  std::optional<FileRange> look(const std::string& name);
  void read_index();

  sys::RootDir directory_;
  std::map<std::string, sys::UniqueFd> opened_;  // files of the directory
  sys::UniqueFd file_;
  std::string name_;
  std::map<std::string, Member> members_;
  bool looks_like_root_ = false;
};

}  // namespace caisson::image
