"""POST /v1/jobs: how documents arrive, and what makes two requests one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest

from answering import Answer, WebServer
from calls import create, ended, numbers, result
from running import FakeServer, Server

Numbered = Callable[..., bytes]


def test_a_form_makes_a_job_that_says_where_it_is_and_ends_well(working: FakeServer, numbered: Numbered) -> None:
    document = numbered(3)

    response = working.http.post("/v1/jobs", files={"file": ("scan.tif", document)})

    made = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == f"/v1/jobs/{made['id']}"
    assert int(response.headers["retry-after"]) > 0
    job = ended(working.http, made)
    assert (job["state"], job["pages_done"], job["pages_total"]) == ("succeeded", 3, 3)
    assert job["documents"][0]["sha256"] == hashlib.sha256(document).hexdigest()
    assert job["created_at"] <= job["started_at"] <= job["finished_at"] < job["expires_at"]


def test_a_document_may_come_as_base64(working: FakeServer, numbered: Numbered) -> None:
    body = {"base64": base64.b64encode(numbered(2)).decode(), "pages": "2", "name": "letter"}

    job = working.http.post("/v1/jobs", json=body).json()

    ended(working.http, job)
    document = result(working.http, job)
    assert (document["name"], numbers(document)) == ("letter", [2])


def test_a_document_is_fetched_from_an_allowed_network(working: FakeServer, numbered: Numbered, web: WebServer) -> None:
    web.answers["/inbox/letter.tif"] = Answer(numbered(2), headers={"Content-Type": "image/tiff"})

    job = working.http.post("/v1/jobs", json={"url": web.url("/inbox/letter.tif")}).json()

    ended(working.http, job)
    document = result(working.http, job)
    assert (document["name"], numbers(document)) == ("letter.tif", [1, 2])


def test_nothing_on_this_machine_is_reached_unless_that_is_allowed(server: Server, web: WebServer) -> None:
    refused = server.http.post("/v1/jobs", json={"url": web.url("/letter.tif")})
    no_hook = server.http.post("/v1/jobs", files={"file": b"x"}, data={"webhook_url": web.url("/hook")})

    assert [refused.json()["code"], no_hook.json()["code"]] == ["url_refused"] * 2
    assert [refused.status_code, no_hook.status_code] == [400, 400]
    assert web.requests == []


def test_many_documents_are_one_job(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, *(numbered(pages) for pages in (1, 3, 2)))

    done = ended(working.http, job)
    found = result(working.http, job)["documents"]
    assert [document["name"] for document in done["documents"]] == ["1.tif", "2.tif", "3.tif"]
    assert [numbers(document) for document in found] == [[1], [1, 2, 3], [1, 2]]


def test_many_documents_may_come_as_json(working: FakeServer, numbered: Numbered, web: WebServer) -> None:
    web.answers["/a.tif"] = Answer(numbered(1))
    documents = [
        {"base64": base64.b64encode(numbered(1)).decode(), "name": "first"},
        {"url": web.url("/a.tif"), "name": "second"},
    ]

    job = working.http.post("/v1/jobs", json={"documents": documents, "format": "text"}).json()

    assert ended(working.http, job)["state"] == "succeeded"
    assert [document["name"] for document in job["documents"]] == ["first", "second"]
    assert working.http.get(f"/v1/jobs/{job['id']}/result").text == "page 1\n\npage 1\n"


def test_a_repeated_request_with_its_idempotency_key_is_the_same_job(working: FakeServer, numbered: Numbered) -> None:
    document = numbered(2)
    headers = {"Idempotency-Key": "letter-1"}

    first = create(working.http, document, headers=headers)
    ended(working.http, first)
    second = create(working.http, document, headers=headers)

    assert second["id"] == first["id"]
    assert second["state"] == "succeeded"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"pages": "1"}, id="other pages"),
        pytest.param({"password": "sesame"}, id="another password"),
        pytest.param({"ttl_s": "60"}, id="another time to live"),
    ],
)
def test_another_request_with_a_known_idempotency_key_is_refused(
    working: FakeServer, numbered: Numbered, change: dict[str, str]
) -> None:
    document = numbered(1)
    headers = {"Idempotency-Key": f"letter-{change}".replace(" ", "")}
    create(working.http, document, headers=headers)

    refused = working.http.post("/v1/jobs", files={"file": ("1.tif", document)}, data=change, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_conflict")
