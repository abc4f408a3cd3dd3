#!/usr/bin/python3
"""deny_calls.py ERRNO NAME[,NAME...] COMMAND...: runs the command under a seccomp filter that refuses these system calls, as the
filter of a container engine does. ERRNO "kill" ends the process instead."""
import ctypes
import errno
import os
import platform
import struct
import sys

NUMBERS = {"x86_64": {"unshare": 272, "clone3": 435, "mount": 165, "fsopen": 430, "setns": 308, "openat2": 437, "seccomp": 317, "fsetxattr": 190},
           "aarch64": {"unshare": 97, "clone3": 435, "mount": 40, "fsopen": 430, "setns": 268, "openat2": 437, "seccomp": 277, "fsetxattr": 7}}
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def program(numbers, answer):
    code = [(LOAD, 0, 0, 0)]
    for number in numbers:
        code += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, answer)]
    return code + [(RETURN, 0, 0, ALLOW)]


class Loaded(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def main():
    refusal, names, command = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
    table = NUMBERS[platform.machine()]
    answer = KILL if refusal == "kill" else ERRNO | getattr(errno, refusal)
    code = b"".join(struct.pack("HBBI", *one) for one in program([table[name] for name in names], answer))
    libc = ctypes.CDLL(None, use_errno=True)
    loaded = Loaded(len(code) // 8, code)
    # Root needs no no_new_privs, which would change what is tested.
    if os.geteuid() != 0:
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(loaded)) != 0:
        sys.exit(f"no filter: {os.strerror(ctypes.get_errno())}")
    os.execvp(command[0], command)


main()
