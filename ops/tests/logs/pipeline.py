"""The stages of both collectors in one form, and what they do to a line.

A stage is (name, arguments); the expressions are those of the configuration. `cri` and `docker` have none of their own: they are
done as the documentation of Alloy describes them.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone

import alloy

CRI = re.compile(r"^(?P<time>\S+) (?P<stream>stdout|stderr) (?P<flags>\S+) (?P<content>.*)$", re.S)


@dataclass
class Entry:
    line: str
    labels: dict[str, str]
    time: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)


def instant(text: str) -> datetime:
    """RFC 3339 with up to nine digits of a second."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", text)
    if not found:
        raise ValueError(f"{text!r} is not RFC 3339")
    micro = (found[2] or "")[:6].ljust(6, "0")
    return datetime.fromisoformat(f"{found[1]}.{micro}{found[3].replace('Z', '+00:00')}").astimezone(timezone.utc)


def look_up(document, expression: str):
    """The part of JMESPath that is a path of names."""
    for name in expression.split("."):
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise ValueError(f"the expression {expression!r} is beyond this check: use a path of names")
        document = document.get(name) if isinstance(document, dict) else None
    return document


class Pipeline:
    """One run of the stages over a stream of lines; it keeps the partial lines of each file."""

    def __init__(self, stages: list[tuple[str, dict]]):
        self.stages, self.partial = stages, {}

    def push(self, line: str, labels: dict[str, str], time: datetime | None = None) -> Entry | None:
        entry = Entry(line, dict(labels), time)
        extracted: dict = dict(labels)
        for name, arguments in self.stages:
            if not getattr(self, name)(entry, extracted, arguments):
                return None
        return entry

    def cri(self, entry, extracted, _):
        found = CRI.match(entry.line)
        if not found:
            return True
        key = tuple(sorted(entry.labels.items())) + (found["stream"],)
        content = self.partial.pop(key, "") + found["content"]
        if found["flags"] == "P":
            self.partial[key] = content
            return False
        extracted.update(found.groupdict())
        entry.line, entry.time = content, instant(found["time"])
        entry.labels["stream"] = found["stream"]
        return True

    def regex(self, entry, extracted, arguments):
        text = extracted.get(arguments["source"]) if "source" in arguments else entry.line
        if text is not None and (found := re.search(arguments["expression"], text)):
            extracted.update({key: value for key, value in found.groupdict().items() if value is not None})
        return True

    def json(self, entry, extracted, arguments):
        try:
            document = json.loads(entry.line)
        except ValueError:
            return True
        for name, expression in arguments["expressions"].items():
            value = look_up(document, expression or name)
            if value is not None:
                extracted[name] = value if isinstance(value, str) else json.dumps(value)
        return True

    def timestamp(self, entry, extracted, arguments):
        if arguments["format"] not in ("RFC3339Nano", "RFC3339"):
            raise ValueError(f"timestamp: the format {arguments['format']!r} is not what our lines hold")
        try:
            entry.time = instant(extracted.get(arguments["source"], ""))
        except ValueError:
            # Alloy's default is to make a time up from the stream's last one.
            if arguments.get("action_on_failure", "fudge") != "skip":
                raise ValueError("timestamp: lines that are not JSON would get a made-up time; say skip") from None
        return True

    def labels(self, entry, extracted, values):
        for name, source in values.items():
            if (source or name) in extracted:
                entry.labels[name] = extracted[source or name]
        return True

    def structured_metadata(self, entry, extracted, values):
        for name, source in values.items():
            if (source or name) in extracted:
                entry.metadata[name] = extracted[source or name]
        return True

    def label_keep(self, entry, _, names):
        entry.labels = {name: value for name, value in entry.labels.items() if name in names}
        return True


def of_alloy(blocks: list[alloy.Block]) -> dict[str, list]:
    """The stages from each source to loki.write, by the source's kind: `docker` and `file`."""
    by_name = {block.name: block for block in blocks}
    found = {}
    for source in blocks:
        if not source.kind.startswith("loki.source."):
            continue
        stages, block = [], source
        while block.kind != "loki.write":
            for stage in block.blocks:
                stages.append(normal_alloy(stage))
            (target,) = block.attributes["forward_to"]
            block = by_name[target.name.removesuffix(".receiver")]
        found[source.kind.removeprefix("loki.source.")] = stages
    return found


def normal_alloy(stage: alloy.Block) -> tuple[str, object]:
    name = stage.kind.removeprefix("stage.")
    if name in ("labels", "structured_metadata", "label_keep"):
        return name, stage.attributes["values"]
    return name, stage.attributes


def of_promtail(document: dict) -> dict[str, list]:
    found = {}
    for job in document["scrape_configs"]:
        stages = []
        for stage in job["pipeline_stages"]:
            ((name, arguments),) = stage.items()
            stages.append(("label_keep" if name == "labelallow" else name, arguments))
        found["docker" if "docker_sd_configs" in job else "file"] = stages
    return found
