"""A work directory with a bundle whose payload writes down what it sees, and the oracle that compares it.

The payload writes its facts (ids, capabilities, seccomp, no_new_privs, host name, limits, mounts, devices) to /facts and exits 7.
A run that was disturbed is right in two cases only: it failed and said so, or the facts are the same as in an undisturbed run.
"""
import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

LIB = pathlib.Path(__file__).resolve().parent.parent / "lib"
TREE = LIB.parent.parent
PAYLOAD_STATUS = 7
FACTS = r"""
{
  grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:|SigBlk|SigIgn)' /proc/self/status
  hostname; pwd; umask; ulimit -n; echo "$HOME $PATH"; ls /proc/self/fd | wc -l
  awk '{for (i = 7; $i != "-"; i++) $i = ""; $1 = $2 = $3 = ""; print}' /proc/self/mountinfo | sed 's/inode64//; s/size=[0-9]*k//' | tr -s ' '
  ls -l /dev | awk '{print $1, $3, $5, $6, $NF}' | grep -v '^total' | awk '{print $1, $2, $3, $NF}'
  cat /proc/keys | wc -c; cat /proc/sys/net/ipv4/ip_forward; echo x >/proc/sys/kernel/domainname || echo readonly
} >/facts 2>&1
"""
BUNDLE_FILES = ("rootfs", "config.json", "shared")
KNOWN_FILES = ("bundle", "state", "said", "count", "strace", "cst-busybox-root")
CLONE_NEWNS, MS_REC, MS_PRIVATE, MS_SHARED, PR_SET_CHILD_SUBREAPER = 0x20000, 1 << 14, 1 << 18, 1 << 20, 36
libc = ctypes.CDLL(None, use_errno=True)


def become_reaper_in_own_mount_namespace():
    """Whatever loses its parent comes to us, and the mounts we compare are nobody else's."""
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "become a subreaper")
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare the mount namespace")
    for propagation in (MS_PRIVATE, MS_SHARED):  # peers of our own: a mount that leaks out of a container shows here
        if libc.mount(b"none", b"/", None, MS_REC | propagation, None) != 0:
            raise OSError(ctypes.get_errno(), "change the propagation")


def residue_after(look, seconds):
    """What `look` finds left when the time is over; nothing as soon as it finds nothing."""
    until = time.monotonic() + seconds
    while True:
        reap()
        left = look()
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.01)


def mounts():
    return sorted(line.split(" - ")[0].split(" ", 3)[3] for line in open("/proc/self/mountinfo"))


def reap():
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def wait_and_reap(process, timeout):
    """Its status. Orphans that come to us are reaped at once, as init does: an unreaped one would hold up its pid namespace."""
    until = time.monotonic() + timeout
    killed = False
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == process.pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return "hung" if killed else process.returncode
        if pid == 0:
            time.sleep(0.001)
        if time.monotonic() > until and not killed:
            process.kill()
            killed = True


def children():
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as stat:
                    state, parent = stat.read().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if int(parent) == os.getpid() and state != "Z":
                found.append(int(name))
    return found


class Outcome:
    def __init__(self, status, said):
        self.status, self.said = status, said

    def __str__(self):
        return f"status {self.status}, said: {self.said.strip() or 'nothing'}"


class ContainerBench:
    def __init__(self, runtime, tag, variant="plain"):
        self.runtime = str(runtime)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="cst."))
        self.work.chmod(0o755)
        self.bundle, self.state = self.work / "bundle", self.work / "state"
        self.id = f"cstfault-{os.getpid()}-{tag}"
        self.baseline = None
        self.stray = os.open("/", os.O_RDONLY | os.O_DIRECTORY)  # every command inherits it; no payload may
        self.make_bundle(variant)
        self.mounts_before = mounts()

    def make_bundle(self, variant):
        script = f'SUITE_LIB="{LIB}"; BUNDLE="{self.bundle}"; source "{LIB}/bundle.bash"; busybox_bundle "$BUNDLE"'
        if variant == "full":
            script += "; user_namespace 100000 65536; with_namespace time"
        subprocess.run(["bash", "-ec", script], check=True, stdin=subprocess.DEVNULL, env=dict(os.environ, BATS_RUN_TMPDIR=str(self.work)))
        config = json.loads((self.bundle / "config.json").read_text())
        config["process"]["args"] = ["/bin/sh", "-c", f"{FACTS} exit {PAYLOAD_STATUS}"]
        config["linux"]["cgroupsPath"] = "/" + self.id
        config["linux"]["sysctl"] = {"net.ipv4.ip_forward": "1"}
        if variant == "full":
            config["linux"]["timeOffsets"] = {"boottime": {"secs": 1000}}
            config["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
                                          "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
            config["hooks"] = {kind: [{"path": "/bin/true", "timeout": 10}]
                               for kind in ("createRuntime", "createContainer", "poststart", "poststop")}
            config["mounts"].append({"destination": "/mnt", "type": "bind", "source": "shared", "options": self.options_of_shared()})
            config["process"]["user"] = {"uid": 1000, "gid": 1000, "additionalGids": [5]}
        (self.bundle / "config.json").write_text(json.dumps(config))
        self.facts_file.touch()
        self.facts_file.chmod(0o666)

    def options_of_shared(self):
        """With its ids mapped, where the filesystem can do that."""
        shared = self.bundle / "shared"
        shared.mkdir()
        kind = subprocess.run(["stat", "-f", "-c", "%T", str(shared)], check=True, capture_output=True, text=True).stdout.strip()
        return ["bind", "ro"] + (["idmap"] if kind in ("ext2/ext3", "xfs", "btrfs", "tmpfs") else [])

    @property
    def facts_file(self):
        return self.bundle / "rootfs/facts"

    def facts(self):
        return self.facts_file.read_text()

    def command(self, *argv, fault=None, count=None, timeout=20, prefix=()):
        """Runs the program; a detached container must not hold our pipe, so its output goes to a file."""
        environment = {"PATH": os.environ["PATH"]}
        if fault:
            environment["CAISSON_FAULT"] = fault
        if count:
            environment["CAISSON_FAULT_COUNT"] = str(count)
        with open(self.work / "said", "w+b") as said:
            process = subprocess.Popen([*prefix, self.runtime, "--root", str(self.state), *argv], cwd=self.bundle, env=environment,
                                       stdin=subprocess.DEVNULL, stdout=said, stderr=said, pass_fds=(self.stray,))
            status = wait_and_reap(process, timeout)
            said.seek(0)
            return Outcome(status, said.read().decode(errors="replace"))

    def clear_facts(self):
        self.facts_file.write_text("")

    def wait_for_facts(self, seconds=20.0):
        """A detached payload has written all of them when its container is stopped."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            reap()
            state = self.command("state", self.id)
            if state.status != 0 or '"stopped"' in state.said.replace(" ", ""):
                return
            time.sleep(0.01)

    def learn_baseline(self):
        self.clear_facts()
        outcome = self.command("run", self.id)
        if outcome.status != PAYLOAD_STATUS or not self.facts():
            raise RuntimeError(f"an undisturbed run does not work: {outcome}")
        self.baseline = self.facts()

    def difference(self):
        """What differs between the facts of now and those of an undisturbed run; empty when nothing."""
        now, before = self.facts().splitlines(), self.baseline.splitlines()
        changed = [f"-{line}" for line in before if line not in now] + [f"+{line}" for line in now if line not in before]
        return "" if now == before else "; ".join(changed[:6]) or "other order"

    def residue(self, seconds=10.0):  # a loaded machine may take some to end what was killed
        return residue_after(self.residue_now, seconds)

    def residue_now(self):
        left = [f"process {pid}" for pid in children()]
        left += [f"state {entry.name}" for entry in (self.state.iterdir() if self.state.is_dir() else ())]
        left += [f"mount {line}" for line in mounts() if line not in self.mounts_before]
        left += [f"cgroup {top}" for top, _, _ in os.walk("/sys/fs/cgroup") if self.id in top]
        left += [f"file {entry}" for entry in self.work.iterdir() if entry.name not in KNOWN_FILES]
        left += [f"file {entry}" for entry in self.bundle.iterdir() if entry.name not in (*BUNDLE_FILES, "pid")]
        return left

    def remove_everything(self):
        """After a failure, so that the next point starts clean: only what is certainly ours."""
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
        reap()
        shutil.rmtree(self.state, ignore_errors=True)
        for top, _, _ in sorted(os.walk("/sys/fs/cgroup"), reverse=True):
            if self.id in top:
                try:
                    os.rmdir(top)
                except OSError as error:
                    print(f"# rmdir {top}: {error}", file=sys.stderr)
        for entry in self.bundle.iterdir():
            if entry.name not in BUNDLE_FILES:
                entry.unlink()

    def close(self):
        self.remove_everything()
        subprocess.run(["umount", "-R", "-q", "-l", str(self.bundle / "rootfs")], stderr=subprocess.DEVNULL)
        os.close(self.stray)
        shutil.rmtree(self.work, ignore_errors=True)
