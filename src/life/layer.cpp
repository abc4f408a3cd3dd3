#include "life/layer.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "host/tmpfs_attributes.hpp"
#include "launch/side_process.hpp"
#include "life/own_ids.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/tree.hpp"

namespace caisson::life {
namespace {

constexpr const char* kLayer = "layer";
constexpr mode_t kLayerMode = 0700;

struct Unfit {
  long magic;
  std::string_view name;
};
// They lack what an upper directory needs: whiteouts, extended attributes or their renames.
constexpr std::array kUnfit{
    Unfit{0x794c7630, "overlay"}, Unfit{0x6969, "nfs"},      Unfit{0x65735546, "fuse"},  Unfit{0x01021997, "9p"},
    Unfit{0x858458f6, "ramfs"},   Unfit{0x4d44, "vfat"},     Unfit{0x2011bab0, "exfat"}, Unfit{0x7366746e, "ntfs3"},
    Unfit{0xff534d42, "cifs"},    Unfit{0xfe534d42, "smb2"}, Unfit{0x00c36400, "ceph"},  Unfit{0xf15f, "ecryptfs"},
};

std::string_view unfit_filesystem(const Entry& entry) {
  return unfit_for_layers(sys::filesystem_magic(entry.directory()).or_throw("look at the file system of ", entry.path()));
}

void refuse_unfit(const Entry& entry) {
  const std::string_view name = unfit_filesystem(entry);
  if (name.empty()) return;
  throw Error(ErrorKind::Host, text::join("what the container writes cannot be kept in ", entry.path(),
                                          ": no overlay can write to a file system of type ", name))
      .with_hint("caisson --root DIR keeps containers below another directory; with --rm nothing is kept, and no disk needed");
}

// As the machine sees it. Of a container with a user namespace that was there already only that is known: it must be ours.
uid_t root_of(const std::vector<spec::IdMapping>& map, uid_t own) {
  const auto line = std::ranges::find(map, 0U, &spec::IdMapping::container_id);
  return line == map.end() ? own : line->host_id;
}

void make_layer(Entry& entry, const spec::Linux& maps) {
  const auto made = sys::make_dir(entry.directory(), kLayer, kLayerMode);
  if (!made.ok() && made.err() != EEXIST) throw Error(ErrorKind::Kernel, text::join("make ", layer_path(entry)), made.err());
  if (sys::effective_uid() == 0)
    sys::change_owner_at(entry.directory(), kLayer, root_of(maps.uid_mappings, 0), root_of(maps.gid_mappings, 0))
        .or_throw("give ", layer_path(entry), " to root of the container");
  entry.record.layer = true;
}

Error is_gone(const Entry& entry) {
  return Error(ErrorKind::State,
               text::join("what container ", entry.record.name, " has written is gone: ", layer_path(entry), " is missing"))
      .with_hint("caisson rm removes the rest of the container; run it again for a fresh one");
}

}  // namespace

std::string_view unfit_for_layers(long magic) noexcept {
  const auto found = std::ranges::find(kUnfit, magic, &Unfit::magic);
  return found == kUnfit.end() ? std::string_view() : found->name;
}

std::string layer_path(const std::string& directory) { return text::join(directory, "/", kLayer); }
std::string layer_path(const Entry& entry) { return layer_path(entry.path()); }

bool needs_disk(const Record& record) { return !record.remove_at_end || !host::tmpfs_has_user_attributes(); }

void give_layer(Entry& entry, lifecycle::ContainerWish& wish) {
  if (!wish.request.host_view || !needs_disk(entry.record)) return;
  const bool passes = entry.record.remove_at_end;
  if (!entry.record.layer) {
    if (passes && !unfit_filesystem(entry).empty()) return;  // memory still does for nearly everything
    refuse_unfit(entry);
    make_layer(entry, *wish.spec.linux_);
  } else if (sys::status_at(entry.directory(), kLayer).err() == ENOENT) {
    throw is_gone(entry);
  }
  wish.request.host_view->layer = layer_path(entry);
  wish.request.host_view->layer_passes = passes;
}

sys::UniqueFd open_layer(const Entry& entry) {
  auto opened = sys::open_at(entry.directory(), kLayer, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (opened.err() == ENOENT) throw is_gone(entry);
  return std::move(opened).or_throw("open ", layer_path(entry));
}

void remove_layer(sys::BorrowedFd directory, const std::string& path) {
  const std::string doing = text::join("remove ", path, "/", kLayer);
  if (sys::status_at(directory, kLayer).err() == ENOENT) return;
  const auto take_away = [&] { sys::remove_tree(directory, kLayer).or_throw(doing); };
  if (sys::effective_uid() == 0) return take_away();
  // What belongs to subordinate ids only root of their user namespace can remove.
  launch::SideProcess removes(std::nullopt, [&] {
    enter_own_ids();
    take_away();
  });
  if (const auto error = removes.outcome()) throw *error;
}

}  // namespace caisson::life
