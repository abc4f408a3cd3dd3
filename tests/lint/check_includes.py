#!/usr/bin/python3
"""What src/ may use of the C and C++ libraries: start-up costs and layers (docs/adr/0002-musl.md, ARCHITECTURE.md)."""
import re

import tree

INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)
SLOW = {"iostream", "ostream", "istream", "sstream", "fstream", "iomanip", "ios", "streambuf", "locale", "codecvt", "regex", "filesystem",
        "random", "thread", "mutex", "future", "condition_variable", "shared_mutex", "stdio.h", "cstdio", "format"}
PRINTF = re.compile(r"(?<![\w.])(?:std::|::)?(?:v?(?:f|s|sn|d|as)?w?printf|puts|fputs|putchar|perror|v?sscanf|f?scanf)\s*\(")
SHARED = re.compile(r"\bstd::(?:shared_ptr|make_shared|weak_ptr|thread|mutex|regex|locale)\b")
MACRO = re.compile(r"^\s*#\s*define\s+\w+\(", re.MULTILINE)


def sources():
    return tree.files("src", suffixes={".cpp", ".hpp"})


def slow_includes():
    for path in sources():
        for header in INCLUDE.findall(tree.text_of(path)):
            if header in SLOW:
                yield tree.Finding(path, f"<{header}>")


def rapidjson_outside():
    for path in sources():
        if path.parts[1] != "json":
            if any(header.startswith("rapidjson") for header in INCLUDE.findall(tree.text_of(path))):
                yield tree.Finding(path, "RapidJSON belongs to src/json")


def matching(pattern, *, skip=()):
    for path in sources():
        if not str(path).startswith(tuple(skip)) or not skip:
            yield from tree.lines_matching(path, pattern)


def headers_without_introduction():
    for path in tree.files("src", suffixes={".hpp"}):
        lines = tree.text_of(path).splitlines()
        if not lines or not lines[0].startswith("//"):
            yield tree.Finding(path, "a header opens with what the concept is and what it guarantees")
        if not any(line.startswith("#pragma once") for line in lines):
            yield tree.Finding(path, "no #pragma once")


tree.report(("no header that costs start-up time, threads or a locale", slow_includes()),
            ("RapidJSON is known to src/json only", rapidjson_outside()),
            ("no printf family", matching(PRINTF)),
            ("no shared ownership, threads or regular expressions", matching(SHARED)),
            ("no function-like macros", matching(MACRO)),
            ("headers say what they are", headers_without_introduction()))
