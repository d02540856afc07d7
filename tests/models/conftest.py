"""A real HTTP server that serves one file, well or badly."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest


class FileServer(ThreadingHTTPServer):
    """Serves `content` at every path; the next requests go wrong as `faults` says, one fault a request.

    A fault is an HTTP status, "cut" (half of the answer, then the connection closes) or "hang" (no answer).
    """

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.etag: str | None = '"1"'
        self.knows_ranges = True
        self.faults: deque[int | str] = deque()
        self.requests: list[Message] = []
        self.paths: list[str] = []
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.requests.append(self.headers)
        self.server.paths.append(self.path)
        fault = self.server.faults.popleft() if self.server.faults else None
        if fault == "hang":
            self.server.released.wait()
            self.close_connection = True
        elif isinstance(fault, int):
            self.send_error(fault)
        else:
            self._serve(cut=fault == "cut")

    def _serve(self, *, cut: bool) -> None:
        start = self._start()
        content = self.server.content
        if start is not None and start >= len(content):
            self.send_error(416)
            return
        body = content[start or 0 :]
        self.send_response(200 if start is None else 206)
        self.send_header("Content-Length", str(len(body)))
        if start is not None:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if self.server.etag:
            self.send_header("ETag", self.server.etag)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = cut

    def _start(self) -> int | None:
        """Where the range begins that is asked for and can be given; None for the whole file."""
        asked = self.headers.get("Range")
        wanted = self.headers.get("If-Range", self.server.etag)
        if asked is None or not self.server.knows_ranges or wanted != self.server.etag:
            return None
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the test's output clean."""


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer(bytes(range(256)) * 4096) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """A client that no proxy of the environment leads astray."""
    with httpx.Client(trust_env=False) as client:
        yield client
