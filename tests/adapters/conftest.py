"""A server with the real engine, and documents for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from commanding import pdf as numbered_pdf
from commanding import scan as drawn_scan
from PIL import Image
from running import FakeServer, Server

from answering import WebServer, web_server


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the real engine, two documents a batch, which may reach this machine."""
    folder = tmp_path_factory.mktemp("reading")
    running = Server(
        ["-m", "quire", "serve", "--port", "0"],
        folder / "server.log",
        QUIRE_DATA_DIR=str(folder / "data"),
        QUIRE_LIMITS__MAX_BYTES="2000000",
        QUIRE_URLS__ALLOW_NETWORKS="127.0.0.0/8",
        MAX_BATCH_SIZE="3",
    )
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()


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
def turned() -> bytes:
    """The scan on its side: its text runs from the top of the image to its bottom."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(drawn_scan("Quire reads pages"))) as image:
        image.rotate(-90, expand=True).save(file, "PNG")
    return file.getvalue()
