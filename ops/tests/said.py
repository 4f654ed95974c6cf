"""Gathers what the stages say that they showed, and holds the list in docs/operations.md to it.

Usage: said.py yes|no DOCUMENT LOG...
A stage says it in lines that begin with REAL, CHECKED or NOT HERE. All that is said must be in the document. With `yes`, when
all stages ran, what the document has as shown and nobody said is told: it was not shown on this machine.
"""

import re
import sys
from pathlib import Path

HEADINGS = {"REAL": "Run for real", "CHECKED": "Only checked", "NOT HERE": "Could not be run"}


def said(logs: list[Path]) -> dict[str, list[str]]:
    found = {kind: [] for kind in HEADINGS}
    for log in logs:
        for kind, words in re.findall(r"^(REAL|CHECKED|NOT HERE): (.+?)\s*$", log.read_text(errors="replace"), re.MULTILINE):
            if words not in found[kind]:
                found[kind].append(words)
    return found


def documented(page: str) -> dict[str, list[str]]:
    found = {}
    for kind, heading in HEADINGS.items():
        part = re.search(rf"^### {heading}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
        if part is None:
            raise SystemExit(f"docs/operations.md has no heading '### {heading}'")
        found[kind] = re.findall(r"^- (.+?)\s*$", part[1], re.MULTILINE)
    return found


def main(whole: str, document: str, *logs: str) -> int:
    now, listed = said([Path(log) for log in logs]), documented(Path(document).read_text())
    for kind, heading in HEADINGS.items():
        if now[kind]:
            print(f"{heading}:", *(f"  {words}" for words in now[kind]), sep="\n")
    unlisted = [f"- {words}  (under '### {HEADINGS[kind]}')" for kind in HEADINGS for words in now[kind] if words not in listed[kind]]
    if unlisted:
        print(f"\n{document} does not list what was said:", *unlisted, sep="\n")
    unshown = [f"  {words}" for kind in ("REAL", "CHECKED") for words in listed[kind] if words not in now[kind]]
    if whole == "yes" and unshown:
        print(f"\nNOT SHOWN ON THIS MACHINE, though {document} lists it:", *unshown, sep="\n")
    return bool(unlisted)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
