"""A server to ask, the two clients behind one face, and documents."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clients import KINDS, Asking, Blocking
from PIL import Image
from running import FakeServer

from answering import WebServer, web_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A server that reads one page at a time, 30 ms each, and may reach this machine."""
    networks = "127.0.0.0/8"
    running = FakeServer(tmp_path_factory.mktemp("server"), 0.03, 0, "", QUIRE_URLS__ALLOW_NETWORKS=networks)
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
    """Makes TIFFs of so many empty pages, which only an engine reads: `tiff(3, "a.tif")`; no two are alike."""
    shades = iter(range(100, 250))

    def make(pages: int, name: str = "scan.tif") -> Path:
        frame = Image.new("L", (60, 30), next(shades))
        frame.putpixel((59, 29), abs(hash(str(tmp_path))) % 256)
        file = io.BytesIO()
        frame.save(file, "TIFF", save_all=True, append_images=[frame] * (pages - 1))
        path = tmp_path / name
        path.write_bytes(file.getvalue())
        return path

    return make
