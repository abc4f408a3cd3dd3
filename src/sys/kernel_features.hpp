// Which newer calls this kernel has, asked of the calls themselves in ways that change nothing and keep nothing open. The errno
// is the call's own: ENOSYS or ENOTTY says that the kernel lacks it (or that a seccomp filter says so), EPERM that it is
// refused.
#pragma once

#include "sys/fd.hpp"
#include "sys/result.hpp"

namespace caisson::sys {

SysResult<unsigned> landlock_version() noexcept;               // the ABI version, 1 from 5.13 on
SysStatus ask_clone3() noexcept;                               // 5.3
SysStatus ask_close_range() noexcept;                          // 5.9
SysStatus ask_open_in_root() noexcept;                         // openat2 with RESOLVE_IN_ROOT, 5.6
SysStatus ask_fs_open() noexcept;                              // 5.2; EPERM is an answer too: it exists
SysStatus ask_statmount() noexcept;                            // 6.8
SysStatus ask_list_namespaces() noexcept;                      // listns, 6.19
SysStatus ask_pidfd_info(const Pidfd& process) noexcept;       // PIDFD_GET_INFO, 6.13
SysStatus ask_pidfd_namespace(const Pidfd& process) noexcept;  // PIDFD_GET_UTS_NAMESPACE, 6.11
SysStatus ask_namespace_id(BorrowedFd nsfs) noexcept;          // NS_GET_ID
// A file handle of the namespace is made and opened again (6.18).
SysStatus ask_namespace_handle(BorrowedFd nsfs) noexcept;

}  // namespace caisson::sys
