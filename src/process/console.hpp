// A terminal of the container's own: a pty of its devpts, the console of its payload, and the hand-over of the other end.
// Every descriptor is checked to be what it should be (devpts by magic, ptmx 5:2 with inode 2, peer 136:N) and nothing is
// opened by a name a second time (CVE-2025-52565, CVE-2026-88264). man 7 pty, man 4 pts.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "sys/fd.hpp"
#include "sys/root_dir.hpp"
#include "sys/terminal.hpp"

namespace caisson::process {

struct Console {
  sys::UniqueFd master, slave;
  unsigned number = 0;
  std::string name() const;  // "/dev/pts/N", as the container sees it
};

struct ConsoleWishes {
  uid_t owner = 0;
  std::optional<sys::WindowSize> size;
  bool keeps_newlines = false;  // sys::keep_newlines
};
// root: the container's root, after pivot_root. The error says which check failed.
Console open_console(const sys::RootDir& root, const ConsoleWishes& wishes);
// A new session with the slave as its terminal, and as 0, 1 and 2 of the caller.
void become_session_on(sys::BorrowedFd slave);
// Mounts the slave on /dev/console, for the init of a container only. The file is made if there is none; a symbolic link in
// its place is refused.
void mount_console(const sys::RootDir& root, const Console& console);

// --console-socket: connects within the time limit; the path is the host's, so this comes before the change of root.
sys::UniqueFd connect_console_socket(const std::string& path, int timeout_ms = 10'000);
// One message: the name of the pty, and exactly one descriptor, the master.
void send_console(sys::BorrowedFd socket, const std::string& socket_path, const Console& console);

}  // namespace caisson::process
