// inotify(7): to be woken when something in a directory changes. What it was is not told: who is woken looks for itself.
#pragma once

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

// Readable when a file of the directory was written, made, renamed or removed. Non-blocking.
SysResult<UniqueFd> watch_directory(BorrowedFd directory) noexcept;
void drop_events(BorrowedFd watch) noexcept;

}  // namespace caisson::sys
