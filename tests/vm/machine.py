#!/usr/bin/python3
"""machine.py KERNEL SCRIPT FILE...: a virtual machine of Debian's kernel, busybox and the files (in /bin), in which SCRIPT runs; prints
what that prints. KERNEL is an unpacked kernel package. The machine has cgroup v2 with all controllers, every capability, an ext4
disk at /var, a tmpfs as its root, and a loopback device. Its console is the way out; nothing of the machine around it is seen.
"""
import glob
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MODULES = ["virtio_pci", "virtio_blk", "overlay", "veth", "bridge", "tun", "nf_tables", "nft_chain_nat", "nft_nat", "nft_masq", "nft_ct",
           "nft_fib_inet", "nf_conntrack_netlink"]
BEGIN, END = "== begin ==", "== end =="
SECONDS = 240

# An initramfs cannot be left by pivot_root, so the root is another tmpfs. What caisson says there is kept in /on-initramfs.
FIRST = """#!/bin/busybox sh
busybox=/bin/busybox
$busybox mkdir /new
$busybox mount -t tmpfs -o size=90% root /new
$busybox cp -a /bin /lib /etc /script /second /new/
$busybox mkdir -p /proc /sys /dev /image/bin /image/proc /image/dev /image/sys
$busybox cp $busybox /image/bin/true
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sys /sys
$busybox mount -t devtmpfs dev /dev
$busybox mount -t cgroup2 cgroup2 /sys/fs/cgroup
/bin/caisson run --net none --rootfs /image -- /bin/true >/new/on-initramfs 2>&1
$busybox umount /sys/fs/cgroup /sys /proc /dev
$busybox mkdir -p /new/proc /new/sys /new/dev /new/tmp /new/run /new/root /new/var
exec $busybox switch_root /new /second
"""
SECOND = f"""#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo +memory +pids +cpu >/sys/fs/cgroup/cgroup.subtree_control
for module in /lib/*.ko; do insmod $module; done
n=0; until [ -b /dev/vda ] || [ $n = 50 ]; do n=$((n + 1)); sleep 0.1; done
mount -t ext4 /dev/vda /var || echo "no disk"
chmod 1777 /tmp
ip link set lo up
echo {BEGIN}
sh /script 2>&1
echo {END}
poweroff -f
"""


def module_files(kernel):
    """Those that are wanted and what they need, in the order in which they can be loaded."""
    paths = {pathlib.Path(path).name.split(".ko")[0].replace("-", "_"): path
             for path in glob.glob(f"{kernel}/lib/modules/**/*.ko", recursive=True)}
    order = []

    def add(name):
        if name not in paths or paths[name] in order:  # built in
            return
        depends = re.search(rb"depends=([^\0]*)\0", pathlib.Path(paths[name]).read_bytes())
        for other in filter(None, depends[1].decode().split(",") if depends else []):
            add(other.replace("-", "_"))
        order.append(paths[name])

    for module in MODULES:
        add(module)
    return order


def archive(entries):
    """An initramfs, in the format that cpio calls newc (kernel: driver-api/early-userspace/buffer-format)."""
    out = bytearray()

    def put(name, mode, content):
        fields = [0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        out.extend(b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0")
        out.extend(bytes(-len(out) % 4) + content)
        out.extend(bytes(-len(out) % 4))

    for name, (mode, content) in entries.items():
        put(name, mode, content)
    put("TRAILER!!!", 0, b"")
    return bytes(out)


def initramfs(kernel, script, files):
    entries = {name: (0o040755, b"") for name in ("bin", "lib", "etc")}
    entries["init"] = (0o100755, FIRST.encode())
    entries["second"] = (0o100755, SECOND.encode())
    entries["script"] = (0o100644, pathlib.Path(script).read_bytes())
    entries["etc/passwd"] = (0o100644, b"root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/var/home:/bin/sh\n")
    entries["etc/group"] = (0o100644, b"root:x:0:\nuser:x:1000:\n")
    for file in files:
        entries["bin/" + os.path.basename(file)] = (0o100755, pathlib.Path(file).read_bytes())
    for number, path in enumerate(module_files(kernel)):
        entries[f"lib/{number:03}-{os.path.basename(path)}"] = (0o100644, pathlib.Path(path).read_bytes())
    return gzip.compress(archive(entries), 1)


def main():
    kernel, script, *files = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="virtual-machine.") as scratch:
        pathlib.Path(scratch, "initrd").write_bytes(initramfs(kernel, script, [shutil.which("busybox"), *files]))
        with open(f"{scratch}/disk", "wb") as disk:
            disk.truncate(256 << 20)
        mke2fs = shutil.which("mke2fs", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        subprocess.run([mke2fs, "-q", "-t", "ext4", f"{scratch}/disk"], check=True)
        command = ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", "2048", "-smp", "2", "-nographic", "-no-reboot", "-nic", "none",
                   "-kernel", glob.glob(f"{kernel}/boot/vmlinuz-*")[0], "-initrd", f"{scratch}/initrd",
                   "-drive", f"file={scratch}/disk,format=raw,if=virtio", "-append", "console=ttyS0 quiet panic=-1"]
        run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS)
    console = run.stdout.decode(errors="replace").replace("\r", "")
    if BEGIN not in console or END not in console:
        sys.exit(f"the machine did not come to the end of {script}:\n{console[-3000:]}")
    print(console[console.index(BEGIN) + len(BEGIN):console.index(END)].strip())


main()
