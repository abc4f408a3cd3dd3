#!/usr/bin/python3
"""Fails or kills every command at every system call of sys/, and proves that nothing is left behind. Output is TAP.

Needs a build with CAISSON_FAULT_POINTS in build/fault/bin (or RUNTIME=). For each of create, start, run, exec, kill and delete, for
each role (parent, init, exec, child) and each n: the n-th call fails with EIO, then with a second errno that changes from point to point,
then the process is killed there. Each time:
  - the command failed and named what it was doing, or it did its work exactly as an undisturbed one does;
  - nothing hung;
  - `delete --force` succeeds and no process, mount, cgroup, state or temporary file is left;
  - the same command works at the second try.
CAISSON_FAULT_BUDGET=SECONDS (default 90) takes every k-th point so that it ends in about that time, and the first and last point of
every walk and role; 0 walks every point, which takes a quarter of an hour.
CAISSON_FAULT_ONLY=WALK[:ROLE[:N[:ACTION]]] walks only that, to look into one failure.
"""
import json
import os
import random
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from container_bench import PAYLOAD_STATUS, TREE, ContainerBench, become_reaper_in_own_mount_namespace, reap  # noqa: E402

RUNTIME = pathlib.Path(os.environ.get("RUNTIME", TREE / "build/fault/bin/caisson-oci"))
EIO = 5
# Not ENOENT: "what does not exist is left out" is what the specification says of many paths.
OTHERS = {28: "ENOSPC", 24: "EMFILE", 12: "ENOMEM", 11: "EAGAIN", 1: "EPERM", 38: "ENOSYS", 16: "EBUSY", 30: "EROFS", 4: "EINTR"}
WORKERS = 2
DEFAULT_BUDGET = 90
SHOWN_FAILURES = 25


class Walk:
    """One command: how to get there, the command itself, and how success looks."""

    def __init__(self, name, argv, variant="plain", before=(), success=0, then=()):
        self.name, self.argv, self.variant, self.before, self.success, self.then = name, argv, variant, before, success, then

    def prepare(self, bench):
        bench.clear_facts()
        for argv in self.before:
            outcome = bench.command(*fill(argv, bench))
            if outcome.status != 0:
                raise RuntimeError(f"cannot prepare {self.name}: {' '.join(argv)}: {outcome}")
        if self.before and self.before[-1][0] == "start":
            bench.wait_for_facts()


def fill(argv, bench):
    return [bench.id if word == "ID" else word for word in argv]


CREATE = ("create", "--pid-file", "pid", "ID")
WALKS = [
    Walk("create", CREATE, then=(("start", "ID"),)),
    Walk("create in a user namespace with hooks and seccomp", CREATE, "full", then=(("start", "ID"),)),
    Walk("start", ("start", "ID"), before=(CREATE,)),
    Walk("run", ("run", "ID"), success=PAYLOAD_STATUS),
    Walk("run in a user namespace with hooks and seccomp", ("run", "ID"), "full", success=PAYLOAD_STATUS),
    Walk("exec", ("exec", "ID", "/bin/sh", "-c", "exit 7"), before=(CREATE,), success=7),
    Walk("exec in a user namespace with seccomp", ("exec", "ID", "/bin/sh", "-c", "exit 7"), "full", before=(CREATE,), success=7),
    Walk("kill", ("kill", "ID", "KILL"), before=(CREATE,)),
    Walk("kill --all", ("kill", "--all", "ID", "KILL"), before=(CREATE,)),
    Walk("delete of a stopped container", ("delete", "ID"), before=(CREATE, ("start", "ID"))),
    Walk("delete --force of a created container", ("delete", "--force", "ID"), "full", before=(CREATE,)),
]


def count_points(walk, bench):
    """{role: number of calls} of an undisturbed run."""
    file = bench.work / "count"
    file.unlink(missing_ok=True)
    walk.prepare(bench)
    outcome = bench.command(*fill(walk.argv, bench), count=file)
    if outcome.status != walk.success:
        raise RuntimeError(f"{walk.name} does not work undisturbed: {outcome}")
    bench.command("delete", "--force", bench.id)
    reap()
    roles = {}
    for line in file.read_text().splitlines() if file.exists() else []:
        role, number = line.split()
        roles[role] = max(roles.get(role, 0), int(number))
    return roles


def actions(n):
    other = list(OTHERS)[n % len(OTHERS)]
    return [str(EIO), str(other), "kill"]


def judge(walk, bench, role, action, outcome):
    """What is wrong with the outcome of the disturbed command itself."""
    if outcome.status == "hung":
        return ["hung"]
    if outcome.status == walk.success:
        return judge_success(walk, bench)
    killed = action == "kill" and role == "parent"
    if not killed and outcome.status < 0:
        return [f"died of signal {-outcome.status}; {outcome.said.strip()[:300]}"]
    if not killed and not outcome.said.strip().startswith("caisson-oci: "):
        return [f"failed without saying why: {outcome}"]
    if not killed and ": " not in outcome.said.strip()[len("caisson-oci: "):] and len(outcome.said.split()) < 4:
        return [f"does not name a step: {outcome}"]
    if walk.argv[0] == "create" and bench.facts():
        return ["the program ran although create failed"]
    return []


def judge_success(walk, bench):
    for argv in walk.then:
        outcome = bench.command(*fill(argv, bench))
        if outcome.status != 0:
            return [f"succeeded, but then {argv[0]}: {outcome}"]
    if walk.argv[0] in ("create", "start", "run"):
        if walk.argv[0] != "run":
            bench.wait_for_facts()
        if difference := bench.difference():
            return [f"succeeded with other facts: {difference}"]
    return []


def walk_point(walk, bench, role, n, action):
    walk.prepare(bench)
    problems = judge(walk, bench, role, action, bench.command(*fill(walk.argv, bench), fault=f"{role}:{n}:{action}"))
    cleaned = bench.command("delete", "--force", bench.id)
    if cleaned.status != 0:
        problems.append(f"delete --force: {cleaned}")
    problems += [f"left behind: {thing}" for thing in bench.residue()]
    bench.remove_everything()
    bench.clear_facts()
    again = bench.command("run", bench.id)
    if again.status != PAYLOAD_STATUS or bench.difference():
        problems.append(f"second try: {again}; {bench.difference()}")
        bench.remove_everything()
    return problems


def work(number, points, out, deadline):
    become_reaper_in_own_mount_namespace()
    benches = {}
    with os.fdopen(out, "w") as report:
        for walk_index, role, n, action in points:
            if time.monotonic() > deadline:
                report.write(json.dumps(["out of time", walk_index, role, n, action, []]) + "\n")
                continue
            walk = WALKS[walk_index]
            if walk.variant not in benches:
                benches[walk.variant] = ContainerBench(RUNTIME, f"{number}{walk.variant}", walk.variant)
                benches[walk.variant].learn_baseline()
            try:
                problems = walk_point(walk, benches[walk.variant], role, n, action)
            except (RuntimeError, OSError) as error:
                problems = [str(error)]
                benches[walk.variant].remove_everything()
            report.write(json.dumps(["done", walk_index, role, n, action, problems]) + "\n")
            report.flush()
    for bench in benches.values():
        bench.close()


def spread(points, deadline):
    """Every result of every worker, as they come."""
    workers = []
    for number in range(WORKERS):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            try:
                work(number, points[number::WORKERS], writing, deadline)
            except BaseException as error:  # a worker never returns into the parent's code
                print(f"# worker {number}: {error!r}", file=sys.stderr)
                os._exit(1)
            os._exit(0)
        os.close(writing)
        workers.append((pid, os.fdopen(reading)))
    results, broken = [], 0
    for pid, reader in workers:
        results += [json.loads(line) for line in reader]
        broken += os.waitpid(pid, 0)[1] != 0
    return results, broken


def sample(points, roles, seconds_a_point, budget):
    """A sample of every walk and action, the same one each time, with both ends of every walk."""
    random.Random(1).shuffle(points)
    if not budget or os.environ.get("CAISSON_FAULT_ONLY"):
        return points
    stride = max(1, round(len(points) * seconds_a_point / WORKERS / budget))
    ends = [p for p in points if p[2] in (1, roles[p[0]][p[1]])]
    return ends + [p for p in points[::stride] if p not in ends]


def only(points):
    wanted = os.environ.get("CAISSON_FAULT_ONLY", "").split(":")
    return [p for p in points if all(not w or str(v) == w for w, v in zip(wanted, (WALKS[p[0]].name, *p[1:])))]


def count_or_say(walk, bench):
    """The points of a walk, or why it does not even work undisturbed."""
    try:
        if bench.baseline is None:
            bench.learn_baseline()
        return count_points(walk, bench)
    except (RuntimeError, OSError) as error:
        bench.remove_everything()
        return str(error)


def survey():
    """All points, from one undisturbed run of each walk, and the time that one point takes."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        become_reaper_in_own_mount_namespace()
        benches = {variant: ContainerBench(RUNTIME, f"s{variant}", variant) for variant in {walk.variant for walk in WALKS}}
        times, roles = [], []
        for walk in WALKS:
            begin = time.monotonic()
            roles.append(count_or_say(walk, benches[walk.variant]))
            times.append(time.monotonic() - begin)
        answer = [roles, sorted(times)[len(times) // 2] * 1.5]
        for bench in benches.values():
            bench.close()
        with os.fdopen(writing, "w") as out:
            json.dump(answer, out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = json.load(pipe)
    os.waitpid(pid, 0)
    return answer


def print_results(results, roles):
    number, failed = 0, 0
    for index, walk in enumerate(WALKS):
        if isinstance(roles[index], str):
            number, failed = number + 1, failed + 1
            print(f"not ok {number} {walk.name}: works undisturbed\n# {roles[index]}")
            continue
        for role in roles[index]:
            mine = [r for r in results if r[1] == index and r[2] == role and r[0] == "done"]
            if not mine:
                continue
            number += 1
            bad = [r for r in mine if r[5]]
            failed += bool(bad)
            print(f"{'not ok' if bad else 'ok'} {number} {walk.name}: {len(mine)} faults at {roles[index][role]} points of role {role}"
                  " leave nothing behind and are told")
            for _, _, _, n, action, problems in sorted(bad)[:SHOWN_FAILURES]:
                print(f"# {walk.name}:{role}:{n}:{action}: " + " | ".join(problems).replace("\n", " "))
            if len(bad) > SHOWN_FAILURES:
                print(f"# ... and {len(bad) - SHOWN_FAILURES} more of {len(mine)}")
    return number, failed


def main():
    if not os.access(RUNTIME, os.X_OK):
        print(f"1..0 # skip no build with CAISSON_FAULT_POINTS at {RUNTIME}")
        return 0
    if os.geteuid() != 0:
        print("1..0 # skip needs root")
        return 0
    roles, seconds_a_point = survey()
    walkable = {index: found for index, found in enumerate(roles) if not isinstance(found, str)}
    every = [(index, role, n, action) for index, found in walkable.items() for role, count in found.items()
             for n in range(1, count + 1) for action in actions(n)]
    points = only(every)
    budget = float(os.environ.get("CAISSON_FAULT_BUDGET") or DEFAULT_BUDGET)
    deadline = time.monotonic() + (budget * 1.5 if budget else 86400)
    results, broken = spread(sample(points, walkable, seconds_a_point, budget), deadline)
    walked = sum(r[0] == "done" for r in results)
    number, failed = print_results(results, roles)
    if broken or walked == 0:
        number, failed = number + 1, failed + 1
        print(f"not ok {number} {broken} workers ended early")
    print(f"1..{number}")
    total = sum(sum(found.values()) for found in walkable.values())
    print(f"# fault points: {total} in {len(WALKS)} walks; {walked} of {len(every)} faults walked")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
