// Reference for bench/start: the cheapest sequence of kernel calls known for the same container, without libc.
// best ROOTFS CMD [ARG...]: cheapest sequence found for a default OCI `run` on Linux >= 6.15 (uses open_tree_attr; falls back
// to open_tree+mount_setattr on older kernels). Same end state as floor.c (checked by diffing /proc/self/mountinfo).
// Build: cc -O2 -static -nostdlib -fno-stack-protector -fno-builtin -w best.c -o best        (no libc)
//    or: musl-gcc -O2 -static -DLIBC best.c                                               (musl: about the same)
//    or: cc -O2 -static -DLIBC best.c -o best_glibc                      (glibc static: +0.7 ms of CPUID traps in a VM)
// Ideas, in order of gain (see reference/performance.md):
//  1 no glibc start-up        2 CLONE_VM child (no page-table copy)  3 never let a mount FAIL or a detached mount be dropped
//    (each costs an expedited RCU grace period)  4 parent makes the net namespace while the child mounts
//  5 child unshares mnt/ipc/uts/cgroup itself, in parallel with the parent's net  6 one empty ro tmpfs for all masked dirs
//  7 ro paths by open_tree_attr + move_mount  8 CLONE_INTO_CGROUP, never cgroup.procs  9 cgroup2 is mounted inside the cgroup ns
// -DHELPER_UMOUNT: a thread in the child absorbs the umount2 grace period (2-3 % wall, +3 % cpu).
#define _GNU_SOURCE
#include <stdint.h>
#include <stddef.h>
#include <errno.h>
#include <asm/unistd.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/stat.h>
#ifndef __NR_open_tree_attr
#define __NR_open_tree_attr 467
#endif
#define AT (-100)
#define AT_EMPTY_PATH_ 0x1000
#define AT_RECURSIVE_ 0x8000
enum { RDONLY = 1, NOSUID = 2, NODEV = 4, NOEXEC = 8, REMOUNT = 32, BIND = 4096, REC = 16384, PRIVATE = 1 << 18, STRICTATIME = 1 << 24, O_DIR = 0200000, O_CLOEXEC_ = 02000000, O_PATH_ = 010000000 };
static inline __attribute__((always_inline)) long sc(long n, long a, long b, long c, long d, long e, long f) {
    long r; register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return r;
}
#define S(n, a, b, c, d, e) sc(__NR_##n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
static void die(const char *w, long r) {
    char b[112]; unsigned n = 0; r = r < 0 ? -r : r;
    while (*w && n < 90) b[n++] = *w++;
    b[n++] = ' '; b[n++] = '0' + r / 100 % 10; b[n++] = '0' + r / 10 % 10; b[n++] = '0' + r % 10; b[n++] = '\n';
    S(write, 2, b, n, 0, 0); S(exit_group, 125, 0, 0, 0, 0);
}
#define TRY(x) ({ long r_ = (long)(x); if (r_ < 0) die(#x, r_); r_; })
#define mnt(src, dst, type, flags, data) S(mount, src, dst, type, flags, data)

static volatile int net_ready; // futex shared by parent and child: same address space
static int parent_pidfd;
static char **g_argv;
static const char *g_root;
static char child_stack[16384] __attribute__((aligned(16)));
#ifdef HELPER_UMOUNT
static char helper_stack[4096] __attribute__((aligned(16)));
static volatile int umounted;
#endif
static void fwait(volatile int *p) { while (!*p) S(futex, p, FUTEX_WAIT, 0, 0, 0); }
static void fwake(volatile int *p) { *p = 1; S(futex, p, FUTEX_WAKE, 1, 0, 0); }

static __attribute__((noinline)) long vmclone(struct clone_args *a, void (*fn)(void)) {
    register long r __asm__("rax") = __NR_clone3; register void *p __asm__("rdi") = a; register long s __asm__("rsi") = sizeof *a; register void (*f)(void) __asm__("r8") = fn;
    __asm__ volatile("syscall\n test %%rax,%%rax\n jnz 1f\n xor %%ebp,%%ebp\n call *%%r8\n ud2\n1:" : "+r"(r) : "r"(p), "r"(s), "r"(f) : "rcx", "r11", "rdx", "memory");
    return r;
}
#ifdef HELPER_UMOUNT
static void umounter(void) { S(umount2, ".", 2, 0, 0, 0); fwake(&umounted); for (;;) S(exit, 0, 0, 0, 0, 0); }
#endif
static long empty = -1; // one empty read-only tmpfs, shared by every masked directory
static void mask(const char *p) {
    struct statx sx;
    if (S(statx, AT, p, 0x100 | 0x4000, STATX_TYPE, &sx) < 0) return; // absent: nothing to mask
    if ((sx.stx_mode & 0170000) != 0040000) { TRY(mnt("dev/null", p, 0, BIND, 0)); return; }
    if (empty < 0) {
        long fs = TRY(S(fsopen, "tmpfs", 1, 0, 0, 0));
        S(fsconfig, fs, 1, "source", "tmpfs", 0); S(fsconfig, fs, 1, "size", "0k", 0); S(fsconfig, fs, 0, "ro", 0, 0);
        TRY(S(fsconfig, fs, 6, 0, 0, 0));
        empty = TRY(S(fsmount, fs, 1, MOUNT_ATTR_RDONLY, 0, 0));
        TRY(S(move_mount, empty, "", AT, p, 4));
    } else {
        long m = TRY(S(open_tree, empty, "", OPEN_TREE_CLONE | O_CLOEXEC_ | AT_EMPTY_PATH_, 0, 0));
        TRY(S(move_mount, m, "", AT, p, 4));
    }
}
static void readonly(const char *p) {
    struct mount_attr a = {.attr_set = MOUNT_ATTR_RDONLY};
    long m = S(open_tree_attr, AT, p, OPEN_TREE_CLONE | O_CLOEXEC_ | AT_RECURSIVE_, &a, sizeof a);
    if (m == -ENOSYS) { m = S(open_tree, AT, p, OPEN_TREE_CLONE | O_CLOEXEC_ | AT_RECURSIVE_, 0, 0); if (m >= 0) TRY(S(mount_setattr, m, "", AT_EMPTY_PATH_ | AT_RECURSIVE_, &a, sizeof a)); }
    if (m == -ENOENT) return;
    TRY(m);
    TRY(S(move_mount, m, "", AT, p, 4));
}
static void child(void) {
    TRY(S(unshare, CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP, 0, 0, 0, 0));
    TRY(mnt(0, "/", 0, REC | PRIVATE, 0));
    TRY(mnt(g_root, g_root, 0, BIND | REC, 0));
    TRY(S(chdir, g_root, 0, 0, 0, 0));
    TRY(S(pivot_root, ".", ".", 0, 0, 0)); // cwd is now the new root, with the old one stacked on top of it
#ifdef HELPER_UMOUNT
    struct clone_args h = {.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, .stack = (uint64_t)helper_stack, .stack_size = sizeof helper_stack};
    TRY(vmclone(&h, umounter));
#endif
    S(mkdir, "proc", 0755, 0, 0, 0); TRY(mnt("proc", "proc", "proc", 0, 0));
    S(mkdir, "dev", 0755, 0, 0, 0); TRY(mnt("tmpfs", "dev", "tmpfs", NOSUID | STRICTATIME, "mode=755,size=65536k"));
    S(mkdir, "dev/pts", 0755, 0, 0, 0); TRY(mnt("devpts", "dev/pts", "devpts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"));
    S(mkdir, "dev/shm", 0755, 0, 0, 0); TRY(mnt("tmpfs", "dev/shm", "tmpfs", NOSUID | NOEXEC | NODEV, "mode=1777,size=65536k"));
    S(mkdir, "dev/mqueue", 0755, 0, 0, 0); TRY(mnt("mqueue", "dev/mqueue", "mqueue", NOSUID | NOEXEC | NODEV, 0));
    long dv = TRY(S(open, "dev", O_PATH_ | O_CLOEXEC_ | O_DIR, 0, 0, 0));
    static const struct { const char *n; int d; } dev[] = {{"null", 0x103}, {"zero", 0x105}, {"full", 0x107}, {"random", 0x108}, {"urandom", 0x109}, {"tty", 0x500}};
    S(umask, 0, 0, 0, 0, 0);
    for (unsigned i = 0; i < 6; i++) TRY(S(mknodat, dv, dev[i].n, 020666, dev[i].d, 0));
    S(symlinkat, "/proc/self/fd", dv, "fd", 0, 0); S(symlinkat, "/proc/self/fd/0", dv, "stdin", 0, 0); S(symlinkat, "/proc/self/fd/1", dv, "stdout", 0, 0);
    S(symlinkat, "/proc/self/fd/2", dv, "stderr", 0, 0); S(symlinkat, "pts/ptmx", dv, "ptmx", 0, 0);
    static const char *const m[] = {"proc/acpi", "proc/asound", "proc/kcore", "proc/keys", "proc/latency_stats", "proc/timer_list", "proc/timer_stats", "proc/sched_debug", "proc/scsi"};
    for (unsigned i = 0; i < sizeof m / sizeof *m; i++) mask(m[i]);
    static const char *const ro[] = {"proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger"};
    for (unsigned i = 0; i < sizeof ro / sizeof *ro; i++) readonly(ro[i]);
    for (int c = 0; c <= 40; c++) if (c != CAP_KILL && c != CAP_AUDIT_WRITE && c != CAP_NET_BIND_SERVICE && c != CAP_SYS_ADMIN) S(prctl, 24, c, 0, 0, 0);
#ifdef HELPER_UMOUNT
    fwait(&umounted);
#else
    TRY(S(umount2, ".", 2, 0, 0, 0)); // late: its grace period overlaps the parent's net namespace
#endif
    TRY(S(chdir, "/", 0, 0, 0, 0));
    fwait(&net_ready); // the parent has the net namespace; join it through the parent's pidfd
    TRY(S(setns, parent_pidfd, CLONE_NEWNET, 0, 0, 0));
    TRY(mnt("sysfs", "sys", "sysfs", NOSUID | NOEXEC | NODEV | RDONLY, 0)); // sysfs is tagged with the net ns: after setns
    S(mount, "cgroup2", "sys/fs/cgroup", "cgroup2", NOSUID | NOEXEC | NODEV | RDONLY, 0); // inside the cgroup ns: no percpu_down_write
    mask("sys/firmware");
    TRY(mnt(0, "/", 0, BIND | REMOUNT | RDONLY, 0));
    TRY(S(sethostname, "floor", 5, 0, 0, 0));
    S(prctl, 24, CAP_SYS_ADMIN, 0, 0, 0);
    struct __user_cap_header_struct h3 = {_LINUX_CAPABILITY_VERSION_3, 0};
    uint32_t keep = 1u << CAP_KILL | 1u << CAP_AUDIT_WRITE | 1u << CAP_NET_BIND_SERVICE;
    struct __user_cap_data_struct d[2] = {{keep, keep, 0}, {0, 0, 0}};
    TRY(S(capset, &h3, d, 0, 0, 0));
    TRY(S(prctl, 38, 1, 0, 0, 0));
    static char *env[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 0};
    TRY(S(execve, g_argv[0], g_argv, env, 0, 0));
}
static int real_main(int argc, char **argv) {
    if (argc < 3) die("usage: best ROOTFS CMD [ARG...]", 22);
    g_root = argv[1]; g_argv = argv + 2;
    char cg[64] = "/sys/fs/cgroup/pbest-", t[12]; unsigned n = 21; int k = 0;
    long pid = S(getpid, 0, 0, 0, 0, 0);
    for (long v = pid; v; v /= 10) t[k++] = '0' + v % 10;
    while (k) cg[n++] = t[--k];
    cg[n] = 0;
    long r = S(mkdir, cg, 0755, 0, 0, 0); if (r != -EEXIST) TRY(r);
    long cgfd = TRY(S(open, cg, O_DIR | O_CLOEXEC_, 0, 0, 0));
    parent_pidfd = TRY(S(pidfd_open, pid, 0, 0, 0, 0));
    struct clone_args a = {.flags = CLONE_NEWPID | CLONE_VM | CLONE_INTO_CGROUP, .exit_signal = 17, .cgroup = cgfd, .stack = (uint64_t)child_stack, .stack_size = sizeof child_stack};
    long p = TRY(vmclone(&a, child));
    TRY(S(unshare, CLONE_NEWNET, 0, 0, 0, 0)); // ~1 ms on this core while the child mounts on the other (a runtime with hooks: save and setns back)
    fwake(&net_ready);
    int w = 0;
    TRY(S(wait4, p, &w, 0, 0, 0));
    S(rmdir, cg, 0, 0, 0, 0);
    return w & 0x7f ? 128 + (w & 0x7f) : w >> 8 & 255;
}
#ifdef LIBC
int main(int c, char **v) { return real_main(c, v); }
#else
__attribute__((used)) void cmain(long *sp) { S(exit_group, real_main((int)*sp, (char **)(sp + 1)), 0, 0, 0, 0); }
__asm__(".globl _start\n_start: mov %rsp,%rdi\n and $-16,%rsp\n call cmain\n");
void *memset(void *d, int c, size_t n) { char *p = d; while (n--) *p++ = c; return d; }
void *memcpy(void *d, const void *s, size_t n) { char *p = d; const char *q = s; while (n--) *p++ = *q++; return d; }
#endif
