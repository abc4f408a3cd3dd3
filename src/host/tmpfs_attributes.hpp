// What file systems in memory lack on older kernels.
#pragma once

namespace caisson::host {

// Whether tmpfs has extended attributes of users (Linux 6.6, with CONFIG_TMPFS_XATTR). In a user namespace overlays mark opaque
// directories by them: without, no directory of a lower layer can be removed (EIO) when the upper one is a tmpfs.
bool tmpfs_has_user_attributes();

}  // namespace caisson::host
