"""Servers, and documents to send them."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from answering import WebServer, web_server
from calls import WEBHOOK_SECRET
from fake_server import numbered_tiff
from running import FakeServer, Server, quire_serve


@pytest.fixture
def start_fake(tmp_path: Path) -> Iterator[Callable[..., FakeServer]]:
    """Starts servers with a fake engine: `start_fake(page_s=…, start_s=…, fault=…, QUIRE_…="…")`."""
    started: list[FakeServer] = []

    def start(page_s: float = 0.0, start_s: float = 0.0, fault: str = "", **variables: str) -> FakeServer:
        server = FakeServer(tmp_path, page_s, start_s, fault, **variables)
        started.append(server)
        return server

    yield start
    for server in started:
        server.close()


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A server that reads one page at a time, 0.2 s each; four requests may be inside."""
    folder = tmp_path_factory.mktemp("slow")
    uncached = {"QUIRE_CACHE__MEMORY_BYTES": "0", "QUIRE_CACHE__DISK_BYTES": "0"}
    running = FakeServer(folder, 0.2, 0, "", QUIRE_QUEUE_SIZE="4", **uncached)
    yield running
    running.close()


@pytest.fixture(scope="session")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeServer]:
    """A server that reads one page at a time, 30 ms each, and may reach this machine."""
    running = FakeServer(
        tmp_path_factory.mktemp("working"),
        0.03,
        0,
        "",
        QUIRE_URLS__ALLOW_NETWORKS="127.0.0.0/8",
        QUIRE_JOBS__WEBHOOK_SECRET=WEBHOOK_SECRET,
    )
    running.wait_until_ready()
    yield running
    running.close()


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server beside, of which the server under test knows nothing."""
    with web_server() as running:
        yield running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as it is run by people, with the real engine and limits that tests can reach."""
    limits = {"MAX_BYTES": "2000000", "MAX_PIXELS": "6000000", "MAX_PAGES": "30"}
    variables = {f"QUIRE_LIMITS__{name}": value for name, value in limits.items()}
    with quire_serve(tmp_path_factory.mktemp("server"), **variables) as running:
        yield running


@pytest.fixture(scope="session")
def scan() -> bytes:
    """A PNG that says "Quire reads pages" in large letters."""
    image = Image.new("RGB", (900, 200), "white")
    font = ImageFont.load_default(size=60)
    ImageDraw.Draw(image).text((60, 60), "Quire reads pages", fill="black", font=font)
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(150, 150))
    return file.getvalue()


@pytest.fixture(scope="session")
def pdf() -> Callable[[int], bytes]:
    """Makes PDFs of so many pages, each with its own number as text."""

    def make(pages: int) -> bytes:
        file = io.BytesIO()
        canvas = Canvas(file, pagesize=(300, 200))
        for number in range(1, pages + 1):
            canvas.setFont("Helvetica", 18)
            canvas.drawString(40, 100, f"This is page number {number}")
            canvas.showPage()
        canvas.save()
        return file.getvalue()

    return make


@pytest.fixture(scope="session")
def frames() -> Callable[[int], bytes]:
    """Makes TIFFs of so many empty pages: nothing but an engine can read them."""

    def make(pages: int) -> bytes:
        file = io.BytesIO()
        frame = Image.new("L", (120, 60), "white")
        frame.save(file, "TIFF", save_all=True, append_images=[frame] * (pages - 1))
        return file.getvalue()

    return make


@pytest.fixture(scope="session")
def numbered() -> Callable[..., bytes]:
    """Makes TIFFs of so many pages that tell the fake engine which they are: `numbered(3)` is another document each
    time, `numbered(3, document=7)` the one that the engine knows as 7."""
    unused = itertools.count(1000)

    def make(pages: int, document: int | None = None) -> bytes:
        return numbered_tiff(pages, next(unused) if document is None else document)

    return make


@pytest.fixture(scope="session")
def encrypted_pdf(pdf: Callable[[int], bytes]) -> bytes:
    """A PDF of one page that opens with the password "sesame"."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(1))) as document:
        document.save(file, encryption=pikepdf.Encryption(owner="owner", user="sesame"))
    return file.getvalue()


@pytest.fixture(scope="session")
def pdf_without_pages() -> bytes:
    file = io.BytesIO()
    with pikepdf.new() as document:
        document.save(file)
    return file.getvalue()
