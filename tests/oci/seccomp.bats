#!/usr/bin/env bats
load ../lib/suite

setup() { suite_setup; need_root; }
teardown() { suite_teardown; }

# filter JSON: sets linux.seccomp with the native architectures.
filter() {
  config --argjson s "$1" '.linux.seccomp = ({defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]} + $s)'
}

@test "a rule with ERRNO makes the call fail with that number" {
  filter '{"syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}'
  run -0 in_box 'mkdir /tmp/x 2>&1; grep Seccomp: /proc/self/status'
  contains "$output" "No space left"
  matches "$output" $'Seccomp:\t2'
}

@test "ERRNO without a number is EPERM" {
  filter '{"syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}'
  run -0 in_box 'mkdir /tmp/x 2>&1 || true'
  contains "$output" "Operation not permitted"
}

@test "KILL_PROCESS ends the program with SIGSYS" {
  filter '{"syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_KILL_PROCESS"}]}'
  run -0 in_box 'mkdir /tmp/x; echo $?'
  contains "$output" 159
}

@test "KILL and KILL_THREAD end a single-threaded program" {
  for action in SCMP_ACT_KILL SCMP_ACT_KILL_THREAD; do
    filter "{\"syscalls\": [{\"names\": [\"mkdir\", \"mkdirat\"], \"action\": \"$action\"}]}"
    run -0 in_box 'mkdir /tmp/x; echo $?'
    contains "$output" 159
  done
}

@test "TRAP raises SIGSYS" {
  filter '{"syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_TRAP"}]}'
  run -0 in_box 'mkdir /tmp/x; echo $?'
  contains "$output" 159
}

@test "LOG lets the call through" {
  filter '{"syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_LOG"}]}'
  run -0 in_box 'mkdir /tmp/x && echo made'
  same "$output" made
}

@test "a default action of ERRNO denies what is not listed" {
  filter '{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 95, "syscalls": [{"names": ["read","write","openat","open","close","execve","exit_group","exit",
    "brk","mmap","munmap","mprotect","arch_prctl","set_tid_address","set_robust_list","rseq","prlimit64","getrandom","readlink","readlinkat","newfstatat","fstat","stat","lstat",
    "rt_sigaction","rt_sigprocmask","rt_sigreturn","getuid","geteuid","getgid","getegid","getpid","getppid","fork","vfork","clone","clone3","wait4","fcntl","dup2","ioctl","pipe","pipe2",
    "futex","uname","getcwd","chdir","setuid","setgid","setgroups","capget","capset","prctl","access","faccessat","faccessat2","statx","poll","ppoll","lseek","sendfile","mremap","sched_getaffinity","setresuid","setresgid","close_range","fchdir","setsid","getdents64","epoll_ctl","epoll_pwait","nanosleep","tgkill","gettid","sigaltstack","fstatfs","statfs","umask","recvmsg","sendmsg","sendto","recvfrom"], "action": "SCMP_ACT_ALLOW"}]}'
  run -0 in_box 'mkdir /tmp/x 2>&1 || true'
  matches "$output" 'not supported'
}

@test "an argument with EQ limits the rule to that value" {
  # socket(AF_UNIX) fails, socket(AF_INET) does not.
  filter '{"syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97, "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}]}'
  all_capabilities
  run -0 in_box 'nc -w 1 127.0.0.1 1 2>&1; nc -w 1 local:/tmp/none 2>&1; true'
  matches "$output" 'not supported'
}

@test "MASKED_EQ compares only the bits of the mask" {
  # personality(0x0020000) and the like: value is the mask, valueTwo what must be left.
  filter '{"syscalls": [{"names": ["kill"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28, "args": [{"index": 1, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}]}'
  run -0 in_box 'kill -10 $$ 2>&1; trap : HUP; kill -1 $$ && echo odd passed'
  contains "$output" "No space left"
  contains "$output" "odd passed"
}

@test "GT, GE, LT, LE and NE compare as unsigned numbers" {
  for row in "GT 9 10:deny 9:pass" "GE 10 10:deny 9:pass" "LT 10 9:deny 10:pass" "LE 9 9:deny 10:pass" "NE 10 9:deny 10:pass"; do
    set -- $row
    filter "{\"syscalls\": [{\"names\": [\"kill\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 28, \"args\": [{\"index\": 1, \"value\": $2, \"op\": \"SCMP_CMP_$1\"}]}]}"
    run -0 in_box "sleep 50 & kill -${3%:*} \$! 2>&1; sleep 50 & kill -${4%:*} \$! && echo passed"
    contains "$output" "No space left"
    contains "$output" passed
  done
}

@test "names that no kernel knows are left out" {
  filter '{"syscalls": [{"names": ["no_such_syscall", "mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}'
  run -0 in_box 'mkdir /tmp/x 2>&1 || true'
  contains "$output" "No space left"
}

@test "an unknown action, operator, architecture or flag is refused and named" {
  filter '{"defaultAction": "SCMP_ACT_NONSENSE"}'
  refused create "$ID"; contains "$output" SCMP_ACT_NONSENSE
  filter '{"syscalls": [{"names": ["kill"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_NONSENSE"}]}]}'
  refused create "$ID"; contains "$output" SCMP_CMP_NONSENSE
  filter '{"architectures": ["SCMP_ARCH_NONSENSE"]}'
  refused create "$ID"; contains "$output" SCMP_ARCH_NONSENSE
  [ "$RUNTIME_NAME" != runc ] || return 0  # 1.1 refuses every flag
  filter '{"flags": ["SECCOMP_FILTER_FLAG_NONSENSE"]}'
  refused create "$ID"; contains "$output" SECCOMP_FILTER_FLAG_NONSENSE
}

@test "the flags LOG and SPEC_ALLOW are accepted" {
  unless_runc "1.1 knows no flags"
  filter '{"flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"], "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}'
  run -0 in_box 'echo fine'
  same "$output" fine
}

@test "a filter works with noNewPrivileges off and a program of an ordinary user" {
  config '.process.noNewPrivileges = false | .process.user = {uid: 1000, gid: 1000}'
  filter '{"syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}'
  run -0 in_box 'mkdir /tmp/x 2>&1 || true; grep Seccomp: /proc/self/status'
  contains "$output" "No space left"
  matches "$output" $'Seccomp:\t2'
}

@test "a call newer than the profile is ENOSYS and not the default error" {
  # 467 (open_tree_attr) is newer than everything in this profile. rt_sigreturn, madvise, sched_yield and the rest of that line are for runc: its Go
  # runtime is preempted by signals, also between the filter and execve, and the program dies when it cannot return from one.
  filter '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write", "exit_group", "execve", "brk", "mmap", "munmap", "mprotect", "arch_prctl", "openat",
    "close", "newfstatat", "fstat", "ioctl", "getuid", "set_tid_address", "set_robust_list", "rseq", "prlimit64", "getrandom", "rt_sigaction", "rt_sigprocmask", "readlink", "futex",
    "setuid", "setgid", "setgroups", "capget", "capset", "prctl", "fcntl", "getcwd", "chdir", "fchdir", "setresuid", "setresgid", "close_range", "lseek", "getpid", "getppid", "stat", "access", "epoll_ctl", "epoll_pwait", "nanosleep", "tgkill", "gettid", "sigaltstack", "fstatfs", "getdents64", "uname", "faccessat2", "faccessat", "statx",
    "rt_sigreturn", "madvise", "sched_yield", "epoll_create1", "epoll_wait", "eventfd2", "getpgrp", "kill", "mincore", "clone", "clone3", "exit", "pread64", "timer_create", "timer_settime", "timer_delete", "restart_syscall"], "action": "SCMP_ACT_ALLOW"}]}'
  cc -static -O1 -o rootfs/bin/probe -x c - <<'C' 2>/dev/null || skip "no static C compiler"
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) { syscall(467, -1, 0, 0, 0, 0); return errno; }
C
  config '.process.args = ["/bin/probe"]'
  run runtime run "$ID" </dev/null
  same "$status" 38
}

@test "a filter that is loaded early need not know the newer calls that the runtime itself uses" {
  filter '{"syscalls": [{"names": ["close_range", "openat2", "open_tree", "move_mount", "mount_setattr", "fsopen", "fsconfig"],
    "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}'
  config '.process.noNewPrivileges = false'
  run -0 in_box 'ls /proc/self/fd | wc -l'
  same "$output" 4
}

@test "a hook in the container has no descriptor of others where a filter that is loaded early does not know close_range" {
  unless_runc "its hooks inherit what the container gets"
  filter '{"syscalls": [{"names": ["close_range"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}'
  config '.process.noNewPrivileges = false | .hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo /proc/self/fd/* >/fds"]}]'
  config '.root.readonly = false | .process.args = ["/bin/sh", "-c", "cat /fds; echo /proc/self/fd/*"]'
  run -0 bash -c "exec 3</etc/passwd 4</etc/passwd; exec '$RUNTIME' --root '$STATE' run --preserve-fds 2 '$ID' </dev/null"
  same "${lines[0]}" "/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3" # the last one reads the directory
  contains "${lines[1]}" /proc/self/fd/4
}

@test "a filter that is loaded early need not know how the runtime looks for the program" {
  filter '{"syscalls": [{"names": ["faccessat2"], "action": "SCMP_ACT_ERRNO"}]}'
  config '.process.noNewPrivileges = false | .process.args = ["true"]'
  run -0 runtime run "$ID" </dev/null
  config '.process.user.uid = 1000'
  run -0 runtime run "$ID" </dev/null
  install -m 0700 /dev/null rootfs/denied
  config '.process.args = ["/denied"]'
  refused run "$ID"
  contains "${output,,}" "permission denied"
}
