"""The part of LogQL that docs/logs.md uses: a selector, line filters, `| json`, filters of labels, count_over_time, rate, sum by.

An operator beyond these is an error, not a guess. Names are looked up as Loki does: labels of the stream, structured metadata, then
what `| json` found; a JSON name that is taken already is `name_extracted`.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import Entry

STRING = r'"(?:\\.|[^"\\])*"|`[^`]*`'
UNITS = {"s": 1, "m": 60, "h": 3600}


def unquoted(text: str) -> str:
    return text[1:-1] if text.startswith("`") else json.loads(text)


def holds(value: str, operator: str, wanted: str) -> bool:
    if operator in ("=~", "!~"):
        return bool(re.fullmatch(wanted, value)) == (operator == "=~")
    return (value == wanted) == (operator == "=")


@dataclass
class Pipe:
    """A selector and what follows it."""
    matchers: list[tuple[str, str, str]]
    steps: list[tuple]

    @property
    def names(self) -> set[str]:
        """Every name that it asks for."""
        return {name for name, _, _ in self.matchers} | {step[1] for step in self.steps if step[0] == "filter"}

    def select(self, entries: list[Entry]) -> list[tuple[Entry, dict[str, str]]]:
        found = []
        for entry in entries:
            if not all(holds(entry.labels.get(name, ""), operator, value) for name, operator, value in self.matchers):
                continue
            names = {**entry.labels, **entry.metadata}
            if self.passes(entry, names):
                found.append((entry, names))
        return found

    def passes(self, entry: Entry, names: dict[str, str]) -> bool:
        for step in self.steps:
            if step[0] == "line":
                if (step[2] in entry.line) != (step[1] == "|="):
                    return False
            elif step[0] == "json":
                try:
                    document = json.loads(entry.line)
                except ValueError:
                    names["__error__"] = "JSONParserErr"
                    continue
                for name, value in document.items():
                    key = f"{name}_extracted" if name in entry.labels or name in entry.metadata else name
                    names[key] = value if isinstance(value, str) else json.dumps(value)
            elif not self.filters(step, names):
                return False
        return True

    @staticmethod
    def filters(step: tuple, names: dict[str, str]) -> bool:
        _, name, operator, wanted = step
        if isinstance(wanted, str):
            return holds(names.get(name, ""), operator, wanted)
        try:
            value = float(names[name])
        except (KeyError, ValueError):
            return False
        return {">": value > wanted, ">=": value >= wanted, "<": value < wanted, "<=": value <= wanted, "==": value == wanted}[operator]


def read_pipe(text: str) -> Pipe:
    found = re.match(r"\s*\{(.*?)\}\s*", text, re.S)
    if not found:
        raise ValueError(f"LogQL: no stream selector in {text!r}")
    matchers = []
    for part in filter(None, (part.strip() for part in re.split(r",(?=\s*\w+\s*[=!])", found[1]))):
        matcher = re.fullmatch(rf"(\w+)\s*(=~|!~|!=|=)\s*({STRING})", part)
        if not matcher:
            raise ValueError(f"LogQL: {part!r} is no matcher")
        matchers.append((matcher[1], matcher[2], unquoted(matcher[3])))
    if not any(operator in ("=", "=~") and value for _, operator, value in matchers):
        raise ValueError(f"LogQL: {text!r} selects every stream, which Loki refuses")
    rest, steps = text[found.end():], []
    while rest.strip():
        line = re.match(rf"\s*(\|=|!=)\s*({STRING})", rest)
        parse = re.match(r"\s*\|\s*json\b", rest)
        label = re.match(rf"\s*\|\s*(\w+)\s*(=~|!~|!=|==|>=|<=|=|>|<)\s*({STRING}|\d+(?:\.\d+)?(?![\w.]))", rest)
        if line:
            steps.append(("line", line[1], unquoted(line[2])))
        elif parse:
            steps.append(("json",))
        elif label:
            number = label[3][0] not in "\"`"
            if number != (label[2] in (">", ">=", "<", "<=", "==")):
                raise ValueError(f"LogQL: {label[0].strip()!r} compares a text and a number")
            steps.append(("filter", label[1], label[2], float(label[3]) if number else unquoted(label[3])))
        else:
            raise ValueError(f"LogQL: {rest.strip()!r} is beyond this check")
        rest = rest[(line or parse or label).end():]
    return Pipe(matchers, steps)


@dataclass
class Query:
    pipe: Pipe
    function: str = ""
    seconds: int = 0
    by: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        return self.pipe.names | set(self.by)

    def evaluate(self, entries: list[Entry], at: datetime):
        """Lines, or for a metric query a number for each group at the instant `at`."""
        if not self.function:
            return [entry.line for entry, _ in self.pipe.select(entries)]
        groups: dict[tuple[str, ...], float] = {}
        for entry, names in self.pipe.select(entries):
            if at - timedelta(seconds=self.seconds) < entry.time <= at:
                key = tuple(names.get(name, "") for name in self.by)
                groups[key] = groups.get(key, 0) + 1
        return {key: count / self.seconds if self.function == "rate" else count for key, count in groups.items()}


def read(text: str) -> Query:
    text = text.strip()
    if text.startswith("{"):
        return Query(read_pipe(text))
    metric = re.fullmatch(
        r"sum\s+by\s*\(([\w\s,]+)\)\s*\(\s*(count_over_time|rate)\s*\((.*)\[(\d+)([smh])\]\s*\)\s*\)", text, re.S)
    if not metric:
        raise ValueError(f"LogQL: {text!r} is beyond this check")
    by = tuple(name.strip() for name in metric[1].split(","))
    return Query(read_pipe(metric[3]), metric[2], int(metric[4]) * UNITS[metric[5]], by)
