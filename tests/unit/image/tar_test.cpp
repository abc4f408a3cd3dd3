#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "image/file_pieces.hpp"
#include "image/tar_reader.hpp"
#include "image/tar_writer.hpp"
#include "sys/file.hpp"
#include "sys/tree.hpp"

namespace caisson::image {
namespace {

class Text final : public ByteSource {
 public:
  // In pieces of at most that size.
  Text(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  std::size_t read(std::span<char> into) override {
    const std::size_t count = std::min({into.size(), piece_, text_.size() - at_});
    std::memcpy(into.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t piece_, at_ = 0;
};

std::string padded(std::string text) {
  text.resize((text.size() + kTarBlock - 1) / kTarBlock * kTarBlock, '\0');
  return text;
}

const std::string kEnd(2 * kTarBlock, '\0');

TarEntry file(std::string name, std::uint64_t size = 0) {
  TarEntry entry;
  entry.name = std::move(name);
  entry.mode = 0644;
  entry.size = size;
  return entry;
}

// A header whose bytes were changed, with its checksum right again.
std::string changed(std::string block, std::size_t at, std::string_view bytes) {
  block.replace(at, bytes.size(), bytes);
  block.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  char digits[9];
  std::snprintf(digits, sizeof digits, "%06o", sum);
  block.replace(148, 7, std::string(digits, 7));
  return block;
}

std::string refusal(std::string archive) {
  Text source(std::move(archive), 1000);
  TarReader reader(source);
  try {
    while (reader.next())
      while (!reader.content().empty()) {
      }
  } catch (const Error& error) {
    return error.message();
  }
  return {};
}

bool refuses(const std::string& archive, std::string_view why) { return refusal(archive).find(why) != std::string::npos; }

TEST(Tar, WhatIsWrittenIsReadAgainInPiecesOfAnySize) {
  TarEntry whole = file("./" + std::string(300, 'n'), 700);
  whole.uid = 3'000'000;
  whole.gid = 7;
  whole.mode = 06755;
  whole.modified = {-2, 750'000'000};
  whole.attributes = {{"user.one", std::string("a\0\n=b", 5)}};
  TarEntry link = file("link");
  link.kind = TarKind::Symlink;
  link.link = std::string(200, 'l');
  TarEntry device = file("null");
  device.kind = TarKind::CharDevice;
  device.major = 1;
  device.minor = 3;
  const std::string archive = tar_header(whole) + padded(std::string(700, 'x')) + tar_header(link) + tar_header(device) + kEnd;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{511}, std::size_t{513}, archive.size()}) {
    Text source(archive, piece);
    TarReader reader(source);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.entry().name, whole.name);
    EXPECT_EQ(reader.entry().uid, 3'000'000U);
    EXPECT_EQ(reader.entry().mode, 06755U);
    EXPECT_EQ(reader.entry().modified.seconds, -2);
    EXPECT_EQ(reader.entry().modified.nanoseconds, 750'000'000U);
    EXPECT_EQ(reader.entry().attributes, whole.attributes);
    std::string content;
    for (std::string_view part = reader.content(); !part.empty(); part = reader.content()) content += part;
    EXPECT_EQ(content, std::string(700, 'x'));
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.entry().kind, TarKind::Symlink);
    EXPECT_EQ(reader.entry().link, link.link);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.entry().major, 1U);
    EXPECT_EQ(reader.entry().minor, 3U);
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.had_end());
  }
}

TEST(Tar, NamesOfGnuAndPosixAndNumbersInBase256AreRead) {
  const std::string header = tar_header(file("short", 3));
  const std::string long_name =
      changed(tar_header(file("././@LongLink", 151)), 156, "L") + padded(std::string(150, 'g') + '\0');
  std::string posix = changed(header, 345, "a/prefix");
  posix = changed(posix, 124, std::string("\x80\0\0\0\0\0\0\0\0\0\0\x03", 12));
  const std::string old_directory = changed(tar_header(file("dir/")), 156, std::string(1, '\0'));
  const std::string global = changed(tar_header(file("g", 16)), 156, "g") + padded("16 path=ignored\n");
  Text source(global + long_name + header + padded("abc") + posix + padded("def") + old_directory, 100);
  TarReader reader(source);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.entry().name, std::string(150, 'g'));
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.entry().name, "a/prefix/short");
  EXPECT_EQ(reader.content(), "def");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.entry().kind, TarKind::Directory);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.had_end());
}

TEST(Tar, WhatCannotBeIsRefused) {
  const std::string header = tar_header(file("name", 600));
  EXPECT_TRUE(refuses(std::string(600, 'x'), "checksum"));
  EXPECT_TRUE(refuses(header, "cut short"));
  EXPECT_TRUE(refuses(header + std::string(599, 'x'), "cut short"));
  EXPECT_TRUE(refuses(header.substr(0, 300), "cut short"));
  EXPECT_TRUE(refuses(changed(header, 124, "-0000000001"), "size"));
  EXPECT_TRUE(refuses(changed(header, 124, "99999999999"), "size"));
  EXPECT_TRUE(refuses(changed(header, 124, std::string(12, '\xff')), "size"));
  EXPECT_TRUE(refuses(changed(header, 124, "\x80\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), "size"));
  EXPECT_TRUE(refuses(changed(header, 108, "\x80\xff\xff\xff\xff\xff\xff\xff"), "owner"));
  EXPECT_TRUE(refuses(changed(header, 156, "Z"), "unknown type"));
}

std::string pax(const std::string& records, const std::string& content) {
  return changed(tar_header(file("x", records.size())), 156, "x") + padded(records) +
         tar_header(file("GNUSparseFile.7/name", content.size())) + padded(content) + kEnd;
}

std::string record(const std::string& key, const std::string& value) {
  const std::string rest = " GNU.sparse." + key + "=" + value + "\n";
  return std::to_string(rest.size() + 2) + rest;  // between 10 and 99 bytes
}

TEST(Tar, SparseFilesAreWhatGnuTarMeans) {
  const std::vector<SparsePiece> pieces = {{512, 3}, {4096, 2}, {9000, 0}};
  const std::string size = record("size", "9000"), name = record("name", "name"), content = "abcde";
  const std::string separate = record("offset", "512") + record("numbytes", "3") + record("offset", "4096") +
                               record("numbytes", "2") + record("offset", "9000") + record("numbytes", "0");
  std::string old = changed(tar_header(file("name", 5)), 386, "00000001000" + std::string(1, '\0') + "00000000003");
  old = changed(old, 410, "00000010000" + std::string(1, '\0') + "00000000002");
  old = changed(old, 482, "\1" + std::string("00000021450"));
  old = changed(old, 156, "S") + padded("00000021450" + std::string(1, '\0') + "00000000000") + padded(content) + kEnd;
  for (const std::string& archive : {old, pax(size + record("numblocks", "3") + separate + name, content),
                                     pax(size + name + record("map", "512,3,4096,2,9000,0"), content),
                                     pax(record("major", "1") + record("minor", "0") + name + record("realsize", "9000"),
                                         padded("3\n512\n3\n4096\n2\n9000\n0\n") + content)}) {
    Text source(archive, 700);
    TarReader reader(source);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.entry().name, "name");
    EXPECT_EQ(reader.entry().size, 5U);
    ASSERT_TRUE(reader.entry().sparse);
    EXPECT_EQ(reader.entry().sparse->whole, 9000U);
    EXPECT_EQ(reader.entry().sparse->pieces, pieces);
    EXPECT_EQ(reader.content(), content);
    EXPECT_FALSE(reader.next());
  }
}

TEST(Tar, WhatIsWrittenOfASparseFileIsReadAgain) {
  for (const std::string& name : {std::string("./dir/name"), std::string("plain"), "./" + std::string(90, 'n')}) {
    TarEntry sparse = file(name, 5);
    sparse.sparse = SparseMap{.whole = 9000, .pieces = {{512, 3}, {4096, 2}, {9000, 0}}};
    Text source(tar_header(sparse) + padded("abcde") + tar_header(file("next")) + kEnd, 700);
    TarReader reader(source);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.entry().name, name);
    EXPECT_EQ(reader.entry().sparse.value_or(SparseMap{}).whole, 9000U);
    EXPECT_EQ(reader.entry().sparse.value_or(SparseMap{}).pieces, sparse.sparse->pieces);
    EXPECT_EQ(reader.content(), "abcde");
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.entry().name, "next");
    EXPECT_FALSE(reader.next());
  }
}

// A file of 4 MiB with data at 1 MiB, and the archive of it.
class HolesOfFiles : public testing::Test {
 protected:
  HolesOfFiles()
      : file_(sys::make_memfd("file", 0).or_throw("make a file")),
        archive_(sys::make_memfd("archive", 0).or_throw("make a file")) {
    sys::set_position(file_.borrow(), kMiB).or_throw("seek");
    sys::write_full(file_.borrow(), "data").or_throw("write");
    sys::cut_file(file_.borrow(), 4 * kMiB).or_throw("cut");
  }
  std::string archive(Holes holes) {
    ByteSink sink(archive_.borrow(), "archive");
    TarWriter writer(sink, holes);
    add_regular(writer, file("name", 4 * kMiB), file_.borrow());
    writer.finish();
    sys::rewind(archive_.borrow()).or_throw("rewind");
    return sys::read_full(archive_.borrow()).or_throw("read");
  }

  static constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  sys::UniqueFd file_, archive_;
};

TEST_F(HolesOfFiles, AreNoPartOfAnArchiveThatKeepsThem) {
  const SparseMap map = pieces_of(file_.borrow(), 4 * kMiB).value_or(SparseMap{});
  const std::string whole = archive(Holes::Kept);
  EXPECT_LT(whole.size(), kMiB / 4);
  Text source(whole, 4096);
  TarReader reader(source);
  ASSERT_TRUE(reader.next());
  const SparseMap read = reader.entry().sparse.value_or(SparseMap{});
  EXPECT_EQ(read.pieces, map.pieces);
  ASSERT_EQ(read.pieces.size(), 2U);
  EXPECT_LE(read.pieces[0].offset, kMiB);
  EXPECT_EQ(read.pieces[1], (SparsePiece{4 * kMiB, 0}));
  std::string content;
  for (std::string_view piece = reader.content(); !piece.empty(); piece = reader.content()) content += piece;
  EXPECT_EQ(content.substr(kMiB - read.pieces[0].offset, 4), "data");
  EXPECT_FALSE(reader.next());
}

TEST_F(HolesOfFiles, AreZerosElsewhere) {
  const std::string whole = archive(Holes::AsZeros);
  EXPECT_EQ(whole,
            tar_header(file("name", 4 * kMiB)) + std::string(kMiB, '\0') + "data" + std::string(3 * kMiB - 4, '\0') + kEnd);
}

TEST_F(HolesOfFiles, AreNotToldWhereTheyAreSmallOrTooMany) {
  EXPECT_FALSE(pieces_of(file_.borrow(), 8192));
  sys::cut_file(file_.borrow(), 0).or_throw("cut");
  for (std::uint64_t at = 0; at < 21'000 * 8192; at += 8192) {
    sys::set_position(file_.borrow(), at).or_throw("seek");
    sys::write_full(file_.borrow(), "x").or_throw("write");
  }
  const auto map = pieces_of(file_.borrow(), std::uint64_t{1} << 30);
  ASSERT_TRUE(map);
  EXPECT_LE(map->pieces.size(), 20'001U);
  EXPECT_EQ(map->pieces.front().offset, 0U);
}

TEST(Tar, SparseFilesThatCannotBeAreRefused) {
  const auto map = [](const std::string& numbers, const std::string& size = "9000") {
    return pax(record("size", size) + record("map", numbers), "abcde");
  };
  EXPECT_EQ(refusal(map("0,5")), "");
  EXPECT_TRUE(refuses(map("0,4"), "4 bytes, and its content 5"));
  EXPECT_TRUE(refuses(map("9,4,8,1"), "order"));
  EXPECT_TRUE(refuses(map("8,4,10,1"), "order"));
  EXPECT_TRUE(refuses(map("8996,5"), "behind its end"));
  EXPECT_TRUE(refuses(map("0,5,7"), "without a size"));
  EXPECT_TRUE(refuses(map("0,-5"), "no size"));
  EXPECT_TRUE(refuses(map("0,9223372036854775807"), "no size"));
  EXPECT_TRUE(refuses(pax(record("numbytes", "5"), "abcde"), "without a piece"));
  EXPECT_TRUE(refuses(pax(record("major", "2"), "abcde"), "version 2"));
  // The pieces stand in front of the content, or so it says.
  const std::string told = record("major", "1") + record("realsize", "9000");
  EXPECT_TRUE(refuses(pax(told, padded("2\n0\n5\n")), "does not say where"));
  EXPECT_TRUE(refuses(pax(told, padded("99999999\n0\n5\n")), "more than"));
  EXPECT_TRUE(refuses(pax(told, "abcde"), "does not say where"));
  EXPECT_TRUE(refuses(pax(told, padded("x\n")), "no size"));
  // A hole takes no place, however large it is said to be.
  EXPECT_EQ(refusal(map("0,5", "4611686018427387904")), "");
}

TEST(Tar, DamagedExtendedHeadersAreRefused) {
  const auto with = [](const std::string& records) {
    return changed(tar_header(file("x", records.size())), 156, "x") + padded(records) + tar_header(file("name")) + kEnd;
  };
  EXPECT_EQ(refusal(with("12 path=abc\n")), "");
  EXPECT_TRUE(refuses(with("13 path=abc\n"), "damaged"));
  EXPECT_TRUE(refuses(with("99999999999999999999 path=abc\n"), "damaged"));
  EXPECT_TRUE(refuses(with("2 \n"), "damaged"));
  EXPECT_TRUE(refuses(with("8 =abcd\n"), "damaged"));
  EXPECT_TRUE(refuses(with("11 size=-1\n"), "size"));
  EXPECT_TRUE(refuses(with("14 uid=4294967295\n").substr(0), "damaged"));
  EXPECT_TRUE(refuses(with("18 uid=4294967295\n").replace(512, 2, "18"), "uid"));
  EXPECT_TRUE(refuses(with(std::string("12 path=a\0c\n", 12)), "zero byte"));
  // Nothing is allocated by what a header claims.
  EXPECT_TRUE(refuses(changed(tar_header(file("x", std::uint64_t{1} << 32)), 156, "x"), "limit"));
  EXPECT_TRUE(refuses(changed(tar_header(file("x", 12)), 156, "x") + padded("12 path=abc\n"), "cut short"));
}

}  // namespace
}  // namespace caisson::image
