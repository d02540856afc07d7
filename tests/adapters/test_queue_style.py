"""The queue-style API, as its clients use it: post, poll, read the detections."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from calls import wait_until
from running import FakeServer, Server

ENDED = ("SUCCESS", "FAILURE")


def ended(http: httpx.Client, task: str) -> dict[str, Any]:
    """A task's answer once it has ended."""
    while (answer := http.get(f"/api/v1/ocr/results/{task}")).json()["status"] not in ENDED:
        assert answer.status_code == 200
        time.sleep(0.02)
    told: dict[str, Any] = answer.json()
    return told


def sent(http: httpx.Client, content: bytes, name: str = "a.pdf") -> str:
    """The id of a new task."""
    task: str = http.post("/api/v1/ocr/process", files={"file": (name, content)}).json()["task_id"]
    return task


def test_a_document_is_accepted_as_a_task(reading: Server, scan: bytes) -> None:
    response = reading.http.post("/api/v1/ocr/process", files={"file": ("scan.png", scan, "image/png")})

    told = response.json()
    assert response.status_code == 202
    assert told.keys() == {"task_id", "status", "message"}
    assert told["status"] == "pending"


def test_a_task_ends_with_the_lines_of_all_pages(reading: Server, pdf: Callable[[int], bytes]) -> None:
    told = ended(reading.http, sent(reading.http, pdf(3)))

    assert told.keys() == {"task_id", "status", "result", "pending_tasks"}
    assert told["status"] == "SUCCESS"
    assert told["result"]["metadata"] == {"engine": "ppocr"}
    found = told["result"]["detections"]
    assert [(line["page_number"], line["text"]) for line in found] == [
        (number, f"This is page number {number}") for number in (1, 2, 3)
    ]
    assert all(line.keys() == {"text", "box", "confidence", "page_number"} for line in found)
    assert all(len(line["box"]) == 4 and all(len(point) == 2 for point in line["box"]) for line in found)
    assert all(0 <= line["confidence"] <= 1 for line in found)


def test_a_task_may_be_asked_for_some_pages(reading: Server, pdf: Callable[[int], bytes]) -> None:
    files, form = {"file": ("a.pdf", pdf(3))}, {"pages": "2-3"}
    task = reading.http.post("/api/v1/ocr/process", files=files, data=form).json()["task_id"]

    lines = ended(reading.http, task)["result"]["detections"]

    assert [line["page_number"] for line in lines] == [2, 3]


def test_the_minimal_client_of_its_users_works(reading: Server, scan: bytes) -> None:
    base = str(reading.http.base_url).rstrip("/")

    response = httpx.post(f"{base}/api/v1/ocr/process", files={"file": scan})
    task_id = response.json()["task_id"]
    while True:
        result = httpx.get(f"{base}/api/v1/ocr/results/{task_id}").json()
        if result["status"] == "SUCCESS":
            break
        assert result["status"] != "FAILURE", result["result"]["error"]
        time.sleep(0.1)

    assert "Quire reads pages" in [line["text"] for line in result["result"]["detections"]]


def test_a_task_tells_that_it_waits_runs_and_how_many_do(
    start: Callable[..., FakeServer], pdf: Callable[[int], bytes]
) -> None:
    http = start(page_s=0.4, QUIRE_CACHE__MEMORY_BYTES="0", QUIRE_CACHE__DISK_BYTES="0").http
    images = [pdf(pages) for pages in (1, 2)]
    tasks = [sent(http, content) for content in images]

    seen = set()
    pending = set()
    while (told := http.get(f"/api/v1/ocr/results/{tasks[1]}").json())["status"] not in ENDED:
        assert told["result"] is None
        seen.add(told["status"])
        pending.add(told["pending_tasks"])
        time.sleep(0.02)

    assert seen <= {"PENDING", "STARTED"}
    assert pending <= {1, 2}
    wait_until(lambda: http.get(f"/api/v1/ocr/results/{tasks[0]}").json()["pending_tasks"] == 0, "an empty queue")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="an empty file"),
        pytest.param(b"hello, this is text", id="a text file"),
        pytest.param(b"%PDF-1.7\nnothing of the kind", id="a PDF in name only"),
    ],
)
def test_what_cannot_be_read_fails_as_a_task_with_the_reason(reading: Server, content: bytes) -> None:
    told = ended(reading.http, sent(reading.http, content))

    assert told["status"] == "FAILURE"
    assert told["result"].keys() == {"error"}
    assert told["result"]["error"]


def test_a_task_whose_pages_partly_fail_has_the_others_lines(start: Callable[..., FakeServer], numbered: Any) -> None:
    http = start(fault="run@2").http

    told = ended(http, sent(http, numbered(3)))

    assert told["status"] == "SUCCESS"
    assert [line["page_number"] for line in told["result"]["detections"]] == [1, 3]
    assert [error["page"] for error in told["result"]["errors"]] == [2]


def test_an_unknown_task_has_failed_for_whoever_polls_and_is_404(reading: Server) -> None:
    response = reading.http.get("/api/v1/ocr/results/11111111-2222-3333-4444-555555555555")

    told = response.json()
    assert response.status_code == 404
    assert told["status"] == "FAILURE"
    assert told["result"]["error"] == told["detail"]
    assert told["task_id"].startswith("11111111")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param({"files": {"wrong": b"x"}}, 400, id="another field"),
        pytest.param({"data": {"file": "no file"}}, 415, id="a form without files"),
        pytest.param({"json": {"file": "x"}}, 415, id="JSON"),
        pytest.param(
            {"content": b"x" * 2_500_000, "headers": {"Content-Type": "multipart/form-data"}}, 400, id="no boundary"
        ),
        pytest.param({"files": {"file": b"x" * 2_500_000}}, 413, id="too large a file"),
        pytest.param({"files": [("file", b"x"), ("file", b"y")]}, 400, id="two files"),
    ],
)
def test_a_bad_request_is_told_as_its_clients_expect(reading: Server, request_: dict[str, Any], status: int) -> None:
    response = reading.http.post("/api/v1/ocr/process", **request_)

    assert response.status_code == status, response.text
    assert response.json().keys() == {"detail"}
    assert isinstance(response.json()["detail"], str)
    assert response.headers["x-request-id"]


def test_a_full_house_says_when_to_come_back(start: Callable[..., FakeServer], numbered: Any) -> None:
    http = start(page_s=5, QUIRE_JOBS__MAX_UNFINISHED="1").http
    sent(http, numbered(1))

    response = http.post("/api/v1/ocr/process", files={"file": numbered(1)})

    assert response.status_code == 429
    assert response.json().keys() == {"detail"}
    assert int(response.headers["retry-after"]) > 0


def test_keys_are_asked_for_where_the_server_asks_for_them(start: Callable[..., FakeServer]) -> None:
    http = start(QUIRE_ACCESS__AUTH="required").http

    refused = http.get("/api/v1/ocr/results/any")

    assert (refused.status_code, refused.json().keys()) == (401, {"detail"})
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "engine" in http.get("/health").json()
