"""How jobs end: cancelled, deleted, expired, too late, in part."""

from __future__ import annotations

import json
from collections.abc import Callable

from calls import create, ended, look, numbers, result, wait_until
from running import FakeServer, Server

Numbered = Callable[..., bytes]


def test_a_job_is_cancelled_first_and_deleted_then(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, numbered(40))
    url = f"/v1/jobs/{job['id']}"
    wait_until(lambda: look(working.http, job)["pages_done"], "a page")

    cancelled = working.http.delete(url)
    kept = numbers(result(working.http, job))
    deleted = working.http.delete(url)

    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert len(kept) == cancelled.json()["pages_done"] < 40
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert [working.http.get(url + path).status_code for path in ("", "/result", "/events", "/pages/1")] == [404] * 4
    assert working.http.delete(url).status_code == 404


def test_a_result_whose_time_is_over_is_gone(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, numbered(1), ttl_s=0.5)
    url = f"/v1/jobs/{job['id']}"

    wait_until(lambda: working.http.get(url).status_code == 410, "the expiry")

    for path in ("", "/result", "/events", "/pages/1", "/pages/1/image"):
        response = working.http.get(url + path)
        assert (response.status_code, response.json()["code"]) == (410, "job_expired")


def test_a_job_may_not_be_kept_longer_than_the_server_allows(working: FakeServer, numbered: Numbered) -> None:
    response = working.http.post("/v1/jobs", files={"file": numbered(1)}, data={"ttl_s": "10000000"})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_option")


def test_a_job_that_takes_too_long_keeps_the_pages_that_are_done(working: FakeServer, numbered: Numbered) -> None:
    job = ended(working.http, create(working.http, numbered(100), timeout_s=1))

    assert (job["state"], job["error"]["code"]) == ("partial", "deadline_passed")
    assert 0 < job["pages_done"] < 100
    assert len(numbers(result(working.http, job))) == job["pages_done"]


def test_a_reading_that_takes_too_long_is_refused(working: FakeServer, numbered: Numbered) -> None:
    response = working.http.post("/v1/read", files={"file": numbered(100)}, data={"timeout_s": "0.3"})

    assert (response.status_code, response.json()["code"]) == (504, "deadline_passed")


def test_a_reading_that_outlives_its_wait_goes_on_as_a_job(working: FakeServer, numbered: Numbered) -> None:
    headers = {"Prefer": "wait=0", "Accept": "text/plain"}

    response = working.http.post("/v1/read", files={"file": numbered(3)}, headers=headers)

    assert response.status_code == 202
    assert response.headers["location"] == f"/v1/jobs/{response.json()['id']}"
    assert ended(working.http, response.json())["state"] == "succeeded"
    text = working.http.get(f"{response.headers['location']}/result").text
    assert text == "page 1\n\x0cpage 2\n\x0cpage 3\n"


def test_a_reading_within_its_wait_is_answered_as_ever(working: FakeServer, numbered: Numbered) -> None:
    response = working.http.post("/v1/read", files={"file": numbered(2)}, headers={"Prefer": "wait=20"})

    assert response.status_code == 200
    assert numbers(response.json()) == [1, 2]


def test_a_broken_document_does_not_take_the_good_ones_along(server: Server, pdf: Callable[[int], bytes]) -> None:
    job = ended(server.http, create(server.http, pdf(1), b"no document at all", pdf(2), b"%PDF-1.7 cut off"))

    documents = result(server.http, job)["documents"]
    assert job["state"] == "partial"
    assert [document["state"] for document in job["documents"]] == ["succeeded", "failed", "succeeded", "failed"]
    assert [document["error"] and document["error"]["code"] for document in job["documents"]] == [
        None,
        "unsupported_format",
        None,
        "damaged_document",
    ]
    assert [numbers(document) for document in documents] == [[1], [1, 2]]


def test_a_job_of_nothing_but_a_broken_document_says_why(working: FakeServer) -> None:
    job = ended(working.http, create(working.http, b"no document at all"))

    response = working.http.get(f"/v1/jobs/{job['id']}/result")

    assert job["state"] == "failed"
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_format")


def test_a_password_opens_a_document_and_is_not_told(server: Server, encrypted_pdf: bytes) -> None:
    job = ended(server.http, create(server.http, encrypted_pdf, password="sesame"))

    assert job["state"] == "succeeded"
    assert "sesame" not in json.dumps(job) + server.log
