#!/usr/bin/python3
"""Receives a console master over a Unix socket, as an engine does, and shows what comes out of it.

console_receiver.py SOCKET [--name-file F] [--expect TEXT --send TEXT]... [--size ROWSxCOLS] [--timeout S]
Writes the payload of the hand-over message (the terminal's name) to F, the number of descriptors received to F.fds, answers each
TEXT that is expected in turn, and ends when the other side hangs up. Exit 3: nobody came; 4: timeout.
"""
import argparse
import array
import fcntl
import os
import select
import socket
import struct
import sys
import termios
import time


def receive_master(path, deadline):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path + ".new")
    listener.listen(1)
    os.rename(path + ".new", path)  # whoever sees the socket can connect
    listener.settimeout(max(0.1, deadline - time.monotonic()))
    try:
        peer, _ = listener.accept()
    except socket.timeout:
        sys.exit(3)
    message, ancillary, _, _ = peer.recvmsg(4096, socket.CMSG_SPACE(4 * 4))
    descriptors = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(data[: len(data) - len(data) % 4])
    return message, list(descriptors)


def relay(master, dialogue, deadline):
    seen = b""
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            sys.exit(4)
        if not select.select([master], [], [], left)[0]:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:
            return
        if not data:
            return
        os.write(1, data)
        seen += data
        while dialogue and dialogue[0][0] in seen:
            expected, answer = dialogue.pop(0)
            seen = seen.split(expected, 1)[1]
            os.write(master, answer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("--name-file")
    parser.add_argument("--expect", action="append", default=[])
    parser.add_argument("--send", action="append", default=[])
    parser.add_argument("--size")
    parser.add_argument("--timeout", type=float, default=20)
    options = parser.parse_args()
    deadline = time.monotonic() + options.timeout
    name, descriptors = receive_master(options.socket, deadline)
    if options.name_file:
        with open(options.name_file + ".fds", "w") as out:
            out.write(f"{len(descriptors)}\n")
        with open(options.name_file, "wb") as out:
            out.write(name)
    if options.size:
        rows, columns = options.size.split("x")
        fcntl.ioctl(descriptors[0], termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
    texts = [(e.encode(), s.encode().decode("unicode_escape").encode()) for e, s in zip(options.expect, options.send)]
    relay(descriptors[0], texts, deadline)


main()
