#!/usr/bin/python3
"""Files: 300 lines are the aim, 500 the limit. Functions of src: 50 lines. Data is exempt: *_data.cpp, and
files that say `lint: table` in their first lines."""
import re

import tree

AIM, LIMIT, FUNCTION_LIMIT = 300, 500, 50
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()=]*$")
MEMBER_INIT = re.compile(r"\)[^;{}]*:\s*[^;]*[\w>]$", re.DOTALL)
# Functions that may be longer, as "path:first line of the function without its brace", each with the reason beside it.
LONG_FUNCTIONS = {}


def is_exempt(path, text):
    return path.match("bench/reference/*") or path.stem.endswith("_data") or "lint: table" in "\n".join(text.splitlines()[:10])


def long_files(limit):
    for path in tree.files("src", "tests", "bench", "scripts", "toolchain", "cmake"):
        if path.suffix in {".json", ".txt", ".golden", ".bin", ".md", ".toml"}:
            continue
        text = tree.text_of(path)
        if text.count("\n") > limit and not is_exempt(path, text):
            yield tree.Finding(path, f"{text.count(chr(10))} lines")


def functions(text):
    """(line, head, length) of every function body: a brace whose head has parentheses and stands in namespaces and classes only."""
    code = re.sub(r"^\s*#(?:[^\n\\]|\\.|\\\n)*", lambda m: "\n" * m.group(0).count("\n"), tree.bare_code(text), flags=re.MULTILINE)
    stack, head_start, line = [], 0, 1
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == "{":
            head = code[head_start:at].strip()
            kind, keeps_head = kind_of(head, [entry[0] for entry in stack])
            stack.append((kind, line, head, head_start if keeps_head else None))
            head_start = head_start if keeps_head else at + 1
        elif char == "}" and stack:
            kind, first, head, kept = stack.pop()
            head_start = kept if kept is not None else at + 1
            if kind == "function":
                yield first, " ".join(head.split()), line - first + 1
        elif char == ";" and (not stack or stack[-1][0] != "data"):
            head_start = at + 1


def kind_of(head, outer):
    """(kind, whether the text before the brace still belongs to what follows the matching brace)"""
    if any(kind != "container" for kind in outer):
        return ("block" if "data" not in outer else "data"), outer[-1] == "data"
    flat = re.sub(r"\([^()]*\)", "()", re.sub(r"\([^()]*\)", "()", re.sub(r"operator\s*\W+?\s*\(", "operator(", head)))
    if CONTAINER.search(flat) and ")" not in flat.split("requires")[0]:
        return "container", False
    if re.search(r"=(?!=)", flat) or "(" not in flat:
        return "data", True
    if MEMBER_INIT.search(flat):
        return "data", True
    return "function", False


def long_functions():
    for path in tree.files("src", suffixes={".cpp", ".hpp"}):
        text = tree.text_of(path)
        for first, head, length in functions(text):
            if length > FUNCTION_LIMIT and f"{path}:{head}" not in LONG_FUNCTIONS:
                yield tree.Finding(f"{path}:{first}", f"{length} lines: {head[-90:]}")


tree.report((f"no file is longer than {LIMIT} lines", long_files(LIMIT), long_files(AIM)),
            (f"no function is longer than {FUNCTION_LIMIT} lines", long_functions()))
