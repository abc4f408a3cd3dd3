#!/usr/bin/python3
"""Only src/sys and the freestanding programs enter the kernel (SECURITY.md): elsewhere no system call by number and no C library
function that takes a path, since a path derived from a container's root must be resolved by descriptor."""
import re

import tree

PATH_CALLS = ("open open64 openat openat2 creat mkdir mkdirat mkdtemp mkstemp mknod mknodat mkfifo symlink symlinkat link linkat unlink unlinkat "
              "rmdir rename renameat renameat2 remove truncate chmod fchmodat chown lchown fchownat stat lstat fstatat statx statfs "
              "access faccessat readlink readlinkat realpath canonicalize_file_name opendir scandir nftw ftw glob chdir chroot mount "
              "umount umount2 pivot_root move_mount open_tree fsopen utimensat setxattr lsetxattr execve execv execvp execl execlp "
              "fopen freopen tmpfile popen system dlopen getpwnam getpwuid getgrnam getgrgid getaddrinfo").split()
OTHER_CALLS = ("fork vfork clone clone3 waitpid wait4 waitid ioctl fcntl dup dup2 dup3 pipe pipe2 socket socketpair bind connect sendmsg "
               "recvmsg setns unshare prctl setresuid setresgid setgroups setuid setgid capset kill sigaction sigprocmask").split()
NAMES = "(" + "|".join(PATH_CALLS + OTHER_CALLS) + ")"
# Unqualified, by :: or by std::. A member (dir.open) or another namespace's (sys::mount) is somebody's own, and so is a name
# that the file or its header declares: a type stands in front of it there.
CALL = re.compile(r"(?:(?<![\w>:])(?:std)?::|(?<![\w.:>]))" + NAMES + r"\s*\(")
DECLARATION = re.compile(r"(?!\b(?:return|else|throw|case|co_return)\b)\b[\w:]+(?:<[^<>]*>)?[&*]*\s+[&*]*" + NAMES + r"\s*\(")
NUMBER = re.compile(r"\b(?:raw_syscall|syscall)\s*\(|\b(?:SYS|__NR)_\w+")
ALLOWED = ("src/sys/", "src/launch/trampoline", "src/launch/monitor/")


def outside(pattern):
    for path in tree.files("src", suffixes={".cpp", ".hpp"}):
        if not str(path).startswith(ALLOWED):
            yield from tree.lines_matching(path, pattern)


def library_calls():
    for path in tree.files("src", suffixes={".cpp", ".hpp"}):
        if str(path).startswith(ALLOWED):
            continue
        code = tree.bare_code(tree.text_of(path))
        header = path.with_suffix(".hpp")
        declaring = code + (tree.bare_code(tree.text_of(header)) if (tree.TOP / header).exists() else "")
        own = set(DECLARATION.findall(declaring))
        for number, line in enumerate(code.splitlines(), 1):
            for match in CALL.finditer(line):
                if match.group(1) not in own or "::" in match.group(0):
                    yield tree.Finding(f"{path}:{number}", match.group(0))


def raw_descriptors():
    """`int fd` outside src/sys: descriptors have types there (UniqueFd, BorrowedFd, Pidfd, MountFd, NamespaceFd)."""
    pattern = re.compile(r"\bint\s+(?:\w+_)?fd\b(?!\s*\()")
    yield from outside(pattern)


tree.report(("no system call by number outside src/sys", outside(NUMBER)),
            ("no C library call that enters the kernel outside src/sys", library_calls()),
            ("raw descriptors stay in src/sys", raw_descriptors()))
