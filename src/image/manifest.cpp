#include "image/manifest.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/members.hpp"
#include "json/document.hpp"

namespace caisson::image {
namespace {

constexpr std::size_t kMostManifests = 1000, kMostLayers = 400;
constexpr std::array<std::string_view, 2> kIndexTypes = {"application/vnd.oci.image.index.v1+json",
                                                         "application/vnd.docker.distribution.manifest.list.v2+json"};
constexpr std::array<std::string_view, 2> kManifestTypes = {"application/vnd.oci.image.manifest.v1+json",
                                                            "application/vnd.docker.distribution.manifest.v2+json"};
constexpr std::array<std::string_view, 2> kConfigTypes = {"application/vnd.oci.image.config.v1+json",
                                                          "application/vnd.docker.container.image.v1+json"};
constexpr std::string_view kOldTypes = "application/vnd.docker.distribution.manifest.v1+";

bool is_one_of(std::string_view word, const auto& words) { return std::ranges::find(words, word) != words.end(); }

// RFC 7493: readers that take the first and readers that take the last would see different images.
void refuse_repeated_keys(const json::Value& value) {
  if (value.is_array())
    for (std::size_t i = 0; i < value.array_size(); ++i) refuse_repeated_keys(value.element(i));
  if (!value.is_object()) return;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < value.object_size(); ++i) {
    if (!seen.insert(value.key(i)).second) value.refuse(text::join("key ", text::quoted(value.key(i)), " occurs twice"));
    refuse_repeated_keys(value.member(i));
  }
}

Platform read_platform(const json::Value& value) {
  if (!value.present()) return {};
  return {text_member(value, "os"), text_member(value, "architecture"), text_member(value, "variant")};
}

std::string name_in(const json::Value& annotations) {
  if (!annotations.present()) return {};
  // containerd and newer versions of docker write the whole name there, and only the tag under the standard's key.
  std::string whole = text_member(annotations, "io.containerd.image.name");
  return whole.empty() ? text_member(annotations, "org.opencontainers.image.ref.name") : whole;
}

Descriptor read_descriptor(const json::Value& value) {
  value.require_object();
  const json::Value digest = value["digest"], size = value["size"];
  if (!digest.present()) value.refuse_missing("digest");
  if (!size.present()) value.refuse_missing("size");
  return {.digest = Digest::parse(digest.text()),
          .size = static_cast<std::uint64_t>(size.integer<std::uint64_t>()),
          .media_type = text_member(value, "mediaType"),
          .platform = read_platform(value["platform"]),
          .name = name_in(value["annotations"])};
}

bool is_attestation(const json::Value& value) {
  const json::Value annotations = value["annotations"];
  return annotations.present() && text_member(annotations, "vnd.docker.reference.type") == "attestation-manifest";
}

}  // namespace

std::string Platform::text() const {
  std::string out = text::join(os, '/', architecture);
  if (!variant.empty()) out += text::join('/', variant);
  return out;
}

Platform parse_platform(std::string_view text) {
  const auto parts = text::split(text, '/');
  const bool filled = !parts.empty() && std::ranges::none_of(parts, [](std::string_view part) { return part.empty(); });
  if (!filled || parts.size() > 3)
    throw Error(ErrorKind::Usage, text::join("--platform: ", text::quoted(text), " is no OS/ARCHITECTURE[/VARIANT]"))
        .with_hint("for example linux/amd64, linux/arm64, linux/arm/v7");
  if (parts.size() == 1) return {"linux", std::string(parts[0]), {}};
  return {std::string(parts[0]), std::string(parts[1]), parts.size() == 3 ? std::string(parts[2]) : std::string()};
}

Platform platform_of_machine() {
#if defined(__x86_64__)
  return {"linux", "amd64", ""};
#elif defined(__aarch64__)
  return {"linux", "arm64", ""};
#elif defined(__riscv)
  return {"linux", "riscv64", ""};
#elif defined(__powerpc64__)
  return {"linux", "ppc64le", ""};
#elif defined(__s390x__)
  return {"linux", "s390x", ""};
#else
#error "the name that images use for this architecture is not known"
#endif
}

bool is_index(std::string_view media_type) noexcept { return is_one_of(media_type, kIndexTypes); }

Index read_index(std::string_view text) {
  const json::Document document(text);
  const json::Value root = document.root();
  root.require_object();
  refuse_repeated_keys(root);
  const json::Value manifests = root["manifests"];
  if (!manifests.present()) root.refuse_missing("manifests");
  if (root["layers"].present() || root["config"].present()) root.refuse("both an index and a manifest");
  if (manifests.array_size() > kMostManifests) manifests.refuse("more than 1000 images");
  Index index;
  for (std::size_t i = 0; i < manifests.array_size(); ++i) {
    const json::Value one = manifests.element(i);
    const std::string type = text_member(one, "mediaType");
    if (type.starts_with(kOldTypes))
      one.refuse("a manifest of docker before 1.10", "copy the image with skopeo, which writes it anew");
    // Others may be anything that a registry holds: signatures, charts.
    if (is_attestation(one) || !(is_one_of(type, kManifestTypes) || is_index(type))) continue;
    Descriptor descriptor = read_descriptor(one);
    if (descriptor.platform.os != "unknown") index.manifests.push_back(std::move(descriptor));
  }
  return index;
}

Manifest read_manifest(std::string_view text, std::string_view media_type) {
  const json::Document document(text);
  const json::Value root = document.root();
  root.require_object();
  refuse_repeated_keys(root);
  if (root["manifests"].present()) root.refuse("both an index and a manifest");
  if (const std::string own = text_member(root, "mediaType"); !own.empty() && own != media_type)
    root["mediaType"].refuse("differs from what refers to this manifest");
  const json::Value config = root["config"], layers = root["layers"];
  if (!config.present()) root.refuse_missing("config");
  if (!layers.present()) root.refuse_missing("layers");
  Manifest manifest{.config = read_descriptor(config), .layers = {}};
  if (!is_one_of(manifest.config.media_type, kConfigTypes))
    config.refuse(text::join("of type ", text::quoted(manifest.config.media_type), ": this is not an image of a container"));
  if (layers.array_size() > kMostLayers) layers.refuse("more than 400 layers");
  for (std::size_t i = 0; i < layers.array_size(); ++i) manifest.layers.push_back(read_descriptor(layers.element(i)));
  return manifest;
}

unsigned fitness(const Platform& image, const Platform& wanted) noexcept {
  if (image.os.empty() && image.architecture.empty()) return 1;
  if (image.os != wanted.os || image.architecture != wanted.architecture) return 0;
  if (image.variant == wanted.variant) return 3;
  // The oldest of each family runs on all of it; what is newer has to be asked for.
  const bool base = image.variant.empty() || image.variant == (image.architecture == "arm64" ? "v8" : "v1");
  return base && wanted.variant.empty() ? 2 : 0;
}

std::vector<DockerImage> read_docker_manifest(std::string_view text) {
  const json::Document document(text);
  const json::Value root = document.root();
  refuse_repeated_keys(root);
  if (!root.is_array()) root.refuse("not a list of images");
  std::vector<DockerImage> images;
  for (std::size_t i = 0; i < root.array_size(); ++i) {
    const json::Value one = root.element(i);
    const json::Value config = one["Config"], layers = one["Layers"], tags = one["RepoTags"];
    if (!config.present()) one.refuse_missing("Config");
    DockerImage image{.config = config.string(), .layers = {}, .names = {}};
    for (std::size_t k = 0; layers.present() && k < layers.array_size(); ++k)
      image.layers.push_back(layers.element(k).string());
    for (std::size_t k = 0; tags.present() && k < tags.array_size(); ++k) image.names.push_back(tags.element(k).string());
    if (image.layers.size() > kMostLayers) layers.refuse("more than 400 layers");
    images.push_back(std::move(image));
  }
  return images;
}

}  // namespace caisson::image
