"""Servers in processes of their own, and documents to send them."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

START_TIMEOUT_S = 60.0
FAKE = Path(__file__).with_name("fake_server.py")


class Server:
    """A running server.

    Attributes:
        http: a client of it.
    """

    def __init__(self, command: list[str], log: Path, **variables: str) -> None:
        self._log = log
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QUIRE_")}
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                env=environment | variables,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        assert self.process.stdout is not None
        greeting = self.process.stdout.readline()
        found = re.search(r"http://[0-9.]+:\d+", greeting)
        assert found, f"the server did not start: {greeting}{self.log}"
        self.http = httpx.Client(base_url=found[0], timeout=30)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.http.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline, f"the engine did not start: {self.log}"
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Signals the server and waits; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def close(self) -> None:
        self.http.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class FakeServer(Server):
    """A server around `fake_server.FakeEngine`."""

    def __init__(self, folder: Path, page_s: float, start_s: float, fault: str, **variables: str) -> None:
        self._pages = folder / "pages.log"
        self._pages.touch()
        arguments = [str(FAKE), str(page_s), str(start_s), *([fault] if fault else [])]
        super().__init__(arguments, folder / "server.log", PAGES_LOG=str(self._pages), **variables)

    @property
    def pages_begun(self) -> int:
        return self._pages.read_text().count("page\n")

    @property
    def engine_closed(self) -> bool:
        return "closed\n" in self._pages.read_text()


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


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as it is run by people, with the real engine and limits that tests can reach."""
    running = Server(
        ["-m", "quire", "serve", "--port", "0"],
        tmp_path_factory.mktemp("server") / "server.log",
        QUIRE_LIMITS__MAX_BYTES="2000000",
        QUIRE_LIMITS__MAX_PIXELS="6000000",
        QUIRE_LIMITS__MAX_PAGES="30",
    )
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()


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
