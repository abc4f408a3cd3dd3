#!/usr/bin/python3
"""The shipped programs: static, small, hardened, and linked with no part of libstdc++ that was made for another C library."""
import re
import subprocess
import tempfile

import tree

PROGRAMS = {"caisson-oci": 3 << 20, "caisson": 6 << 20}  # bytes, stripped
TRAMPOLINE_LIMIT = 64 << 10
# libstdc++ as Debian builds it knows glibc's locales and file structures; musl's differ. Members that touch them are not linked.
FOREIGN = re.compile(r"(?:locale|ctype|codecvt|collate|messages|monetary|numeric_members|time_members|stream|ios[-_.]|basic_file|"
                     r"fs_|filesystem|regex|thread|condition_variable|future)")
KEPT = re.compile(r"(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s+\S*libstdc\+\+\.a\(([^)]+)\)")


def readelf(path, *options):
    return subprocess.run(["readelf", "--wide", *options, str(path)], capture_output=True, text=True, check=True).stdout


def not_static(path):
    segments = readelf(path, "--program-headers")
    for kind in ("INTERP", "DYNAMIC"):
        if re.search(rf"^\s*{kind}\s", segments, re.MULTILINE):
            yield tree.Finding(path.name, f"has a {kind} segment")
    if "(NEEDED)" in readelf(path, "--dynamic"):
        yield tree.Finding(path.name, "needs shared libraries")


def not_hardened(path):
    segments = readelf(path, "--program-headers")
    for line in segments.splitlines():
        flags = re.search(r"\s([R ][W ][E ])\s+0x", line)
        if flags and "W" in flags.group(1) and "E" in flags.group(1):
            yield tree.Finding(path.name, f"a segment is writable and executable: {line.strip()}")
    if "GNU_STACK" not in segments:
        yield tree.Finding(path.name, "asks for an executable stack")


def stripped_size(path):
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["strip", "-o", stripped.name, str(path)], check=True)
        return len(stripped.read())


def too_large(path, limit, size):
    if size > limit:
        yield tree.Finding(path.name, f"{size} bytes stripped, more than {limit}")


def foreign_members(path):
    """From the second part of the link map, which lists the sections that were kept with address, size and origin."""
    text = path.with_name(path.name + ".map").read_text(errors="replace").split("\nLinker script and memory map")[-1]
    kept = {}
    for address, size, member in KEPT.findall(text):
        if int(address, 16) and int(size, 16) and FOREIGN.search(member):
            kept[member] = kept.get(member, 0) + int(size, 16)
    for member, size in sorted(kept.items()):
        yield tree.Finding(path.name, f"{size} bytes of {member}")


def open_trampoline(path):
    """Freestanding: nothing to resolve, no C library, no thread-local storage, nothing for a dynamic linker."""
    segments = readelf(path, "--program-headers")
    for kind in ("INTERP", "DYNAMIC", "TLS"):
        if re.search(rf"^\s*{kind}\s", segments, re.MULTILINE):
            yield tree.Finding(path.name, f"has a {kind} segment")
    for line in readelf(path, "--symbols").splitlines():
        if re.search(r"\sUND\s+\S", line):
            yield tree.Finding(path.name, f"undefined symbol: {line.split()[-1]}")
    if path.stat().st_size > TRAMPOLINE_LIMIT:
        yield tree.Finding(path.name, f"{path.stat().st_size} bytes, more than {TRAMPOLINE_LIMIT}")
    yield from not_hardened(path)


def results():
    for name, limit in PROGRAMS.items():
        path = tree.BUILD / "bin" / name
        if not path.exists():
            yield f"{name} is built", [tree.Finding(path, "is not there")]
            continue
        size = stripped_size(path)
        yield f"{name} is static", not_static(path)
        yield f"{name} has no writable code and no executable stack", not_hardened(path)
        yield f"{name} is at most {limit >> 20} MiB stripped", too_large(path, limit, size), [f"{name}: {size} bytes stripped"]
        yield f"{name} links nothing of libstdc++ that depends on a locale", foreign_members(path)
    trampoline = tree.BUILD / "generated" / "trampoline.elf"
    if not trampoline.exists():
        yield "the trampoline is built", [tree.Finding(trampoline, "is not there")]
    else:
        yield "the trampoline stands alone", open_trampoline(trampoline), [f"trampoline: {trampoline.stat().st_size} bytes"]


tree.report(*results())
