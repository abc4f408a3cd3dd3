#!/usr/bin/python3
"""The checks see what they are meant to see: each pattern meets a line that it must find and one that it must leave alone."""
import importlib.util
import pathlib

import tree

HERE = pathlib.Path(__file__).parent


def load(name):
    real, tree.report = tree.report, lambda *results: None  # the module would report when it is loaded
    try:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        tree.report = real
    return module


def expect(pattern, found, ignored):
    for line in found:
        if not pattern.search(tree.bare_code(line)):
            yield tree.Finding(line, "was not found")
    for line in ignored:
        if pattern.search(tree.bare_code(line)):
            yield tree.Finding(line, "was found")


def lengths(sizes):
    code = ("namespace a {\nstruct B {\n  B() : x_{1},\n        y_(2) {\n    f();\n  }\n  int x_, y_;\n};\nconstexpr int kTable[] = {\n  1,\n  2,\n};\n"
            "auto f(int a) -> int {\n  if (a) {\n    return [] {\n      return 1;\n    }();\n  }\n  return '{';\n}\n}\n")
    measured = [(first, length) for first, _, length in sizes.functions(code)]
    return [] if measured == [(4, 3), (13, 8)] else [tree.Finding("functions", str(measured))]


calls, includes, words, sizes = (load(name) for name in ("check_system_calls", "check_includes", "check_words", "check_sizes"))
tree.report(
    ("system calls by number", expect(calls.NUMBER, ["  raw_syscall(SYS_close, fd);", "x = __NR_open;"], ["// raw_syscall(1)", "words(\"SYS_x\");"])),
    ("calls of the C library", expect(calls.CALL, ["  if (mkdir(path, 0755) < 0)", "return ::open(a, b);", "x = std::rename(a, b);"],
                                      ["sys::mkdir(path);", "dir.open(a);", "dir->open(a);", "reopen(a);", "open_at(a);", "f(\"open(\");"])),
    ("own functions of such a name", expect(calls.DECLARATION, ["Writer& open(char bracket);", "void mount(const Plan& plan) {"],
                                            ["return open(path, 0);", "x = open(path);"])),
    ("printf family", expect(includes.PRINTF, ["printf(a);", "std::snprintf(b, 1, c);"], ["my_printf(a);", "out.puts(a);", "// printf(a)"])),
    ("left open", expect(words.LEFT_OPEN, ["x = 1;  " + "TO" + "DO: y", "not " + "implemented"], ["todos", "Function not " + "implemented"])),
    ("lengths of functions", lengths(sizes)))
