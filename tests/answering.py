"""A real web server on a free port, whose answers each test writes, and resolvers that answer what a test says."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from threading import Thread

from quire.remote.guard import Resolve


@dataclass
class Answer:
    """What the server sends for one path; a header that is None is left out."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)


@dataclass
class Request:
    """What the server was sent."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class WebServer:
    """Answers by path, and remembers what it was asked."""

    def __init__(self, port: int, answers: dict[str, Answer]) -> None:
        self.port = port
        self.answers = answers
        self.requests: list[Request] = []

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def web_server(context: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    answers: dict[str, Answer] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.requests.append(Request(self.path, dict(self.headers), body))
            answer = answers.get(self.path, Answer(status=404))
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        if context:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        server = WebServer(http.server_address[1], answers)
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


def resolving(*answers: Sequence[str]) -> tuple[Resolve, Callable[[], int]]:
    """A resolver that gives one answer after the other, the last for ever; and how often it was asked."""
    coming = chain(answers, repeat(answers[-1]))
    calls = 0

    async def resolve(host: str, port: int) -> Sequence[str]:
        nonlocal calls
        calls += 1
        return next(coming)

    return resolve, lambda: calls
