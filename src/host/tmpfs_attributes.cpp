#include "host/tmpfs_attributes.hpp"

#include <sys/mman.h>

#include "sys/file.hpp"

namespace caisson::host {

bool tmpfs_has_user_attributes() {
  const sys::UniqueFd file = sys::make_memfd("caisson", MFD_CLOEXEC).or_throw("make a file in memory");
  return sys::set_extended_attribute(file.borrow(), "user.caisson", "y").ok();
}

}  // namespace caisson::host
