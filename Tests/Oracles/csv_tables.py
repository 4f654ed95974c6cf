"""Writes random tables with Python's csv module: a JSON object a line, {"text": the CSV, "rows": [[cell, ...], ...]}.

Usage: csv_tables.py write SEED COUNT DELIMITER
"""

import csv
import io
import json
import random
import sys

PIECES = ["a", "b c", "7", "-1.5e3", "", '"', '""', ",", ";", "\t", "\n", "\r\n", "\r", " ", "é", "😀", "'", "\\", "null", "{}", "x" * 40]


def cell(chance: random.Random) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.choice([0, 1, 1, 2, 3, 8])))


def table(chance: random.Random, delimiter: str) -> dict:
    columns = chance.randint(1, 6)
    rows = [[cell(chance) for _ in range(columns)] for _ in range(chance.randint(1, 8))]
    text = io.StringIO(newline="")
    # A cell with a lone carriage return must be quoted, which csv does when the end of its lines holds one.
    ending = chance.choice(["\r\n", "\n"])
    quoting = csv.QUOTE_ALL if ending == "\n" else chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
    csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)
    written = text.getvalue()
    if chance.random() < 0.3:
        written = written.removesuffix(ending)
    if list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)) != rows:
        raise AssertionError(f"csv does not read what it wrote: {written!r}")
    return {"text": written, "rows": rows}


def main():
    _, verb, seed, count, delimiter = sys.argv
    if verb != "write":
        raise SystemExit(__doc__)
    chance = random.Random(int(seed))
    for _ in range(int(count)):
        print(json.dumps(table(chance, delimiter)))


main()
