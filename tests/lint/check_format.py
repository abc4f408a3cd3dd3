#!/usr/bin/python3
"""The C++ sources are as clang-format writes them (`make format` does it)."""
import shutil
import subprocess

import tree


def unformatted(files):
    for path in files:
        run = subprocess.run(["clang-format", "--dry-run", "-Werror", "--ferror-limit=1", str(path)], cwd=tree.TOP, capture_output=True, text=True)
        if run.returncode != 0:
            yield tree.Finding(path, "`make format` changes it")


sources = [path for path in tree.files("src", "tests", "bench", suffixes={".cpp", ".hpp"}) if not path.match("bench/reference/*")]
tree.report(("sources are formatted", unformatted(sources) if shutil.which("clang-format") else None, "clang-format is not installed"))
