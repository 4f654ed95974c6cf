"""What schemathesis has to know of this API beyond its description: rules that JSON Schema cannot say, and one format.

The description marks bounds of durations by `x-shortest` and `x-longest`; here they become patterns that say the same.
"""

import itertools
import os
import re

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
NUMBERS = itertools.count()
TEST_KINDS = ["test.noop", "test.fail"]


def milliseconds(text):
    count, unit = re.fullmatch(r"([0-9]+)(ms|s|m|h|d)", text).groups()
    return int(count) * UNITS[unit]


def at_most(number):
    """A pattern of the decimal numbers from 0 to `number`, without leading zeros."""
    digits = str(number)
    parts = []
    for index, digit in enumerate(digits):
        low = 1 if index == 0 and len(digits) > 1 else 0
        if int(digit) > low:
            parts.append(digits[:index] + f"[{low}-{int(digit) - 1}]" + "[0-9]" * (len(digits) - index - 1))
    parts.append(digits)
    if len(digits) > 1:
        parts.append("[0-9]" if len(digits) == 2 else f"(0|[1-9][0-9]{{0,{len(digits) - 2}}})")
    return "(" + "|".join(parts) + ")"


def durations(shortest, longest):
    """A pattern of the durations within bounds, as the API takes them: any number of zeros may lead."""
    low, high = milliseconds(shortest), milliseconds(longest)
    # Every lower bound here is 0, one millisecond or one second.
    least = {0: "", 1: "(?!0+[a-z])", 1000: "(?!0+[a-z])(?!0*[0-9]{1,3}ms)"}[low]
    counts = "|".join(f"0*{at_most(high // size)}{unit}" for unit, size in UNITS.items())
    return f"^{least}({counts})$"


def tighten(schema):
    """Replaces the extensions that bound a duration by a pattern that says the same."""
    if isinstance(schema, dict):
        if "x-shortest" in schema:
            schema["pattern"] = durations(schema.pop("x-shortest"), schema.pop("x-longest"))
        for value in schema.values():
            tighten(value)
    elif isinstance(schema, list):
        for value in schema:
            tighten(value)


def operations(schema):
    return [operation for path in schema["paths"].values() for operation in path.values()]


@schemathesis.hook
def before_load_schema(context, schema):
    tighten(schema)
    schema["components"]["schemas"]["Kind"]["enum"] += TEST_KINDS
    # Expressions of cron and names of time zones are languages of their own: some that are valid stand for them.
    schedule = schema["components"]["schemas"]["ScheduleRequest"]["properties"]
    schedule["cron"]["enum"] = ["30 2 * * *", "0 12 13 * fri", "@daily", "@every 10d"]
    schedule["tz"]["enum"] = ["UTC", "Europe/Berlin", "America/New_York", None]
    if os.environ.get("WC_CONTRACT_GUARDED"):
        # This producer has keys: no call that names a scope may go without one.
        for operation in operations(schema):
            if operation["security"]:
                operation["security"].remove({})


@schemathesis.hook
def before_call(context, case, kwargs):
    """Waits of a second at most, and keys of its own for each job: what long waits and repeated keys do is tested elsewhere."""
    query = case.query or {}
    if isinstance(query.get("wait"), int) and query["wait"] > 1:
        query["wait"] = 1
    headers = case.headers or {}
    if str(headers.get("Prefer", "")).startswith("wait="):
        headers["Prefer"] = "wait=1"
    if isinstance(headers.get("Idempotency-Key"), str):
        headers["Idempotency-Key"] = unique(headers["Idempotency-Key"])
    rule = case.body.get("unique") if isinstance(case.body, dict) else None
    if isinstance(rule, dict) and isinstance(rule.get("key"), str) and 0 < len(rule["key"].encode()) < 240:
        rule["key"] = f"{next(NUMBERS)}-{rule['key']}"


def unique(key):
    """A key of the same form and about the same length that was not sent before; what is no key stays as it is."""
    number = f"{next(NUMBERS)}-"
    if re.fullmatch(r"[!#-~][!-~]{0,254}", key):
        return number + key[-240:]
    if re.fullmatch(r'"([ !#-\[\]-~]|\\["\\]){1,255}"', key):
        return f'"{number}' + (key[1:] if len(key) < 240 else "k" * 240 + '"')
    return key


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Lets pass that a key was sent before, where a request is sent again with another body."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    return response.json().get("type") not in ("/problems/idempotency-key-reused", "/problems/trimmed")


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            if name != "payload":
                yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)


@schemathesis.hook
def filter_body(context, body):
    """Leaves out what breaks a rule that JSON Schema cannot say: lengths are in bytes, and base is no longer than max."""
    if any(len(text.encode()) > max(len(text), 256) for text in texts(body)):
        return False
    backoff = body.get("backoff") if isinstance(body, dict) else None
    if isinstance(backoff, dict):
        try:
            return milliseconds(backoff["base"]) <= milliseconds(backoff["max"])
        except (AttributeError, KeyError, TypeError):
            return True
    return True


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return str(value).encode()
