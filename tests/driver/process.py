"""Runs one command with a time limit, reaps everything below it, and finds what it left behind.

The driver is a subreaper (man 2 PR_SET_CHILD_SUBREAPER): a process whose parents are gone comes to the driver instead of to
PID 1. So a leaked monitor or payload is seen here, and zombies vanish at once even where PID 1 does not reap.
"""
import ctypes
import os
import pathlib
import signal
import subprocess
import time

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 3


def adopt_orphans():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class TimeLimit(Exception):
    pass


def on_alarm(_number, _frame):
    raise TimeLimit


def run(command, directory, log, seconds, environment=None):
    """The exit status; 128+N for a signal, 124 past the limit. Standard output and errors go to the log, input is empty."""
    with open(log, "wb") as output:
        child = subprocess.Popen([str(word) for word in command], cwd=directory, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}, start_new_session=True)
    status = reap_until(child.pid, seconds)
    if status is None:
        os.killpg(child.pid, signal.SIGTERM)
        if reap_until(child.pid, GRACE_SECONDS) is None:
            os.killpg(child.pid, signal.SIGKILL)
            reap_until(child.pid, GRACE_SECONDS)
        with open(log, "a") as output:
            output.write(f"\ntests/run: stopped after {seconds:.0f} seconds\n")
        status = 124
    child.returncode = status  # reaped here: Popen must not wait for it
    return status


def reap_until(pid, seconds):
    """Reaps every child that ends; the status of `pid` when it does, None past the limit."""
    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01))
    try:
        while True:
            ended, status = os.waitpid(-1, 0)
            if ended == pid:
                signal.setitimer(signal.ITIMER_REAL, 0)
                return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    except TimeLimit:
        return None
    except ChildProcessError:
        return 128
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def children():
    return [int(word) for word in pathlib.Path("/proc/thread-self/children").read_text().split()]


def name_of(pid):
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return f"{pid} {b' '.join(words).decode(errors='replace').strip() or 'without a command line'}"
    except OSError:
        return str(pid)


def end_orphans():
    """The names of the processes that came to the driver and did not end by themselves; they are killed."""
    deadline = time.monotonic() + GRACE_SECONDS
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            return []
        left = children()
        if not left:
            return []
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    names = [name_of(pid) for pid in left]
    while left:  # the children of what is killed come here next
        for pid in left:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        left = children()
    return names
