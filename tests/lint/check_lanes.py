#!/usr/bin/python3
"""The driver that runs two parts at a time: what fails, hangs, leaves a process behind or needs a broken build is counted as failed."""
import pathlib
import sys
import tempfile
import time

import tree

sys.path.insert(0, str(tree.TOP / "tests"))
from driver import lanes  # noqa: E402
from driver.counts import Counts, read_tap  # noqa: E402


class ByStatus:
    title = "part"

    def read(self, _part, status, text):
        counts = Counts()
        if status == 0:
            counts.passed += 1
        else:
            counts.fail("status", str(status))
        return counts


def outcomes(folder):
    def job(name, command, needs=(), limit=20, part=True, alone=False):
        return lanes.Job(name, ["sh", "-c", command], folder / name, limit, list(needs), {}, ByStatus() if part else None, alone)

    mark = "echo begin >>order; sleep 0.2; echo end >>order"
    jobs = [job("good", "exit 0", part=False), job("bad", "echo broken; exit 1", part=False),
            job("passes", mark, ["good"]), job("beside", mark), job("alone", mark, alone=True), job("fails", "exit 3"),
            job("unbuilt", "exit 0", ["bad"]), job("hangs", "sleep 60", limit=0.3),
            job("leaves", "setsid sleep 60 & :")]
    running = lanes.Lanes(jobs, folder, time.monotonic() + 60)
    running.run(lambda _outcomes: None)
    return {jobs[index].name: outcome for index, outcome in running.outcomes.items()}


def differences(found, order):
    for name in ("passes", "beside", "alone"):
        if found[name].counts.failures or found[name].counts.passed != 1:
            yield tree.Finding(name, "did not pass")
    expected = {"fails": "3", "unbuilt": "broken", "hangs": "124", "leaves": "left and killed"}
    for name, text in expected.items():
        if text not in " ".join(told for _, told in found[name].counts.failures):
            yield tree.Finding(name, f"failures {found[name].counts.failures}, but should tell {text!r}")
    if order[-2:] != ["begin", "end"] or order[:-2] not in (["begin", "begin", "end", "end"], ["begin", "end", "begin", "end"]):
        yield tree.Finding("alone", f"ran beside another: {order}")


# (passed, failed, skipped) of what a program printed.
TAP = {"1..2\nok 1 a\nok 2 b # skip why\n": (1, 0, 1), "1..2\nok 1 a\nnot ok 2 b\n# told\n": (1, 1, 0), "1..3\nok 1 a\n": (1, 2, 0),
       "1..0 # skip no such program\n": (0, 0, 1), "1..0\n": (0, 1, 0), "": (0, 1, 0)}


def miscounted():
    for text, expected in TAP.items():
        counts = read_tap(ByStatus(), 0, text)
        told = (counts.passed, counts.failed, counts.skipped)
        if told != expected:
            yield tree.Finding(repr(text), f"{told}, but should be {expected}")


with tempfile.TemporaryDirectory() as scratch:
    found = outcomes(pathlib.Path(scratch))
    order = (pathlib.Path(scratch) / "order").read_text().split()
    tree.report(("two parts run at a time, and what goes wrong is told", list(differences(found, order))),
                ("what is announced and does not come, or is nothing, has failed", list(miscounted())))
