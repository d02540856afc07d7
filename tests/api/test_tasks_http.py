"""Tasks over HTTP: every search of a page that was read is answered out of the cache."""

from __future__ import annotations

from collections.abc import Callable

from calls import create, ended, result
from running import FakeServer

Numbered = Callable[..., bytes]


def matches(server: FakeServer, document: bytes, **fields: str) -> list[str]:
    answer = server.http.post("/v1/read", files={"file": document}, data={"task": "locate", **fields})
    return [match["text"] for page in answer.json()["pages"] for match in page["matches"]]


def test_another_search_reads_no_page_again(working: FakeServer, numbered: Numbered) -> None:
    document = numbered(2)
    begun = working.pages_begun

    assert matches(working, document, find="PAGE") == ["page", "page"]
    assert matches(working, document, find=r"\d", find_regex="true") == ["1", "2"]
    working.http.post("/v1/read", files={"file": document})
    assert working.pages_begun == begun + 2


def test_a_job_keeps_what_was_found(working: FakeServer, numbered: Numbered) -> None:
    job = ended(working.http, create(working.http, numbered(1), task="locate", find="page 1"))

    assert [match["score"] for match in result(working.http, job)["pages"][0]["matches"]] == [1.0]


def test_a_task_that_the_engine_lacks_is_501(working: FakeServer, numbered: Numbered) -> None:
    answer = working.http.post("/v1/read", files={"file": numbered(1)}, data={"task": "figure"})

    assert (answer.status_code, answer.json()["code"]) == (501, "capability_missing")
    assert "use one of text, locate" in answer.json()["detail"]


def test_locate_without_a_text_is_400(working: FakeServer, numbered: Numbered) -> None:
    answer = working.http.post("/v1/read", files={"file": numbered(1)}, data={"task": "locate"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_option")


def test_a_mode_of_an_engine_that_has_none_is_501(working: FakeServer, numbered: Numbered) -> None:
    answer = working.http.post("/v1/read", files={"file": numbered(1)}, data={"mode": "text"})

    assert (answer.status_code, answer.json()["code"]) == (501, "capability_missing")


def test_an_area_without_its_mode_is_400(working: FakeServer, numbered: Numbered) -> None:
    answer = working.http.post("/v1/read", files={"file": numbered(1)}, data={"area": "0,0,9,9"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_option")
    assert "mode=region" in answer.json()["detail"]
