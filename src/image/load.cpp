#include "image/load.hpp"

#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/rfc3339.hpp"
#include "base/text.hpp"
#include "image/archive.hpp"
#include "image/beside.hpp"
#include "image/load_oci.hpp"
#include "image/reference.hpp"
#include "image/unpack.hpp"
#include "sys/file.hpp"
#include "sys/process.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

// A copy that has no name: gone when it is closed.
sys::UniqueFd spool(const Scratch& scratch, MeteredSource& from, std::uint64_t size, const std::string& path,
                    Progress* progress) {
  if (progress != nullptr) progress->begin("reading", size);
  WatchedSource source(from, progress);
  auto file = sys::open_at(scratch.directory(), "spool", O_RDWR | O_CREAT | O_EXCL, 0600).or_throw("make a copy of ", path);
  sys::unlink_at(scratch.directory(), "spool").or_throw("make a copy of ", path);
  copy_all(source, file.borrow(), path);
  return file;
}

FileRange whole_of(const sys::UniqueFd& file, const std::string& path) {
  return {file.borrow(), 0, sys::status_of_fd(file.borrow()).or_throw("examine ", path).size};
}

// A regular file that is not compressed; what is not is copied into the store first.
sys::UniqueFd plain_file(const Scratch& scratch, sys::UniqueFd file, const std::string& path, Progress* progress) {
  if (!sys::status_of_fd(file.borrow()).or_throw("examine ", path).is_regular()) {
    PipeSource pipe(file.borrow());
    file = spool(scratch, pipe, 0, path, progress);
  }
  const FileRange range = whole_of(file, path);
  if (range.size == 0) throw Error(ErrorKind::Spec, text::join(path, ": empty"));
  try {
    if (compression_of(range, path) == Compression::None) return file;
    return spool(scratch, *plain_source(range, path), range.size, path, progress);
  } catch (Error& error) {
    throw std::move(error.within(path));
  }
}

sys::UniqueFd open_input(const std::string& path) {
  if (path == "-") return sys::duplicate(sys::BorrowedFd(0)).or_throw("read standard input");
  return sys::open_at(sys::kCwd, path.c_str(), O_RDONLY | O_NONBLOCK).or_throw("open ", path);
}

Loaded load_tar(const Store& store, sys::UniqueFd file, const std::string& path, const LoadOptions& options) {
  const FileRange range = whole_of(file, path);
  std::optional<Archive> archive;
  try {
    archive.emplace(Archive::of_tar(std::move(file), path));
  } catch (Error& error) {
    throw std::move(error.within(path));
  }
  if (archive->has("index.json") && archive->has("oci-layout")) return load_oci(store, *archive, path, options);
  if (archive->has("manifest.json")) return load_docker(store, *archive, path, options);
  if (archive->looks_like_root()) return load_root(store, range, path, options);
  throw Error(ErrorKind::Spec, text::join(path, ": no image: it has neither index.json, manifest.json nor a root filesystem"))
      .with_hint("what docker save, skopeo, umoci or docker export write can be loaded");
}

}  // namespace

std::string name_of_file(const std::string& path) {
  std::string_view base = path;
  while (base.ends_with('/')) base.remove_suffix(1);
  base = base.substr(base.rfind('/') + 1);
  return text::lower_case(base.substr(0, base.find('.')));
}

Loaded load_root(const Store& store, FileRange tar, const std::string& path, const LoadOptions& options) {
  Loaded loaded;
  const LayerContent content{.name = path,
                             .range = tar,
                             .digest = {},
                             .diff_id = {},
                             .whiteouts = Whiteouts::Refuse,
                             .owners = options.owners,
                             .progress = options.progress};
  const std::string name = options.name.empty() ? usable_name(name_of_file(path), loaded.notes) : parse_reference(options.name);
  const Platform platform = options.platform.value_or(platform_of_machine());
  std::vector<Unpacked> layers;
  if (options.progress != nullptr) options.progress->begin("unpacking", tar.size);
  layers.push_back(unpack(store, content, layers, loaded.notes));
  const std::string config = write_config(platform.architecture, {layers[0].record.diff_id}, rfc3339(sys::realtime().tv_sec));
  loaded.images.push_back(keep(store, {.config = config, .names = {name}, .durability = options.durability}, layers));
  return loaded;
}

Loaded load(const Store& store, const std::string& path, const LoadOptions& options) {
  if (!options.name.empty()) static_cast<void>(parse_reference(options.name));
  sys::UniqueFd file = open_input(path);
  if (sys::status_of_fd(file.borrow()).or_throw("examine ", path).is_dir()) {
    Archive archive = Archive::of_directory(std::move(file));
    if (!archive.has("index.json") || !archive.has("oci-layout"))
      throw Error(ErrorKind::Usage, text::join(path, ": a directory, but no OCI layout: index.json or oci-layout is missing"))
          .with_hint("caisson image import takes a directory that holds a root filesystem");
    return load_oci(store, archive, path, options);
  }
  const Scratch scratch = store.make_scratch();
  return load_tar(store, plain_file(scratch, std::move(file), path, options.progress), path, options);
}

}  // namespace caisson::image
