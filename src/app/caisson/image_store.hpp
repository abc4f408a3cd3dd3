// Which store of images a command line means.
#pragma once

#include <string>

#include "app/caisson/commands.hpp"
#include "image/layer_writer.hpp"
#include "image/store.hpp"
#include "life/record.hpp"

namespace caisson::app::human {

// --store, else CAISSON_STORE, else the usual place of the user; absolute.
std::string store_path(const OptionValues& options);
// Throws Error{Usage} when there is none yet.
image::Store open_store(const OptionValues& options, image::StoreUse use);
// Before files of layers are made, read or removed: an ordinary user's program becomes root of a user namespace, with the ids
// that this user's containers have. Where the store is has to be known by then.
image::Owners own_the_files();
// open_store() after that.
image::Store open_own_store(const OptionValues& options, image::StoreUse use, image::Owners* owners = nullptr);
// The one that holds the image of a container. Throws Error{State} when it is gone.
image::Store store_of(const life::Record& record, image::StoreUse use);
// "12.3 MB"
std::string size_text(std::uint64_t bytes);

}  // namespace caisson::app::human
