#!/usr/bin/python3
"""Runs the table cases.toml: every wrong input with the exact message and exit status. Output is TAP.

run.py [--only TEXT] [--fill]
A case is made of: name; edit (a jq filter for config.json) or raw (the text of config.json); setup (a shell script in the bundle);
argv (default: create {id}); status (default: 1); says (what the message must hold in any case); message (all of standard error, exactly).
{id}, {work}, {bundle} and {state} stand for this run's own; `user = true` runs it as an ordinary user, `root = true` needs root;
`needs` is a shell condition; `inside` is a command that the runtime's command line is appended to.
--fill writes what the program says now into the table, for cases whose status and `says` are right: read the difference before you keep it.
With another runtime than caisson-oci only the refusal itself is compared, to prove that the inputs are wrong.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
LIB = HERE.parent.parent / "lib"
TREE = HERE.parent.parent.parent
TABLE = HERE / "cases.toml"
RUNTIME = os.environ.get("RUNTIME", str(TREE / "build/bin/caisson-oci"))
RUNTIME = shutil.which(RUNTIME) or RUNTIME
EXACT = os.path.basename(RUNTIME) == "caisson-oci"
ORDINARY = 65533  # has no account and no subordinate ids; only its number is used


class Bench:
    """One work directory with a bundle, made anew for every case."""

    def __init__(self, case):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="cst."))
        self.work.chmod(0o755)
        self.id = "cst-" + self.work.name[4:].replace("_", "-")
        self.bundle, self.state = self.work / "bundle", self.work / "state"
        self.case = case

    def names(self, text):
        for name in ("work", "bundle", "state", "id"):
            text = text.replace("{" + name + "}", str(getattr(self, name)))
        return text

    def anonymous(self, text):
        for name in ("bundle", "state", "work", "id"):
            text = text.replace(str(getattr(self, name)), "{" + name + "}")
        return re.sub(r"^\S*?(caisson-oci): ", r"\1: ", text, flags=re.M)

    def shell(self, script):
        environment = dict(os.environ, WORK=str(self.work), BUNDLE=str(self.bundle), STATE=str(self.state), ID=self.id, RUNTIME=RUNTIME)
        done = subprocess.run(["bash", "-c", f'set -e; source "{LIB}/bundle.bash"; SUITE_LIB="{LIB}"; {script}'], env=environment,
                              cwd=self.work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"preparing failed: {done.stdout}")

    def prepare(self):
        self.shell('busybox_bundle "$BUNDLE"; cd "$BUNDLE"; payload true')
        if "edit" in self.case:
            subprocess.run(["bash", "-c", 'jq "$1" <config.json >new && mv new config.json', "-", self.names(self.case["edit"])],
                           cwd=self.bundle, check=True)
        if "raw" in self.case:
            (self.bundle / "config.json").write_bytes(self.case["raw"].encode("utf-8", "surrogateescape"))
        if "setup" in self.case:
            self.shell('cd "$BUNDLE"; ' + self.case["setup"])
        if self.case.get("user"):
            self.state.mkdir(exist_ok=True)
            subprocess.run(["chown", "-R", f"{ORDINARY}:{ORDINARY}", self.state, self.bundle], check=True)

    def run(self):
        argv = [*map(self.names, self.case.get("inside", [])), RUNTIME, "--root", str(self.state)]
        argv += [self.names(word) for word in self.case.get("argv", ["create", "{id}"])]
        as_user = {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if self.case.get("user") else {}
        out = self.work / "stderr"
        with open(out, "wb") as errors:
            done = subprocess.run(argv, cwd=self.bundle, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=errors, timeout=30, env=self.environment(), **as_user)
        return done.returncode, self.anonymous(out.read_text(errors="replace"))

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "LISTEN_", "NOTIFY_"))}
        return kept | {name: self.names(value) for name, value in self.case.get("env", {}).items()}

    def left_over(self):
        done = subprocess.run([str(LIB / "residue.py"), "processes", str(self.work), self.id], stdout=subprocess.PIPE, text=True)
        state = [entry.name for entry in self.state.iterdir()] if self.state.is_dir() else []
        kept = self.case.get("keeps_state", False)
        return ([] if kept else [f"process {pid}" for pid in done.stdout.split()]) + ([] if kept else [f"state {name}" for name in state])

    def clean(self):
        if self.state.is_dir():
            for entry in self.state.iterdir():
                subprocess.run([RUNTIME, "--root", str(self.state), "delete", "--force", entry.name], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30)
        if "cleanup" in self.case:
            self.shell(self.case["cleanup"])
        subprocess.run(["rm", "-rf", "--one-file-system", str(self.work)], check=False)


def problems_of(case, status, said, left):
    wanted = case.get("status", 1)
    if not EXACT:
        return ["was not refused"] if status == 0 else []
    found = []
    if status != wanted:
        found.append(f"exit status: expected {wanted}, actual {status}")
    if case["says"] not in said:
        found.append(f"must say: {case['says']}")
    if "message" in case and said.rstrip("\n") != case["message"].rstrip("\n"):
        found += ["expected: " + case["message"].rstrip("\n"), "actual:   " + said.rstrip("\n")]
    if "message" not in case:
        found += ["no exact message in the table yet", "actual:   " + said.rstrip("\n")]
    elif case["says"] not in said:
        found.append("actual:   " + said.rstrip("\n"))
    if re.search(r"^hint: (.*\.$|[A-Z][a-z]+ )", said, flags=re.M):
        found.append("a hint begins in lower case and has no final stop: " + said.rstrip("\n"))
    return found + [f"left behind: {thing}" for thing in left]


def fill(name, said):
    text = TABLE.read_text()
    start = text.index(f'name = "{name}"')
    end = text.find("\n[[case]]", start)
    end = len(text) if end < 0 else end
    block = re.sub(r"\nmessage = ('''.*?'''|'[^'\n]*')", "", text[start:end], flags=re.S).rstrip("\n")
    quoted = "'''\n" + said.rstrip("\n") + "'''"
    TABLE.write_text(text[:start] + block + f"\nmessage = {quoted}\n" + text[end:])


def run_case(case):
    bench = Bench(case)
    try:
        bench.prepare()
        status, said = bench.run()
        return status, said, bench.left_over()
    finally:
        bench.clean()


def skip_reason(case):
    if not EXACT and case.get("only_here"):
        return case["only_here"]
    if (case.get("user") or case.get("root")) and os.geteuid() != 0:
        return "needs root"
    if "needs" in case and subprocess.run(["bash", "-c", case["needs"]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        return f"here is not: {case['needs']}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--fill", action="store_true")
    options = parser.parse_args()
    cases = [case for case in tomllib.loads(TABLE.read_text())["case"] if options.only in case["name"]]
    if not os.access(RUNTIME, os.X_OK):
        print(f"1..0 # skip no runtime at {RUNTIME}")
        return 0
    with tempfile.TemporaryDirectory(prefix="cst.") as templates:
        os.environ.setdefault("BATS_RUN_TMPDIR", templates)
        return run_table(cases, options.fill)


def run_table(cases, filling):
    print(f"1..{len(cases)}")
    failed = 0
    for number, case in enumerate(cases, 1):
        if reason := skip_reason(case):
            print(f"ok {number} wrong input: {case['name']} # skip {reason}", flush=True)
            continue
        try:
            status, said, left = run_case(case)
            problems = problems_of(case, status, said, left)
            if filling and status == case.get("status", 1) and case["says"] in said and said.rstrip("\n") != case.get("message"):
                fill(case["name"], said)
        except (RuntimeError, subprocess.SubprocessError, OSError) as error:
            problems = [str(error)]
        failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} wrong input: {case['name']}", flush=True)
        for problem in problems:
            print("# " + problem.replace("\n", "\n#           "), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
