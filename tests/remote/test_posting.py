"""Webhooks: what a receiver gets, and where they do not go."""

from __future__ import annotations

import pytest

from answering import Answer, WebServer, resolving
from quire.errors import UrlFailed, UrlRefused
from quire.remote import Fetcher, Guard

pytestmark = pytest.mark.anyio


async def post(url: str, guard: Guard, body: bytes = b"{}") -> int:
    async with Fetcher(guard, max_bytes=1, timeout_s=20.0) as http:
        return await http.post(url, body, {"Content-Type": "application/json", "Quire-Event-Id": "e1"})


async def test_a_receiver_gets_body_and_headers(server: WebServer) -> None:
    server.answers["/hook"] = Answer(status=202)

    status = await post(server.url("/hook"), Guard(["127.0.0.1"]), b'{"id": "e1"}')

    (request,) = server.requests
    assert (status, request.body) == (202, b'{"id": "e1"}')
    assert (request.headers["Quire-Event-Id"], request.headers["Content-Type"]) == ("e1", "application/json")


@pytest.mark.parametrize("status", [301, 302, 307, 308, 410, 500])
async def test_the_status_is_returned_and_no_redirect_followed(server: WebServer, status: int) -> None:
    server.answers["/hook"] = Answer(status=status, headers={"Location": "/elsewhere"})

    assert await post(server.url("/hook"), Guard(["127.0.0.1"])) == status
    assert [request.path for request in server.requests] == ["/hook"]


async def test_an_answer_is_not_read(server: WebServer) -> None:
    server.answers["/hook"] = Answer(b"x" * 5_000_000)

    assert await post(server.url("/hook"), Guard(["127.0.0.1"])) == 200


async def test_a_private_receiver_is_refused(server: WebServer) -> None:
    resolve, _ = resolving(["127.0.0.1"])

    with pytest.raises(UrlRefused):
        await post(server.url("/hook", host="receiver.example"), Guard(resolve=resolve))

    assert server.requests == []


async def test_a_header_with_a_line_break_is_not_sent(server: WebServer) -> None:
    async with Fetcher(Guard(["127.0.0.1"]), max_bytes=1) as http:
        with pytest.raises(UrlFailed):
            await http.post(server.url("/hook"), b"", {"X-Test": "a\r\nHost: b"})

    assert server.requests == []
