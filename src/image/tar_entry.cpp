#include "image/tar_entry.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace caisson::image {
namespace {

// Places in a header block, POSIX.1-1988 with GNU's.
struct Field {
  std::size_t at, length;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kUid{108, 8}, kGid{116, 8}, kSize{124, 12}, kTime{136, 12}, kChecksum{148, 8},
    kLink{157, 100}, kMagic{257, 6}, kMajor{329, 8}, kMinor{337, 8}, kPrefix{345, 155};
constexpr std::size_t kType = 156;
constexpr std::uint64_t kLargestSize = std::uint64_t{1} << 62;
constexpr std::string_view kAttributeKey = "SCHILY.xattr.", kSparseKey = "GNU.sparse.", kSparseName = "GNU.sparse.name";
// Of GNU's sparse files: pieces of two numbers each, and whether a block with more of them follows.
constexpr Field kPieces{386, 96}, kMorePieces{482, 1}, kWholeSize{483, 12}, kFurtherPieces{0, 504}, kFurtherMore{504, 1};
constexpr std::size_t kPieceLength = 24;

std::string_view field(std::string_view block, Field place) { return block.substr(place.at, place.length); }

std::string_view text_of(std::string_view bytes) { return bytes.substr(0, std::min(bytes.find('\0'), bytes.size())); }

[[noreturn]] void refuse_field(std::string_view what, std::string_view value) {
  throw Error(ErrorKind::Spec, text::join("tar header: ", what, " ", text::quoted(value), " cannot be"));
}

// Octal digits with blanks or NULs around them, or, when the first bit is set, a number in base 256, two's complement.
std::optional<std::int64_t> number(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  if ((first & 0x80U) != 0) {
    std::int64_t value = (first & 0x40U) != 0 ? -1 : 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      const std::int64_t part = i == 0 ? ((first & 0x40U) != 0 ? byte | ~std::int64_t{0x7f} : byte & 0x7f) : byte;
      if (i == 0) {
        value = part;
        continue;
      }
      if (value > (std::numeric_limits<std::int64_t>::max() >> 8) || value < (std::numeric_limits<std::int64_t>::min() >> 8))
        return std::nullopt;
      value = value * 256 + part;
    }
    return value;
  }
  std::string_view digits = text_of(bytes);
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  while (digits.ends_with(' ')) digits.remove_suffix(1);
  if (digits.empty()) return 0;
  return text::parse_number<std::int64_t>(digits, 8);
}

std::int64_t number_of(std::string_view block, Field place, std::string_view what, std::uint64_t highest) {
  const auto value = number(field(block, place));
  if (!value || *value < 0 || static_cast<std::uint64_t>(*value) > highest) refuse_field(what, field(block, place));
  return *value;
}

std::uint32_t small_number(std::string_view block, Field place, std::string_view what) {
  return static_cast<std::uint32_t>(number_of(block, place, what, std::numeric_limits<std::uint32_t>::max() - 1));
}

void read_pieces(std::string_view fields, SparseMap& map) {
  for (; !fields.empty() && fields[kPieceLength / 2] != '\0'; fields.remove_prefix(kPieceLength)) {
    const std::string_view piece = fields.substr(0, kPieceLength);
    const auto value = [&](std::size_t at) {
      return static_cast<std::uint64_t>(number_of(piece, {at, kPieceLength / 2}, "piece of a sparse file", kLargestSize));
    };
    add_piece({value(0), value(kPieceLength / 2)}, map);
  }
}

bool checksum_is_right(std::string_view block) {
  const std::string_view own = field(block, kChecksum);  // counts as blanks
  const auto stored = number(own);
  const auto sum = [&](auto value) {
    std::int32_t all = static_cast<std::int32_t>(own.size()) * ' ';
    for (const char c : block) all += value(c);
    for (const char c : own) all -= value(c);
    return all;
  };
  if (!stored) return false;
  // Very old programs added up signed characters.
  return *stored == sum([](char c) { return std::int32_t{static_cast<unsigned char>(c)}; }) ||
         *stored == sum([](char c) { return std::int32_t{static_cast<signed char>(c)}; });
}

template <class Number>
Number decimal(std::string_view key, std::string_view value, Number highest) {
  const auto read = text::parse_number<Number>(value);
  if (!read || *read > highest) refuse_field(key, value);
  return *read;
}

// "1700000000.123456789"
sys::FileTime time_of(std::string_view value) {
  const std::size_t point = std::min(value.find('.'), value.size());
  const auto seconds = text::parse_number<std::int64_t>(value.substr(0, point));
  if (!seconds) refuse_field("mtime", value);
  std::string fraction(value.substr(std::min(point + 1, value.size()), 9));
  fraction.resize(9, '0');
  const auto nanoseconds = text::parse_number<std::uint32_t>(fraction);
  if (!nanoseconds) refuse_field("mtime", value);
  if (value.starts_with('-') && *nanoseconds > 0) return {*seconds - 1, 1'000'000'000U - *nanoseconds};
  return {*seconds, *nanoseconds};
}

void apply_sparse(const std::string& key, const std::string& value, TarEntry& entry) {
  SparseMap map;
  if (!entry.sparse && !read_sparse_record(key, value, map)) return;
  if (!entry.sparse)
    entry.sparse = std::move(map);
  else
    read_sparse_record(key, value, *entry.sparse);
}

void apply(const std::string& key, std::string& value, TarEntry& entry) {
  constexpr std::uint32_t kHighestId = std::numeric_limits<std::uint32_t>::max() - 1;
  if (value.empty() && !key.starts_with(kAttributeKey)) return;  // takes back what a global header said
  if (key == "path")
    entry.name = std::move(value);
  else if (key == "linkpath")
    entry.link = std::move(value);
  else if (key == "size")
    entry.size = decimal<std::uint64_t>(key, value, kLargestSize);
  else if (key == "uid")
    entry.uid = decimal<std::uint32_t>(key, value, kHighestId);
  else if (key == "gid")
    entry.gid = decimal<std::uint32_t>(key, value, kHighestId);
  else if (key == "mtime")
    entry.modified = time_of(value);
  else if (key.starts_with(kSparseKey))
    apply_sparse(key, value, entry);
  else if (key.starts_with(kAttributeKey))
    entry.attributes.emplace_back(key.substr(kAttributeKey.size()), std::move(value));
}

struct KindRow {
  char type;
  TarKind kind;
};
constexpr KindRow kKinds[] = {
    {'0', TarKind::File},      {'\0', TarKind::File},   {'7', TarKind::File},       {'S', TarKind::File},
    {'1', TarKind::HardLink},  {'2', TarKind::Symlink}, {'3', TarKind::CharDevice}, {'4', TarKind::BlockDevice},
    {'5', TarKind::Directory}, {'6', TarKind::Fifo},
};

}  // namespace

bool is_zero_block(std::string_view block) noexcept { return block.find_first_not_of('\0') == std::string_view::npos; }

TarHeader read_tar_header(std::string_view block) {
  if (!checksum_is_right(block))
    throw Error(ErrorKind::Spec, "tar header: its checksum is wrong").with_hint("this is no tar archive, or it is damaged");
  TarHeader header{.type = block[kType]};
  TarEntry& entry = header.entry;
  entry.name = text_of(field(block, kName));
  entry.link = text_of(field(block, kLink));
  entry.mode = static_cast<std::uint32_t>(number_of(block, kMode, "mode", 07777777)) & 07777U;
  entry.uid = small_number(block, kUid, "owner");
  entry.gid = small_number(block, kGid, "group");
  entry.size = static_cast<std::uint64_t>(number_of(block, kSize, "size", kLargestSize));
  const auto time = number(field(block, kTime));
  if (!time) refuse_field("time", field(block, kTime));
  entry.modified = {*time, 0};
  if (header.type == '3' || header.type == '4') {
    entry.major = small_number(block, kMajor, "device number");
    entry.minor = small_number(block, kMinor, "device number");
  }
  if (header.type == 'S') {
    entry.sparse.emplace();
    entry.sparse->whole = static_cast<std::uint64_t>(number_of(block, kWholeSize, "size of a sparse file", kLargestSize));
    read_pieces(field(block, kPieces), *entry.sparse);
    header.more_pieces = field(block, kMorePieces) != std::string_view("\0", 1);
  }
  // GNU's own format has other things where POSIX has the prefix.
  const bool posix = field(block, kMagic) == std::string_view("ustar\0", 6);
  if (const std::string_view prefix = text_of(field(block, kPrefix)); posix && !prefix.empty())
    entry.name = text::join(prefix, '/', entry.name);
  return header;
}

void read_more_pieces(std::string_view block, TarHeader& header) {
  read_pieces(field(block, kFurtherPieces), *header.entry.sparse);
  header.more_pieces = field(block, kFurtherMore) != std::string_view("\0", 1);
}

void read_pax_records(std::string_view text, TarExtension& out) {
  const auto damaged = [] { throw Error(ErrorKind::Spec, "tar: an extended header is damaged"); };
  while (!text.empty() && text.front() != '\0') {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const auto length = text::parse_number<std::size_t>(text.substr(0, blank));
    if (!length || *length > text.size() || *length < blank + 3 || text[*length - 1] != '\n') damaged();
    const std::string_view record = text.substr(blank + 1, *length - blank - 2);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos || equals == 0) damaged();
    out.records.emplace_back(record.substr(0, equals), record.substr(equals + 1));
    text.remove_prefix(*length);
  }
}

TarEntry make_tar_entry(TarHeader header, TarExtension extension) {
  TarEntry entry = std::move(header.entry);
  if (!extension.long_name.empty()) entry.name = std::move(extension.long_name);
  if (!extension.long_link.empty()) entry.link = std::move(extension.long_link);
  for (auto& [key, value] : extension.records) apply(key, value, entry);
  // What the header is called then is for programs that know nothing of sparse files.
  for (auto& [key, value] : extension.records)
    if (key == kSparseName && !value.empty()) entry.name = std::move(value);
  if (entry.name.find('\0') != std::string::npos || entry.link.find('\0') != std::string::npos)
    throw Error(ErrorKind::Spec, text::join("tar: a zero byte in the name ", text::quoted(entry.name)));
  const auto row = std::ranges::find(kKinds, header.type, &KindRow::type);
  if (row == std::end(kKinds))
    throw Error(ErrorKind::Spec, text::join(text::quoted(entry.name), ": a tar member of an unknown type"));
  entry.kind = row->kind;
  if (entry.kind == TarKind::File && entry.name.ends_with('/')) entry.kind = TarKind::Directory;  // as before POSIX
  if (entry.kind != TarKind::File) {  // nothing follows, whatever old programs wrote there
    entry.size = 0;
    entry.sparse.reset();
  }
  return entry;
}

}  // namespace caisson::image
