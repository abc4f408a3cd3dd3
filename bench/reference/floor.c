// Reference for bench/start: the straightforward sequence of kernel calls for a container start, without JSON, state or hooks.
// The kernel work that a default OCI `run` can't avoid, and nothing else: the physical limit for start-up.
// Usage: floor ROOTFS CMD [ARG...]   Build: cc -O2 -static floor.c -o floor
// Same namespaces, mounts, masked and read-only paths, device nodes, pivot_root and capability
// drop as the config.json that `crun spec` writes; no JSON, no state directory fsync, no hooks.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRY(x) do { if ((x) < 0) { perror(#x); _exit(125); } } while (0)

static void mnt(const char *type, const char *dst, unsigned long flags, const char *data) {
    mkdir(dst, 0755);
    TRY(mount(type, dst, type, flags, data));
}

static int child(char **argv, const char *rootfs) {
    TRY(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
    TRY(mount(rootfs, rootfs, NULL, MS_BIND | MS_REC, NULL));
    TRY(chdir(rootfs));
    mnt("proc", "proc", 0, NULL);
    mnt("tmpfs", "dev", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
    mnt("devpts", "dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
    mnt("tmpfs", "dev/shm", MS_NOSUID | MS_NOEXEC | MS_NODEV, "mode=1777,size=65536k");
    mnt("mqueue", "dev/mqueue", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL);
    mnt("sysfs", "sys", MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY, NULL);
    mount("cgroup2", "sys/fs/cgroup", "cgroup2", MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY, NULL);
    static const struct { const char *n; int ma, mi; } dev[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
    char p[64];
    umask(0);
    for (unsigned i = 0; i < sizeof dev / sizeof *dev; i++) { snprintf(p, sizeof p, "dev/%s", dev[i].n); TRY(mknod(p, S_IFCHR | 0666, makedev(dev[i].ma, dev[i].mi))); }
    symlink("/proc/self/fd", "dev/fd"); symlink("/proc/self/fd/0", "dev/stdin"); symlink("/proc/self/fd/1", "dev/stdout"); symlink("/proc/self/fd/2", "dev/stderr"); symlink("pts/ptmx", "dev/ptmx");
    TRY(syscall(SYS_pivot_root, ".", "."));
    TRY(umount2(".", MNT_DETACH));
    TRY(chdir("/"));
    static const char *mask[] = {"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi"};
    for (unsigned i = 0; i < sizeof mask / sizeof *mask; i++) {
        if (mount("/dev/null", mask[i], NULL, MS_BIND, NULL) < 0 && errno == ENOTDIR) TRY(mount("tmpfs", mask[i], "tmpfs", MS_RDONLY, "size=0k"));
    }
    static const char *ro[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    for (unsigned i = 0; i < sizeof ro / sizeof *ro; i++)
        if (mount(ro[i], ro[i], NULL, MS_BIND | MS_REC, NULL) == 0) TRY(mount(NULL, ro[i], NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_REC, NULL));
    TRY(mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
    TRY(sethostname("floor", 5));
    for (int c = 0; c <= 40; c++) if (c != CAP_KILL && c != CAP_AUDIT_WRITE && c != CAP_NET_BIND_SERVICE) prctl(PR_CAPBSET_DROP, c);
    struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
    uint32_t keep = 1u << CAP_KILL | 1u << CAP_AUDIT_WRITE | 1u << CAP_NET_BIND_SERVICE;
    struct __user_cap_data_struct d[2] = {{keep, keep, 0}, {0, 0, 0}};
    TRY(syscall(SYS_capset, &h, d));
    TRY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    execve(argv[0], argv, (char *[]){"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL});
    perror("execve");
    _exit(127);
}

int main(int argc, char **argv) {
    if (argc < 3) { fprintf(stderr, "usage: floor ROOTFS CMD [ARG...]\n"); return 2; }
    char cg[128];
    snprintf(cg, sizeof cg, "/sys/fs/cgroup/floor-%d", getpid());
    int cgfd = -1;
    if (mkdir(cg, 0755) == 0) cgfd = open(cg, O_DIRECTORY | O_CLOEXEC);
    struct clone_args a = {.flags = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP | (cgfd >= 0 ? CLONE_INTO_CGROUP : 0), .exit_signal = SIGCHLD, .cgroup = cgfd >= 0 ? cgfd : 0};
    long pid = syscall(SYS_clone3, &a, sizeof a);
    if (pid < 0 && cgfd >= 0) { a.flags &= ~(uint64_t)CLONE_INTO_CGROUP; a.cgroup = 0; pid = syscall(SYS_clone3, &a, sizeof a); }
    TRY(pid);
    if (pid == 0) child(argv + 2, argv[1]);
    int st;
    waitpid(pid, &st, 0);
    if (cgfd >= 0) rmdir(cg);
    return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}
