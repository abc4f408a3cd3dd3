// The documents that say what an image is made of: index and manifest of the OCI layout (image-spec), and manifest.json of
// docker save. Which image of an index is meant: that of a platform. Pure. Everything throws Error(Spec) for what the formats
// do not allow, also for a document that could be read as two kinds (CVE-2021-41190) and for keys that occur twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "image/digest.hpp"

namespace caisson::image {

struct Platform {
  std::string os, architecture, variant;
  std::string text() const;  // "linux/arm64/v8"
};
// "linux/amd64", "amd64"; throws Error(Usage).
Platform parse_platform(std::string_view text);
Platform platform_of_machine();

struct Descriptor {
  Digest digest;
  std::uint64_t size = 0;
  std::string media_type;
  Platform platform;  // empty: not said
  std::string name;   // of an image: what it is called in the index
};

struct Index {
  std::vector<Descriptor> manifests;  // those that may be images
};
struct Manifest {
  Descriptor config;
  std::vector<Descriptor> layers;  // bottom first
};

bool is_index(std::string_view media_type) noexcept;
Index read_index(std::string_view text);
Manifest read_manifest(std::string_view text, std::string_view media_type);

// How well an image of that platform runs on another: 0 not at all; the highest number is the best. Nothing said: 1.
unsigned fitness(const Platform& image, const Platform& wanted) noexcept;

struct DockerImage {
  std::string config;  // names of files in the archive
  std::vector<std::string> layers;
  std::vector<std::string> names;
};
std::vector<DockerImage> read_docker_manifest(std::string_view text);

}  // namespace caisson::image
