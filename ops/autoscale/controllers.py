"""The rules by which Kubernetes' HorizontalPodAutoscaler and KEDA choose a number of replicas. No clock, no I/O.

Instants and periods are seconds of the cluster's time; whoever calls says what time it is. The rules are those of
autoscaling/v2 (controller-manager's defaults) and of a KEDA ScaledObject with external metrics.
"""

import math
from dataclasses import dataclass, field

# kube-controller-manager: --horizontal-pod-autoscaler-sync-period, -tolerance, -downscale-stabilization.
SYNC_PERIOD = 15.0
TOLERANCE = 0.1
DOWNSCALE_STABILIZATION = 300.0


@dataclass(frozen=True)
class Policy:
    kind: str  # Pods or Percent
    value: int
    period: float


@dataclass(frozen=True)
class Rules:
    """One direction of `behavior`."""

    window: float
    policies: tuple[Policy, ...]
    select: str = "Max"  # Max, Min or Disabled


# What the API server fills in where a manifest says nothing.
DEFAULT_UP = Rules(0.0, (Policy("Percent", 100, 15.0), Policy("Pods", 4, 15.0)))
DEFAULT_DOWN = Rules(DOWNSCALE_STABILIZATION, (Policy("Percent", 100, 15.0),))


@dataclass(frozen=True)
class Metric:
    name: str
    kind: str  # AverageValue or Value
    target: float


@dataclass(frozen=True)
class HpaSpec:
    minimum: int
    maximum: int
    metrics: tuple[Metric, ...]
    up: Rules = DEFAULT_UP
    down: Rules = DEFAULT_DOWN


def replicas_for(metric: Metric, value: float, current: int, ready: int) -> int:
    """What one external metric asks for."""
    if metric.kind == "AverageValue":
        return current if near_enough(value / (metric.target * current)) else math.ceil(value / metric.target)
    ratio = value / metric.target
    return current if near_enough(ratio) else math.ceil(ratio * ready)


def near_enough(ratio: float) -> bool:
    return 1 - TOLERANCE <= ratio <= 1 + TOLERANCE


def proposal(metrics: tuple[Metric, ...], values: dict[str, float | None], current: int, ready: int) -> int | None:
    """The most that any metric asks for. A value of None is a metric that cannot be had: the others may then scale up,
    never down, and with none of them nothing is decided."""
    known = [metric for metric in metrics if values.get(metric.name) is not None]
    asked = max((replicas_for(metric, values[metric.name], current, ready) for metric in known), default=None)
    if asked is None or (len(known) < len(metrics) and asked < current):
        return None
    return asked


@dataclass
class Hpa:
    spec: HpaSpec
    recommendations: list[tuple[float, int]] = field(default_factory=list)
    added: list[tuple[float, int]] = field(default_factory=list)
    removed: list[tuple[float, int]] = field(default_factory=list)

    def sync(self, now: float, current: int, ready: int, values: dict[str, float | None]) -> int:
        """One round of the controller: the number of replicas from now on."""
        if not self.recommendations:
            self.recommendations.append((now, current))
        if current == 0:
            # A Deployment of zero replicas is switched off for an HPA whose minimum is one or more.
            return 0
        if not self.spec.minimum <= current <= self.spec.maximum:
            return self._scaled(now, current, min(max(current, self.spec.minimum), self.spec.maximum))
        asked = proposal(self.spec.metrics, values, current, ready)
        if asked is None:
            return current
        return self._scaled(now, current, self._limited(now, current, self._stabilized(now, current, asked)))

    def _stabilized(self, now: float, current: int, asked: int) -> int:
        """Up: the least that was asked for within the window of scaleUp; down: the most within that of scaleDown."""
        up = asked >= current
        window = self.spec.up.window if up else self.spec.down.window
        recent = [count for at, count in self.recommendations if at > now - window]
        oldest = now - max(self.spec.up.window, self.spec.down.window)
        self.recommendations = [(at, count) for at, count in self.recommendations if at >= oldest] + [(now, asked)]
        return (min if up else max)([asked, *recent])

    def _limited(self, now: float, current: int, wanted: int) -> int:
        if wanted > current:
            return min(wanted, self.spec.maximum, max(current, up_limit(self.spec.up, current, self.added, now)))
        if wanted < current:
            return max(wanted, self.spec.minimum, min(current, down_limit(self.spec.down, current, self.removed, now)))
        return wanted

    def _scaled(self, now: float, current: int, count: int) -> int:
        if count > current:
            self.added.append((now, count - current))
        elif count < current:
            self.removed.append((now, current - count))
        return count


def changed_within(events: list[tuple[float, int]], period: float, now: float) -> int:
    return sum(change for at, change in events if at > now - period)


def up_limit(rules: Rules, current: int, added: list[tuple[float, int]], now: float) -> int:
    """As many as the policies allow: each counts from what there was when its period began."""
    if rules.select == "Disabled":
        return current
    limits = []
    for policy in rules.policies:
        start = current - changed_within(added, policy.period, now)
        limits.append(start + policy.value if policy.kind == "Pods" else math.ceil(start * (100 + policy.value) / 100))
    return (min if rules.select == "Min" else max)(limits)


def down_limit(rules: Rules, current: int, removed: list[tuple[float, int]], now: float) -> int:
    """As few as the policies allow. Max is the policy that changes most: here the lowest number."""
    if rules.select == "Disabled":
        return current
    limits = []
    for policy in rules.policies:
        start = current + changed_within(removed, policy.period, now)
        limits.append(start - policy.value if policy.kind == "Pods" else math.floor(start * (100 - policy.value) / 100))
    return (max if rules.select == "Min" else min)(limits)


@dataclass(frozen=True)
class Trigger:
    name: str
    target: float
    activation: float


@dataclass(frozen=True)
class KedaSpec:
    minimum: int
    maximum: int
    polling: float
    cooldown: float
    triggers: tuple[Trigger, ...]
    up: Rules = DEFAULT_UP
    down: Rules = DEFAULT_DOWN

    def hpa(self) -> HpaSpec:
        """The HPA that KEDA makes: it scales from one on, by the average of each trigger."""
        metrics = tuple(Metric(trigger.name, "AverageValue", trigger.target) for trigger in self.triggers)
        return HpaSpec(max(1, self.minimum), self.maximum, metrics, self.up, self.down)


@dataclass
class Keda:
    """KEDA's own part: from zero to one, and back to zero."""

    spec: KedaSpec
    last_active: float | None = None

    def poll(self, now: float, current: int, values: dict[str, float | None]) -> int:
        seen = [(trigger, values.get(trigger.name)) for trigger in self.spec.triggers]
        if any(value is not None and value > trigger.activation for trigger, value in seen):
            self.last_active = now
            return max(1, self.spec.minimum) if current == 0 else current
        if any(value is None for _, value in seen):
            # A trigger that gives no answer is no sign that there is nothing to do.
            return current
        if current > 0 and self.spec.minimum == 0:
            cooled = self.last_active is None or self.last_active + self.spec.cooldown < now
            return 0 if cooled else current
        return max(current, self.spec.minimum)
