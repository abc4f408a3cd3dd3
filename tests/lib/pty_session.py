#!/usr/bin/python3
"""Runs a command on a terminal of its own and talks to it, as a person would.

pty_session.py [--size RxC] [--expect TEXT --send TEXT]... [--resize-to RxC --resize-at TEXT] [--timeout S] -- COMMAND...
TEXT of --send may hold \\x03 and the like. Prints what the terminal showed. Afterwards prints on stderr `termios kept` or
`termios changed` (the settings of the outer terminal). Exits with the command's status, 128+N when a signal ended it, 124 on timeout.
"""
import argparse
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def set_size(terminal, size):
    rows, columns = (int(number) for number in size.split("x"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="24x80")
    parser.add_argument("--expect", action="append", default=[])
    parser.add_argument("--send", action="append", default=[])
    parser.add_argument("--resize-to")
    parser.add_argument("--resize-at")
    parser.add_argument("--timeout", type=float, default=20)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def converse(master, child, options):
    dialogue = [(e.encode(), s.encode().decode("unicode_escape").encode()) for e, s in zip(options.expect, options.send)]
    resize_at = options.resize_at.encode() if options.resize_at else None
    deadline = time.monotonic() + options.timeout
    seen, everything = b"", b""
    while True:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            return True
        ready = select.select([master], [], [], 0.05)[0]
        if not ready:
            # What it printed last may have come since.
            if not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                continue
            if not select.select([master], [], [], 0)[0]:
                return False
        try:
            data = os.read(master, 65536)
        except OSError:
            return False
        if not data:
            return False
        os.write(1, data)
        seen += data
        everything += data
        if resize_at and resize_at in everything:
            set_size(master, options.resize_to)
            resize_at = None
        while dialogue and dialogue[0][0] in seen:
            expected, answer = dialogue.pop(0)
            seen = seen.split(expected, 1)[1]
            os.write(master, answer)


def main():
    options = parse()
    master, slave = os.openpty()
    set_size(master, options.size)
    before = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.close(master)
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(slave, number)
        os.closerange(3, 256)
        try:
            os.execvp(options.command[0], options.command)
        finally:
            os._exit(127)
    timed_out = converse(master, child, options)
    _, status = os.waitpid(child, 0)
    kept = termios.tcgetattr(slave) == before
    print("termios kept" if kept else "termios changed", file=sys.stderr)
    if timed_out:
        sys.exit(124)
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


main()
