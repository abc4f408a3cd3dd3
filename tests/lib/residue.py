#!/usr/bin/python3
"""What a run left behind: processes, mounts, cgroups, namespaces, state, terminals, keys, temporary files.

residue.py processes TAG...            pids that carry a tag (in cgroup, working directory, root, executable or command line)
residue.py snapshot FILE TAG...        remembers what carries a tag now
residue.py compare FILE TAG...         waits up to 5 s for the same picture; prints what is left and exits 1 otherwise
A tag is a piece of text that only this test uses: its work directory, its container ID. With CAISSON_EXACT_HOST=1 (a machine where
nothing else runs) the whole host is compared: every process, mount, cgroup, terminal and temporary file.
"""
import json
import os
import re
import sys
import time

STATE_DIRECTORY = re.compile(r"caisson(-\d+)?")
TEMPORARY = ("/tmp", "/run", "/dev/shm", "/var/tmp", "/dev/mqueue")


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def link(path):
    try:
        return os.readlink(path)
    except OSError:
        return ""


def ancestors():
    found, pid = set(), os.getpid()
    while pid > 0:
        found.add(pid)
        status = read(f"/proc/{pid}/status")
        pid = int(status.split("PPid:", 1)[1].split()[0]) if "PPid:" in status else 0
    return found


def processes(tags):
    mine = ancestors()
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in mine:
            continue
        base = f"/proc/{name}"
        if tags is not None:
            text = "\n".join([read(f"{base}/cgroup"), read(f"{base}/cmdline"), *(link(f"{base}/{l}") for l in ("cwd", "root", "exe"))])
            if not any(tag in text for tag in tags):
                continue
        state = read(f"{base}/stat").rpartition(")")[2].split()
        if state and state[0] not in "ZX":
            yield int(name)


def namespaces(pids):
    for pid in pids:
        try:
            for kind in os.listdir(f"/proc/{pid}/ns"):
                yield link(f"/proc/{pid}/ns/{kind}")
        except OSError:
            pass


def carries(text, tags):
    return tags is None or any(tag in text for tag in tags)


def cgroups(tags):
    return [top for top, _, _ in os.walk("/sys/fs/cgroup") if carries(top, tags)]


def temporary_files(tags):
    for top in TEMPORARY:
        try:
            entries = os.listdir(top)
        except OSError:
            continue
        for entry in entries:
            # State directories of users belong to whatever runs beside this test, too.
            ours = "caisson" in entry.lower() and not STATE_DIRECTORY.fullmatch(entry)
            if tags is None or ours or carries(f"{top}/{entry}", tags):
                yield f"{top}/{entry}"


def picture(tags):
    pids = sorted(processes(tags))
    mounts = [line.split(" - ")[0].split(" ", 2)[2] for line in read("/proc/self/mountinfo").splitlines()]
    result = {
        "process": [f"{pid} {read(f'/proc/{pid}/comm').strip()}" for pid in pids],
        "mount": [line for line in mounts if carries(line, tags)],
        "cgroup": cgroups(tags),
        "namespace": sorted(set(namespaces(pids)) - set(namespaces([os.getpid()]))),
        "key": [line.split(None, 1)[1] for line in read("/proc/keys").splitlines() if carries(line, tags) and "_ses." in line],
        "temporary file": list(temporary_files(tags)),
    }
    if tags is None:
        result["terminals in use"] = [read("/proc/sys/kernel/pty/nr").strip()]
    return {kind: sorted(set(found)) for kind, found in result.items()}


def left_over(before, tags):
    now = picture(tags)
    return {kind: left for kind in now if (left := [item for item in now[kind] if item not in before.get(kind, [])])}


def settled_difference(before, tags, seconds=5.0):
    """What is there now and was not before, after waiting for it to go away."""
    until = time.monotonic() + seconds
    while True:
        left = left_over(before, tags)
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.02)


def main():
    verb, arguments = sys.argv[1], sys.argv[2:]
    if verb == "processes":
        print("\n".join(str(pid) for pid in processes(arguments)))
        return 0
    file, tags = arguments[0], arguments[1:]
    if os.environ.get("CAISSON_EXACT_HOST"):
        tags = None
    if verb == "snapshot":
        with open(file, "w") as out:
            json.dump(picture(tags), out)
        return 0
    with open(file) as stored:
        left = settled_difference(json.load(stored), tags)
    for kind, items in left.items():
        for item in items:
            print(f"left behind: {kind}: {item}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
