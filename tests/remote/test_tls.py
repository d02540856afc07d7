"""https: the connection goes to the checked address, the certificate is checked for the name."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from answering import Answer, WebServer, resolving, web_server
from certificates import self_signed, serving_with
from quire.errors import UrlFailed
from quire.remote import Fetcher, Guard

pytestmark = pytest.mark.anyio

NAME = "documents.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(NAME, tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(certificate: Path) -> Iterator[WebServer]:
    with web_server(serving_with(certificate)) as running:
        running.answers["/"] = Answer(b"%PDF")
        yield running


async def fetch(url: str, trust: ssl.SSLContext | None) -> bytes:
    resolve, _ = resolving(["127.0.0.1"])
    guard = Guard(["127.0.0.1"], resolve=resolve)
    async with Fetcher(guard, max_bytes=100, ssl_context=trust) as http, http.fetch(url) as fetched:
        return b"".join([chunk async for chunk in fetched.chunks])


async def test_the_name_is_what_the_certificate_is_checked_for(server: WebServer, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=certificate)

    assert await fetch(server.url(host=NAME, scheme="https"), trust) == b"%PDF"
    assert server.requests[0].headers["Host"] == f"{NAME}:{server.port}"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
async def test_a_certificate_for_another_name_is_not_taken(server: WebServer, certificate: Path, host: str) -> None:
    with pytest.raises(UrlFailed, match="certificate"):
        await fetch(server.url(host=host, scheme="https"), ssl.create_default_context(cafile=certificate))

    assert server.requests == []


async def test_a_certificate_that_nobody_vouches_for_is_not_taken(server: WebServer) -> None:
    with pytest.raises(UrlFailed, match="certificate"):
        await fetch(server.url(host=NAME, scheme="https"), None)
