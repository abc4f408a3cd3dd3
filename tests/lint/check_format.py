#!/usr/bin/python3
"""The C++ sources are as clang-format writes them (`make format` does it)."""
import re
import shutil
import subprocess

import tree


FILES_PER_RUN = 50  # the program's own start costs as much as three files


def unformatted(files):
    for first in range(0, len(files), FILES_PER_RUN):
        run = subprocess.run(["clang-format", "--dry-run", "-Werror", "--ferror-limit=1", *map(str, files[first:first + FILES_PER_RUN])],
                             cwd=tree.TOP, capture_output=True, text=True)
        named = dict.fromkeys(re.findall(r"^(.+?):\d+:\d+: error: ", run.stderr, re.MULTILINE))
        for path in named or ([files[first]] if run.returncode != 0 else []):
            yield tree.Finding(path, "`make format` changes it" if named else f"clang-format fails: {run.stderr}")


sources = [path for path in tree.files("src", "tests", "bench", suffixes={".cpp", ".hpp"}) if not path.match("bench/reference/*")]
tree.report(("sources are formatted", unformatted(sources) if shutil.which("clang-format") else None, "clang-format is not installed"))
