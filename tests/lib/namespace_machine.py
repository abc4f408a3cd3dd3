#!/usr/bin/python3
"""A machine full of namespaces, each kept alive in one known way only, to see whether a listing finds all of them:

    namespace_machine.py CAISSON

makes them in a mount namespace of its own, where it also runs `caisson ns ls --json` and `lsns -P`, and prints for each way how
many of how many were found with just that way. Everything ends with the process."""
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading

libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, NEWPID, NEWNET, NEWTIME = 0x20000, 0x10000000, 0x20000000, 0x40000000, 0x80
BIND, PRIVATE_ALL = 0x1000, 0x4000 | 0x40000
PDEATHSIG, CHILD_SUBREAPER = 1, 36
COUNTS = {"process": 60, "thread": 40, "descriptor": 60, "socket": 60, "mount": 30, "mount under another": 5,
          "mount in a process's namespace": 30, "mount in an unpopulated namespace": 20}
USERS, PIDS, TIMES = 10, 3, 5

kept = []  # descriptors, sockets
children = []
expected = {}


def call(function, *args):
    if function(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function.__name__}: {os.strerror(number)}")


def unshare(flags):
    call(libc.unshare, flags)


def mount(source, target, kind, flags):
    call(libc.mount, source and source.encode(), target.encode(), kind and kind.encode(), ctypes.c_ulong(flags), None)


def inode(kind, of="thread-self"):
    return os.stat(f"/proc/{of}/ns/{kind}").st_ino


def expect(way, kind, number):
    expected.setdefault(way, []).append((kind, number))


def wait_for_end():
    while True:
        signal.pause()


def in_child(work, and_stay=True):
    """Runs work() in a child, which then stays; what it returns, by way of JSON."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            libc.prctl(PDEATHSIG, signal.SIGKILL)
            os.close(read)
            os.write(write, json.dumps(work()).encode() + b"\n")
            os.close(write)
            if and_stay:
                wait_for_end()
        except BaseException as error:
            print(f"namespace_machine: {error}", file=sys.stderr)
        os._exit(0)
    os.close(write)
    children.append(pid)
    with os.fdopen(read) as pipe:
        line = pipe.readline()
    if not line:
        sys.exit("namespace_machine: a child failed")
    return pid, json.loads(line)


def new_network():
    unshare(NEWNET)
    return inode("net")


def hold_by_processes():
    for _ in range(COUNTS["process"]):
        expect("process", "net", in_child(new_network)[1])


def hold_by_threads():
    def work():
        found, done = [], threading.Barrier(COUNTS["thread"] + 1)

        def thread():
            found.append(new_network())
            done.wait()
            wait_forever.wait()

        wait_forever = threading.Event()
        for _ in range(COUNTS["thread"]):
            threading.Thread(target=thread, daemon=True).start()
        done.wait()
        return found

    for number in in_child(work)[1]:
        expect("thread", "net", number)


def hold_by_descriptors_and_sockets():
    def work():
        by_descriptor, by_socket = [], []
        for _ in range(COUNTS["descriptor"]):
            by_descriptor.append(new_network())
            kept.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY))
        for _ in range(COUNTS["socket"]):
            by_socket.append(new_network())
            kept.append(socket.socket(socket.AF_UNIX))
        call(libc.setns, first, NEWNET)
        return by_descriptor, by_socket

    first = os.open("/proc/self/ns/net", os.O_RDONLY)
    by_descriptor, by_socket = in_child(work)[1]
    os.close(first)
    for number in by_descriptor:
        expect("descriptor", "net", number)
    for number in by_socket:
        expect("socket", "net", number)


def pin(folder, name, kind="net"):
    path = os.path.join(folder, name)
    with open(path, "a"):
        pass
    mount(f"/proc/thread-self/ns/{kind}", path, None, BIND)


def pin_networks(folder, count):
    """Mounts new network namespaces, and leaves them again."""
    first = os.open("/proc/self/ns/net", os.O_RDONLY)
    numbers = []
    for index in range(count):
        numbers.append(new_network())
        pin(folder, f"net{index}")
    call(libc.setns, first, NEWNET)
    os.close(first)
    return numbers


def hold_by_mounts(folder):
    for number in pin_networks(folder, COUNTS["mount"]):
        expect("mount", "net", number)
    under = os.path.join(folder, "under")
    os.mkdir(under)
    hidden = pin_networks(under, COUNTS["mount under another"])
    for index, number in enumerate(hidden):
        expect("mount under another", "net", number)
        mount("/proc/self/ns/uts", os.path.join(under, f"net{index}"), None, BIND)


def hold_by_mounts_elsewhere(folder):
    def work(count):
        unshare(NEWNS)
        mount("none", folder, "tmpfs", 0)
        numbers = pin_networks(folder, count)
        return numbers, inode("mnt")

    _, (numbers, _) = in_child(lambda: work(COUNTS["mount in a process's namespace"]))
    for number in numbers:
        expect("mount in a process's namespace", "net", number)
    pid, (numbers, mounts) = in_child(lambda: work(COUNTS["mount in an unpopulated namespace"]))
    for number in numbers:
        expect("mount in an unpopulated namespace", "net", number)
    kept.append(os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY))
    expect("mount namespace by descriptor", "mnt", mounts)
    end(pid)


def end(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    children.remove(pid)


def map_root():
    for name, text in (("setgroups", "deny"), ("uid_map", "0 0 1"), ("gid_map", "0 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def hold_by_children():
    def nested_users():
        unshare(NEWUSER)
        map_root()
        middle = inode("user")
        unshare(NEWUSER)
        return middle

    for _ in range(USERS):
        expect("children (user)", "user", in_child(nested_users)[1])

    def nested_pids():
        unshare(NEWPID)
        return in_child(lambda: (inode("pid"), unshare(NEWPID), in_child(lambda: None)[0])[0])[1]

    for _ in range(PIDS):
        # A process that is first in its pid namespace, with a child that is first in one below. When both have ended, the
        # descriptor keeps the lower one, and that keeps the upper one.
        pid, upper = in_child(nested_pids)
        first = child_of(pid)
        kept.append(os.open(f"/proc/{child_of(first)}/ns/pid", os.O_RDONLY))
        expect("children (pid)", "pid", upper)
        end(pid)
        os.waitpid(first, 0)


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return int(file.read().split()[0])


def hold_for_children():
    def work():
        unshare(NEWTIME)
        return inode("time_for_children", "self")

    for _ in range(TIMES):
        expect("future", "time", in_child(work)[1])


WAYS = {"mount under another": "mount", "mount in a process's namespace": "mount", "mount in an unpopulated namespace": "mount",
        "mount namespace by descriptor": "descriptor", "children (user)": "children", "children (pid)": "children"}


def report(program):
    listed = json.loads(subprocess.run([program, "ns", "ls", "--json"], check=True, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL).stdout)["namespaces"]
    found = {(entry["kind"], entry["ns"]): entry for entry in listed}
    for way, numbers in expected.items():
        good = [found[key] for key in numbers if key in found and found[key]["held"] == [WAYS.get(way, way)]]
        complete = sum(entry["owner"] is not None for entry in good)
        print(f"{way}: {len(good)} of {len(numbers)}, owners of {complete}")
    idle = subprocess.run([program, "lsns", "-P", "-n", "-t", "net", "-o", "NS"], check=True, stdout=subprocess.PIPE, text=True)
    lines = set(map(int, idle.stdout.split()))
    without = [number for way, numbers in expected.items() if way != "process" for kind, number in numbers if kind == "net"]
    print(f"lsns -P: {sum(number in lines for number in without)} of {len(without)}")


def main():
    libc.prctl(CHILD_SUBREAPER, 1)
    unshare(NEWNS)
    mount("none", "/", None, PRIVATE_ALL)
    folder = tempfile.mkdtemp(prefix="namespace-machine.")
    mount("none", folder, "tmpfs", 0)
    try:
        hold_by_processes()
        hold_by_threads()
        hold_by_descriptors_and_sockets()
        hold_by_mounts(folder)
        hold_by_mounts_elsewhere(folder)
        hold_by_children()
        hold_for_children()
        report(sys.argv[1])
    finally:
        for pid in list(children):
            end(pid)
        subprocess.run(["umount", "-l", folder], check=True)
        os.rmdir(folder)


main()
