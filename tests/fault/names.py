#!/usr/bin/python3
"""Fails or kills `caisson ns pin`, `hold` and `rm` at every system call, and proves that nothing is left that has no name. Output is TAP.

Needs a build with CAISSON_FAULT_POINTS in build/fault/bin (or CAISSON=). For each role (parent, child) and each n: the n-th call fails
with EIO, then with EPERM, then the process is killed there. Each time:
  - a command that failed said why, and a pin or hold that failed left no file, mount or process;
  - after a command that was killed the same command works, or says that its work had been done;
  - `rm` then takes everything away.
CAISSON_FAULT_BUDGET=SECONDS (default 30) leaves out points so that it ends in about that time; 0 walks every point.
CAISSON_FAULT_ONLY=WALK[:ROLE[:N[:ACTION]]] walks only that.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from container_bench import TREE, become_reaper_in_own_mount_namespace, children, mounts, reap, residue_after, wait_and_reap  # noqa: E402

CAISSON = os.environ.get("CAISSON", str(TREE / "build/fault/bin/caisson"))
ACTIONS = ("5", "1", "kill")
FAILED = 125
SHOWN_FAILURES = 25
KINDS = ("--kind", "uts", "--kind", "net")


class Bench:
    """A /run of its own, a process whose namespaces get names, and what there is besides them."""

    def __init__(self):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="cst."))
        self.state = pathlib.Path("/run/state")
        self.sleeper = subprocess.Popen(["unshare", "--uts", "--net", "sleep", "1000"])
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.sleeper.pid}/ns/net") == own:
            time.sleep(0.01)
        self.target = ("--from", str(self.sleeper.pid), *KINDS)
        # ip netns never takes its directory away again, and neither is ours.
        for command in (("pin", "lab", *self.target), ("rm", "lab")):
            self.must(*command)
        self.before = mounts()

    def command(self, *argv, fault=None, count=None):
        environment = {"PATH": os.environ["PATH"]}
        if fault:
            environment["CAISSON_FAULT"] = fault
        if count:
            environment["CAISSON_FAULT_COUNT"] = str(count)
        with open(self.work / "said", "w+b") as said:
            process = subprocess.Popen([CAISSON, "--root", str(self.state), "ns", *argv], env=environment,
                                       stdin=subprocess.DEVNULL, stdout=said, stderr=said)
            status = wait_and_reap(process, 20)
            said.seek(0)
            return status, said.read().decode(errors="replace").strip()

    def must(self, *argv):
        status, said = self.command(*argv)
        if status != 0:
            raise RuntimeError(f"{' '.join(argv)} does not work undisturbed: {status} {said}")

    def holders(self):
        return [pid for pid in children() if pid != self.sleeper.pid]

    def residue_now(self):
        left = [f"process {pid}" for pid in self.holders()]
        left += [f"mount {line}" for line in mounts() if line not in self.before]
        for top in (self.state, pathlib.Path("/run/netns")):
            left += [f"file {path}" for path in top.rglob("*")]
        return left

    def residue(self, seconds=10.0):
        return residue_after(self.residue_now, seconds)

    def remove_everything(self):
        for pid in self.holders():
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
        reap()
        for line in mounts():
            if line not in self.before:
                subprocess.run(["umount", "-l", line.split()[1]], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.state, ignore_errors=True)
        for path in pathlib.Path("/run/netns").glob("*"):
            path.unlink()

    def close(self):
        self.sleeper.kill()
        self.sleeper.wait()
        self.remove_everything()
        shutil.rmtree(self.work, ignore_errors=True)


class Walk:
    """One command; before: what makes its work possible; makes: whether a failure of it must leave nothing."""

    def __init__(self, name, argv, makes, before=None):
        self.name, self.argv, self.makes, self.before = name, argv, makes, before

    def line(self, bench, argv):
        return [*argv, *bench.target] if argv[0] != "rm" else argv

    def prepare(self, bench):
        if self.before:
            bench.must(*self.line(bench, self.before))

    def run(self, bench, **how):
        return bench.command(*self.line(bench, self.argv), **how)


WALKS = [
    Walk("pin", ("pin", "lab"), True),
    Walk("hold", ("hold", "lab"), True),
    Walk("rm of pins", ("rm", "lab"), False, ("pin", "lab")),
    Walk("rm of a hold", ("rm", "lab"), False, ("hold", "lab")),
    Walk("rm of one kind of a hold", ("rm", "uts:lab"), False, ("hold", "lab")),
]


def count_points(walk, bench):
    file = bench.work / "count"
    file.unlink(missing_ok=True)
    walk.prepare(bench)
    status, said = walk.run(bench, count=file)
    if status != 0:
        raise RuntimeError(f"{walk.name} does not work undisturbed: {status} {said}")
    bench.command("rm", "lab")
    if left := bench.residue():
        raise RuntimeError(f"{walk.name} undisturbed leaves {left}")
    roles = {}
    for line in file.read_text().splitlines():
        role, number = line.split()
        roles[role] = max(roles.get(role, 0), int(number))
    return roles


def told(status, said):
    if status == FAILED and said.startswith("caisson: ") and len(said) > 20:
        return []
    return [f"failed without saying why: {status} {said[:300]}"]


def judge(walk, bench, role, action, status, said):
    if status == "hung":
        return ["hung"]
    if status == 0:
        return []
    killed = action == "kill" and role == "parent"
    if not killed:
        problems = told(status, said)
        # What was made stays when only the output failed.
        if walk.makes and "standard output" not in said:
            problems += [f"left by a failure: {thing}" for thing in bench.residue()]
        return problems
    again, said = walk.run(bench)
    done = "is taken" in said if walk.makes else "no namespace is called" in said
    return [] if again == 0 or done else [f"second try: {again} {said[:300]}"]


def walk_point(walk, bench, role, n, action):
    walk.prepare(bench)
    status, said = walk.run(bench, fault=f"{role}:{n}:{action}")
    problems = judge(walk, bench, role, action, status, said)
    again, said = bench.command("rm", "lab")
    if again != 0 and "no namespace is called" not in said:
        problems.append(f"rm: {again} {said[:300]}")
    problems += [f"left behind: {thing}" for thing in bench.residue()]
    bench.remove_everything()
    return problems


def points_of(walk, roles):
    wanted = os.environ.get("CAISSON_FAULT_ONLY", "").split(":")
    for role, count in roles.items():
        for n in range(1, count + 1):
            for action in ACTIONS:
                if all(not w or str(v) == w for w, v in zip(wanted, (walk.name, role, n, action))):
                    yield role, n, action


def walk_all(bench, budget):
    number, failed = 0, 0
    for index, walk in enumerate(WALKS):
        points = list(points_of(walk, count_points(walk, bench)))
        until = time.monotonic() + budget / len(WALKS)
        # In an order that reaches everywhere, should the time not be enough for all.
        step = next(s for s in (97, 89, 83, 79) if len(points) % s) if points else 1
        order = [points[i * step % len(points)] for i in range(len(points))]
        bad, walked = [], 0
        for point in order:
            if budget and time.monotonic() > until:
                break
            walked += 1
            if problems := walk_point(walk, bench, *point):
                bad.append((point, problems))
        if points:
            number, failed = number + 1, failed + bool(bad)
            print(f"{'not ok' if bad else 'ok'} {number} {walk.name}: {walked} of {len(points)} faults leave nothing behind and are told")
        for point, problems in bad[:SHOWN_FAILURES]:
            print(f"# {walk.name}:{':'.join(map(str, point))}: " + " | ".join(problems).replace("\n", " "))
        sys.stdout.flush()
    print(f"1..{number}")
    return failed


def main():
    if not os.access(CAISSON, os.X_OK):
        print(f"1..0 # skip no build with CAISSON_FAULT_POINTS at {CAISSON}")
        return 0
    if os.geteuid() != 0:
        print("1..0 # skip needs root")
        return 0
    become_reaper_in_own_mount_namespace()
    bench = Bench()
    try:
        return 1 if walk_all(bench, float(os.environ.get("CAISSON_FAULT_BUDGET") or 30)) else 0
    finally:
        bench.close()


if __name__ == "__main__":
    sys.exit(main())
