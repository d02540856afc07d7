"""Documents from real servers: what arrives, what is refused on the way, and how long it may take."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from answering import Answer, WebServer, resolving, web_server
from quire.errors import TooManyBytes, UnsupportedFormat, UrlFailed, UrlRefused
from quire.remote import Fetcher, Guard

pytestmark = pytest.mark.anyio

LOOPBACK = ("127.0.0.1/32",)


def fetcher(guard: Guard | None = None, *, max_bytes: int = 1000, timeout_s: float = 20.0) -> Fetcher:
    return Fetcher(guard or Guard(LOOPBACK), max_bytes=max_bytes, timeout_s=timeout_s)


async def body_of(url: str, fetching: Fetcher | None = None) -> bytes:
    async with fetching or fetcher() as http, http.fetch(url) as fetched:
        return b"".join([chunk async for chunk in fetched.chunks])


async def test_a_document_arrives_with_its_name_and_type(server: WebServer) -> None:
    server.answers["/folder/scan%20one.pdf?version=2"] = Answer(
        b"%PDF-1.7", headers={"Content-Type": "Application/PDF; charset=binary"}
    )

    async with fetcher() as http, http.fetch(server.url("/folder/scan%20one.pdf?version=2#page=2")) as fetched:
        body = b"".join([chunk async for chunk in fetched.chunks])

    assert (fetched.name, fetched.media_type, fetched.size_bytes) == ("scan one.pdf", "application/pdf", 8)
    assert body == b"%PDF-1.7"
    assert server.requests[0].headers["Host"] == f"127.0.0.1:{server.port}"
    assert server.requests[0].headers["User-Agent"].startswith("quire/")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="report.pdf"', "report.pdf"),
        ("attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf", "résumé.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="..\\\\..\\\\boot.ini"', "boot.ini"),
        ("attachment; filename*=UTF-8''a%0Ab%00c.pdf", "abc.pdf"),
        ("attachment", "url.pdf"),
        ("filename*=UTF-8'", "url.pdf"),
    ],
)
async def test_a_file_name_is_never_a_path(server: WebServer, disposition: str, name: str) -> None:
    server.answers["/url.pdf"] = Answer(b"x", headers={"Content-Disposition": disposition})

    async with fetcher() as http, http.fetch(server.url("/url.pdf")) as fetched:
        assert fetched.name == name


async def test_an_address_without_a_file_has_no_name(server: WebServer) -> None:
    server.answers["/"] = Answer(b"x")

    async with fetcher() as http, http.fetch(server.url("/")) as fetched:
        assert fetched.name is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(server: WebServer, status: int) -> None:
    server.answers["/a"] = Answer(status=status, headers={"Location": "b?c"})
    server.answers["/b?c"] = Answer(b"found")

    assert await body_of(server.url("/a")) == b"found"


async def test_too_many_redirects_end(server: WebServer) -> None:
    server.answers["/loop"] = Answer(status=302, headers={"Location": "/loop"})

    with pytest.raises(UrlFailed, match="redirects"):
        await body_of(server.url("/loop"))

    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://127.0.0.2/",
        "http://[::1]:{port}/secret",
        "http://[::ffff:7f00:2]:{port}/secret",
        "http://localhost:{port}/secret",
        "http://169.254.169.254/latest/meta-data/",
        "//0x7f000001:{port}/secret",
        "http://user@127.0.0.1:{port}/secret",
        "http://127.0.0.1:22/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/secret",
        "http://[",
    ],
)
async def test_a_redirect_to_a_forbidden_address_is_refused(server: WebServer, location: str) -> None:
    server.answers["/a"] = Answer(status=302, headers={"Location": location.format(port=server.port)})
    server.answers["/secret"] = Answer(b"secret")
    # "localhost" is 127.0.0.1 and perhaps ::1; only the server's own address is allowed, so both are covered.
    resolve, _ = resolving(["127.0.0.1", "::1"])

    with pytest.raises(UrlRefused):
        await body_of(server.url("/a"), fetcher(Guard(LOOPBACK, resolve=resolve)))

    assert [request.path for request in server.requests] == ["/a"]


async def test_nothing_is_sent_to_a_forbidden_address(server: WebServer) -> None:
    server.answers["/"] = Answer(b"secret")

    with pytest.raises(UrlRefused):
        await body_of(server.url(), fetcher(Guard()))

    assert server.requests == []


async def test_a_name_that_changes_its_address_after_the_check_is_refused(server: WebServer) -> None:
    server.answers["/"] = Answer(b"secret")
    resolve, calls = resolving(["93.184.216.34"], ["127.0.0.1"])
    guard = Guard(resolve=resolve)
    url = server.url(host="rebinding.example")

    await guard.check(url)
    with pytest.raises(UrlRefused):
        await body_of(url, fetcher(guard))

    assert (server.requests, calls()) == ([], 2)


async def test_a_connection_goes_to_the_very_address_that_was_checked(server: WebServer) -> None:
    server.answers["/"] = Answer(b"checked")
    resolve, calls = resolving(["127.0.0.1"], ["10.0.0.1"])

    body = await body_of(server.url(host="Rebinding.Example."), fetcher(Guard(LOOPBACK, resolve=resolve)))

    assert (body, calls()) == (b"checked", 1)
    assert server.requests[0].headers["Host"] == f"rebinding.example:{server.port}"


async def test_a_name_that_changes_its_address_between_redirects_is_refused(server: WebServer) -> None:
    with web_server() as other:
        server.answers["/"] = Answer(status=302, headers={"Location": other.url("/", host="rebinding.example")})
        other.answers["/"] = Answer(b"secret")
        resolve, _ = resolving(["127.0.0.1"], ["127.0.0.1", "10.0.0.1"])

        with pytest.raises(UrlRefused):
            await body_of(server.url(host="rebinding.example"), fetcher(Guard(LOOPBACK, resolve=resolve)))

        assert other.requests == []


async def test_the_next_address_is_tried_when_one_takes_no_connection(server: WebServer) -> None:
    server.answers["/"] = Answer(b"second")
    resolve, _ = resolving(["127.0.0.2", "127.0.0.1"])

    body = await body_of(server.url(host="two.example"), fetcher(Guard(["127.0.0.0/30"], resolve=resolve)))

    assert body == b"second"


async def test_a_large_document_is_refused_on_its_head(server: WebServer) -> None:
    server.answers["/"] = Answer(b"x" * 1001)

    async with fetcher() as http:
        with pytest.raises(TooManyBytes, match="1000 bytes"):
            async with http.fetch(server.url()):
                raise AssertionError("the size was not checked")


async def test_a_document_that_hides_its_size_is_refused_while_it_arrives(server: WebServer) -> None:
    server.answers["/"] = Answer(b"x" * 1001, headers={"Content-Length": None})

    with pytest.raises(TooManyBytes):
        await body_of(server.url())


async def test_a_document_as_large_as_allowed_arrives(server: WebServer) -> None:
    server.answers["/"] = Answer(b"x" * 1000)

    assert len(await body_of(server.url())) == 1000


async def test_a_document_that_breaks_off_fails(server: WebServer) -> None:
    server.answers["/"] = Answer(b"half", headers={"Content-Length": "8", "Connection": "close"})

    with pytest.raises(UrlFailed):
        await body_of(server.url())


async def test_a_web_page_is_no_document(server: WebServer) -> None:
    server.answers["/"] = Answer(b"<html>", headers={"Content-Type": "text/html; charset=utf-8"})

    with pytest.raises(UnsupportedFormat, match="text/html"):
        await body_of(server.url())


async def test_compressed_bytes_are_refused(server: WebServer) -> None:
    server.answers["/"] = Answer(b"x", headers={"Content-Encoding": "gzip"})

    with pytest.raises(UrlFailed, match="compressed"):
        await body_of(server.url())


@pytest.mark.parametrize("status", [204, 206, 304, 401, 404, 500])
async def test_an_answer_without_the_document_fails(server: WebServer, status: int) -> None:
    server.answers["/"] = Answer(status=status)

    with pytest.raises(UrlFailed, match=str(status)):
        await body_of(server.url())


async def test_a_server_that_takes_no_connection_fails() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(UrlFailed):
            await body_of(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"], ids=["nothing", "half of the document"]
)
async def test_a_silent_server_fails_at_the_deadline(sent: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections = []

        def accept() -> None:
            connection, _ = listener.accept()
            connection.sendall(sent)
            connections.append(connection)

        thread = Thread(target=accept)
        thread.start()
        with pytest.raises(UrlFailed, match="in time"):
            await body_of(f"http://127.0.0.1:{listener.getsockname()[1]}/", fetcher(timeout_s=0.3))
        thread.join()
        connections[0].close()


async def test_a_server_that_speaks_no_http_fails() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

        thread = Thread(target=accept)
        thread.start()
        with pytest.raises(UrlFailed):
            await body_of(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()


async def test_proxies_of_the_environment_are_ignored(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answers["/"] = Answer(b"direct")

    assert await body_of(server.url()) == b"direct"


async def test_an_error_of_the_caller_stays_what_it_is(server: WebServer) -> None:
    server.answers["/"] = Answer(b"x")

    async with fetcher() as http:
        with pytest.raises(TimeoutError, match="of the caller"):
            async with http.fetch(server.url()):
                raise TimeoutError("of the caller")
