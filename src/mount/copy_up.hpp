// The content of a directory copied to where it is going to be covered: tmpcopyup, and the volumes of images. Files,
// directories, links, fifos and device nodes with owner, mode, times, extended attributes and hard links; sockets are left out,
// they belong to a process. An owner that the user namespace does not map becomes the container's root, without set-id bits.
#pragma once

#include <cstdint>

#include "sys/fd.hpp"

namespace caisson::mount {

// Whether the directory itself gets the attributes of what it covers, too.
enum class Top : std::uint8_t { Stays, Copied };

// from: readable directory descriptor; to: an empty directory, also one of a filesystem that is still detached. Needs /proc.
// Throws Error{Kernel}.
void copy_up(sys::BorrowedFd from, sys::BorrowedFd to, Top top = Top::Stays);

}  // namespace caisson::mount
