// What a container has written, as one more layer on its image, and how the new image differs in its configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/load.hpp"
#include "sys/fd.hpp"

namespace caisson::image {

struct ConfigChanges {
  std::optional<std::vector<std::string>> entrypoint, cmd;
  std::optional<std::string> user, workdir, stop_signal;
  std::vector<std::string> env, labels;     // NAME=VALUE; one that is there is replaced
  std::vector<std::string> volumes, ports;  // besides those that are there: "/srv", "80/tcp"
  std::string author, message;              // for the history; empty: none
};

// The configuration of the image below with a layer more; what this program does not know stays in it. created: RFC 3339. Pure.
// Throws Error(Spec).
std::string committed_config(const std::string& below, const Digest& layer, const ConfigChanges& changes,
                             std::string_view created);

struct Commit {
  Image below;
  sys::BorrowedFd upper;              // of the container's overlay, which nobody writes meanwhile
  std::vector<std::string> left_out;  // of what is in it, as "./srv/www"; sorted
  std::string container;              // for messages
  std::string name;                   // of the new image; empty: none
  ConfigChanges changes;
};
// The layer is packed and taken in as any archive is. Throws Error.
Loaded commit(const Store& store, const Commit& wish, const LoadOptions& options);

}  // namespace caisson::image
