"""Quantities of Kubernetes: `100m`, `1Gi`. Schemas take any text for one."""

import re

FORM = re.compile(r"^[+-]?(\d+|\d+\.\d*|\.\d+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$")
UNITS = {
    "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}


def number(quantity) -> float | None:
    """What a quantity amounts to, None when it is none."""
    match = FORM.match(str(quantity))
    if not match:
        return None
    unit = match[2] or ""
    return float(match[1]) * (float(f"1{unit}") if unit[:1] in "eE" and len(unit) > 1 else UNITS[unit])
