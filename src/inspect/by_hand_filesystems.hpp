// What mount(8) has to be told for a file system, and its mount, to be like one that is there.
#pragma once

#include <string>
#include <vector>

#include "inspect/subject.hpp"
#include "mount/mountinfo.hpp"

namespace caisson::inspect {

// Whether another one of the kind can be made: a disk's cannot, nor layers that were named by a relative path, which meant
// something to whoever mounted them only.
bool can_be_made(const mount::MountInfo& mount);
// An overlay without an upper directory is read only, and may be nothing but lower ones.
bool has_upper(const mount::MountInfo& overlay);
// Of the file system; the maps: of the user namespace that it is made in.
std::vector<std::string> filesystem_options(const mount::MountInfo& mount, const IdMaps& maps);
// All of the mount: access times are relative unless mount(8) is told otherwise.
std::string told_options(const mount::MountInfo& mount);
// The same without what a new mount has by itself.
std::vector<std::string> mount_options(const mount::MountInfo& mount);

}  // namespace caisson::inspect
