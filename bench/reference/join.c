// Reference for bench/exec: what running a command in a running container can't avoid, and nothing else.
// join PID CMD [ARG...]   Build: cc -O2 -static join.c -o join   (or musl-gcc: without the start-up of glibc, which in a virtual
// machine is most of it: CPUID traps)
// A pidfd, the pid namespace for the child, a plain fork into the container's cgroup (v2), the other namespaces by the
// pidfd in the child, the capabilities that the default configuration keeps, execve, wait. No state, no JSON, no console.
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
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define CGROUP2_MAGIC 0x63677270
#define TRY(x) do { if ((x) < 0) { perror(#x); _exit(125); } } while (0)

// The directory of the container's cgroup on v2 ("0::/path"); -1 where there is none.
static int cgroup_of(int pid) {
    char path[64], text[4096], dir[4200];
    snprintf(path, sizeof path, "/proc/%d/cgroup", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0) return -1;
    text[n] = 0;
    char *line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
    if (!line) return -1;
    line += *line == '\n' ? 4 : 3;
    line[strcspn(line, "\n")] = 0;
    snprintf(dir, sizeof dir, "/sys/fs/cgroup%s", line);
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct statfs fs;
    if (fd >= 0 && (fstatfs(fd, &fs) < 0 || fs.f_type != CGROUP2_MAGIC)) { close(fd); fd = -1; }
    return fd;
}

static void child(int target, char **argv) {
    TRY(syscall(SYS_setns, target, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP));
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
    if (argc < 3) { fprintf(stderr, "usage: join PID CMD [ARG...]\n"); return 2; }
    int target_pid = atoi(argv[1]);
    int target = syscall(SYS_pidfd_open, target_pid, 0);
    TRY(target);
    int cgroup = cgroup_of(target_pid);
    TRY(syscall(SYS_setns, target, CLONE_NEWPID));
    struct clone_args a = {.flags = cgroup >= 0 ? CLONE_INTO_CGROUP : 0, .exit_signal = SIGCHLD, .cgroup = cgroup >= 0 ? cgroup : 0};
    long pid = syscall(SYS_clone3, &a, sizeof a);
    TRY(pid);
    if (pid == 0) child(target, argv + 2);
    int st;
    waitpid(pid, &st, 0);
    return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}
