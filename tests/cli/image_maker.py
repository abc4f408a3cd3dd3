#!/usr/bin/python3
"""Images for the tests of `caisson image`, and trees as text.

image_maker.py layout DIR [gzip|mixed|low]   an OCI layout of three layers with all that layers can hold; low: ids below 65536
image_maker.py linked DIR                an OCI layout with a hard link into a layer below
image_maker.py volumes DIR PATH...       an OCI layout that wants volumes at these places, and exposes ports
image_maker.py hostile DIR               tar files of roots that try to lead out, one for each way: DIR/WAY.tar
image_maker.py damaged LAYOUT DIR        copies of a layout that are wrong in one place each
image_maker.py tree DIR                  every file below DIR: type, mode, owner, time, content, attributes, links
"""
import gzip
import hashlib
import io
import json
import lzma
import os
import shutil
import stat
import subprocess
import sys
import tarfile

BUSYBOX = "/bin/busybox"
LONG = "/".join(["a-rather-long-name-of-a-directory"] * 6)


class Layer:
    def __init__(self, pax=True):
        self.buffer = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.buffer, mode="w", format=tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT)

    def add(self, name, kind=tarfile.REGTYPE, content=b"", link="", mode=0o644, uid=0, gid=0, mtime=1600000000, xattrs=None, device=(0, 0)):
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.mode, info.uid, info.gid, info.mtime = kind, link, mode, uid, gid, mtime
        info.devmajor, info.devminor = device
        info.size = len(content)
        info.pax_headers = {"SCHILY.xattr." + key: value for key, value in (xattrs or {}).items()}
        self.tar.addfile(info, io.BytesIO(content))
        return self

    def dir(self, name, mode=0o755, **more):
        return self.add(name, tarfile.DIRTYPE, mode=mode, **more)

    def bytes(self):
        self.tar.close()
        return self.buffer.getvalue()


def busybox_root(layer):
    layer.dir("./").dir("./bin").dir("./etc").dir("./tmp", 0o1777)
    with open(BUSYBOX, "rb") as file:
        layer.add("./bin/busybox", content=file.read(), mode=0o755)
    for applet in ("sh", "cat", "ls", "id", "sleep", "touch", "env", "pwd", "true"):
        layer.add(f"./bin/{applet}", tarfile.SYMTYPE, link="busybox")
    layer.add("./etc/passwd", content=b"root:x:0:0::/root:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n")
    layer.add("./etc/group", content=b"root:x:0:\nwww:x:34:\nextra:x:77:web\n")
    return layer


def layers(high):
    first = busybox_root(Layer())
    first.dir("gone").add("gone/file", content=b"x").dir("opaque", 0o750, uid=5).add("opaque/old", content=b"old").dir("opaque/sub")
    first.add("opaque/sub/old", content=b"old").dir("secret", 0o700, uid=12, gid=13).add("secret/old", content=b"old")
    first.add("replaced", content=b"a file").dir("was-dir").add("was-dir/x", content=b"x").add("hidden", content=b"x")
    first.add("linked-1", content=b"one inode", mode=0o640, uid=1000, gid=100).add("linked-2", tarfile.LNKTYPE, link="linked-1")
    first.dir("of-a-group", 0o2775, gid=8).add("of-a-group/file", content=b"x").dir("of-a-group/dir", 0o755).add("of-a-group/link", tarfile.SYMTYPE, link="x")
    first.add("absolute", tarfile.SYMTYPE, link="/etc/passwd").add("dangling", tarfile.SYMTYPE, link="no/where")
    second = Layer(pax=False)
    second.add("./.wh.gone").add("opaque/new", content=b"new").add("opaque/.wh..wh..opq").add(".wh.hidden")
    second.add("secret/new", content=b"new", mode=0o600)  # its directory is not mentioned here
    second.dir("replaced").add("replaced/inside", content=b"y").add("was-dir", content=b"now a file")
    second.add(LONG + "/file-with-a-long-name", content=b"deep").add("pipe", tarfile.FIFOTYPE)
    third = Layer()
    third.add("capable", content=b"x", mode=0o755, xattrs={"user.colour": "blue"}).add("setuid", content=b"x", mode=0o6755, uid=7, gid=8)
    third.dir("labelled", xattrs={"user.kind": "dir"}).add("null", tarfile.CHRTYPE, device=(1, 3), mode=0o666)
    third.add("fraction", content=b"x", mtime=1500000000.25).dir("dated", mtime=1234567890).add("dated/x", content=b"x")
    third.add("umlaut-\u00fc", content=b"x").add("big-id", content=b"x", uid=high, gid=high + 1)
    return [first.bytes(), second.bytes(), third.bytes()]


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def zstd(content):
    return subprocess.run(["zstd", "-q", "-3", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout


def put(directory, content, media_type):
    with open(f"{directory}/blobs/sha256/{digest(content)[7:]}", "wb") as file:
        file.write(content)
    return {"mediaType": media_type, "digest": digest(content), "size": len(content)}


def layout(directory, how="gzip"):
    plain = layers(60000 if how == "low" else 3000000)
    half = len(plain[0]) // 2
    pack = {"gzip": [gzip.compress] * 3, "low": [gzip.compress] * 3,
            "mixed": [lambda c: gzip.compress(c[:half]) + gzip.compress(c[half:]) + bytes(512), zstd, lzma.compress]}[how]
    write_layout(directory, plain, pack)


def volumes(directory, *paths):
    """What a volume takes over from the image: owners, modes, times, links, attributes; and places of every kind for volumes."""
    root = busybox_root(Layer()).add("bin/httpd", tarfile.SYMTYPE, link="busybox")
    root.dir("srv", mtime=1400000000).dir("srv/data", 0o2750, uid=33, gid=34, mtime=1234567890, xattrs={"user.kind": "volume"})
    root.add("srv/data/one", content=b"one\n", mode=0o4711, uid=33, gid=34, xattrs={"user.colour": "red"})
    root.add("srv/data/two", tarfile.LNKTYPE, link="srv/data/one").add("srv/data/link", tarfile.SYMTYPE, link="one", mtime=1300000000)
    root.dir("srv/data/sub", 0o700, mtime=1234567891).add("srv/data/sub/deep", content=b"deep\n").add("srv/data/pipe", tarfile.FIFOTYPE)
    root.add("lib", tarfile.SYMTYPE, link="/srv/lib").dir("srv/lib").add("out", tarfile.SYMTYPE, link="../../../../..").add("file", content=b"x")
    ports = {"80/tcp": {}, "53/udp": {}, "8000-8001": {}}
    write_layout(directory, [root.bytes()], [gzip.compress], {"Volumes": {path: {} for path in paths}, "ExposedPorts": ports, "User": "0", "Entrypoint": None,
                                                                  "Cmd": ["/bin/httpd", "-f", "-h", "/srv/data/sub"]})


def write_layout(directory, plain, pack, more=None):
    os.makedirs(directory + "/blobs/sha256")
    blobs = [put(directory, f(c), "application/vnd.oci.image.layer.v1.tar+gzip") for f, c in zip(pack, plain)]
    config = {"architecture": {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine), "os": "linux",
              "created": "2020-01-02T03:04:05Z", "rootfs": {"type": "layers", "diff_ids": [digest(c) for c in plain]},
              "config": {"Entrypoint": ["/bin/sh", "-c"], "Cmd": ["id; pwd; echo $COLOUR $OWN"], "Env": ["PATH=/bin", "COLOUR=red", "OWN=image"],
                         "User": "web", "WorkingDir": "srv/www", "StopSignal": "SIGINT", "Labels": {"kept": "yes"}, **(more or {})}}
    config = put(directory, json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": blobs}
    manifest = put(directory, json.dumps(manifest).encode(), manifest["mediaType"])
    manifest["annotations"] = {"org.opencontainers.image.ref.name": "v1"}
    write(directory + "/index.json", {"schemaVersion": 2, "manifests": [manifest]})
    write(directory + "/oci-layout", {"imageLayoutVersion": "1.0.0"})


def write(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)


def damaged(source, directory):
    with open(source + "/index.json", encoding="utf-8") as file:
        index = json.load(file)
    manifest_path = "blobs/sha256/" + index["manifests"][0]["digest"][7:]
    with open(f"{source}/{manifest_path}", encoding="utf-8") as file:
        manifest = json.load(file)
    last = "blobs/sha256/" + manifest["layers"][-1]["digest"][7:]

    def changed(way, path, change):
        shutil.copytree(source, f"{directory}/{way}")
        with open(f"{directory}/{way}/{path}", "r+b") as file:
            content = bytearray(file.read())
            file.seek(0)
            file.truncate()
            file.write(change(content))

    # The time in the header of gzip: only the digest tells.
    changed("layer-changed", last, lambda c: c[:4] + bytes([c[4] ^ 1]) + c[5:])
    changed("layer-short", last, lambda c: c[:len(c) // 2])
    changed("config-changed", "blobs/sha256/" + manifest["config"]["digest"][7:], lambda c: c.replace(b"red", b"odd"))
    changed("manifest-changed", manifest_path, lambda c: c.replace(b"gzip", b"zstd"))
    changed("digest-path", "index.json", lambda c: c.replace(b"sha256:", b"sha256:../", 1))


def linked(directory):
    """Two layers, of which the second has a hard link to a file of the first: docker load and umoci refuse it."""
    first = busybox_root(Layer()).add("one", content=b"of below", mode=0o4750, uid=3, gid=4, xattrs={"user.colour": "red"}).add("gone", content=b"x")
    second = Layer().add("two", tarfile.LNKTYPE, link="./one").add("three", tarfile.LNKTYPE, link="two")
    write_layout(directory, [first.bytes(), second.bytes()], [gzip.compress] * 2)


def hostile(directory):
    def root():
        return Layer().dir("./").dir("etc").dir("usr")

    ways = {
        "dotdot": root().add("etc/../../../escaped", content=b"x"),
        "hardlink": root().add("etc/link", tarfile.LNKTYPE, link="../../../../../../etc/hostname"),
        "hardlink-missing": root().add("etc/link", tarfile.LNKTYPE, link="/no/such/file"),
        "root-link": Layer().dir("etc").add("./", tarfile.SYMTYPE, link="/"),
        "whiteout": root().add("etc/.wh.passwd"),
        "device-0-0": root().add("etc/passwd", tarfile.CHRTYPE, device=(0, 0)),
        "nul-dir": root().add("etc/" + "n" * 256, content=b"x"),
    }
    for way, layer in ways.items():
        with open(f"{directory}/{way}.tar", "wb") as file:
            file.write(layer.bytes())
    with open(f"{directory}/cut.tar", "wb") as file:
        file.write(root().add("usr/file", content=b"x" * 9000).bytes()[:6000])
    # These are taken in, and stay inside of the layer.
    outside = root().add("out", tarfile.SYMTYPE, link="/escaped").add("up", tarfile.SYMTYPE, link="../../../../../../../escaped")
    outside.dir("escaped").add("out/one", content=b"x").add("up/two", content=b"x").add("/escaped/three", content=b"x")
    outside.add("etc/x", content=b"x", xattrs={"user.overlay.opaque": "y", "user.kept": "yes"})
    with open(f"{directory}/inside.tar", "wb") as file:
        file.write(outside.bytes())


def tree(directory):
    seen = {}
    for path, names, files in os.walk(directory):
        names.sort()
        for name in sorted(names + files) if path != directory else ["."] + sorted(names + files):
            whole = os.path.join(path, name)
            status = os.lstat(whole)
            kind = stat.filemode(status.st_mode)
            line = [os.path.relpath(whole, directory), kind, status.st_uid, status.st_gid]
            if not stat.S_ISDIR(status.st_mode):
                line += [status.st_nlink, seen.setdefault(status.st_ino, line[0]), status.st_mtime_ns]
            if stat.S_ISLNK(status.st_mode):
                line.append(os.readlink(whole))
            if stat.S_ISREG(status.st_mode):
                with open(whole, "rb") as file:
                    line.append(hashlib.sha256(file.read()).hexdigest())
            if stat.S_ISCHR(status.st_mode):
                line.append(status.st_rdev)
            line += sorted(f"{key}={os.getxattr(whole, key, follow_symlinks=False)}" for key in os.listxattr(whole, follow_symlinks=False)
                           if not key.startswith(("user.overlay.", "trusted.overlay.", "user.rootlesscontainers")))
            print(*line)


{"layout": layout, "linked": linked, "volumes": volumes, "damaged": damaged, "hostile": hostile, "tree": tree}[sys.argv[1]](*sys.argv[2:])
