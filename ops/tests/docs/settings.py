"""The tables of docs/configuration.md, as the built programs tell them.

--help has names, flags, meanings and defaults. What a setting takes is asked of the program itself: a flag without its value
is answered with what is expected. Nothing is typed twice, so the tables cannot say what the programs do not.
"""

import hashlib
import os
import re
import subprocess
from pathlib import Path

PROGRAMS = ["producer", "worker"]
PAGE = "docs/configuration.md"
BEGIN, END = "<!-- {0}: written by scripts/write-settings -->", "<!-- end of {0} -->"
# What --help prints of the machine that it runs on.
OF_THE_MACHINE = {"CONCURRENCY": "the processors that it may use"}

# A setting that is refused, or passed over with a notice: what is set, in which program, and the words in the answer.
def key(of: str) -> str:
    """A key that cannot be guessed by its look, the same one each time."""
    return hashlib.sha256(of.encode()).hexdigest()


KEY = key("any")
REFUSED = [
    ("producer", {}, "nothing set in production"),
    ("worker", {}, "nothing set in production"),
    ("producer", {"PAYLOAD_KEY": KEY, "JWT_SECRET": key("tokens"), "ENCRYPTION_KEY": key("memories")}, "a producer with the worker's key"),
    ("worker", {"ENCRYPTION_KEY": KEY, "PROOF_KEYS_DIR": "/keys", "TEST_KINDS": "true"}, "test kinds in production"),
    ("worker", {"ENCRYPTION_KEY": "changeme", "PROOF_KEYS_DIR": "/keys"}, "a placeholder as key"),
    ("worker", {"APP_ENV": "development", "ENCRYPTION_KEY": KEY, "ENCRYPTION_KEY_FILE": "/run/key"}, "a secret given twice"),
    ("worker", {"APP_ENV": "development", "BACKOFF_BASE": "5m"}, "BACKOFF_BASE above BACKOFF_MAX"),
    ("producer", {"APP_ENV": "development", "PORT": "9090"}, "one port for two"),
    ("producer", {"APP_ENV": "development", "JWT_SECRET": "short"}, "a short JWT_SECRET"),
    ("producer", {"APP_ENV": "development", "REDIS_CA_FILE": "/etc/hostname"}, "files of TLS without TLS"),
    ("producer", {"APP_ENV": "development", "REDIS_URL": "redis-sentinel://a,b/main"}, "Sentinel or Cluster"),
]
PASSED_OVER = [
    ({"NODE_ENV": "development"}, "`NODE_ENV`"),
    ({"DATABASE_PATH": "/data/app.db", "VITE_API_URL": "http://x", "MIDNIGHT_API_KEY": "k"},
     "`DATABASE_PATH`, `MIDNIGHT_API_KEY`, `VITE_*`"),
    ({"LOG_LEVLE": "debug"}, "a name that is nearly one of ours"),
]


def run(program: Path, arguments: list[str], environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """With this environment alone, so that the reader's own settings do not show."""
    done = subprocess.run([program, *arguments], env=environment or {}, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout, done.stderr


def help_of(program: Path) -> list[dict]:
    """The settings of one program in the order of its --help."""
    text = run(program, ["--help"])[1]
    heading, found = "", []
    for line in text.splitlines():
        if title := re.fullmatch(r"([A-Z][A-Za-z ]+):", line):
            heading = title[1]
        setting = re.fullmatch(r"  (--[a-z0-9-]+) +([A-Z0-9_]+)(\[_FILE\])? +(.*?)(?: \[([^\[\]]*)\])?", line)
        if setting and heading not in ("Other", "Examples"):
            flag, name, secret, meaning, default = setting.groups()
            found.append({"name": name, "flag": flag, "secret": bool(secret), "meaning": meaning.strip(), "default": default,
                          "heading": heading})
    if not found:
        raise SystemExit(f"{program} --help lists no settings; has its form changed?")
    return found


def formats_of(program: Path, settings: list[dict]) -> dict[str, str]:
    """What each setting takes, in the program's words: each flag without a value, all in one call."""
    answer = run(program, [setting["flag"] + "=" if is_switch(setting) else setting["flag"] for setting in settings])[2]
    found = {}
    for setting in settings:
        told = re.search(rf'config: (?:{setting["flag"]} needs a value|{setting["name"]}="" is not valid): expected (.*)', answer)
        if not told:
            raise SystemExit(f"{program} does not say what {setting['flag']} takes:\n{answer}")
        found[setting["name"]] = "" if setting["secret"] else re.sub(r" \(from flag\)$", "", told[1])
    return found


def is_switch(setting: dict) -> bool:
    return setting["default"] in ("true", "false")


def settings_of_all(folder: Path) -> dict[str, dict]:
    """Every setting once, with the programs that have it."""
    merged: dict[str, dict] = {}
    for program in PROGRAMS:
        settings = help_of(folder / program)
        formats = formats_of(folder / program, settings)
        for setting in settings:
            name = setting["name"]
            if name in OF_THE_MACHINE:
                # A limit of the container that this runs in makes it less.
                if int(setting["default"]) not in range(1, os.sysconf("SC_NPROCESSORS_ONLN") + 1):
                    raise SystemExit(f"{name}: --help says {setting['default']}, which is no number of processors here")
                setting["default"] = OF_THE_MACHINE[name]
            entry = merged.setdefault(name, setting | {"programs": {}, "format": formats[name]})
            if (entry["default"], entry["format"]) != (setting["default"], formats[name]):
                raise SystemExit(f"{name}: the programs differ in its default or format; the table has one column for both")
            entry["programs"][program] = setting["meaning"]
    return merged


def cell(text: str) -> str:
    return text.replace("|", r"\|").replace("<", "&lt;")


def meaning(setting: dict) -> str:
    texts = setting["programs"]
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"{program}: {text}" for program, text in texts.items())


def table_of_settings(folder: Path) -> str:
    lines, heading = [], None
    groups: dict[str, list[dict]] = {}
    for setting in settings_of_all(folder).values():
        groups.setdefault(setting["heading"], []).append(setting)
    for heading, settings in groups.items():
        lines += [f"### {'The place' if heading == 'Settings' else heading}", "",
                  "| variable | flag | default | meaning | takes | programs |", "|---|---|---|---|---|---|"]
        for setting in settings:
            variable = f"`{setting['name']}`" + (f", `{setting['name']}_FILE`" if setting["secret"] else "")
            default = setting["default"] or "-"
            default = default if default in (*OF_THE_MACHINE.values(), "-") else f"`{default}`"
            takes = "a secret" if setting["secret"] else cell(setting["format"])
            lines.append(f"| {variable} | `{setting['flag']}` | {default} | {cell(meaning(setting))} | {takes} "
                         f"| {', '.join(setting['programs'])} |")
        lines.append("")
    return "\n".join(lines[:-1])


def table_of_refusals(folder: Path) -> str:
    lines = ["| program | what | its answer, exit code 78 |", "|---|---|---|"]
    for program, environment, what in REFUSED:
        status, _, answer = run(folder / program, ["--check"], environment)
        if status != 78:
            raise SystemExit(f"{program} with {what}: exit code {status}, expected 78\n{answer}")
        told = [re.sub(r"^config: ", "", line) for line in answer.splitlines()]
        lines.append(f"| {program} | {what} | {'<br>'.join(f'`{cell(line)}`' for line in told)} |")
    return "\n".join(lines)


def table_of_notices(folder: Path) -> str:
    lines = ["| variable | its notice, on standard error |", "|---|---|"]
    for environment, what in PASSED_OVER:
        status, _, answer = run(folder / "producer", ["--print-config"], {"APP_ENV": "development"} | environment
                                if "NODE_ENV" not in environment else environment)
        if status != 0 or not answer.strip():
            raise SystemExit(f"producer with {what}: exit code {status} and this notice: {answer!r}")
        lines.append(f"| {what} | {'<br>'.join(f'`{cell(line)}`' for line in answer.splitlines())} |")
    return "\n".join(lines)


def jobctl_options(folder: Path) -> dict[str, dict[str, str]]:
    """From each command of jobctl to its options and what they mean."""
    commands = re.findall(r"^  ([a-z]+) ", run(folder / "jobctl", ["--help"])[1], re.M)
    if not commands:
        raise SystemExit("jobctl --help lists no commands; has its form changed?")
    return {command: dict(re.findall(r"^  (--[a-z-]+(?: [^ ]+)?) +(.*)$", run(folder / "jobctl", [command, "--help"])[1], re.M))
            for command in commands}


def table_of_jobctl(folder: Path) -> str:
    options: dict[tuple[str, str], list[str]] = {}
    commands = jobctl_options(folder)
    for command, known in commands.items():
        for option, text in known.items():
            options.setdefault((option, text), []).append(command)
    lines = ["| option | meaning; in brackets variable and default | commands |", "|---|---|---|"]
    for (option, text), where in sorted(options.items()):
        names = "all" if len(where) == len(commands) else ", ".join(f"`{name}`" for name in where)
        lines.append(f"| `{cell(option)}` | {cell(text)} | {names} |")
    return "\n".join(lines)


PARTS = {"settings": table_of_settings, "refusals": table_of_refusals, "notices": table_of_notices, "jobctl": table_of_jobctl}


def rewritten(page: str, folder: Path) -> str:
    """The page with each marked part as the programs tell it now."""
    for name, table in PARTS.items():
        begin, end = BEGIN.format(name), END.format(name)
        if page.count(begin) != 1 or page.count(end) != 1:
            raise SystemExit(f"{PAGE} needs each of these lines once: {begin} and {end}")
        head, rest = page.split(begin)
        page = f"{head}{begin}\n\n{table(folder)}\n\n{end}{rest.split(end)[1]}"
    return page
