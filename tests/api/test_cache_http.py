"""The cache: what was read once costs no page again, unless somebody says otherwise or it was read badly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from calls import create, ended, result
from running import FakeServer

Start = Callable[..., FakeServer]
Numbered = Callable[..., bytes]


def test_a_document_read_before_costs_no_page_in_any_format_or_way(working: FakeServer, numbered: Numbered) -> None:
    document = numbered(3)
    with _pages(working, 3):
        first = _read(working, document)

    with _pages(working, 0):
        assert _read(working, document) == first
        assert _read(working, document, format="text") == "page 1\n\x0cpage 2\n\x0cpage 3\n"
        assert [page["number"] for page in _read(working, document, pages="2-3")["pages"]] == [2, 3]
        job = ended(working.http, create(working.http, document))
        assert result(working.http, job)["pages"] == first["pages"]


def test_other_options_are_another_reading(working: FakeServer, numbered: Numbered) -> None:
    document = numbered(2)
    _read(working, document)

    with _pages(working, 2):
        _read(working, document, min_confidence="0.9")


def test_a_name_is_never_out_of_the_cache(working: FakeServer, numbered: Numbered) -> None:
    document = numbered(1)

    names = [_read(working, document, name=name)["name"] for name in ("first.tif", "second.tif")]

    assert names == ["first.tif", "second.tif"]


def test_no_store_neither_uses_nor_fills_the_cache(working: FakeServer, numbered: Numbered) -> None:
    document = numbered(2)
    headers = {"Cache-Control": "no-store"}

    with _pages(working, 6):
        for _ in range(2):
            working.http.post("/v1/read", files={"file": document}, headers=headers)
        ended(working.http, create(working.http, document, headers=headers))
    with _pages(working, 2):
        _read(working, document)
    with _pages(working, 2):
        working.http.post("/v1/read", files={"file": document}, headers=headers)


def test_what_may_come_out_better_is_read_again(start_fake: Start, numbered: Numbered) -> None:
    server = start_fake(fault="warn@2,bug@3")
    document = numbered(4)
    with _pages(server, 4):
        _read(server, document)

    with _pages(server, 2):
        _read(server, document)


def test_the_cache_survives_a_restart(start_fake: Start, numbered: Numbered) -> None:
    document = numbered(3)
    server = start_fake()
    first = _read(server, document)
    server.stop()

    with _pages(server, 0):
        assert _read(start_fake(), document) == first


def _read(server: FakeServer, document: bytes, **fields: str) -> Any:
    response = server.http.post("/v1/read", files={"file": ("a.tif", document)}, data=fields)
    assert response.status_code == 200, response.text
    return response.json() if response.headers["content-type"] == "application/json" else response.text


@contextmanager
def _pages(server: FakeServer, expected: int) -> Iterator[None]:
    """What is done inside makes the engine begin so many pages."""
    before = server.pages_begun
    yield
    assert server.pages_begun - before == expected
