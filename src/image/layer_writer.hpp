// A layer's tar archive as a directory that overlayfs takes for a layer: whiteouts are devices 0:0, opaque directories have
// user.overlay.opaque, which it honours for root and in user namespaces when it is mounted with userxattr. Nothing in an
// archive leads out of the directory: parents are resolved in it (RootDir), and only a last component is ever made, removed or
// changed. Nobody else may write there meanwhile. What exists is replaced, never written through.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "image/layer_path.hpp"
#include "image/layer_view.hpp"
#include "image/tar_reader.hpp"

namespace caisson::image {

enum class Whiteouts : std::uint8_t { Apply, Refuse };  // Refuse: the archive is a whole root, in which they have no place

// RootOnly: there is one id, so that all files are root's.
enum class Owners : std::uint8_t { Keep, RootOnly };

struct LayerCounts {
  std::uint64_t entries = 0, bytes = 0;
  std::uint64_t devices_left_out = 0, attributes_left_out = 0, owners_left_out = 0;
};

class LayerWriter {
 public:
  // lower: the layers below, which say what directories look like that the archive does not mention.
  LayerWriter(sys::UniqueFd directory, const LayerView& lower, Whiteouts whiteouts, Owners owners = Owners::Keep);

  void add(TarReader& reader);
  // Hard links to later members, and times of directories.
  void finish();

  const LayerCounts& counts() const noexcept { return counts_; }
  // Whether the result would be another one above other layers.
  bool depends_on_lower() const noexcept { return depends_on_lower_; }

 private:
  struct PendingLink {
    std::string target;
    LayerPath path;
  };
  void make(const LayerPath& path, TarReader& reader);
  void make_file(const TarEntry& entry, TarReader& reader);
  void make_directory(const LayerPath& path, const TarEntry& entry);
  void make_node(const TarEntry& entry);
  void make_link(const LayerPath& path, const TarEntry& entry);
  bool try_link(const std::string& target, const LayerPath& path);
  bool copy_up(const PendingLink& link);
  void whiteout(const LayerPath& path, const std::string& hidden);
  void make_opaque(const LayerPath& path);
  void set_opaque(const std::string& name, const std::string& path);
  void set_root(const TarEntry& entry);
  void set_owner(const TarEntry& entry);
  void set_attributes(const TarEntry& entry);
  void enter(const std::string& parent);
  void make_parents(const std::string& path);
  void make_parent(const std::string& path);
  bool take_away(const std::string& name);
  void inherit_root();
  void set_directory_mode(const std::string& path, std::uint32_t mode);

  sys::RootDir root_;
  const LayerView& lower_;
  Whiteouts whiteouts_;
  Owners owners_;
  LayerCounts counts_;
  bool depends_on_lower_ = false, root_seen_ = false;
  // Of the member at hand: archives go through directories in order, so that most have the same parent as the one before.
  std::string parent_path_, name_;
  sys::UniqueFd parent_;
  bool parent_known_ = false;
  std::set<std::string> opaque_;
  // Of directories, once all is in them: what is made there changes their times, and gets their group while they have that bit.
  std::vector<std::pair<std::string, sys::FileTime>> directory_times_;
  std::map<std::string, std::uint32_t> group_modes_;
  std::vector<PendingLink> pending_;
};

}  // namespace caisson::image
