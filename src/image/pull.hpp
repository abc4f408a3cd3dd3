// An image from a registry: skopeo is asked to bring it into a directory, with its credentials, its policy and its checks; what
// it brought becomes an OCI layout, which is loaded like any other.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "image/manifest.hpp"
#include "image/store.hpp"

namespace caisson::image {

struct PullSource {
  std::string remote;  // as skopeo is told
  std::string name;    // what the image is called here; empty: it was asked for by its digest alone
};
// "debian", "registry.example/team/app:1", with "@sha256:..." behind it or not. Throws Error(Usage).
PullSource parse_pull(std::string_view text);

struct PullWish {
  PullSource source;
  std::optional<Platform> platform;
  std::string authfile;
  std::optional<bool> tls_verify;  // none: as skopeo does
};
std::vector<std::string> skopeo_words(const std::string& program, const PullWish& wish, const std::string& directory);
// What its messages mean for somebody who pulls.
Error pull_failure(const PullWish& wish, std::string_view said);

// The directory that skopeo is to make, below the scratch.
std::string pull_directory(const Store& store, const Scratch& scratch);
// Makes an OCI layout of it; the path.
std::string make_layout(const Store& store, const Scratch& scratch);

}  // namespace caisson::image
