"""The sources as the checks see them, and TAP output."""
import dataclasses
import os
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("CAISSON_BUILD", TOP / "build"))
CODE = {".cpp", ".hpp", ".c", ".h", ".S"}


@dataclasses.dataclass
class Finding:
    where: str
    what: str

    def __str__(self):
        return f"{self.where}: {self.what}"


def files(*folders, suffixes=None):
    """Files of the working tree that git tracks or would track, as paths from the top."""
    trusted = ["git", "-c", f"safe.directory={TOP}"]  # root may well test a tree that belongs to somebody else
    listed = subprocess.run([*trusted, "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders], cwd=TOP,
                            capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:  # an exported tree without git
        names = [str(path.relative_to(TOP)) for folder in folders or [""] for path in (TOP / folder).rglob("*") if path.is_file()]
        names = [name for name in names if not name.startswith(("build/", ".git/"))]
    found = (pathlib.PurePosixPath(name) for name in sorted(set(names)))
    return [path for path in found if (TOP / path).is_file() and (suffixes is None or path.suffix in suffixes)]


def text_of(path):
    return (TOP / path).read_text(errors="replace")


TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def bare_code(text):
    """The code without comments and without the contents of texts; lines keep their numbers."""
    def blank(match):
        token = match.group(0)
        if token.startswith(("//", "/*")):
            return "\n" * token.count("\n") or " "
        if token.startswith("'") and match.start() > 0 and text[match.start() - 1].isalnum():
            return token  # 1'000'000
        return '""' + "\n" * token.count("\n") if token[0] in 'R"' else "' '"
    return TOKENS.sub(blank, text)


def lines_matching(path, pattern, text=None):
    text = bare_code(text_of(path)) if text is None else text
    for number, line in enumerate(text.splitlines(), 1):
        for match in pattern.finditer(line):
            yield Finding(f"{path}:{number}", match.group(0).strip())


def report(*results):
    """results: (name, findings) or (name, findings, notes), or (name, None, reason) for a skip. Exits 1 on findings."""
    print(f"1..{len(results)}")
    failed = 0
    for number, (name, findings, *more) in enumerate(results, 1):
        if findings is None:
            print(f"ok {number} {name} # SKIP {more[0]}")
            continue
        findings = list(findings)
        failed += bool(findings)
        print(f"{'not ok' if findings else 'ok'} {number} {name}")
        for finding in findings:
            print(f"# {finding}")
        for note in more[0] if more and not isinstance(more[0], str) else []:
            print(f"# note: {note}")
    raise SystemExit(1 if failed else 0)
