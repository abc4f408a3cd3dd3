#!/usr/bin/python3
"""A file of src/MODULE includes only modules that MODULE's line in src/CMakeLists.txt reaches; a program's folder below
src/app includes what its caisson_program line reaches."""
import re

import tree

LISTED = re.compile(r"^caisson_(module|program)\(([\w-]+)([^)]*)\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
SIBLINGS = {"ns", "mount", "cgroup", "security", "process", "net"}


def module_table():
    """{folder below src: set of modules it may include}, from the build file, where order is part of the rule."""
    table, problems = {}, []
    for kind, name, rest in LISTED.findall(tree.text_of("src/CMakeLists.txt")):
        direct = rest.split()
        if kind == "program":
            name, direct = direct[0], direct[1:]
        for dependency in direct:
            if dependency not in table:
                problems.append(tree.Finding("src/CMakeLists.txt", f"{name} names {dependency}, which does not stand above it"))
        reach = set(direct).union(*(table.get(dependency, set()) for dependency in direct))
        if name in SIBLINGS and reach & SIBLINGS:
            problems.append(tree.Finding("src/CMakeLists.txt", f"sibling {name} reaches {' '.join(sorted(reach & SIBLINGS))}"))
        table[name] = reach
    return table, problems


def folder_of(path, table):
    """The longest listed folder that holds the file: app/caisson before app."""
    for length in range(len(path.parts) - 2, 0, -1):
        folder = "/".join(path.parts[1:1 + length])
        if folder in table:
            return folder
    return None


def breaches(table):
    for path in tree.files("src", suffixes={".cpp", ".hpp", ".c", ".S"}):
        folder = folder_of(path, table)
        if folder is None:
            yield tree.Finding(path, "no line of src/CMakeLists.txt has this folder")
            continue
        for include in INCLUDE.findall(tree.text_of(path)):
            target = folder_of(tree.pathlib.PurePosixPath("src", include), table)
            if "/" not in include:
                yield tree.Finding(path, f'"{include}": includes of the project name the folder')
            elif target is not None and target != folder and target not in table[folder]:
                yield tree.Finding(path, f"{folder} may not include {include}")


def main():
    table, problems = module_table()
    tree.report(("the modules of src/CMakeLists.txt stand in layers", problems),
                ("files include only the modules below them", breaches(table)))


main()
