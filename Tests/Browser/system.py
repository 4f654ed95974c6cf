"""The system under test past the browser: its API by HTTP, its Redis by redis-cli."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request

API = os.environ["WC_API_URL"]
SOCKET = os.environ["WC_REDIS_SOCKET"]


def call(method, path, body=None, token=None):
    """The status and the JSON of an answer."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(API + path, method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def get(path, token=None):
    status, body = call("GET", path, token=token)
    assert status == 200, (path, status, body)
    return body


def enqueue(kind, payload, token=None, **options):
    """Submits a job that must be accepted and returns its id."""
    status, body = call("POST", "/api/v1/jobs", {"kind": kind, "payload": payload, **options}, token)
    assert status == 202, (status, body)
    return body["id"]


def bulk(lines):
    """Submits many jobs that must all be accepted."""
    request = urllib.request.Request(
        API + "/api/v1/jobs/bulk", method="POST", data=lines.encode(), headers={"Content-Type": "application/x-ndjson"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        summary = json.loads(answer.read().splitlines()[-1])["summary"]
    assert summary["failed"] == 0 and summary["complete"], summary


def job(identifier, token=None):
    return get("/api/v1/jobs/" + identifier, token)


def redis(*command):
    """What redis-cli prints, a list of its lines."""
    done = subprocess.run(["redis-cli", "-s", SOCKET, *command], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.splitlines()


def until(condition, what, seconds=20):
    """Waits for something that gives no event, looking again and again."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return value


def reaches(identifier, state, token=None):
    """Waits until a job is in a state and returns it."""
    return until(lambda: (found := job(identifier, token))["state"] == state and found, f"{identifier} is {state}")


def dead_letter(message, **options):
    """A job that has died of `message`."""
    identifier = enqueue("test.fail", {"message": message}, max_attempts=1, **options)
    reaches(identifier, "dead")
    return identifier
