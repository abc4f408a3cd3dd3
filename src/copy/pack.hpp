// A file or directory below a root as the members of a tar archive. The root may be one that a hostile container changes
// meanwhile: nothing outside of it is read, and devices and fifos are described, never opened.
#pragma once

#include <string>
#include <vector>

#include "copy/place.hpp"
#include "image/tar_writer.hpp"
#include "sys/root_dir.hpp"

namespace caisson::copy {

enum class LastLink : std::uint8_t { Stays, IsFollowed };

// holes: as zeros for whoever may read the archive. Its members are called by the last name of the path, or "./..." for
// contents. Throws Error when there is no such file. Adds to notes what an archive cannot hold.
void pack(const sys::RootDir& root, const std::string& path, LastLink link, image::ByteSink& sink, image::Holes holes,
          std::vector<std::string>& notes);

}  // namespace caisson::copy
