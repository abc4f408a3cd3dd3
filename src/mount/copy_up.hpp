// tmpcopyup: the content of a directory copied into a fresh tmpfs that is going to cover it. Files, directories, links, fifos
// and device nodes with mode and owner; sockets are left out, they belong to a process. An owner that the user namespace does
// not map becomes the container's root.
#pragma once

#include "sys/fd.hpp"

namespace caisson::mount {

// from: readable directory descriptor; to: the root of the new filesystem, also while it is detached.
void copy_up(sys::BorrowedFd from, sys::BorrowedFd to);

}  // namespace caisson::mount
