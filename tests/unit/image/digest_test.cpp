#include "image/digest.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace caisson::image {
namespace {

std::string hashed(Sha256Blocks blocks, std::string_view text, std::size_t piece) {
  Sha256 hash(blocks);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) hash.add(text.substr(0, piece));
  return Digest(hash.finish()).hex();
}

TEST(Sha256, GivesTheValuesOfTheStandard) {
  EXPECT_EQ(Digest::of("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Digest::of("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Digest::of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Digest::of(std::string(1'000'000, 'a')).hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameByProcessorAndByPlainCodeInPiecesOfAnySize) {
  const Sha256Blocks own = sha256_blocks_of_processor();
  std::string text;
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<char>(i * 7));
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::string_view part = std::string_view(text).substr(0, length);
    const std::string expected = hashed(sha256_blocks_portable, part, part.size() + 1);
    EXPECT_EQ(hashed(sha256_blocks_portable, part, 1 + length % 70), expected) << length;
    if (own != nullptr) EXPECT_EQ(hashed(own, part, 1 + length % 130), expected) << length;
  }
}

TEST(Digest, IsReadStrictly) {
  const std::string hex(64, 'a');
  EXPECT_EQ(Digest::parse("sha256:" + hex).hex(), hex);
  for (const std::string& bad : {hex, "sha256:" + hex + "a", "sha256:" + hex.substr(1), "sha256:" + std::string(64, 'A'),
                                 "SHA256:" + hex, "sha256:../" + hex.substr(3), "sha512:" + hex + hex, std::string()})
    EXPECT_THROW(Digest::parse(bad), Error) << bad;
}

}  // namespace
}  // namespace caisson::image
