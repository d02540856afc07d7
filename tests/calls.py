"""What many tests do with jobs, over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import httpx

WAIT_S = 60.0
WEBHOOK_SECRET = "a secret of the tests"


class Event(NamedTuple):
    """A server-sent event."""

    id: int
    kind: str
    data: dict[str, Any]


def create(http: httpx.Client, *documents: bytes, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    """A new job of documents `1.tif`, `2.tif` ..., as it was answered."""
    files = [("file", (f"{position}.tif", content)) for position, content in enumerate(documents, start=1)]
    response = http.post("/v1/jobs", files=files, data=fields, headers=headers)
    assert response.status_code == 202, response.text
    return response.json()


def look(http: httpx.Client, job: Any) -> Any:
    """The job as it stands."""
    response = http.get(f"/v1/jobs/{job['id']}")
    assert response.status_code == 200, response.text
    return response.json()


def ended(http: httpx.Client, job: Any) -> Any:
    """The job when it has ended."""
    wait_until(lambda: http.get(f"/v1/jobs/{job['id']}", params={"wait": 20}).json()["finished_at"], "the job's end")
    return look(http, job)


def result(http: httpx.Client, job: Any, **query: Any) -> Any:
    """The job's result in JSON."""
    response = http.get(f"/v1/jobs/{job['id']}/result", params=query)
    assert response.status_code == 200, response.text
    return response.json()


def numbers(document: Any) -> list[int]:
    """Numbers of the pages of a result."""
    return [page["number"] for page in document["pages"]]


def wait_until(condition: Callable[[], Any], what: str) -> None:
    """Waits for what will come; a test that waits in vain fails."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, f"in vain waited for {what}"
        time.sleep(0.01)


def events(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}
