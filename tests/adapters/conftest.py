"""A server with the real engine, and documents for it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from answering import WebServer, web_server
from commanding import pdf as numbered_pdf
from commanding import scan as drawn_scan
from fake_server import numbered_tiff
from running import FakeServer, Server, quire_serve


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the real engine, two documents a batch, which may reach this machine."""
    variables = {
        "QUIRE_LIMITS__MAX_BYTES": "2000000",
        "QUIRE_URLS__ALLOW_NETWORKS": "127.0.0.0/8",
        "MAX_BATCH_SIZE": "3",
    }
    with quire_serve(tmp_path_factory.mktemp("reading"), **variables) as running:
        yield running


@pytest.fixture
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., FakeServer]]:
    """Starts servers with a fake engine: `start(page_s=…, start_s=…, fault=…, QUIRE_…="…")`."""
    started: list[FakeServer] = []

    def start_one(page_s: float = 0.0, start_s: float = 0.0, fault: str = "", **variables: str) -> FakeServer:
        started.append(FakeServer(tmp_path_factory.mktemp("fake"), page_s, start_s, fault, **variables))
        return started[-1]

    yield start_one
    for server in started:
        server.close()


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server beside."""
    with web_server() as running:
        yield running


@pytest.fixture(scope="session")
def scan() -> bytes:
    """A PNG that says "Quire reads pages" in large letters."""
    return drawn_scan("Quire reads pages")


@pytest.fixture(scope="session")
def pdf() -> Callable[[int], bytes]:
    """Makes PDFs of so many pages, each with its own number as text."""
    return numbered_pdf


@pytest.fixture(scope="session")
def numbered() -> Callable[[int], bytes]:
    """Makes TIFFs of so many pages that tell the fake engine which they are, another document each time."""
    unused = itertools.count(1000)
    return lambda pages: numbered_tiff(pages, next(unused))


@pytest.fixture(scope="session")
def images(scan: bytes) -> Callable[[str], bytes]:
    """The scan in another kind of file, by Pillow's name of the kind."""

    def make(kind: str) -> bytes:
        file = io.BytesIO()
        with Image.open(io.BytesIO(scan)) as image:
            image.save(file, kind)
        return file.getvalue()

    return make
