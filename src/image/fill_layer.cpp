#include "image/fill_layer.hpp"

#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/beside.hpp"
#include "sys/file.hpp"
#include "sys/umask.hpp"

namespace caisson::image {
namespace {

void compare(const Digest& expected, const Digest& found, std::string_view what) {
  if (expected == found) return;
  throw Error(ErrorKind::Spec,
              text::join(what, " is not what the image says: sha256 ", found.hex(), " instead of ", expected.hex()))
      .with_hint("the image is damaged, or somebody changed it: get it again from where it came");
}

// What is in the archive, whose digests are right when this returns.
Digest read_archive(const LayerContent& content, LayerWriter& writer) {
  std::optional<HashedBeside> compressed;
  if (content.digest) compressed.emplace(content.range, content.name);
  const auto plain = plain_source(content.range, content.name);
  WatchedSource watched(*plain, content.progress);
  HashedSource archive(watched);
  TarReader reader(archive);
  while (reader.next()) writer.add(reader);
  if (!content.diff_id && !reader.had_end())
    throw Error(ErrorKind::Spec, "tar: the archive is cut short").with_hint("was the file copied or downloaded whole?");
  writer.finish();
  const Digest diff_id = archive.finish();
  if (compressed) compare(*content.digest, compressed->finish(), "its content");
  if (content.diff_id) compare(*content.diff_id, diff_id, "the archive in it");
  return diff_id;
}

}  // namespace

FilledLayer fill_layer(const LayerContent& content, sys::BorrowedFd scratch, const LayerView& lower) {
  const sys::NoUmask no_umask;
  LayerWriter writer(sys::open_at(scratch, kLayerFiles, O_RDONLY | O_DIRECTORY).or_throw("open the directory of a layer"),
                     lower, content.whiteouts, content.owners);
  try {
    const Digest diff_id = read_archive(content, writer);
    return {.diff_id = diff_id, .counts = writer.counts(), .depends_on_lower = writer.depends_on_lower()};
  } catch (Error& error) {
    throw std::move(error.within(content.name));
  }
}

}  // namespace caisson::image
