// One member of a tar archive as plain values, and the pure half of reading one: headers and extended records.
// ustar and its prefix, GNU long names and numbers in base 256, pax (POSIX.1-2001). Everything in a header is a claim of
// whoever wrote it: nothing is allocated by it, and numbers that cannot be are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image/sparse_map.hpp"
#include "sys/tree.hpp"

namespace caisson::image {

inline constexpr std::size_t kTarBlock = 512;
inline constexpr std::size_t kLongestRecord = std::size_t{1} << 20;  // of pax and GNU long names

enum class TarKind : std::uint8_t { File, HardLink, Symlink, CharDevice, BlockDevice, Directory, Fifo };

struct TarEntry {
  std::string name, link;  // as written
  TarKind kind = TarKind::File;
  std::uint32_t mode = 0, uid = 0, gid = 0, major = 0, minor = 0;
  std::uint64_t size = 0;  // of the content that follows
  sys::FileTime modified;
  std::vector<std::pair<std::string, std::string>> attributes;  // extended ones
  std::optional<SparseMap> sparse;                              // of a file with holes, which are no part of the content
};

// What the records in front of a member say about it.
struct TarExtension {
  std::vector<std::pair<std::string, std::string>> records;  // of pax, in their order
  std::string long_name, long_link;                          // of GNU
  void clear() { *this = {}; }
};

// A header block: type flag and the values of its fields. Throws Error(Spec) unless the checksum is right.
struct TarHeader {
  char type = '0';
  TarEntry entry;
  bool more_pieces = false;  // of a sparse file: a block with them follows
};
TarHeader read_tar_header(std::string_view block);
// Such a block. Throws Error(Spec).
void read_more_pieces(std::string_view block, TarHeader& header);
bool is_zero_block(std::string_view block) noexcept;
// "LENGTH KEY=VALUE\n", any number of them. Throws Error(Spec).
void read_pax_records(std::string_view text, TarExtension& out);
// The member that header and extension together stand for. Throws Error(Spec) for unknown types.
TarEntry make_tar_entry(TarHeader header, TarExtension extension);

}  // namespace caisson::image
