"""Faults that the checks of logs must see: planted one by one into copies of the texts and lines."""

import copy

# Text of which file, what is replaced by what.
TEXTS = [
    ("loki-config.yaml", "retention_enabled: true", "retention_enable: true", "a misspelt key of Loki"),
    ("loki-config.yaml", "schema: v13", "schema: v12", "a schema without structured metadata"),
    ("loki-config.yaml", "retention_period: 336h", "retention_period: 12h", "a retention that Loki refuses"),
    ("loki-config.yaml", "/loki/compactor", "/tmp/compactor", "a folder beside the volume"),
    ("promtail-config.yaml", "action_on_failure", "action_on_fail", "a misspelt key of Promtail"),
    ("promtail-config.yaml", "format: RFC3339Nano", "format: RFC822", "a format that our times do not have"),
    ("promtail-config.yaml", "jobId: jobId", "jobId: job_id", "a name that differs from Alloy's"),
    ("alloy-config.alloy", "path_targets", "paths_targets", "a misspelt attribute of Alloy"),
    ("alloy-config.alloy", "stage.timestamp {", "stage.time {", "an unknown stage"),
    ("alloy-config.alloy", "targets    = local.file_match.pods.targets", "targets    = local.file_match.files.targets", "a reference to nothing"),
    ("alloy-config.alloy", "discovery.relabel.containers.output", "discovery.docker.containers.targets", "a way around the labels"),
    ("alloy-config.alloy", 'stage.cri {}\n', "\n", "lines that are not taken out of the CRI's format"),
    ("alloy-config.alloy", 'values = ["app", "component", "level"]', 'values = ["app", "component", "level", "filename"]',
     "a label with as many values as pods"),
    ("alloy-config.alloy", 'values = {level = "level"}', 'values = {level = "level", jobId = "jobId"}', "a label with a value a job"),
    ("alloy-config.alloy", "coalesce(", "coalesced(", "a function that Alloy does not have"),
    ("daemonset.yaml", "mountPath: /var/log/pods, readOnly: true", "mountPath: /var/log/pods", "files of the node that a pod could write"),
    ("daemonset.yaml", "hostPath: {path: /var/log/pods,", "hostPath: {path: /var/log/containers,", "another folder of the node"),
    ("daemonset.yaml", "loki.whispercache:3100", "loki:3100", "a Loki that is in no such namespace"),
    ("daemonset.yaml", "mountPath: /etc/alloy,", "mountPath: /etc,", "a configuration that is not where alloy looks"),
    ("daemonset.yaml", "namespace: monitoring", "namespace: default", "a namespace that Loki's policy keeps out"),
    ("logs.md", "duration > 1000", "durationMs > 1000", "a query for a field that no line has"),
    ("logs.md", 'level=~"error|critical"}\n', 'level=~"warning|error"}\n', "a query that finds more than it says"),
    ("logs.md", "| `error` `reason` |", "| `error` `cause` |", "a field in the documentation that no line has"),
    ("logs.md", "| json | duration", "| logfmt | duration", "an operator that nobody has checked"),
]
# The same slip in both collectors: their agreement does not show it, what becomes of the lines does.
BOTH = [
    ('level = "level", requestId', 'lvl = "level", requestId', "level: level, requestId", "lvl: level, requestId", "a level that is not read"),
    ('ts = "ts"', 'ts = "time"', "ts: ts,", "ts: time,", "a time that is not read"),
    ('"RFC3339Nano"\n    action_on_failure = "skip"', '"RFC3339Nano"\n    action_on_failure = "fudge"', "action_on_failure: skip",
     "action_on_failure: fudge", "made-up times for lines that are not JSON"),
    ("backend|worker|frontend|redis|db-backup", "backend|frontend|redis|db-backup", "backend|worker|frontend|redis|db-backup",
     "backend|frontend|redis|db-backup", "a component that the list of pods lacks"),
    ("(?:backend|worker", "(?:backend|workers", "(?:backend|worker", "(?:backend|workers", "a component that the list of containers lacks"),
    ("(?:-production)?", "", "(?:-production)?", "", "the services of compose's production"),
    ("/var/log/pods/whispercache*_*/*/*.log", "/var/log/pods/*/*/*.log", "/var/log/pods/whispercache*_*/*/*.log",
     "/var/log/pods/*/*/*.log", "pods of other namespaces"),
    ('jobId = "jobId", traceId = "traceId"}\n  }\n\n  // Drops', 'jobId = "jobId"}\n  }\n\n  // Drops',
     "structured_metadata: {requestId: requestId, jobId: jobId, traceId: traceId}", "structured_metadata: {requestId: requestId, jobId: jobId}",
     "an id that is not kept"),
]


def replaced(texts: dict[str, str], name: str, old: str, new: str) -> dict[str, str]:
    if old not in texts[name]:
        raise SystemExit(f"faults.py: {name} does not hold {old!r} any more; plant this fault otherwise")
    return texts | {name: texts[name].replace(old, new)}


def missed(texts: dict[str, str], lines: dict[str, list[str]], used, all_problems) -> list[str]:
    found = []
    for name, old, new, what in TEXTS:
        if not all_problems(replaced(texts, name, old, new), lines, used):
            found.append(f"{name}: {what}")
    for old_alloy, new_alloy, old_promtail, new_promtail, what in BOTH:
        planted = replaced(texts, "alloy-config.alloy", old_alloy, new_alloy)
        planted = replaced(planted, "promtail-config.yaml", old_promtail, new_promtail)
        if not all_problems(planted, lines, used):
            found.append(f"both collectors: {what}")
    for what, secret in used.canaries.items():
        leaking = copy.deepcopy(lines)
        leaking["worker"].append(leaking["worker"][-1].replace('"msg":"', f'"msg":"{secret} '))
        if not all_problems(texts, leaking, used):
            found.append(f"a line with the {what}")
    other = copy.deepcopy(lines)
    other["worker"][-1] = other["worker"][-1].replace('"level":"info"', '"level":"shout"')
    if not all_problems(texts, other, used):
        found.append("a level that is not in the list")
    return found
