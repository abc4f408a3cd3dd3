"""Two jobs at a time. Each lane is a process of its own and a subreaper (driver/process.py), so that what a job leaves behind is told
from what another one still runs. Builds come before what needs them; a job that must have the machine for itself says so.
"""
import dataclasses
import multiprocessing
import multiprocessing.connection
import pathlib
import time

from driver import process
from driver.counts import Counts

LANES = 2


@dataclasses.dataclass
class Job:
    """One command, and how its output is read. `needs` are the names of builds; alone: nothing else runs beside it."""
    name: str
    command: list
    log: pathlib.Path
    limit: float  # seconds
    needs: list = dataclasses.field(default_factory=list)
    environment: dict = dataclasses.field(default_factory=dict)
    part: object = None  # of a suite; none: a build
    alone: bool = False


@dataclasses.dataclass
class Outcome:
    status: int
    seconds: float
    counts: Counts


def carry_out(job, tree, deadline):
    left = min(job.limit, deadline - time.monotonic())
    counts = Counts()
    if left <= 0:
        counts.fail(f"{job.name} starts before the total time limit", "")
        return Outcome(124, 0, counts)
    started = time.monotonic()
    status = process.run(job.command, tree, job.log, left, job.environment)
    if job.part is not None:
        counts.add(job.part.read(job.part, status, job.log.read_text(errors="replace")))
        for name in process.end_orphans():
            counts.fail(f"{job.part.title} leaves no process behind", f"left and killed: {name}")
    return Outcome(status, time.monotonic() - started, counts)


def serve(pipe, drivers_ends, jobs, tree, deadline):
    """A lane: indices of jobs come in, outcomes go out, until there are no more (None) or the driver is gone."""
    for end in drivers_ends:  # else the pipe would never end
        end.close()
    process.adopt_orphans()
    try:
        for index in iter(pipe.recv, None):
            pipe.send((index, carry_out(jobs[index], tree, deadline)))
    except (EOFError, BrokenPipeError):
        pass


class Lanes:
    def __init__(self, jobs, tree, deadline, count=LANES):
        self.jobs = jobs
        self.outcomes = {}  # index -> Outcome
        self.waiting = list(range(len(jobs)))
        self.running = {}  # pipe -> index
        context = multiprocessing.get_context("fork")
        self.idle, self.processes = [], []
        for _ in range(count):
            ours, theirs = context.Pipe()
            lane = context.Process(target=serve, args=(theirs, [*self.idle, ours], jobs, tree, deadline))
            lane.start()
            theirs.close()
            self.idle.append(ours)
            self.processes.append(lane)

    def build_failed(self, job):
        """The name of a build that this job needs and that failed; none when all are there; raises KeyError while one is not."""
        by_name = {self.jobs[index].name: self.outcomes.get(index) for index in range(len(self.jobs)) if self.jobs[index].part is None}
        for name in job.needs:
            if by_name[name] is None:
                raise KeyError(name)
            if by_name[name].status != 0:
                return name
        return None

    def next_job(self):
        """The first one that can run now: builds one after the other, since each uses every processor."""
        building = any(self.jobs[index].part is None for index in self.running.values())
        for index in self.waiting:
            job = self.jobs[index]
            if job.alone and self.running or job.part is None and building:
                continue
            try:
                failed = self.build_failed(job)
            except KeyError:
                continue
            if failed is None:
                return index
            self.give_up(index, failed)
            return self.next_job()
        return None

    def give_up(self, index, build):
        counts = Counts()
        log = next(job.log for job in self.jobs if job.part is None and job.name == build)
        counts.fail(f"{self.jobs[index].name}: {build} succeeds", log.read_text(errors="replace"))
        self.waiting.remove(index)
        self.outcomes[index] = Outcome(1, 0, counts)

    def start_what_can(self):
        while self.idle and not any(self.jobs[index].alone for index in self.running.values()):
            index = self.next_job()
            if index is None:
                return
            self.waiting.remove(index)
            pipe = self.idle.pop()
            pipe.send(index)
            self.running[pipe] = index

    def take_one(self):
        """Waits until a lane is done; a lane that died is a failure of its job, and is not used again."""
        for pipe in multiprocessing.connection.wait(list(self.running)):
            index = self.running.pop(pipe)
            try:
                _, self.outcomes[index] = pipe.recv()
                self.idle.append(pipe)
            except EOFError:
                counts = Counts()
                counts.fail(f"{self.jobs[index].name}: its lane lives", "the driver's own process died")
                self.outcomes[index] = Outcome(1, 0, counts)

    def run(self, on_progress):
        """Runs every job; on_progress(outcomes) after each."""
        try:
            self.start_what_can()
            while self.running:
                self.take_one()
                self.start_what_can()
                on_progress(self.outcomes)
            for index in list(self.waiting):
                counts = Counts()
                counts.fail(f"{self.jobs[index].name} is run", "no lane was left")
                self.outcomes[index] = Outcome(1, 0, counts)
            on_progress(self.outcomes)
        finally:
            for pipe in self.idle:  # those that run end with the driver's death, or were reported
                pipe.send(None)
            for lane in self.processes:
                lane.join()
