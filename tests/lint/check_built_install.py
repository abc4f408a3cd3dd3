#!/usr/bin/python3
"""`make install` puts the programs, manual pages, completions and documents where they belong, and the Debian package holds the same."""
import os
import shutil
import subprocess
import tempfile

import tree

ALWAYS = {"bin/caisson": 0o755, "bin/caisson-oci": 0o755, "share/doc/caisson/README.md": 0o644, "share/doc/caisson/copyright": 0o644}


def expected():
    wanted = dict(ALWAYS)
    for page in tree.files("man"):
        if page.suffix[1:].isdigit():
            wanted[f"share/man/man{page.suffix[1:]}/{page.name}"] = 0o644
    for completion in tree.files("completions"):
        if completion.suffix == ".bash":
            wanted[f"share/bash-completion/completions/{completion.stem}"] = 0o644
        elif completion.suffix == ".fish":
            wanted[f"share/fish/vendor_completions.d/{completion.name}"] = 0o644
        elif completion.name.startswith("_"):
            wanted[f"share/zsh/site-functions/{completion.name}"] = 0o644
    return wanted


def differences(top, wanted):
    for name, mode in wanted.items():
        path = os.path.join(top, name)
        if not os.path.isfile(path):
            yield tree.Finding(name, "is not installed")
        elif os.stat(path).st_mode & 0o7777 != mode:
            yield tree.Finding(name, f"has mode {os.stat(path).st_mode & 0o7777:04o}, not {mode:04o}")


def output_of(command, **more):
    run = subprocess.run(command, capture_output=True, text=True, cwd=tree.TOP, **more)
    return [] if run.returncode == 0 else [tree.Finding(" ".join(command[:3]), (run.stdout + run.stderr)[-600:])]


def installed(scratch):
    environment = {**os.environ, "DESTDIR": f"{scratch}/dest"}
    failed = output_of(["cmake", "--install", str(tree.BUILD), "--strip", "--prefix", "/opt/tools"], env=environment)
    return failed or list(differences(f"{scratch}/dest/opt/tools", expected()))


def packaged(scratch):
    failed = output_of(["cpack", "--config", str(tree.BUILD / "CPackConfig.cmake"), "-G", "DEB", "-B", f"{scratch}/package"])
    if failed:
        return failed
    archive = next(os.path.join(scratch, "package", name) for name in os.listdir(f"{scratch}/package") if name.endswith(".deb"))
    failed = output_of(["dpkg-deb", "--extract", archive, f"{scratch}/unpacked"])
    depends = subprocess.run(["dpkg-deb", "--field", archive, "Depends"], capture_output=True, text=True).stdout.strip()
    if depends:
        failed.append(tree.Finding("Depends", f"static programs need nothing, but it says: {depends}"))
    return failed or list(differences(f"{scratch}/unpacked/usr", expected()))


with tempfile.TemporaryDirectory() as scratch:
    tree.report(("make install puts everything where it belongs", installed(scratch)),
                ("the Debian package holds the same and depends on nothing",
                 packaged(scratch) if shutil.which("dpkg-deb") else None, "dpkg-deb is not installed"))
