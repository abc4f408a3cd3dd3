"""Which suites there are: found by folder, so that a new test file needs no line here.

    tests/lint/check_*.py      TAP; the check_built_*.py need the release build
    tests/unit, tests/kernel   GoogleTest by ctest (preset asan), with whatever else ctest knows; kernel also as an ordinary user
    tests/cli, tests/oci       bats, with the release build and with the sanitizer build; oci also where only cgroup v2 is mounted and
                               with Debian's runc, and with its table of wrong inputs (TAP)
    tests/security             bats, with the release build
    tests/fault/*.py           TAP, with the fault build; those that are executable. CAISSON_FAULT_BUDGET=0 walks every point
    tests/engines, tests/vm    bats
Tests find the programs in CAISSON and RUNTIME, the build folder in CAISSON_BUILD; CAISSON_SANITIZED=1 says that times mean nothing.
"""
import dataclasses
import os
import shutil
import typing

from driver.counts import read_junit, read_tap

BUILD_SECONDS = 25 * 60  # the sanitizer build, with tests beside it


@dataclasses.dataclass
class Part:
    title: str
    command: list
    read: typing.Callable
    limit: int  # seconds
    environment: dict = dataclasses.field(default_factory=dict)
    result_file: str = ""
    alone: bool = False  # uses every processor, or makes files that a search for residue would take for another test's


@dataclasses.dataclass
class Suite:
    name: str
    what: str
    builds: list
    parts: list


def programs(build, sanitized=False):
    names = {"CAISSON": f"{build}/bin/caisson", "RUNTIME": f"{build}/bin/caisson-oci", "CAISSON_BUILD": str(build)}
    if sanitized:
        names |= {"CAISSON_SANITIZED": "1", "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:exitcode=99",
                  "UBSAN_OPTIONS": "print_stacktrace=1"}
    return names


def bats_parts(tree, folder, environment, limit, prefix=()):
    files = sorted((tree / "tests" / folder).glob("*.bats"))
    return [Part(f"{folder}/{file.stem}", [*prefix, "bats", "--tap", file], read_tap, limit, environment) for file in files]


def oci_parts(tree, environment, limit, prefix=()):
    """The bats files and the table of wrong inputs."""
    wrong = tree / "tests/oci/wrong_inputs/run.py"
    return [*bats_parts(tree, "oci", environment, limit, prefix),
            Part("oci/wrong_inputs", [*prefix, "python3", "-B", wrong], read_tap, limit, environment)]


def ctest_part(tree, preset, label, limit):
    result = tree / "build" / f"{label}-{preset}.xml"
    chosen = ["-R", r"^kernel\."] if label == "kernel" else ["-E", r"^kernel\."]  # so that no ctest belongs to no suite
    command = ["ctest", "--preset", preset, *chosen, "--output-junit", result, "--timeout", "120"]
    environment = programs(tree / "build" / preset, preset == "asan")
    return Part(f"{label} ({preset})", command, read_junit, limit, environment, str(result), alone=True)


def python_parts(tree, pattern, environment, limit):
    return [Part(str(file.relative_to(tree / "tests")), ["python3", "-B", file], read_tap, limit, environment)
            for file in sorted((tree / "tests").glob(pattern)) if os.access(file, os.X_OK)]


def has_tests(tree, folder):
    return any((tree / "tests" / folder).rglob("*_test.cpp"))


def as_ordinary_user(tree):
    """The kernel tests without any privilege, from a copy that everybody may read."""
    result = tree / "build" / "kernel-user.xml"
    return Part("kernel (ordinary user)", ["tests/driver/as_user", tree / "build/asan/bin/kernel_tests", result], read_junit, 300,
                result_file=str(result), alone=True)


def discover(tree):
    build = tree / "build"
    release = programs(build)
    asan = programs(build / "asan", sanitized=True)
    is_root = os.geteuid() == 0
    unified = os.path.exists("/sys/fs/cgroup/cgroup.controllers")
    runc = shutil.which("runc", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")

    checks = python_parts(tree, "lint/check_*.py", release, 120)
    built = [part for part in checks if "check_built_" in part.title]
    for part in built:
        if part.title == "lint/check_built_alone.py":
            part.limit = 600  # compiles everything
    found = [
        Suite("lint", "rules of the tree: layers, sizes, names, words, includes, system calls, format", [],
              [part for part in checks if part not in built]),
        Suite("lint-built", "rules of the shipped programs: static, small, what is linked, what is installed; each file alone", ["release"], built),
        Suite("unit", "one module at a time, no privilege, with sanitizers; inputs of the fuzz targets replayed", ["asan"],
              [ctest_part(tree, "asan", "unit", 600)] * has_tests(tree, "unit")),
        Suite("kernel", "system calls in real namespaces, with sanitizers", ["asan"],
              [ctest_part(tree, "asan", "kernel", 600)] * has_tests(tree, "kernel")),
        Suite("kernel-user", "the same as an ordinary user", ["asan"],
              [as_ordinary_user(tree)] * (has_tests(tree, "kernel") and is_root)),
        Suite("oci", "caisson-oci, black box", ["release"], oci_parts(tree, release, 300)),
        Suite("oci-v2", "the same where only cgroup v2 is mounted", ["release"],
              [] if unified or not is_root else oci_parts(tree, release, 300, [tree / "tests/v2-view"])),
        Suite("oci-runc", "the same with Debian's runc: proves the tests", [],
              oci_parts(tree, {**release, "RUNTIME": runc}, 300) if runc and is_root else []),
        Suite("security", "hostile images and callers", ["release"], bats_parts(tree, "security", release, 300)),
        Suite("cli", "caisson, black box", ["release"], bats_parts(tree, "cli", release, 300)),
        Suite("fault", "failure and death at every system call", ["fault"],
              python_parts(tree, "fault/*.py", programs(build / "fault"), 3600)),
        Suite("engines", "below the engines that people use", ["release"], bats_parts(tree, "engines", release, 600)),
        Suite("vm", "other kernels and set-ups in virtual machines", ["release"], bats_parts(tree, "vm", release, 900)),
        Suite("oci-asan", "oci with sanitizers", ["asan"], oci_parts(tree, asan, 600)),
        Suite("cli-asan", "cli with sanitizers", ["asan"], bats_parts(tree, "cli", asan, 600)),
    ]
    return [suite for suite in found if suite.parts]
