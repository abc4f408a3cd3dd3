// Kernel constants that the installed headers may lack, each with the kernel version that added it. Nothing else defines any.
#pragma once

#include <linux/types.h>

#include <cstdint>

#ifndef SYS_open_tree
#define SYS_open_tree 428  // 5.2
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429  // 5.2
#endif
#ifndef SYS_fsopen
#define SYS_fsopen 430  // 5.2
#endif
#ifndef SYS_fsconfig
#define SYS_fsconfig 431  // 5.2
#endif
#ifndef SYS_fsmount
#define SYS_fsmount 432  // 5.2
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434  // 5.3
#endif
#ifndef SYS_clone3
#define SYS_clone3 435  // 5.3
#endif
#ifndef SYS_close_range
#define SYS_close_range 436  // 5.9
#endif
#ifndef SYS_openat2
#define SYS_openat2 437  // 5.6
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438  // 5.6
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442  // 5.12
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444  // 5.13
#endif
#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450  // 5.17
#endif
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452  // 6.6
#endif
#ifndef SYS_statmount
#define SYS_statmount 457  // 6.8
#endif
#ifndef SYS_listmount
#define SYS_listmount 458  // 6.8
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467  // 6.15
#endif
#ifndef SYS_listns
#define SYS_listns 470  // 6.19
#endif

namespace caisson::sys::abi {

// man 2 clone3; the structure of Linux 5.7 (CLONE_ARGS_SIZE_VER2).
struct CloneArgs {
  std::uint64_t flags = 0, pidfd = 0, child_tid = 0, parent_tid = 0, exit_signal = 0, stack = 0, stack_size = 0, tls = 0,
                set_tid = 0, set_tid_size = 0, cgroup = 0;
};
inline constexpr std::uint64_t kCloneIntoCgroup = 0x200000000ULL;    // 5.7
inline constexpr std::uint64_t kCloneClearSighand = 0x100000000ULL;  // 5.5
inline constexpr std::uint64_t kClonePidfd = 0x1000;                 // 5.2
inline constexpr std::uint64_t kCloneNewTime = 0x80;                 // 5.6
inline constexpr std::uint64_t kCloneNewCgroup = 0x02000000;         // 4.6

// PIDFD_GET_INFO, Linux 6.13; the structure of its first version.
struct PidfdInfo {
  std::uint64_t mask = 0, cgroup = 0;
  std::uint32_t pid = 0, thread_group = 0, parent = 0, real_user = 0, real_group = 0, effective_user = 0, effective_group = 0,
                saved_user = 0, saved_group = 0, filesystem_user = 0, filesystem_group = 0, exit_code = 0;
};
static_assert(sizeof(PidfdInfo) == 64);
inline constexpr std::uint64_t kPidfdInfoCredentials = 2, kPidfdInfoCgroup = 4;
inline constexpr unsigned kPidfdGetInfo = 0xc040ff0b;

// man 2 ioctl_nsfs
inline constexpr unsigned kNsGetUserns = 0xb701;       // 4.9
inline constexpr unsigned kNsGetParent = 0xb702;       // 4.9
inline constexpr unsigned kNsGetOwnerUid = 0xb704;     // 4.11
inline constexpr unsigned kNsGetMntnsId = 0x8008b705;  // 6.11
inline constexpr unsigned kNsMntGetNext = 0x8010b70b;  // 6.12
inline constexpr unsigned kNsMntGetPrev = 0x8010b70c;  // 6.12
inline constexpr int kSoNetnsCookie = 71;              // 5.14
struct MntnsInfo {
  std::uint32_t size = 0, mounts = 0;
  std::uint64_t id = 0;
};

// man 2 listmount, man 2 statmount: 6.8, other mount namespaces 6.11
struct MountIdRequest {
  std::uint32_t size = 0, spare = 0;
  std::uint64_t mount = 0, parameter = 0, mount_namespace = 0;
};
inline constexpr std::uint64_t kListmountRoot = ~std::uint64_t{0};
inline constexpr std::uint64_t kStatmountMountRoot = 0x8;
inline constexpr std::uint64_t kStatmountMountPoint = 0x10;
inline constexpr std::uint64_t kStatmountSuperblock = 0x1;
// struct statmount before its strings; the fields that are read, at their offsets.
struct MountStatus {
  std::uint32_t size, options;
  std::uint64_t mask;
  std::uint32_t device_major, device_minor;
  std::uint64_t superblock_magic;
  std::uint32_t superblock_flags, filesystem_type;
  std::uint64_t id, parent_id;
  std::uint32_t old_id, old_parent_id;
  std::uint64_t attributes, propagation, peer_group, master, propagate_from;
  std::uint32_t root, point;
  std::uint64_t rest[50];
};
static_assert(sizeof(MountStatus) == 512);

// man 2 openat2, Linux 5.6
struct OpenHow {
  std::uint64_t flags = 0, mode = 0, resolve = 0;
};
inline constexpr std::uint64_t kResolveNoXdev = 0x01;
inline constexpr std::uint64_t kResolveNoMagiclinks = 0x02;
inline constexpr std::uint64_t kResolveNoSymlinks = 0x04;
inline constexpr std::uint64_t kResolveBeneath = 0x08;
inline constexpr std::uint64_t kResolveInRoot = 0x10;

// man 2 mount_setattr, Linux 5.12
struct MountAttr {
  std::uint64_t attr_set = 0, attr_clr = 0, propagation = 0, userns_fd = 0;
};
inline constexpr std::uint64_t kMountAttrRdonly = 0x00000001;
inline constexpr std::uint64_t kMountAttrNosuid = 0x00000002;
inline constexpr std::uint64_t kMountAttrNodev = 0x00000004;
inline constexpr std::uint64_t kMountAttrNoexec = 0x00000008;
inline constexpr std::uint64_t kMountAttrAtimeMask = 0x00000070;
inline constexpr std::uint64_t kMountAttrRelatime = 0x00000000;
inline constexpr std::uint64_t kMountAttrNoatime = 0x00000010;
inline constexpr std::uint64_t kMountAttrStrictatime = 0x00000020;
inline constexpr std::uint64_t kMountAttrNodiratime = 0x00000080;
inline constexpr std::uint64_t kMountAttrIdmap = 0x00100000;
inline constexpr std::uint64_t kMountAttrNosymfollow = 0x00200000;  // 5.14

// man 2 mount
inline constexpr unsigned long kMsNosymfollow = 256;     // 5.10
inline constexpr unsigned long kMsLazytime = 1UL << 25;  // 4.0

inline constexpr unsigned kOpenTreeClone = 1;
inline constexpr unsigned kOpenTreeCloexec = 02000000;
inline constexpr unsigned kMoveMountFEmptyPath = 0x00000004;
inline constexpr unsigned kMoveMountTEmptyPath = 0x00000040;
inline constexpr unsigned kFsopenCloexec = 1;
inline constexpr unsigned kFsmountCloexec = 1;
inline constexpr unsigned kFsconfigSetFlag = 0;
inline constexpr unsigned kFsconfigSetString = 1;
inline constexpr unsigned kFsconfigSetFd = 5;
inline constexpr unsigned kFsconfigCmdCreate = 6;
inline constexpr unsigned kAtRecursive = 0x8000;
inline constexpr unsigned kAtEmptyPath = 0x1000;
inline constexpr unsigned kCloseRangeUnshare = 2;
inline constexpr unsigned kCloseRangeCloexec = 4;  // 5.11

// memfd_create flags (man 2 memfd_create); MFD_EXEC since 6.3
inline constexpr unsigned kMfdCloexec = 1;
inline constexpr unsigned kMfdAllowSealing = 2;
inline constexpr unsigned kMfdExec = 0x10;

// Filesystem magics (man 2 statfs)
inline constexpr long kProcSuperMagic = 0x9fa0;
inline constexpr long kSysfsMagic = 0x62656572;
inline constexpr long kCgroup2SuperMagic = 0x63677270;
inline constexpr long kCgroupSuperMagic = 0x27e0eb;
inline constexpr long kTmpfsMagic = 0x01021994;
inline constexpr long kRamfsMagic = 0x858458f6;
inline constexpr long kDevptsMagic = 0x1cd1;
inline constexpr long kNsfsMagic = 0x6e736673;
inline constexpr long kPidfsMagic = 0x50494446;  // 6.9
inline constexpr long kApparmorfsMagic = 0x5a3c69f0;
inline constexpr long kProcRootInode = 1;

}  // namespace caisson::sys::abi
