// A tar archive into a directory below a root. The root may be one that a hostile container changes meanwhile: nothing outside
// of it is written, and what an archive says leads nowhere else. A file takes the place of a file, and a directory is merged
// with a directory; neither takes the place of the other. Only a target that is a file itself is written through its links.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "copy/place.hpp"
#include "image/tar_reader.hpp"
#include "sys/root_dir.hpp"

namespace caisson::copy {

// Mine: of whoever unpacks, without what a foreign owner's file must not become: set-user-id, capabilities.
enum class Owners : std::uint8_t { Mine, Kept };

struct Target {
  const sys::RootDir& root;
  std::string path;
  // The last name of what was packed (pack.hpp), which gets the name that the target says; nothing: an archive from elsewhere,
  // which is unpacked into the target as it is.
  std::optional<Source> source;
  Owners owners = Owners::Mine;
};

class Unpacker {
 public:
  explicit Unpacker(Target target) : target_(std::move(target)) {}
  // To the end of the source. Adds to notes what was left out.
  void unpack(image::ByteSource& source, std::vector<std::string>& notes);

 private:
  void make_all(image::ByteSource& source);
  void land(const image::TarEntry& first);
  void open_target(const sys::UniqueFd& found);
  std::string place_of(const std::string& member) const;
  void make(image::TarReader& reader);
  void enter(const std::string& parent);
  void make_file(image::TarReader& reader);
  void fill_file(image::TarReader& reader, const sys::UniqueFd& file);
  void make_directory(const image::TarEntry& entry);
  void make_other(const image::TarEntry& entry);
  void take_away(const image::TarEntry& entry);
  void set_attributes(const image::TarEntry& entry);
  void set_owner(const image::TarEntry& entry);
  void check_owner(const image::TarEntry& entry, const sys::SysStatus& set) const;
  std::uint32_t mode_of(const image::TarEntry& entry) const;
  void finish_directories();

  struct Made {
    std::string path;
    std::uint32_t mode = 0;
    sys::FileTime modified;
  };

  Target target_;
  sys::RootDir base_;
  Landing landing_;
  // Of the member at hand.
  std::string path_, name_, parent_path_;
  sys::UniqueFd parent_, through_;  // through_: the target itself
  std::vector<Made> directories_;
  std::size_t devices_left_out_ = 0;
};

}  // namespace caisson::copy
