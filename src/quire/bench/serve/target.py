"""The server that is measured, wherever it is, and what it says of itself."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from quire.bench.server.client import BrokenExchange, Connection, packed, upload
from quire.bench.server.load import ANSWER_S
from quire.client.connection import arguments
from quire.client.failures import named
from quire.errors import AnswerNotUnderstood, ServerUnreachable

_PATHS: Final = ("/v1/engines", "/v1/read", "/v1/jobs")


@dataclass(frozen=True, slots=True)
class Target:
    """A server's address, and who asks it.

    Attributes:
        prefix: of every path.
        headers: of every request.
    """

    host: str
    port: int
    prefix: str
    headers: Mapping[str, str]
    tls: ssl.SSLContext | None

    def connection(self) -> Connection:
        return Connection(self.port, self.host, self.tls)

    def upload(self, path: str, *documents: tuple[str, bytes]) -> bytes:
        """A request that posts documents, past the server's cache."""
        return upload(self.prefix + path, *documents, headers=self.headers)

    async def call(self, connection: Connection, method: str, path: str) -> Any:
        """What the server answers, as `json.loads` gives it; see `answer`."""
        return await self.answer(connection, packed(method, self.prefix + path, headers=self.headers))

    async def answer(self, connection: Connection, request: bytes) -> Any:
        """The answer to a packed request, as `json.loads` gives it; None without a body.

        Raises:
            QuireError: the server's own refusal.
            ServerUnreachable: it does not answer.
            AnswerNotUnderstood: it does not answer as Quire does.
        """
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await connection.ask(request)
            found: Any = json.loads(answer.body) if answer.body else None
        except (BrokenExchange, TimeoutError) as exc:
            reason = str(exc) or type(exc).__name__
            raise ServerUnreachable(
                f"the server cannot be asked ({reason}): check its address, and that it runs"
            ) from exc
        except ValueError as exc:
            raise _strange() from exc
        if answer.status < 400:
            return found
        try:
            raise named(found["code"], found["detail"])
        except (TypeError, KeyError) as exc:
            raise _strange() from exc


def target_at(url: str, key: str | None) -> Target:
    """The server at an address such as `https://ocr.example.org/quire`.

    Raises:
        InvalidOption: the address is none, or the key cannot be sent.
    """
    given = arguments(url, key, None)
    address: httpx.URL = given["base_url"]
    secure = address.scheme == "https"
    return Target(
        address.host,
        address.port or (443 if secure else 80),
        address.path.rstrip("/"),
        {**given["headers"], "Host": address.netloc.decode("ascii")},
        ssl.create_default_context() if secure else None,
    )


async def look(target: Target) -> tuple[str, list[str]]:
    """The server's version, and the names of the engines that it has.

    Raises:
        QuireError: it does not answer, is none, is too old, is still loading, or refuses the key.
    """
    with target.connection() as connection:
        about = await target.call(connection, "GET", "/openapi.json")
        missing = [path for path in _PATHS if path not in _within(about, "paths")]
        if missing:
            raise AnswerNotUnderstood(
                f"what answers has no {', '.join(missing)}: check the address, or bring the server up to date"
            )
        found = await target.call(connection, "GET", "/v1/engines")
    return str(_within(about, "info").get("version", "unknown")), [engine["name"] for engine in found["engines"]]


def _within(about: Any, name: str) -> Mapping[str, Any]:
    part = about.get(name) if isinstance(about, dict) else None
    return part if isinstance(part, dict) else {}


def _strange() -> AnswerNotUnderstood:
    return AnswerNotUnderstood("what answers is no Quire server: check the address")
