#!/usr/bin/python3
"""Links between the documents lead somewhere, and the shell scripts parse."""
import re
import subprocess

import tree

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def dead_links():
    for path in tree.files(suffixes={".md"}):
        for target in LINK.findall(FENCE.sub("", tree.text_of(path))):
            if "://" not in target and not (tree.TOP / path.parent / target).exists():
                yield tree.Finding(path, f"no {target}")


def broken_scripts():
    for path in tree.files("scripts", "tests", "bench", ".ci"):
        first = tree.text_of(path).split("\n", 1)[0]
        shell = next((shell for shell in ("bash", "sh") if re.match(rf"#!.*\b{shell}$", first)), None)
        if shell is None and path.suffix == ".bash":
            shell = "bash"
        if shell:
            run = subprocess.run([shell, "-n", str(path)], cwd=tree.TOP, capture_output=True, text=True)
            if run.returncode != 0:
                yield tree.Finding(path, run.stderr.strip())


tree.report(("links in the documents lead to files", dead_links()), ("shell scripts parse", broken_scripts()))
