#include "image/tar_writer.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "sys/file.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kPending = std::size_t{64} << 10;
constexpr std::uint64_t kLargestOctal = 077777777777, kLargestId = 07777777;
constexpr std::size_t kNameField = 100;

char type_flag(TarKind kind) {
  constexpr std::string_view kTypes = "0123456";  // in the order of TarKind, but for the directory and the pipe
  static_assert(static_cast<int>(TarKind::Directory) == 5 && static_cast<int>(TarKind::Fifo) == 6);
  return kTypes[static_cast<std::size_t>(kind)];
}

void put(std::string& block, std::size_t at, std::size_t length, std::string_view text) {
  std::memcpy(block.data() + at, text.data(), std::min(length, text.size()));
}

void put_octal(std::string& block, std::size_t at, std::size_t length, std::uint64_t number) {
  for (std::size_t i = length - 1; i > 0; --i, number /= 8) block[at + i - 1] = static_cast<char>('0' + number % 8);
}

std::string block_of(const TarEntry& entry, char type) {
  std::string block(kTarBlock, '\0');
  put(block, 0, kNameField, entry.name);
  put_octal(block, 100, 8, entry.mode);
  put_octal(block, 108, 8, std::min<std::uint64_t>(entry.uid, kLargestId));
  put_octal(block, 116, 8, std::min<std::uint64_t>(entry.gid, kLargestId));
  put_octal(block, 124, 12, std::min(entry.size, kLargestOctal));
  put_octal(block, 136, 12, static_cast<std::uint64_t>(std::clamp<std::int64_t>(entry.modified.seconds, 0, kLargestOctal)));
  block[156] = type;
  put(block, 157, kNameField, entry.link);
  put(block, 257, 8, std::string_view("ustar\00000", 8));
  put_octal(block, 329, 8, entry.major);
  put_octal(block, 337, 8, entry.minor);
  std::memset(block.data() + 148, ' ', 8);
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put_octal(block, 148, 7, sum);
  block[154] = '\0';
  return block;
}

void add_record(std::string& records, std::string_view key, std::string_view value) {
  const std::size_t bare = key.size() + value.size() + 3;
  std::size_t length = bare + 1;
  while (text::join(length).size() + bare != length) length = text::join(length).size() + bare;
  records += text::join(length, ' ', key, '=', value, '\n');
}

void pad_to_block(std::string& text) { text.resize((text.size() + kTarBlock - 1) / kTarBlock * kTarBlock, '\0'); }

// What a member with holes is called for programs that do not know its form.
std::string name_in_header(const std::string& name) {
  const std::size_t last = name.rfind('/') + 1;  // 0 without a slash
  return text::join(name.substr(0, last), "GNUSparseFile.0/", name.substr(last));
}

std::string text_of(const SparseMap& map) {
  std::string text = text::join(map.pieces.size(), "\n");
  for (const SparsePiece& piece : map.pieces) text += text::join(piece.offset, "\n", piece.size, "\n");
  pad_to_block(text);
  return text;
}

std::string records_of(const TarEntry& entry) {
  std::string records;
  if (entry.sparse) {
    add_record(records, "GNU.sparse.major", "1");
    add_record(records, "GNU.sparse.minor", "0");
    add_record(records, "GNU.sparse.name", entry.name);
    add_record(records, "GNU.sparse.realsize", text::join(entry.sparse->whole));
  } else if (entry.name.size() > kNameField) {
    add_record(records, "path", entry.name);
  }
  if (entry.link.size() > kNameField) add_record(records, "linkpath", entry.link);
  if (entry.size > kLargestOctal) add_record(records, "size", text::join(entry.size));
  if (entry.uid > kLargestId) add_record(records, "uid", text::join(entry.uid));
  if (entry.gid > kLargestId) add_record(records, "gid", text::join(entry.gid));
  const sys::FileTime time = entry.modified;
  if (time.seconds < 0) {  // -1.25 is a quarter before -1
    const bool fraction = time.nanoseconds > 0;
    std::string digits = text::join(1'000'000'000U + (fraction ? 1'000'000'000U - time.nanoseconds : 0)).substr(1);
    const std::int64_t seconds = -(time.seconds + (fraction ? 1 : 0));
    add_record(records, "mtime", text::join('-', seconds, fraction ? "." + digits : std::string()));
  } else if (time.nanoseconds > 0 || static_cast<std::uint64_t>(time.seconds) > kLargestOctal) {
    add_record(records, "mtime", text::join(time.seconds, '.', text::join(1'000'000'000U + time.nanoseconds).substr(1)));
  }
  for (const auto& [name, value] : entry.attributes) add_record(records, "SCHILY.xattr." + name, value);
  return records;
}

}  // namespace

void ByteSink::write(std::string_view bytes) {
  size_ += bytes.size();
  hash_.add(bytes);
  if (file_.get() < 0) return;
  if (pending_.size() + bytes.size() > kPending) flush();
  if (bytes.size() > kPending) {
    sys::write_full(file_, bytes).or_throw("write ", name_);
    return;
  }
  pending_.reserve(kPending);
  pending_.append(bytes);
}

void ByteSink::flush() {
  if (!pending_.empty()) sys::write_full(file_, pending_).or_throw("write ", name_);
  pending_.clear();
}

std::string tar_header(const TarEntry& given) {
  TarEntry entry = given;
  const std::string pieces = entry.sparse ? text_of(*entry.sparse) : std::string();
  entry.size += pieces.size();
  std::string out;
  if (const std::string records = records_of(entry); !records.empty()) {
    const TarEntry extension{.name = "PaxHeaders/" + entry.name.substr(0, 80),
                             .link = {},
                             .mode = 0644,
                             .size = records.size(),
                             .modified = {},
                             .attributes = {}};
    out = block_of(extension, 'x');
    out += records;
    pad_to_block(out);
  }
  if (entry.sparse) entry.name = name_in_header(entry.name);
  return out + block_of(entry, type_flag(entry.kind)) + pieces;
}

void TarWriter::pad(std::uint64_t size) {
  constexpr char kZeros[kTarBlock] = {};
  sink_.write({kZeros, static_cast<std::size_t>((kTarBlock - size % kTarBlock) % kTarBlock)});
}

void TarWriter::add_file(const std::string& name, std::string_view content_of_it) {
  add({.name = name, .link = {}, .mode = 0644, .size = content_of_it.size(), .modified = {}, .attributes = {}});
  content(content_of_it);
  pad(content_of_it.size());
}

void TarWriter::finish() {
  constexpr char kEnd[2 * kTarBlock] = {};
  sink_.write({kEnd, sizeof kEnd});
  sink_.flush();
}

}  // namespace caisson::image
