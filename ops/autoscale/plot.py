"""Backlog and replicas over time as an SVG of a few lines, which follows the reader's light or dark colours."""

import math
from dataclasses import dataclass

# No CSS variables: some renderers of SVG do not know them.
SHAPES = """
text { font: 13px system-ui, "DejaVu Sans", sans-serif; stroke: none; }
.title { font-weight: 600; font-size: 15px; }
.soft { font-size: 12px; }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
.keda { stroke-dasharray: 7 3; }
.mark { stroke-width: 1.5; stroke-dasharray: 2 3; }
text.hpa, text.keda { font-weight: 600; }
"""
LIGHT = {"ground": "#ffffff", "ink": "#1f2328", "soft": "#59636e", "grid": "#d8dee4", "band": "#f0f3f6", "hpa": "#0550ae", "keda": "#bc4c00"}
DARK = {"ground": "#0d1117", "ink": "#f0f6fc", "soft": "#9198a1", "grid": "#30363d", "band": "#1a2029", "hpa": "#79c0ff", "keda": "#ffa657"}


def colours(of: dict[str, str]) -> str:
    fills = [("text", "ink"), ("text.soft", "soft"), (".ground", "ground"), (".band", "band"), ("text.hpa", "hpa"), ("text.keda", "keda")]
    strokes = [("line.grid", "grid"), ("line.axis", "soft"), (".hpa", "hpa"), (".keda", "keda")]
    return "".join(
        [f"{where} {{ stroke: {of[what]}; }}\n" for where, what in strokes]
        + [f"{where} {{ fill: {of[what]}; stroke: none; }}\n" for where, what in fills])


STYLE = f"{SHAPES}{colours(LIGHT)}@media (prefers-color-scheme: dark) {{\n{colours(DARK)}}}\n"
WIDTH, LEFT, RIGHT = 860, 78, 24
NAMES = {"hpa": "HPA", "keda": "KEDA"}


def nice_step(span: float, lines: int) -> float:
    """The least of 1, 2, 5, 10, 20 ... that gives at most `lines` lines."""
    power = 10 ** math.floor(math.log10(span / lines))
    return next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= lines)


@dataclass
class Panel:
    top: float
    height: float
    first: float
    last: float
    most: float

    def x(self, at: float) -> float:
        return LEFT + (at - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.most)

    def frame(self, title: str, unit: str, below: str) -> list[str]:
        out = [f'<text class="title" x="{LEFT}" y="{self.top - 14:.0f}">{title}</text>']
        step = nice_step(self.most, 6)
        for number in range(int(self.most / step) + 1):
            y = self.y(number * step)
            out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
            out.append(f'<text class="soft" text-anchor="end" x="{LEFT - 8}" y="{y + 4:.1f}">{number * step:,.0f}</text>')
        step = nice_step(self.last - self.first, 12)
        for number in range(math.ceil(self.first / step), math.floor(self.last / step) + 1):
            x = self.x(number * step)
            out.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{self.y(0):.1f}" y2="{self.y(0) + 5:.1f}"/>')
            out.append(f'<text class="soft" text-anchor="middle" x="{x:.1f}" y="{self.y(0) + 19:.1f}">{number * step:,.0f}</text>')
        out.append(f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{self.y(0):.1f}" y2="{self.y(0):.1f}"/>')
        middle = self.top + self.height / 2
        out.append(f'<text class="soft" text-anchor="middle" transform="translate(18 {middle:.0f}) rotate(-90)">{unit}</text>')
        out.append(f'<text class="soft" text-anchor="middle" x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{self.y(0) + 38:.1f}">{below}</text>')
        return out

    def line(self, name: str, points: list[tuple[float, float]], steps: bool) -> str:
        path, before = [], None
        for at, value in points:
            if self.first <= at <= self.last:
                x, y = self.x(at), self.y(value)
                if before is None:
                    path.append(f"M{x:.1f} {y:.1f}")
                elif (round(y, 1), steps) != (before, True):
                    path.append(f"H{x:.1f}V{y:.1f}" if steps else f"L{x:.1f} {y:.1f}")
                before, end = round(y, 1), x
        return f'<path class="line {name}" d="{"".join(path)}{f"H{end:.1f}" if steps else ""}"/>'


def thinned(points: list[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    """Samples that are `gap` apart, and the last one."""
    kept: list[tuple[float, float]] = []
    for point in points:
        if not kept or point[0] - kept[-1][0] >= gap:
            kept.append(point)
    return kept + points[-1:]


def draw(stories, options) -> str:
    """`stories` are pairs of what happened and what was computed. Time 0 is when the last job of the burst was in."""
    told = [(story, course, [(sample.at - story.submitted, sample) for sample in story.samples]) for story, course in stories]
    first = min(samples[0][0] for _, _, samples in told)
    last = max(samples[-1][0] for _, _, samples in told)
    zoom = max(max(course.cleared, story.cleared - story.submitted) for story, course, _ in told) * 1.08
    most = max(sample.waiting + sample.running for _, _, samples in told for _, sample in samples)
    peak = max(story.peak for story, _, _ in told)
    jobs = Panel(104, 200, first, zoom, most * 1.06)
    pods = Panel(404, 180, first, last * 1.04, peak * 1.15)
    below = "time since the last job of the burst was in, seconds of the cluster"
    band = pods.x(min(zoom, pods.last)) - pods.x(first)
    body = [f'<rect class="band" x="{pods.x(first):.1f}" y="{pods.top}" width="{band:.1f}" height="{pods.height}"/>']
    body += jobs.frame("Backlog, while there is one", "jobs waiting or running", below)
    body += pods.frame("Replicas, until the least number is reached again (shaded: the time above)", "worker processes", below)
    for number, (story, course, samples) in enumerate(told):
        name = story.name
        backlog = thinned([(at, sample.waiting + sample.running) for at, sample in samples], 1.5)
        body.append(jobs.line(name, backlog, False))
        body.append(pods.line(name, [(at, sample.replicas) for at, sample in samples], True))
        at, least = story.down - story.submitted, samples[-1][1].replicas
        # The staircase is low where a label stands left of its end, and over where it stands right of it.
        side, dx, y = ("end", -6, pods.y(peak * 0.55)) if pods.x(at) > WIDTH / 2 else ("start", 8, pods.y(peak * 0.25))
        body.append(f'<text class="{name}" text-anchor="{side}" x="{pods.x(at) + dx:.1f}" y="{y:.1f}">'
                    f'{NAMES[name]}: {least} again after {at:.0f} s</text>')
        # The key: a line as it is drawn, and whose it is.
        x = WIDTH - RIGHT - 150 + 76 * number
        body.append(f'<line class="line {name}" x1="{x}" x2="{x + 26}" y1="30" y2="30"/><text x="{x + 32}" y="34">{NAMES[name]}</text>')
    # The latest on top, so that no mark crosses another's label.
    for number, (story, course, _) in enumerate(sorted(told, key=lambda one: -one[1].cleared)):
        x, y = jobs.x(course.cleared), jobs.top + 28 + 30 * number
        body.append(f'<line class="mark {story.name}" x1="{x:.1f}" x2="{x:.1f}" y1="{jobs.y(0):.1f}" y2="{y - 12:.1f}"/>')
        body.append(f'<text class="{story.name}" text-anchor="end" x="{x - 6:.1f}" y="{y:.1f}">'
                    f'{NAMES[story.name]}: computed to be gone after {course.cleared:.0f} s</text>')
    head = f"{options.jobs:,} jobs of {options.ms} ms under the rules of the manifests"
    note = (f"periods of the controllers divided by {options.speed:g}: {options.speed:g} s of the cluster are 1 s of the machine, "
            f"a job takes {options.ms * options.speed:g} ms there")
    height = 664
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
            f'aria-label="{head}: backlog and replicas over time"><style>{STYLE}</style>\n'
            f'<rect class="ground" width="{WIDTH}" height="{height}"/>\n<text class="title" x="{LEFT}" y="34">{head}</text>\n'
            f'<text class="soft" x="{LEFT}" y="54">{note}</text>\n' + "\n".join(body) + "\n</svg>\n")
