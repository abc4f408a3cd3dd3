#include "image/pull.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace caisson::image {
namespace {

constexpr std::string_view kHex = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Pull, TellsWhatIsMeantAndWhatItIsCalled) {
  EXPECT_EQ(parse_pull("debian").remote, "docker://debian:latest");
  EXPECT_EQ(parse_pull("docker://host:5000/a/b:1").name, "host:5000/a/b:1");
  const PullSource both = parse_pull(text::join("a/b:1@", kHex)), digest = parse_pull(text::join("a/b@", kHex));
  EXPECT_EQ(both.remote, text::join("docker://a/b@", kHex));
  EXPECT_EQ(both.name, "a/b:1");
  EXPECT_EQ(digest.remote, both.remote);
  EXPECT_EQ(digest.name, "");
  for (const char* bad : {"", "--help", "a b", "A", "a@b", "a@sha256:../x", "oci:/etc", "a:b:c/d"})
    EXPECT_THROW(parse_pull(bad), Error) << bad;
}

TEST(Pull, PassesOnWhatTheUserSaid) {
  const auto words = [](const PullWish& wish) { return text::join_with(skopeo_words("skopeo", wish, "/d"), " "); };
  PullWish wish{.source = parse_pull("a:1"), .platform = {}, .authfile = {}, .tls_verify = {}};
  EXPECT_EQ(words(wish), "skopeo copy docker://a:1 dir:/d");
  wish.platform = parse_platform("linux/arm/v7");
  wish.authfile = "/f";
  wish.tls_verify = false;
  EXPECT_EQ(words(wish),
            "skopeo --override-os linux --override-arch arm --override-variant v7 copy --src-authfile /f "
            "--src-tls-verify=false docker://a:1 dir:/d");
}

TEST(Pull, SaysWhatAFailureMeans) {
  const PullWish wish{.source = parse_pull("a:1"), .platform = parse_platform("linux/arm64"), .authfile = {}, .tls_verify = {}};
  const Error platform = pull_failure(wish,
                                      "time=\"x\" level=fatal msg=\"choosing image: no image found in manifest list for "
                                      "architecture arm64, variant \\\"v8\\\", OS linux\"\n");
  EXPECT_EQ(platform.message(), "a:1: there is no image for linux/arm64");
  const Error tag = pull_failure(wish, "time=\"x\" level=fatal msg=\"reading manifest 1 in a: manifest unknown \\\"q\\\"\"");
  EXPECT_EQ(tag.message(), "pull a:1: reading manifest 1 in a: manifest unknown \"q\"");
  EXPECT_NE(tag.hint().find("no such tag"), std::string::npos);
  EXPECT_EQ(pull_failure(wish, "").message(), "pull a:1: skopeo does not say why it failed");
}

}  // namespace
}  // namespace caisson::image
