"""What the configurations may hold. Loki and Promtail end at a key that they do not know; here a strict schema says so before.

The schemas name what our files use, with its type and the values that are right for us. A new key in a file needs its line here.
"""

import re

import jsonschema

from alloy import Block, Reference, evaluated

TEXT, FLAG, WHOLE = {"type": "string", "minLength": 1}, {"type": "boolean"}, {"type": "integer", "minimum": 0}
SPAN = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
SIZE = {"type": "string", "pattern": r"^\d+[KM]B$"}
NAMES = {"type": "object", "additionalProperties": TEXT, "minProperties": 1}
WORDS = {"type": "array", "items": TEXT, "minItems": 1}
URL = {"type": "string", "pattern": r"^http://[a-z]+:\d+/"}


def one(value) -> dict:
    return {"const": value}


def strict(properties: dict, optional: tuple[str, ...] = ()) -> dict:
    return {"type": "object", "additionalProperties": False, "properties": properties,
            "required": [name for name in properties if name not in optional]}


def some(items: dict) -> dict:
    return {"type": "array", "items": items, "minItems": 1}


LOKI = strict({
    "auth_enabled": FLAG,
    "server": strict({"http_listen_port": one(3100), "grpc_listen_port": WHOLE, "log_level": {"enum": ["debug", "info", "warn", "error"]}}),
    "common": strict({
        "instance_addr": TEXT, "path_prefix": TEXT, "replication_factor": one(1),
        "ring": strict({"kvstore": strict({"store": one("inmemory")})}),
        "storage": strict({"filesystem": strict({"chunks_directory": TEXT, "rules_directory": TEXT})})}),
    "schema_config": strict({"configs": some(strict({
        "from": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}, "store": one("tsdb"), "object_store": one("filesystem"),
        "schema": one("v13"), "index": strict({"prefix": TEXT, "period": one("24h")})}))}),
    "limits_config": strict({
        "allow_structured_metadata": one(True), "retention_period": SPAN, "discover_service_name": one([]),
        "discover_log_levels": one(False), "max_label_names_per_series": {"type": "integer", "minimum": 3, "maximum": 15},
        "reject_old_samples": FLAG, "reject_old_samples_max_age": SPAN, "ingestion_rate_mb": WHOLE,
        "ingestion_burst_size_mb": WHOLE, "max_line_size": SIZE, "max_line_size_truncate": FLAG}),
    "compactor": strict({
        "working_directory": TEXT, "retention_enabled": one(True), "retention_delete_delay": SPAN, "compaction_interval": SPAN,
        "delete_request_store": one("filesystem")}),
    "analytics": strict({"reporting_enabled": one(False)}),
})

STAGES = {
    "cri": strict({}), "json": strict({"expressions": NAMES}), "labels": NAMES, "structured_metadata": NAMES,
    "regex": strict({"source": TEXT, "expression": {"type": "string", "format": "regex"}}, optional=("source",)),
    "timestamp": strict({"source": TEXT, "format": TEXT, "action_on_failure": {"enum": ["skip", "fudge"]}}),
    "labelallow": WORDS,
}
STAGE = {"type": "object", "additionalProperties": False, "properties": STAGES, "minProperties": 1, "maxProperties": 1}
RULE = strict(
    {"source_labels": WORDS, "regex": TEXT, "action": {"enum": ["keep", "replace", "drop"]}, "target_label": TEXT, "replacement": TEXT},
    optional=("source_labels", "regex", "action", "target_label", "replacement"))
PROMTAIL = strict({
    "server": strict({"http_listen_port": WHOLE, "grpc_listen_port": WHOLE}),
    "positions": strict({"filename": TEXT}),
    "clients": some(strict({"url": URL})),
    "scrape_configs": some(strict({
        "job_name": TEXT, "docker_sd_configs": some(strict({"host": TEXT, "refresh_interval": SPAN})), "relabel_configs": some(RULE),
        "static_configs": some(strict({"targets": WORDS, "labels": NAMES})), "pipeline_stages": some(STAGE)},
        optional=("docker_sd_configs", "relabel_configs", "static_configs"))),
})


def keyless(stage: dict) -> dict:
    return {"attributes": stage, "blocks": {}}


def component(attributes: dict, blocks: dict | None = None, exports: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> dict:
    return {"attributes": strict(attributes, optional), "blocks": blocks or {}, "exports": exports}


EXPRESSION = {"type": "object", "properties": {"reference": TEXT}, "required": ["reference"]}
TARGETS = {"anyOf": [EXPRESSION, some(NAMES)]}
RECEIVERS = {"type": "array", "items": EXPRESSION, "minItems": 1, "maxItems": 1}
VALUES = strict({"values": NAMES})
ALLOY = {
    "discovery.docker": component({"host": TEXT, "refresh_interval": SPAN}, exports=("targets",)),
    "discovery.relabel": component({"targets": TARGETS}, {"rule": keyless(RULE)}, exports=("output",)),
    "local.file_match": component({"path_targets": TARGETS, "sync_period": SPAN}, exports=("targets",)),
    "loki.source.docker": component({"host": TEXT, "targets": TARGETS, "forward_to": RECEIVERS}),
    "loki.source.file": component({"targets": TARGETS, "forward_to": RECEIVERS}),
    "loki.process": component({"forward_to": RECEIVERS}, {
        **{f"stage.{name}": keyless(schema) for name, schema in STAGES.items() if name in ("cri", "json", "regex", "timestamp")},
        "stage.labels": keyless(VALUES), "stage.structured_metadata": keyless(VALUES),
        "stage.label_keep": keyless(strict({"values": WORDS}))}, exports=("receiver",)),
    "loki.write": component({}, {"endpoint": keyless(strict({"url": URL}))}, exports=("receiver",)),
}


def problems_of(document, schema: dict, place: str) -> list[str]:
    found = []
    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        where = "/".join(str(part) for part in error.absolute_path) or "the top"
        found.append(f"{place}: at {where}: {error.message}")
    return found


def plain(value):
    """Attributes without the class of references, for a schema; calls as they end where no variable is set."""
    value = evaluated(value, {})
    if isinstance(value, Reference):
        return {"reference": value.name}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def references(value) -> list[str]:
    if isinstance(value, Reference):
        return [value.name]
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else []
    return [name for item in inner for name in references(item)]


def alloy_problems(blocks: list[Block], place: str) -> list[str]:
    found, exported = [], set()
    names = [block.name for block in blocks]
    found += [f"{place}: {name} is there twice" for name in sorted({name for name in names if names.count(name) > 1})]
    for block in blocks:
        exported |= {f"{block.name}.{export}" for export in ALLOY.get(block.kind, {}).get("exports", ())}
    for block in blocks:
        where = f"{place}:{block.line}: {block.name}"
        if block.kind not in ALLOY:
            found.append(f"{where}: no component of this name is known here")
            continue
        found += problems_of(plain(block.attributes), ALLOY[block.kind]["attributes"], where)
        for name in references(block.attributes):
            if name not in exported:
                found.append(f"{where}: nothing exports {name}")
        for inner in block.blocks:
            rule = ALLOY[block.kind]["blocks"].get(inner.kind)
            if rule is None:
                found.append(f"{place}:{inner.line}: {block.name} has no block {inner.kind}")
            else:
                found += problems_of(plain(inner.attributes), rule["attributes"], f"{place}:{inner.line}: {inner.kind}")
    used = {name for block in blocks for name in references(block.attributes)}
    found += [f"{place}: nobody uses {name}" for name in sorted(exported - used)]
    return found


def hours(span: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", span).groups()
    return int(number) * {"ms": 1 / 3_600_000, "s": 1 / 3600, "m": 1 / 60, "h": 1}[unit]


def loki_problems(document: dict, place: str) -> list[str]:
    found = problems_of(document, LOKI, place)
    if found:
        return found
    limits = document["limits_config"]
    if hours(limits["retention_period"]) < 24:
        found.append(f"{place}: retention_period is below 24h, which Loki's compactor refuses")
    if hours(limits["reject_old_samples_max_age"]) > hours(limits["retention_period"]):
        found.append(f"{place}: lines older than retention_period would be taken, to be deleted at once")
    prefix = document["common"]["path_prefix"]
    files = document["common"]["storage"]["filesystem"]
    for path in [*files.values(), document["compactor"]["working_directory"]]:
        if not path.startswith(prefix + "/"):
            found.append(f"{place}: {path} is not on the volume {prefix}")
    return found
