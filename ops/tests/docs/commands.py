"""Commands in the documents: programs, commands and flags that are there."""

import re
import shlex
from pathlib import Path

import settings
from markdown import Block, Pages, blocks

# Programs of others that documents may call. A name that is missing here is a slip of the pen, or wants a line.
OTHERS = set("""
amtool apt-get awk aws base64 bash cat cd chmod chown cosign cp curl cut date df diff docker docker-compose du echo env
export find free git grep gunzip gzip head helm hostname jq kill kubectl kustomize logcli ls mkdir mktemp mv nginx openssl paste perf pidof
pip pipx podman podman-compose printf prlimit prometheus promtool ps python3 read redis-check-aof redis-check-rdb redis-cli redis-server rm
scp sed seq set sha256sum sleep snarkjs sort source ss ssh stat sudo swift systemctl tail tar tee test time timeout top touch
tr trivy true truncate umask uniq unset wc xargs zcat zstd
""".split())
KEYWORDS = {"if", "then", "else", "elif", "fi", "for", "do", "done", "while", "until", "in", "case", "esac", "!", "{", "}", "[", "[["}
SHELLS = {"sh", "bash"}


def statements(block: Block) -> list[tuple[int, list[str]]]:
    """Each simple command of a block as its words, with its line; continued lines are one."""
    found, line, text, here = [], block.first, "", None
    for number, raw in enumerate(block.lines, block.first):
        if here is not None:
            here = None if raw.strip() == here else here
            continue
        if not text:
            line = number
        text += raw.removeprefix("$ ")
        if text.endswith("\\"):
            text = text[:-1] + " "
            continue
        if not complete(text):
            text += "\n"
            continue
        if document := re.search(r"<<-?\s*['\"]?(\w+)", text):
            here = document[1]
        found += [(line, words) for words in simple_commands(text)]
        text = ""
    if text:
        found.append((line, ["unfinished:", text]))
    return found


def complete(text: str) -> bool:
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return False
    return True


def simple_commands(text: str) -> list[list[str]]:
    """The commands of a line, also those in $( ) and <( )."""
    inner = []
    for command in re.findall(r"(?:\$|<)\(([^()]*)\)", text):
        inner += simple_commands(command)
    flat = re.sub(r"(?:\$|<)\([^()]*\)", "SUBSTITUTED", text)
    lexer = shlex.shlex(flat, posix=True, punctuation_chars="|&;()<>")
    lexer.whitespace_split = True
    found, words = [], []
    skip = False
    for token in lexer:
        if skip:
            skip = False
        elif re.fullmatch(r"[<>]+&?|&>>?|>\|", token):
            skip = True
        elif re.fullmatch(r"[|&;()]+", token):
            found.append(words)
            words = []
        else:
            words.append(token)
    found.append(words)
    return [words for words in map(trimmed, found) if words] + inner


def trimmed(words: list[str]) -> list[str]:
    """Without keywords of the shell, assignments and prefixes in front of the program."""
    while words and (words[0] in KEYWORDS or re.fullmatch(r"\w+=.*", words[0], re.DOTALL) or words[0] in {"time", "sudo", "exec"}):
        words = [] if words[0] in {"for", "case"} else words[1:]
    return words


def flags_of(words: list[str]) -> list[str]:
    ended = words.index("--") if "--" in words else len(words)
    return [word.partition("=")[0] for word in words[:ended] if word.startswith("--") and word != "--"]


def wrong_commands(pages: Pages, root: Path, folder: Path) -> list[str]:
    """Commands in fenced blocks whose program, subcommand, flag or script is not there."""
    jobctl = {command: {option.split()[0] for option in options} for command, options in settings.jobctl_options(folder).items()}
    switches = {"--check", "--print-config", "--help", "--version"}
    programs = {name: switches | {setting["flag"] for setting in settings.help_of(folder / name)} for name in settings.PROGRAMS}
    problems = []
    for name, text in pages.items():
        for block in blocks(text):
            if block.language not in SHELLS:
                # What was typed stands among what was answered.
                block = Block("sh", [line if line.startswith("$ ") else "" for line in block.lines], block.first)
            if any(block.lines):
                problems += [f"{name}:{line}: {problem}" for line, words in statements(block)
                             for problem in wrong(words, root, jobctl, programs)]
    return problems


def wrong(words: list[str], root: Path, jobctl: dict[str, set[str]], programs: dict[str, set[str]]) -> list[str]:
    program = words[0]
    short = program.rsplit("/", 1)[-1]
    if program.startswith(("scripts/", "ops/", "./scripts/")):
        return [] if (root / program).is_file() else [f"{program} is not there"]
    if short == "jobctl":
        command = words[1] if len(words) > 1 else ""
        if command in {"--help", "--version"} or command == "COMMAND":
            return []
        if command not in jobctl:
            return [f"jobctl has no command {command or '(none)'}"]
        return [f"jobctl {command} has no option {flag}" for flag in flags_of(words[2:]) if flag not in jobctl[command] | {"--help"}]
    if short in programs:
        return [f"{short} has no flag {flag}" for flag in flags_of(words[1:]) if flag not in programs[short]]
    if program in OTHERS or program == "SUBSTITUTED" or re.fullmatch(r"(check|\.venv|venv)/bin/\w+", program):
        return []
    return [f"{program} is no program that is known here (ops/tests/docs/commands.py)"]
