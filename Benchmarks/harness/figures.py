"""From rounds to a table: medians, ratios, targets. No I/O."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Target:
    """What is to be reached: `value` by our figure, or `ratio` by our figure over the peer's."""

    quantity: str
    comparison: str
    bound: float

    def is_met_by(self, number: float) -> bool:
        return number >= self.bound if self.comparison == ">=" else number <= self.bound

    def __str__(self) -> str:
        return f"{self.comparison} {number(self.bound)}{'x' if self.quantity == 'ratio' else ''}"


def ratio_at_least(bound: float) -> Target:
    return Target("ratio", ">=", bound)


def ratio_at_most(bound: float) -> Target:
    return Target("ratio", "<=", bound)


def at_least(bound: float) -> Target:
    return Target("value", ">=", bound)


def at_most(bound: float) -> Target:
    return Target("value", "<=", bound)


@dataclass
class Row:
    """One line of the table. Round n of `ours` and round n of `peer` ran one after the other."""

    name: str
    unit: str
    ours: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    target: Target | None = None
    failure: str | None = None

    @property
    def ratios(self) -> list[float]:
        return [own / other for own, other in zip(self.ours, self.peer) if other]

    @property
    def judged(self) -> list[float]:
        """The rounds of what the target is about; without a target, of our figure."""
        return self.ratios if self.target and self.target.quantity == "ratio" else self.ours

    @property
    def is_reached(self) -> bool | None:
        """None where there is no target."""
        if self.target is None:
            return None
        return bool(self.judged) and not self.failure and self.target.is_met_by(median(self.judged))

    def cells(self) -> list[str]:
        if self.failure:
            return [self.name, f"failed: {self.failure}", "", "", str(self.target or ""), "no", ""]
        reached = {None: "", True: "yes", False: "NO"}[self.is_reached]
        return [
            self.name,
            f"{number(median(self.ours))} {self.unit}".strip(),
            f"{number(median(self.peer))}" if self.peer else "",
            f"{median(self.ratios):.2f}x" if self.ratios else "",
            str(self.target or ""),
            reached,
            spread(self.judged),
        ]

    def record(self) -> dict:
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": self.ours,
            "peer": self.peer,
            "ratio": median(self.ratios) if self.ratios else None,
            "target": str(self.target) if self.target else None,
            "reached": self.is_reached,
            "failure": self.failure,
        }


def spread(rounds: list[float]) -> str:
    """The least and the most of the rounds, and how many there were."""
    if not rounds:
        return ""
    return f"{number(min(rounds))} .. {number(max(rounds))} ({len(rounds)})"


def number(value: float) -> str:
    """Three digits that count, thousands set apart."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = -(-share * len(ordered) // 1)
    return ordered[max(0, int(rank) - 1)]


HEADINGS = ["measurement", "ours", "peer", "ratio", "target", "reached", "rounds: least .. most"]


def table(rows: list[Row]) -> str:
    lines = [HEADINGS] + [row.cells() for row in rows]
    # A failure's text does not widen its column.
    widths = [max(len(line[column]) for line in lines if not line[1].startswith("failed") or column == 0)
              for column in range(len(HEADINGS))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
        for line in [lines[0], rule] + lines[1:])
