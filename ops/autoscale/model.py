"""How long a burst takes at worst, computed before it is run, from the manifests' numbers and measured rates.

This is arithmetic of its own, not a run of controllers.py: a mistake there must not move the bound along with it.
All instants are seconds of the cluster. Rates are jobs per second of the cluster.
"""

import math
from dataclasses import dataclass

from controllers import SYNC_PERIOD, HpaSpec, KedaSpec, Rules


@dataclass(frozen=True)
class Measured:
    """Of this machine, in this run."""

    single: float  # jobs/s of one replica
    together: float  # jobs/s of as many replicas as may be
    start: float  # from the decision until new replicas work

    def rate(self, replicas: int) -> float:
        """Replicas add up until the machine that they share is used up."""
        return min(replicas * self.single, self.together)


@dataclass(frozen=True)
class Course:
    """What the model expects of a burst."""

    cleared: float
    peak: int
    down: float  # from the end of the backlog until the least number of replicas


def allowed(rules: Rules, replicas: int, up: bool) -> int:
    """Where one step may lead when its period has passed since the step before."""
    sign = 1 if up else -1
    ends = []
    for policy in rules.policies:
        change = policy.value if policy.kind == "Pods" else replicas * policy.value / 100
        ends.append(math.ceil(replicas + change) if up else math.floor(replicas + sign * change))
    pick = {("Max", True): max, ("Min", True): min, ("Max", False): min, ("Min", False): max}
    return replicas if rules.select == "Disabled" else pick[rules.select, up](ends)


def step_time(rules: Rules) -> float:
    """The time between two steps: the longest period of the policies, in whole rounds of the controller."""
    return math.ceil(max(policy.period for policy in rules.policies) / SYNC_PERIOD) * SYNC_PERIOD


def climb(jobs: int, replicas: int, wait: float, target: float, spec: HpaSpec, measured: Measured) -> tuple[float, int]:
    """Works `jobs` off from `replicas` working ones; the first decision comes after `wait`. Gives the time and the peak.

    `target` is the jobs of the backlog that each replica is there for."""
    left, now, peak, working = float(jobs), 0.0, replicas, replicas
    pause = wait
    while True:
        # What was decided works `start` later; until then, and until the next decision, what worked before goes on.
        for span, count in [(min(measured.start, pause), working), (max(0.0, pause - measured.start), replicas)]:
            rate = measured.rate(count)
            if rate * span >= left:
                return now + left / rate, peak
            left -= rate * span
            now += span
        working = replicas
        wanted = math.ceil(left / target)
        if wanted > replicas * 1.1:
            replicas = min(spec.maximum, wanted, allowed(spec.up, replicas, True))
        peak = max(peak, replicas)
        pause = step_time(spec.up)


def descent(replicas: int, least: int, rules: Rules) -> float:
    """From the last high recommendation until `least`: the window passes, then one step follows another."""
    time, first = rules.window + SYNC_PERIOD, True
    while replicas > least:
        below = max(least, allowed(rules, replicas, False))
        if below == replicas:
            return math.inf
        replicas = below
        time += 0.0 if first else step_time(rules)
        first = False
    return time


def hpa_course(jobs: int, spec: HpaSpec, target: float, scrape: float, measured: Measured) -> Course:
    """At worst the burst comes right after a scrape, and the scrape right after a round of the controller."""
    cleared, peak = climb(jobs, spec.minimum, scrape + SYNC_PERIOD, target, spec, measured)
    return Course(cleared, peak, scrape + descent(peak, spec.minimum, spec.down))


def keda_course(jobs: int, spec: KedaSpec, target: float, measured: Measured) -> Course:
    """At worst a poll has just passed when the burst comes, and a round of the HPA when the first replica is made."""
    first = max(1, spec.minimum)
    before = 0.0 if spec.minimum else spec.polling + measured.start
    cleared, peak = climb(jobs, first, SYNC_PERIOD, target, spec.hpa(), measured)
    # To zero KEDA goes in one step, however many there are; a poll sees the last job, another that the time is over.
    down = spec.cooldown + 2 * spec.polling if spec.minimum == 0 else descent(peak, spec.minimum, spec.down)
    return Course(before + cleared, peak, down)
