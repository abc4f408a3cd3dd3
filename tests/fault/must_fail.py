#!/usr/bin/python3
"""The calls that take privilege away: when one of them fails, the program of the container never runs. Output is TAP.

Each call of the list is made to fail with EPERM by strace(1), at its first, second, ... occurrence, in every process of
`caisson-oci run` and `exec`, until a whole run has no such occurrence any more. Calls after the payload's own execve do not count.
CAISSON_FAULT_PRETEND=1 also lets the calls pretend to work without effect: then the run must fail, or the facts of the payload be right.
RUNTIME=runc proves the test.
"""
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from container_bench import FACTS, PAYLOAD_STATUS, TREE, ContainerBench, become_reaper_in_own_mount_namespace  # noqa: E402

RUNTIME = os.environ.get("RUNTIME", str(TREE / "build/bin/caisson-oci"))
RUNTIME = shutil.which(RUNTIME) or RUNTIME
MOST_OCCURRENCES = int(os.environ.get("CAISSON_FAULT_OCCURRENCES", "60"))
PRETEND = bool(os.environ.get("CAISSON_FAULT_PRETEND"))
VARIANTS = ("plain", "full") if os.path.basename(RUNTIME) == "caisson-oci" else ("plain",)
# name of the call -> what its arguments must hold to be on the list
MUST_FAIL = {
    "setresuid": "", "setuid": "", "setresgid": "", "setgid": "", "setgroups": "", "capset": "",
    "seccomp": "SECCOMP_SET_MODE_FILTER, [^,]*, (?!NULL)",  # with NULL it is a question
    "prctl": "PR_CAPBSET_DROP|PR_SET_NO_NEW_PRIVS|PR_SET_SECCOMP|PR_CAP_AMBIENT, PR_CAP_AMBIENT_(LOWER|CLEAR_ALL)|PR_SET_KEEPCAPS",
    "prlimit64": r"RLIMIT_\w+, \{",  # with NULL it is a question
    "close_range": "", "pivot_root": "", "umount2": "", "unshare": "", "setns": "",
    "mount_setattr": "MOUNT_ATTR_RDONLY", "open_tree_attr": "MOUNT_ATTR_RDONLY",
}
MAY_FALL_BACK = ("close_range", "mount_setattr", "open_tree_attr")  # there is an older way, which must give the same facts
FALSE_SUCCESS = ("setresuid", "setuid", "setresgid", "setgid", "setgroups", "capset", "seccomp", "prctl")


def injected_lines(trace):
    """The calls that were made to fail (strace counts in every process), unless the payload made them: nothing counts of a process after it executed
    /bin/sh, nor of one that shows up only then."""
    runtime_pids, payload_pids, injected, unfinished = set(), set(), [], {}
    for line in trace.splitlines():
        pid = line.split(None, 1)[0]
        if line.endswith("<unfinished ...>"):
            unfinished[pid] = line.removesuffix("<unfinished ...>")
        elif " resumed>" in line:  # strace breaks a line when another process speaks
            line = unfinished.pop(pid, "") + line.split(" resumed>", 1)[1]
        (payload_pids if payload_pids and pid not in runtime_pids else runtime_pids).add(pid)
        if 'execve("/bin/sh"' in line and line.rstrip().endswith("= 0"):
            payload_pids.add(pid)
        if "(INJECTED)" in line and pid not in payload_pids:
            injected.append(line.split(None, 1)[1])
    return injected


def one_run(bench, argv, name, when, action):
    log = bench.work / "strace"
    calls = sorted({name, "execve", "execveat"})
    prefix = ["strace", "-f", "-qq", "-s", "80", "-o", str(log), "-e", "trace=" + ",".join(calls), "-e", "signal=none",
              "-e", f"inject={name}:{action}:when={when}"]
    bench.clear_facts()
    outcome = bench.command(*argv, prefix=prefix, timeout=40)
    return outcome, injected_lines(log.read_text(errors="replace"))


def judge(bench, outcome, success):
    ran = bool(bench.facts())
    if outcome.status == "hung":
        return "hung"
    if outcome.status == success and ran:
        difference = bench.difference()
        return f"the program ran, with other facts: {difference}" if difference else "the program ran"
    if ran:
        return f"the program ran, and the status was {outcome.status}"
    return "" if outcome.status != success else "reported success"


class Run:
    """A container for each try."""
    name = "run"

    def __init__(self, bench):
        self.bench, self.argv = bench, ("run", bench.id)
        bench.learn_baseline()

    def clean_up(self):
        self.bench.command("delete", "--force", self.bench.id)
        left = self.bench.residue()
        self.bench.remove_everything()
        return left

    def close(self):
        pass


class Exec:
    """One created container for all tries, and what an undisturbed process in it sees."""
    name = "exec"

    def __init__(self, bench):
        self.bench, self.argv = bench, ("exec", bench.id, "/bin/sh", "-c", f"{FACTS} exit {PAYLOAD_STATUS}")
        created = bench.command("create", bench.id)
        bench.clear_facts()
        outcome = bench.command(*self.argv)
        if created.status != 0 or outcome.status != PAYLOAD_STATUS or not bench.facts():
            raise RuntimeError(f"an undisturbed exec does not work: {created}; {outcome}")
        bench.baseline = bench.facts()
        self.container = set(bench.residue(seconds=0))

    def clean_up(self):
        left = self.bench.residue(seconds=0)
        return [thing for thing in left if thing not in self.container] + [f"lost: {thing}" for thing in self.container if thing not in left]

    def close(self):
        self.bench.command("delete", "--force", self.bench.id)


def try_call(scene, name, action):
    """Every occurrence; returns (occurrences tried, failures)."""
    tried, failures = 0, []
    for when in range(1, MOST_OCCURRENCES + 1):
        outcome, lines = one_run(scene.bench, scene.argv, name, when, action)
        problem = judge(scene.bench, outcome, PAYLOAD_STATUS)
        left = scene.clean_up()
        if not lines:
            return tried, failures
        lines = [line for line in lines if re.search(MUST_FAIL[name], line)]
        if not lines:
            continue
        tried += 1
        if problem == "the program ran" and name in MAY_FALL_BACK:
            problem = ""
        if action != "error=EPERM" and "with other facts" not in problem:
            problem = ""  # it had no effect to miss, or it was noticed
        if problem or (left and len(VARIANTS) > 1):  # what others leave behind is their affair
            failures.append(f"{lines[0].strip()}: {problem} {' '.join(left)}")
    return tried, failures


def try_calls(scene, variant):
    """For every call of the list: (what was tried, how often, failures)."""
    for name in MUST_FAIL:
        for action in ["error=EPERM"] + (["retval=0"] if PRETEND and name in FALSE_SUCCESS else []):
            tried, failures = try_call(scene, name, action)
            what = "that fails" if action == "error=EPERM" else "that only pretends to work"
            yield f"{scene.name}, {variant} bundle: no {name} {what} goes unnoticed", tried, failures


def main():
    if not os.access(RUNTIME, os.X_OK) or not shutil.which("strace") or os.geteuid() != 0:
        print("1..0 # skip needs the runtime, strace and root")
        return 0
    become_reaper_in_own_mount_namespace()
    number, failed = 0, 0
    for variant in VARIANTS:
        for make_scene in (Run, Exec):
            bench = ContainerBench(RUNTIME, "must", variant)
            try:
                scene = make_scene(bench)
                for what, tried, failures in try_calls(scene, variant):
                    number += 1
                    failed += bool(failures)
                    print(f"{'not ok' if failures else 'ok'} {number} {what} ({tried} tried)" + ("" if tried else " # skip not used"), flush=True)
                    for failure in failures:
                        print("# " + failure, flush=True)
                scene.close()
            finally:
                bench.close()
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
