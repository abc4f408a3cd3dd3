"""What the measurements share: the programs they need, a bundle, the cgroup v2 view, `pair` and its table, and bars."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TREE = pathlib.Path(__file__).resolve().parent.parent
BUILT = TREE / "build" / "bench"
STATIC = ["-O2", "-static"]
BARE = [*STATIC, "-nostdlib", "-fno-stack-protector", "-fno-builtin", "-w"]
# musl-gcc looks at musl's headers only; the kernel's are glibc's neighbours.
KERNEL_HEADERS = ["-idirafter", "/usr/include", "-idirafter", f"/usr/include/{os.uname().machine}-linux-gnu"]
# How each reference program is built, as its first lines say: (source, compiler, options).
REFERENCES = {"floor": ("floor", "cc", STATIC), "best": ("best", "cc", BARE), "true": ("true", "cc", BARE),
              "pause": ("pause", "cc", BARE), "crowd": ("crowd", "cc", STATIC), "join": ("join", "cc", STATIC),
              "join-musl": ("join", "musl-gcc", [*STATIC, *KERNEL_HEADERS]), "peak": ("peak", "musl-gcc", STATIC)}


def enter_v2_view():
    """Runs the script again where only cgroup v2 is mounted, as on a machine of today. Needs root."""
    if os.geteuid() != 0:
        sys.exit(f"{sys.argv[0]}: measures as root only")
    if not os.path.exists("/sys/fs/cgroup/cgroup.controllers"):
        os.execv(TREE / "tests/v2-view", ["v2-view", sys.executable, *sys.argv])


def reference(name):
    """The built reference program; built again when its source is newer."""
    source, compiler, options = REFERENCES[name]
    source, program = TREE / "bench/reference" / f"{source}.c", BUILT / "reference" / name
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([compiler, *options, "-o", program, source], check=True)
    return str(program)


def preset(name):
    run = subprocess.run([TREE / "scripts/build", name, "bench_programs"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode != 0:
        sys.exit(run.stdout)


def peer(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


class Scratch:
    """A directory on the root file system, gone at the end."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="caisson-bench."))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def make_root(directory, payloads):
    """A root file system with the payloads in /bin and the mount points of the default configuration."""
    for folder in ("bin", "dev", "proc", "sys"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    for name, program in payloads.items():
        shutil.copy(program, directory / "bin" / name)


def make_bundle(directory, runtime, args, payloads):
    """A bundle with the configuration that `RUNTIME spec` writes; only the command changes, and there is no terminal."""
    make_root(directory / "rootfs", payloads)
    subprocess.run([runtime, "spec"], cwd=directory, check=True)
    config = json.loads((directory / "config.json").read_text())
    config["process"] |= {"args": args, "terminal": False}
    (directory / "config.json").write_text(json.dumps(config))
    return directory


def pair(options, commands):
    """Runs `pair`, which prints its tables; gives back [{gap_ms, commands: {label: row}}]. Ends the script on failed runs."""
    with tempfile.NamedTemporaryFile() as results:
        words = [str(BUILT / "bin/pair"), *options, "--json", results.name]
        for label, command in commands.items():
            words += ["--", f"@{label}", *map(str, command)]
        run = subprocess.run(words)
        text = pathlib.Path(results.name).read_text()
    if run.returncode != 0:
        sys.exit(f"{sys.argv[0]}: some runs failed: the figures above mean nothing")
    return [session | {"commands": {row["label"]: row for row in session["commands"]}} for session in json.loads(text)]


class Bars:
    """Figures with the value they must reach; the script's exit status says whether all do."""

    def __init__(self):
        self.missed = 0

    def at_most(self, what, value, limit):
        self.say(what, value, f"at most {limit}", value <= limit)

    def at_least(self, what, value, limit):
        self.say(what, value, f"at least {limit}", value >= limit)

    def say(self, what, value, bar, met):
        self.missed += not met
        print(f"{'met   ' if met else 'MISSED'} {what}: {value:.3f} ({bar})")

    def status(self):
        return 1 if self.missed else 0
