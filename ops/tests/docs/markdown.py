"""Markdown as far as the checks need it: headings and their anchors, links, fenced blocks."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

Pages = dict[str, str]


@dataclass
class Block:
    """A fenced block: its language, the lines in it, and the line of the file on which they begin."""

    language: str
    lines: list[str]
    first: int


def pages_of(root: Path) -> Pages:
    """Every Markdown file that is, or is about to be, in the repository."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=root, check=True, capture_output=True,
        text=True).stdout.split("\n")
    return {name: (root / name).read_text() for name in sorted(set(names)) if name and (root / name).is_file()}


def blocks(text: str) -> list[Block]:
    """Fenced blocks, also those that are indented under an item of a list."""
    found, current, indent = [], None, ""
    for number, line in enumerate(text.split("\n"), 1):
        if fence := re.match(r"^( *)```(\S*)", line):
            if current is None:
                current, indent = Block(fence[2], [], number + 1), fence[1]
            else:
                found.append(current)
                current = None
        elif current is not None:
            current.lines.append(line.removeprefix(indent))
    return found


def prose(text: str) -> str:
    """The text without fenced blocks, with as many lines."""
    kept, inside = [], False
    for line in text.split("\n"):
        if re.match(r"^ *```", line):
            inside = not inside
            kept.append("")
        else:
            kept.append("" if inside else line)
    return "\n".join(kept)


def anchors(text: str) -> set[str]:
    """What GitHub makes of the headings."""
    found: dict[str, int] = {}
    names = set()
    for heading in re.findall(r"^#{1,6} +(.*?) *#*$", prose(text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        count = found.get(slug, 0)
        found[slug] = count + 1
        names.add(slug if count == 0 else f"{slug}-{count}")
    return names


def links(text: str) -> list[tuple[int, str]]:
    """Targets of links and pictures, with their lines; none from code."""
    found = []
    for number, line in enumerate(prose(text).split("\n"), 1):
        bare = re.sub(r"`[^`]*`", "", line)
        found += [(number, target) for target in re.findall(r"\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)\)", bare)]
    return found


def broken_links(pages: Pages, root: Path) -> list[str]:
    """Links to files or headings that are not there."""
    problems, known = [], {name: anchors(text) for name, text in pages.items()}
    for name, text in pages.items():
        for line, target in links(text):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            path, _, anchor = target.partition("#")
            place = (root / name).parent / path if path else root / name
            try:
                other = place.resolve().relative_to(root.resolve()).as_posix()
            except ValueError:
                problems.append(f"{name}:{line}: {target} leads out of the repository")
                continue
            if not place.exists() and other not in pages:
                problems.append(f"{name}:{line}: {target} is not there")
            elif anchor and other in known and anchor not in known[other]:
                problems.append(f"{name}:{line}: {other} has no heading #{anchor}")
    return problems
