"""Documents that are waited for."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from clients import Asking

from answering import Answer, WebServer
from calls import wait_until
from quire.document import Document, Page, PageFailure
from quire.errors import (
    DocumentNotFound,
    InvalidOption,
    PageOutOfRange,
    QuireError,
    ServerUnreachable,
    UnsupportedFormat,
)
from running import FakeServer

Tiff = Callable[..., Path]


def numbers(document: Document) -> list[int]:
    return [page.number for page in document.pages]


def test_a_document_comes_back_as_the_server_said_it(client: Asking, server: FakeServer, tiff: Tiff) -> None:
    path = tiff(2)
    said = server.http.post("/v1/read", files={"file": ("scan.tif", path.read_bytes())}).json()

    document = client.read(path)

    assert isinstance(document, Document)
    assert json.loads(document.to_json()) == said


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(lambda path: path, id="a path"),
        pytest.param(str, id="a path as text"),
        pytest.param(lambda path: path.read_bytes(), id="bytes"),
        pytest.param(lambda path: io.BytesIO(path.read_bytes()), id="an open file"),
        pytest.param(lambda path: io.BufferedReader(_Pipe(path.read_bytes())), id="a pipe"),
    ],
)
def test_documents_come_in_many_shapes(client: Asking, tiff: Tiff, given: Callable[[Path], Any]) -> None:
    assert numbers(client.read(given(tiff(3)), pages="1,3")) == [1, 3]


class _Pipe(io.RawIOBase):
    """Bytes that come once."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._rest.readinto(buffer)


def test_a_url_is_fetched_by_the_server(client: Asking, web: WebServer, tiff: Tiff) -> None:
    web.answers["/b.tif"] = Answer(tiff(2).read_bytes())

    document = client.read(web.url("/b.tif"), pages="2", words=False)

    assert (document.name, numbers(document)) == ("b.tif", [2])


def test_names_are_the_files_own_or_those_given(client: Asking, tiff: Tiff) -> None:
    path = tiff(1, "Größe.tif")

    assert client.read(path).name == "Größe.tif"
    assert client.read(path.read_bytes()).name == "document"
    assert client.read(path.read_bytes(), name="b.tif").name == "b.tif"


def test_other_formats_come_as_files(client: Asking, tiff: Tiff) -> None:
    path = tiff(2)

    assert client.read_as(path, "text").split() == client.read(path).text.encode().split()
    assert client.read_as(path, "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        pytest.param({"pages": "9"}, PageOutOfRange, id="a page that is not there"),
        pytest.param({"strateg": "speed"}, InvalidOption, id="an unknown option"),
        pytest.param({"format": "text"}, InvalidOption, id="an option of another call"),
    ],
)
def test_the_servers_refusals_are_the_packages_own_errors(
    client: Asking, tiff: Tiff, options: dict[str, str], kind: type[QuireError]
) -> None:
    with pytest.raises(kind):
        client.read(tiff(1), **options)


def test_documents_that_are_none_are_refused(client: Asking, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormat):
        client.read(b"no document")
    for path in (tmp_path, tmp_path / "missing.pdf"):
        with pytest.raises(DocumentNotFound):
            client.read(path)


def test_an_upload_is_told_of_as_it_goes(client: Asking) -> None:
    told: list[tuple[int, int]] = []
    content = b"x" * 300_000

    with pytest.raises(UnsupportedFormat):
        client.read(content, on_upload=lambda sent, total: told.append((sent, total)))

    assert [sent for sent, _ in told] == [65_536, 131_072, 196_608, 262_144, 300_000]
    assert {total for _, total in told} == {300_000}


class TestStream:
    def test_pages_come_in_order(self, client: Asking, tiff: Tiff) -> None:
        pages = list(client.stream(tiff(4)))

        assert [page.number for page in pages] == [1, 2, 3, 4]
        assert all(isinstance(page, Page) for page in pages)

    def test_leaving_it_stops_the_reading(self, client: Asking, server: FakeServer, tiff: Tiff) -> None:
        before = server.pages_begun

        with closing(client.stream(tiff(90))) as pages:
            next(pages)

        wait_until(lambda: server.http.get("/v1/stats").json()["requests"]["inside"] == 0, "the reading's end")
        assert server.pages_begun - before < 60

    def test_a_refusal_comes_with_the_first_page(self, client: Asking, tiff: Tiff) -> None:
        pages = client.stream(tiff(1), pages="2")

        with pytest.raises(PageOutOfRange):
            next(pages)


class TestAddress:
    @pytest.mark.parametrize("address", ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://[::1"])
    def test_one_that_is_none_is_refused(self, client: Asking, address: str) -> None:
        with pytest.raises(InvalidOption):
            type(client)(address)

    def test_a_key_that_cannot_be_sent_is_refused(self, ask: Callable[..., Asking]) -> None:
        with pytest.raises(InvalidOption):
            ask(key="qk_a\nHost: b")

    def test_nobody_there(self, client: Asking, tiff: Tiff) -> None:
        lonely = type(client)("http://127.0.0.1:9")
        with pytest.raises(ServerUnreachable, match="check its address"):
            lonely.read(tiff(1))
        lonely.close()


def test_a_page_that_fails_alone_is_told_of(client: Asking, tiff: Tiff) -> None:
    path = tiff(3, broken=2)

    document = client.read(path)
    streamed = list(client.stream(path))

    assert numbers(document) == [1, 3]
    assert [(failure.page, failure.code) for failure in document.errors] == [(2, "engine_failed")]
    assert [type(outcome) for outcome in streamed] == [Page, PageFailure, Page]
