#!/usr/bin/python3
"""A file of src/MODULE includes only modules that MODULE's line in src/CMakeLists.txt reaches; app is the top."""
import re

import tree

LISTED = re.compile(r"^caisson_(module|program)\((\w+)([^)]*)\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
SIBLINGS = {"ns", "mount", "cgroup", "security", "process", "net"}


def module_table():
    """{module: set of modules it may include}, from the build file, where order is part of the rule."""
    table, problems = {}, []
    for kind, name, rest in LISTED.findall(tree.text_of("src/CMakeLists.txt")):
        if kind != "module":
            continue
        direct = rest.split()
        for dependency in direct:
            if dependency not in table:
                problems.append(tree.Finding("src/CMakeLists.txt", f"{name} names {dependency}, which does not stand above it"))
        reach = set(direct).union(*(table.get(dependency, set()) for dependency in direct))
        if name in SIBLINGS and reach & SIBLINGS:
            problems.append(tree.Finding("src/CMakeLists.txt", f"sibling {name} reaches {' '.join(sorted(reach & SIBLINGS))}"))
        table[name] = reach
    return table, problems


def breaches(table):
    for path in tree.files("src", suffixes={".cpp", ".hpp", ".c", ".S"}):
        module = path.parts[1]
        allowed = set(table) if module == "app" and module not in table else table.get(module, set()) | {module}
        if module not in table and module != "app":
            yield tree.Finding(path, f"folder {module} has no caisson_module line in src/CMakeLists.txt")
            continue
        for include in INCLUDE.findall(tree.text_of(path)):
            target = include.split("/")[0]
            if "/" not in include:
                yield tree.Finding(path, f'"{include}": includes of the project name the folder')
            elif target in table and target not in allowed:
                yield tree.Finding(path, f"{module} may not include {include}")
            elif target == "app" and module != "app":
                yield tree.Finding(path, f"{module} may not include {include}")


def main():
    table, problems = module_table()
    tree.report(("the modules of src/CMakeLists.txt stand in layers", problems),
                ("files include only the modules below them", breaches(table)))


main()
