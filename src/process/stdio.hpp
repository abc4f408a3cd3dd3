// The inherited descriptors 0, 1 and 2. Their owner becomes the user of the payload, which may then open /dev/stdout again.
// Nothing is changed that was not looked at before: /dev/null and other devices keep their owner, and a /dev/null of the host
// gives way to the container's only if that is the real one, character device 1:3 (CVE-2026-88265).
#pragma once

#include <sys/types.h>

#include "sys/proc_handle.hpp"
#include "sys/root_dir.hpp"

namespace caisson::process {

// Pipes, sockets, files and terminals only; what the kernel or the filesystem does not permit stays as it is.
void give_stdio_to(uid_t uid);
// proc: a procfs from before the container's first mount. known: the container's /dev/null, where it needs no more looking at.
void replace_null_stdio(const sys::RootDir& root, const sys::ProcHandle& proc, sys::UniqueFd known = {});

}  // namespace caisson::process
