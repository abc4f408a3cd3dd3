// What a person asks of `caisson run`, as values: the command line already read, nothing looked up yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/spec.hpp"

namespace caisson::request {

inline constexpr const char* kUsualHostName = "caisson";
// The annotation that has the name of the image.
inline constexpr const char* kImageName = "org.opencontainers.image.ref.name";

enum class NetworkWish : std::uint8_t { None, Host };  // None: an own namespace with loopback only
enum class SeccompWish : std::uint8_t { Unconfined, Profile };

// What an image says about the container; what the user says counts more.
struct ImageWish {
  std::vector<std::string> layers;   // directories, from the top down
  std::vector<std::string> env;      // NAME=VALUE
  std::vector<std::string> volumes;  // clean paths
  std::vector<std::string> ports;    // exposed: "80/tcp"
  std::string user, workdir, stop_signal;
  std::string name;  // as it was written
};

struct RunWish {
  std::string id;
  std::string rootfs;              // absolute; empty: a throw-away view of the machine's own root
  std::optional<ImageWish> image;  // instead of rootfs
  bool read_only = false;
  bool terminal = false;
  bool init = false;
  std::string hostname, workdir, user;
  std::vector<std::string> env;      // "NAME=VALUE"; "NAME" takes the caller's
  std::vector<std::string> volumes;  // SRC:DST[:opts]
  std::vector<std::string> tmpfs;    // DST[:opts]
  std::vector<std::string> cap_add, cap_drop, ulimits, security_opts;
  std::vector<spec::NamespaceType> shared;
  std::vector<spec::Namespace> joined;  // existing ones instead of new ones, by path; of different types
  NetworkWish network = NetworkWish::None;
  std::vector<spec::IdMapping> uid_maps, gid_maps;  // empty: chosen by make_spec
  std::string time_offset;                          // "monotonic=3600,boottime=-5"
  std::vector<std::string> command;                 // empty: a shell
  std::optional<spec::BoxSize> window;
};

}  // namespace caisson::request
