"""A server to ask, the two clients behind one face, and documents."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clients import KINDS, Asking, Blocking
from PIL import Image

from answering import WebServer, web_server
from running import FakeServer

BROKEN = 999
"""The number of a page that the server's engine fails to read."""
_DOCUMENTS = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A server that reads one page at a time, 30 ms each, and may reach this machine."""
    folder = tmp_path_factory.mktemp("server")
    running = FakeServer(folder, 0.03, 0, f"run@{BROKEN}", QUIRE_URLS__ALLOW_NETWORKS="127.0.0.0/8")
    running.wait_until_ready()
    yield running
    running.close()


@pytest.fixture(params=KINDS.values(), ids=KINDS.keys())
def ask(request: pytest.FixtureRequest, server: FakeServer) -> Iterator[Callable[..., Asking]]:
    """Makes a client of that server: `ask(key=…, retries=…, faults=…)`."""
    made: list[Asking] = []

    def make(**arguments: object) -> Asking:
        made.append(request.param(str(server.http.base_url), **arguments))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(ask: Callable[..., Asking]) -> Asking:
    """Each client in turn."""
    return ask()


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server beside."""
    with web_server() as running:
        yield running


@pytest.fixture
def watching(server: FakeServer) -> Iterator[Asking]:
    """A client that looks at what another did."""
    client = Blocking(str(server.http.base_url))
    yield client
    client.close()


@pytest.fixture
def tiff(tmp_path: Path) -> Callable[..., Path]:
    """Makes TIFFs of so many pages, which only an engine reads: `tiff(3, "a.tif", broken=2)`; no two are alike."""

    def make(pages: int, name: str = "scan.tif", broken: int | None = None) -> Path:
        document = next(_DOCUMENTS)
        frames = [_frame(document, BROKEN if page == broken else page) for page in range(1, pages + 1)]
        file = io.BytesIO()
        frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw")
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.getvalue())
        return path

    return make


def _frame(document: int, page: int) -> Image.Image:
    """A page whose first pixels tell the engine which it is."""
    frame = Image.new("RGB", (60, 30), "white")
    for column, value in enumerate((document, page)):
        frame.putpixel((column, 0), (value >> 16, value >> 8 & 255, value & 255))
    return frame
