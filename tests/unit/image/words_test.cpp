// The small languages of images: names, paths in a layer, configurations, manifests.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/config.hpp"
#include "image/layer_path.hpp"
#include "image/manifest.hpp"
#include "image/reference.hpp"
#include "image/store.hpp"

namespace caisson::image {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

TEST(Reference, GetsItsTagAndKeepsWhatWasWritten) {
  EXPECT_EQ(parse_reference("debian"), "debian:latest");
  EXPECT_EQ(parse_reference("debian:12"), "debian:12");
  EXPECT_EQ(parse_reference("Registry.example:5000/team/my_app.x:1.0-RC"), "Registry.example:5000/team/my_app.x:1.0-RC");
  for (const char* bad : {"", "Debian", "a//b", "/a", "a/", "../x", "a:", "a:b:c", "a:-x", "a b", "a/..", "a\n", "host:99999/a",
                          "a@sha256:0", "-a", "a-"})
    EXPECT_THROW(parse_reference(bad), Error) << bad;
  EXPECT_THROW(parse_reference(std::string(201, 'a')), Error);
}

TEST(Reference, IsMeantByItsEndAndSurvivesAFileName) {
  EXPECT_TRUE(names("debian:latest", "docker.io/library/debian:latest"));
  EXPECT_TRUE(names("library/debian:latest", "docker.io/library/debian:latest"));
  EXPECT_FALSE(names("ebian:latest", "docker.io/library/debian:latest"));
  EXPECT_FALSE(names("debian:12", "debian:latest"));
  EXPECT_EQ(file_name_of("a.b:5/c_d:1-x"), "a.b%3A5%2Fc_d%3A1-x");
  EXPECT_EQ(reference_of("a.b%3A5%2Fc_d%3A1-x"), "a.b:5/c_d:1-x");
  EXPECT_TRUE(is_id_prefix("0123456789ab"));
  EXPECT_TRUE(is_id_prefix("sha256:0123456789ab"));
  EXPECT_FALSE(is_id_prefix("0123456789a"));
  EXPECT_FALSE(is_id_prefix("0123456789ag"));
}

TEST(LayerPath, StaysInTheLayer) {
  EXPECT_TRUE(layer_path("./").is_root());
  EXPECT_TRUE(layer_path("/").is_root());
  const LayerPath path = layer_path("/.//usr/./lib//x/");
  EXPECT_EQ(path.parent, "usr/lib");
  EXPECT_EQ(path.name, "x");
  for (const char* bad : {"..", "../x", "a/../b", "a/.."}) EXPECT_THROW(layer_path(bad), Error) << bad;
  EXPECT_NO_THROW(layer_path("a/..b/..."));
  EXPECT_THROW(layer_path(std::string(256, 'n')), Error);
  std::string deep;
  while (deep.size() < 4096) deep += "dir/";
  EXPECT_THROW(layer_path(deep), Error);
}

TEST(LayerPath, MarkersHideNames) {
  std::string hidden;
  EXPECT_EQ(marker_of("file", hidden), Marker::None);
  EXPECT_EQ(marker_of(".wh.file", hidden), Marker::Whiteout);
  EXPECT_EQ(hidden, "file");
  EXPECT_EQ(marker_of(".wh..wh..opq", hidden), Marker::Opaque);
  EXPECT_EQ(marker_of(".wh..wh.aufs", hidden), Marker::Ignored);
  EXPECT_EQ(marker_of(".wh..hidden", hidden), Marker::Whiteout);
  EXPECT_EQ(hidden, ".hidden");
  for (const char* bad : {".wh.", ".wh..", ".wh..."}) EXPECT_THROW(marker_of(bad, hidden), Error) << bad;
}

ImageConfig config_with(std::string_view inner) {
  return read_config(text::join(R"({"os":"linux","architecture":"amd64","config":{)", inner,
                                R"(},"rootfs":{"type":"layers","diff_ids":[")", kDigest, "\"]}}"));
}

TEST(ImageConfig, GivesACommandLine) {
  const ImageConfig both = config_with(R"("Entrypoint":["run"],"Cmd":["a","b"])");
  using Words = std::vector<std::string>;
  EXPECT_EQ(command_line(both, {}, {}), (Words{"run", "a", "b"}));
  EXPECT_EQ(command_line(both, {}, {"c"}), (Words{"run", "c"}));
  EXPECT_EQ(command_line(both, "other", {}), (Words{"other"}));
  EXPECT_EQ(command_line(both, "", {"c"}), (Words{"c"}));
  EXPECT_THROW(command_line(both, "", {}), Error);
  EXPECT_EQ(command_line(config_with(R"("Entrypoint":[""],"Cmd":["a"])"), {}, {}), (Words{"a"}));
  EXPECT_THROW(command_line(config_with(R"("Entrypoint":null,"Cmd":null)"), {}, {}), Error);
  EXPECT_EQ(working_directory(config_with(R"("WorkingDir":"srv/../../x")")), "/x");
  EXPECT_EQ(working_directory(config_with("")), "/");
}

TEST(ImageConfig, RefusesWhatIsNoImage) {
  EXPECT_THROW(read_config("[]"), Error);
  EXPECT_THROW(read_config("{}"), Error);
  EXPECT_THROW(read_config(R"({"rootfs":{"type":"other","diff_ids":[]}})"), Error);
  EXPECT_THROW(read_config(R"({"rootfs":{"type":"layers","diff_ids":["sha256:../x"]}})"), Error);
}

TEST(ChainId, IsOfTheDigestsAsText) {
  const Digest a = *Digest::from_hex(std::string(64, 'a')), b = *Digest::from_hex(std::string(64, 'b'));
  EXPECT_EQ(chain_id({a, b}, 1), a);
  EXPECT_EQ(chain_id({a, b}, 2), Digest::of(a.text() + " " + b.text()));
}

constexpr std::string_view kManifest = "application/vnd.oci.image.manifest.v1+json";

std::string descriptor(std::string_view type, std::string_view more = "") {
  return text::join(R"({"mediaType":")", type, R"(","digest":")", kDigest, R"(","size":7)", more, "}");
}

TEST(Index, ListsImagesOnlyWithTheirNames) {
  const Index index = read_index(text::join(
      R"({"manifests":[)", descriptor(kManifest, R"(,"annotations":{"org.opencontainers.image.ref.name":"v1"})"), ",",
      descriptor(kManifest, R"(,"annotations":{"vnd.docker.reference.type":"attestation-manifest"})"), ",",
      descriptor(kManifest, R"(,"platform":{"os":"unknown","architecture":"unknown"})"), ",", descriptor("application/helm"),
      ",",
      descriptor(kManifest,
                 R"(,"annotations":{"org.opencontainers.image.ref.name":"v2","io.containerd.image.name":"docker.io/a/b:v2"})"),
      "]}"));
  ASSERT_EQ(index.manifests.size(), 2U);
  EXPECT_EQ(index.manifests[0].name, "v1");
  EXPECT_EQ(index.manifests[0].size, 7U);
  EXPECT_EQ(index.manifests[1].name, "docker.io/a/b:v2");
}

TEST(Index, ADocumentIsOneKindAndSaysThingsOnce) {
  const std::string config = descriptor("application/vnd.oci.image.config.v1+json");
  EXPECT_THROW(read_index(R"({"manifests":[],"layers":[]})"), Error);
  EXPECT_THROW(read_index(R"({"manifests":[],"manifests":[]})"), Error);
  EXPECT_THROW(read_index("{}"), Error);
  EXPECT_THROW(read_index(R"({"manifests":[{"mediaType":"application/vnd.docker.distribution.manifest.v1+prettyjws"}]})"),
               Error);
  EXPECT_EQ(read_manifest(text::join(R"({"config":)", config, R"(,"layers":[]})"), kManifest).layers.size(), 0U);
  EXPECT_THROW(read_manifest(text::join(R"({"config":)", config, R"(,"layers":[],"manifests":[]})"), kManifest), Error);
  EXPECT_THROW(read_manifest(text::join(R"({"mediaType":"other","config":)", config, R"(,"layers":[]})"), kManifest), Error);
  EXPECT_THROW(read_manifest(text::join(R"({"config":)", descriptor("application/vnd.oci.empty.v1+json"), R"(,"layers":[]})"),
                             kManifest),
               Error);
  EXPECT_THROW(
      read_index(text::join(R"({"manifests":[{"mediaType":")", kManifest, R"(","digest":")", kDigest, R"(","size":-1}]})")),
      Error);
}

TEST(Platform, TheBestFitIsChosenAndNewerVariantsAreNot) {
  const Platform amd64{"linux", "amd64", ""}, arm64{"linux", "arm64", ""};
  EXPECT_EQ(fitness({"linux", "amd64", ""}, amd64), 3U);
  EXPECT_EQ(fitness({"linux", "amd64", "v1"}, amd64), 2U);
  EXPECT_EQ(fitness({"linux", "amd64", "v3"}, amd64), 0U);
  EXPECT_EQ(fitness({"linux", "arm64", "v8"}, arm64), 2U);
  EXPECT_EQ(fitness({"windows", "amd64", ""}, amd64), 0U);
  EXPECT_EQ(fitness({}, amd64), 1U);
  EXPECT_EQ(parse_platform("linux/arm/v7").variant, "v7");
  EXPECT_EQ(parse_platform("arm64").os, "linux");
  for (const char* bad : {"", "/", "a/b/c/d", "linux//v7"}) EXPECT_THROW(parse_platform(bad), Error) << bad;
}

TEST(DockerManifest, MayLackNames) {
  const auto images = read_docker_manifest(R"([{"Config":"c.json","RepoTags":null,"Layers":["a/layer.tar"]}])");
  ASSERT_EQ(images.size(), 1U);
  EXPECT_TRUE(images[0].names.empty());
  EXPECT_EQ(images[0].layers, std::vector<std::string>{"a/layer.tar"});
  EXPECT_TRUE(read_docker_manifest("[]").empty());
  EXPECT_THROW(read_docker_manifest("null"), Error);
  EXPECT_THROW(read_docker_manifest("[{}]"), Error);
}

TEST(Store, HasItsPlaceByUser) {
  EXPECT_EQ(default_store(true, "/x", "/root"), "/var/lib/caisson");
  EXPECT_EQ(default_store(false, "/x", "/home/a"), "/x/caisson");
  EXPECT_EQ(default_store(false, "relative", "/home/a"), "/home/a/.local/share/caisson");
  EXPECT_THROW(default_store(false, "", ""), Error);
}

}  // namespace
}  // namespace caisson::image
