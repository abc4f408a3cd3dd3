#!/usr/bin/python3
"""Each source file is compiled by itself, by clang as its preset does it, and not only by GCC and together with its neighbours, whose
includes it then shares. Nothing is made of it but the warnings."""
import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import subprocess

import tree

FOLDER = tree.BUILD / "alone"


def commands():
    subprocess.run(["cmake", "--preset", "clang", "-B", FOLDER, "-DCAISSON_TESTS=OFF", "--log-level=WARNING"], cwd=tree.TOP, check=True,
                   stdout=subprocess.DEVNULL)
    for entry in json.loads((FOLDER / "compile_commands.json").read_text()):
        file = pathlib.Path(entry["file"])
        if file.suffix == ".cpp" and (tree.TOP / "src") in file.parents:
            yield file, entry["directory"], shlex.split(entry["command"])


def only_looked_at(command):
    """Without what it writes: the object and the list of its headers."""
    words = iter(command)
    kept = [next(words), "-fsyntax-only"]
    for word in words:
        if word in ("-o", "-MT", "-MF"):
            next(words)
        elif word not in ("-MD", "-c"):
            kept.append(word)
    return kept


def complaint(job):
    file, directory, command = job
    run = subprocess.run(only_looked_at(command), cwd=directory, capture_output=True, text=True)
    errors = [line for line in run.stderr.splitlines() if " error: " in line] or run.stderr.splitlines()
    return tree.Finding(file.relative_to(tree.TOP), (errors or ["fails"])[0]) if run.returncode != 0 else None


def complaints():
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        yield from filter(None, workers.map(complaint, commands()))


tree.report(("each source file compiles by itself", complaints() if shutil.which("clang++") else None, "clang++ is not installed"))
