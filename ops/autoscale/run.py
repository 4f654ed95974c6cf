"""One burst under one controller: the loop that reads metrics, asks the controller and scales real processes."""

import math
import threading
import time
from dataclasses import dataclass, field

from cluster import Cluster
from controllers import SYNC_PERIOD, Hpa, Keda
from manifests import Manifests
from model import Course

# How often the loop looks, in seconds of this machine.
TICK = 0.02


@dataclass(frozen=True)
class Sample:
    at: float  # s of the cluster since the loop began
    waiting: int
    running: int
    replicas: int


@dataclass
class Story:
    """What happened, for the report and the plot. Instants are seconds of the cluster."""

    name: str
    samples: list[Sample] = field(default_factory=list)
    submitted: float | None = None
    cleared: float | None = None
    down: float | None = None
    wrong: list[str] = field(default_factory=list)
    jobs: int = 0
    again: int = 0

    @property
    def peak(self) -> int:
        return max((sample.replicas for sample in self.samples), default=0)


class HpaControl:
    """The worker's HPA over Prometheus: it sees what the last scrape saw."""

    def __init__(self, manifests: Manifests):
        self.hpa, self.held = Hpa(manifests.hpa), {}
        self.least = manifests.hpa.minimum
        self.rounds = {"scrape": manifests.scrape, "sync": SYNC_PERIOD}

    def act(self, what: str, now: float, current: int, ready: int, read) -> int:
        if what == "scrape":
            self.held = {metric.name: read(metric.name) for metric in self.hpa.spec.metrics}
            return current
        return self.hpa.sync(now, current, ready, self.held)


class KedaControl:
    """KEDA polls for zero and one; from one on its HPA asks KEDA, which reads Redis each time."""

    def __init__(self, manifests: Manifests):
        self.keda, self.hpa = Keda(manifests.keda), Hpa(manifests.keda.hpa())
        self.least = manifests.keda.minimum
        self.rounds = {"poll": manifests.keda.polling, "sync": SYNC_PERIOD}

    def act(self, what: str, now: float, current: int, ready: int, read) -> int:
        values = {trigger.name: read(trigger.name) for trigger in self.keda.spec.triggers}
        return self.keda.poll(now, current, values) if what == "poll" else self.hpa.sync(now, current, ready, values)


CONTROLS = {"hpa": HpaControl, "keda": KedaControl}


class Submission(threading.Thread):
    """Puts jobs in while the controllers go on."""

    def __init__(self, cluster: Cluster, jobs: int, milliseconds: int, rate: int | None = None):
        super().__init__(daemon=True)
        self.cluster, self.jobs, self.milliseconds, self.rate = cluster, jobs, milliseconds, rate
        self.error: Exception | None = None

    def run(self):
        try:
            self.cluster.submit(self.jobs, self.milliseconds, self.rate)
        except Exception as error:  # told by the loop, which ends everything
            self.error = error


class Run:
    def __init__(self, name: str, cluster: Cluster, manifests: Manifests, course: Course, flow: int, options):
        """`flow` is jobs a second (here) that come in while replicas are taken away, so that these are not all idle."""
        self.story = Story(name)
        self.cluster, self.manifests, self.course, self.options = cluster, manifests, course, options
        self.control = CONTROLS[name](manifests)
        self.due = {what: 0.0 for what in self.control.rounds}
        # It never goes to zero while jobs come in.
        self.flow = flow if self.control.least else 0
        self.submissions: list[Submission] = []
        self.told, self.over = -1.0, False

    def put_in(self, jobs: int, rate: int | None = None):
        self.submissions.append(Submission(self.cluster, jobs, self.options.ms, rate))
        self.submissions[-1].start()

    def go(self) -> Story:
        self.cluster.scale(self.control.least)
        self.began = time.monotonic()
        self.put_in(self.options.jobs)
        while not self.story.wrong and not self.over:
            self.round()
            time.sleep(TICK)
        if self.over:
            self.story.jobs = sum(submission.jobs for submission in self.submissions)
            wrong, self.story.again = self.cluster.queue.account(self.story.jobs)
            self.story.wrong += wrong
        return self.story

    def round(self):
        now = (time.monotonic() - self.began) * self.options.speed
        self.cluster.tend()
        self.decide(now)
        # First who still puts jobs in, then what there is: an empty queue is the end only in this order.
        submitting = any(submission.is_alive() for submission in self.submissions)
        for submission in self.submissions:
            if submission.error:
                raise submission.error
        waiting, running = self.cluster.queue.backlog()
        self.story.samples.append(Sample(now, waiting, running, self.cluster.replicas))
        self.follow(now, waiting + running, submitting)
        self.tell(now, waiting, running)

    def decide(self, now: float):
        """Every round that is due, in its order. A round's instant is the one when it was due: the loop may be late, and a
        policy of 15 s must not miss a round of 15 s for it."""
        while (what := min(self.due, key=lambda one: self.due[one])) and self.due[what] <= now:
            at = self.due[what]
            self.due[what] += self.control.rounds[what]
            current = self.cluster.replicas
            ready = min(current, max(0, self.cluster.queue.workers() - len(self.cluster.ending)))
            wanted = self.control.act(what, at, current, ready, self.read)
            if self.options.fault == "never-up" and current > 0:
                wanted = min(wanted, current)
            if wanted != current:
                self.cluster.scale(wanted)

    def read(self, name: str) -> float:
        return self.cluster.queue.value(self.manifests.sources[name], self.options.speed)

    def follow(self, now: float, left: int, submitting: bool):
        """The burst is put in; its backlog ends; replicas go down to the least number; the last jobs end."""
        story, margin = self.story, self.options.margin
        if story.submitted is None:
            if not submitting:
                story.submitted = now
                if self.options.fault == "lose-one":
                    self.cluster.queue.lose_one()
        elif story.cleared is None:
            if left == 0:
                story.cleared = now
                if self.flow:
                    # A little shorter than the way down, as it is rather slower than asked for.
                    self.put_in(math.ceil(0.8 * self.flow * self.course.down / self.options.speed), self.flow)
            elif now - story.submitted > self.course.cleared * margin:
                story.wrong.append(
                    f"after {now - story.submitted:.0f} s of the cluster {left} jobs are left; computed were {self.course.cleared:.0f} s, "
                    f"{margin:g} times that is the bound. Replicas: {self.cluster.replicas} now, {story.peak} at most")
        elif story.down is None:
            if self.cluster.replicas == self.control.least and not self.cluster.ending:
                story.down = now
            elif now - story.cleared > self.course.down * margin:
                story.wrong.append(f"{now - story.cleared:.0f} s after the burst there are {self.cluster.replicas} replicas; "
                                   f"computed were {self.course.down:.0f} s, {margin:g} times that is the bound")
        elif left == 0 and not submitting:
            self.over = True
        elif now - story.down > self.course.down * margin:
            story.wrong.append(f"{now - story.down:.0f} s after the last replica was taken away {left} jobs are left")

    def tell(self, now: float, waiting: int, running: int):
        second = now / self.options.speed
        if second - self.told >= 1:
            self.told = second
            print(f"{self.story.name:5}{second:4.0f} s here {now:5.0f} s there  {waiting:6} wait {running:4} run  "
                  f"{self.cluster.replicas:3} replicas", flush=True)
