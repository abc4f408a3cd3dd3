// Images of the two formats that describe themselves: OCI layouts and docker save.
#pragma once

#include <string>
#include <vector>

#include "image/archive.hpp"
#include "image/load.hpp"

namespace caisson::image {

Loaded load_oci(const Store& store, Archive& archive, const std::string& path, const LoadOptions& options);
Loaded load_docker(const Store& store, Archive& archive, const std::string& path, const LoadOptions& options);

// "/srv/Debian.tar.gz": "debian".
std::string name_of_file(const std::string& path);
// As it is kept; empty with a note when it is no name.
std::string usable_name(const std::string& name, std::vector<std::string>& notes);
}  // namespace caisson::image
