#!/usr/bin/python3
"""Names say what a thing is; nothing is left open; nothing tells where or by what it was written."""
import re

import tree

BANNED_NAMES = {"util", "utils", "helper", "helpers", "manager", "common", "misc", "core", "handler", "handlers", "linux"}
# Split so that this file does not find itself.
LEFT_OPEN = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK|WI" + r"P)\b|(?<!Function )\b[Nn]ot (?:yet )?" + r"implemented")
WORKPLACE = re.compile(r"(?<!\w)/wo" + r"rk/|/tmp/[wb]/|\bClau" + r"de\b|\bAnthr" + r"opic\b|\bChat" + r"GPT\b|\blanguage mo" + r"del\b|\bAI[- ]gener"
                       + r"ated\b", re.IGNORECASE)
MADE_NAME = re.compile(r"X{4}")  # mktemp's placeholder
SNAKE = re.compile(r"^[a-z0-9_]+$")
TEXT_SUFFIXES = {".cpp", ".hpp", ".c", ".h", ".S", ".ld", ".py", ".sh", ".bash", ".bats", ".md", ".txt", ".cmake", ".json", ".1", ".5", ".8", ""}


def bad_names():
    for path in tree.files("src", "tests", "bench", "scripts", "cmake", "docs"):
        words = set(re.split(r"[_\-.]", path.stem.lower())) | set(path.parts[:-1])
        for word in sorted(words & BANNED_NAMES):
            yield tree.Finding(path, f"'{word}' hides the concept")
        if path.suffix in {".cpp", ".hpp"} and not SNAKE.match(path.stem):
            yield tree.Finding(path, "C++ files are named in snake_case")


def left_open():
    for path in tree.files():
        if path.suffix not in TEXT_SUFFIXES or path.name == "LICENSE" or path.parts[0] == "docs" and "reference" in path.parts:
            continue
        for number, line in enumerate(tree.text_of(path).splitlines(), 1):
            if LEFT_OPEN.search(line) and not MADE_NAME.search(line) and "lint: word" not in line:
                yield tree.Finding(f"{path}:{number}", line.strip()[:100])


def workplace():
    for path in tree.files():
        if path.suffix in TEXT_SUFFIXES:
            for number, line in enumerate(tree.text_of(path).splitlines(), 1):
                if WORKPLACE.search(line):
                    yield tree.Finding(f"{path}:{number}", line.strip()[:100])


tree.report(("files are named after what they hold", bad_names()),
            ("nothing is left open", left_open()),
            ("no text names a workplace", workplace()))
