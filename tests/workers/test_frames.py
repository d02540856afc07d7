"""Messages between server and worker, and what a worker that was taken over may try."""

from __future__ import annotations

import asyncio
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from quire import errors
from quire.options import ReadOptions
from quire.workers.frames import PREFIX_BYTES, Frame, FrameError, encode, lengths, parse
from quire.workers.process import receive
from quire.workers.tasks import DocumentRef, OpenTask, PageTask, RenderTask, Task, options_of
from quire.workers.wire_errors import from_frame, to_header

pytestmark = pytest.mark.anyio

DOCUMENT = DocumentRef(Path("/data/ab\udc80"), "ab", "scän\udc80.pdf")


async def received(content: bytes) -> Frame:
    stream = asyncio.StreamReader()
    stream.feed_data(content)
    stream.feed_eof()
    return await receive(stream)


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 100_000], ids=["without a body", "with one"])
async def test_a_message_arrives_as_it_was_sent(body: bytes) -> None:
    message = encode({"kind": "page", "name": "scän \udc80"}, body)
    expected = Frame({"kind": "page", "name": "scän \udc80"}, body)
    assert await received(message) == expected


def test_a_worker_takes_what_the_server_sends_and_ends_with_it() -> None:
    program = "import socket, sys; from quire.workers.channel import Channel\n"
    program += "channel = Channel(socket.socket(fileno=int(sys.argv[1])))\n"
    program += "while True: channel.send(channel.receive())"
    ours, theirs = socket.socketpair()
    with (
        ours,
        subprocess.Popen([sys.executable, "-c", program, str(theirs.fileno())], pass_fds=[theirs.fileno()]) as echo,
    ):
        theirs.close()
        ours.sendall(encode({"kind": "page", "name": "scän \udc80"}, b"\x00\xff" * 100_000))
        answer = ours.makefile("rb")
        header_bytes, body_bytes = lengths(answer.read(PREFIX_BYTES))
        frame = parse(answer.read(header_bytes), answer.read(body_bytes))
        ours.sendall(b"\x00\x00")
        ours.shutdown(socket.SHUT_RDWR)
        assert echo.wait(30) == 0
    assert (frame.kind, frame.text("name"), frame.body) == ("page", "scän \udc80", b"\x00\xff" * 100_000)
    assert frame.integer("rss") > 0


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(struct.pack("!II", 1 << 31, 0), id="a header of 2 GB"),
        pytest.param(struct.pack("!II", 2, 1 << 31), id="a body of 2 GB"),
        pytest.param(struct.pack("!II", 4, 0) + b"nope", id="a header that is no JSON"),
        pytest.param(struct.pack("!II", 2, 0) + b"[]", id="a header that is a list"),
        pytest.param(struct.pack("!II", 2, 0) + b"\xff\xff", id="a header that is no text"),
        pytest.param(struct.pack("!II", 60_000, 0) + b"[" * 60_000, id="a header without a floor"),
    ],
)
async def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(FrameError):
        await received(message)


@pytest.mark.parametrize(
    ("task", "reply"),
    [
        pytest.param(PageTask(DOCUMENT, 1, ReadOptions()), Frame({}), id="a page without facts"),
        pytest.param(
            PageTask(DOCUMENT, 1, ReadOptions()),
            Frame({"failed": 0, "degraded": False, "seconds": {}}),
            id="a flag that is a number",
        ),
        pytest.param(
            PageTask(DOCUMENT, 1, ReadOptions()),
            Frame({"failed": False, "degraded": False, "seconds": {"total": "1"}}),
            id="seconds that are a text",
        ),
        pytest.param(
            PageTask(DOCUMENT, 1, ReadOptions()),
            Frame({"failed": False, "degraded": False, "seconds": {"total": 10**400}}),
            id="seconds without end",
        ),
        pytest.param(OpenTask(DOCUMENT, ReadOptions()), Frame({}, b'{"head":{}}'), id="a document without pages"),
        pytest.param(OpenTask(DOCUMENT, ReadOptions()), Frame({}, b"[" * 60_000), id="a document without a floor"),
        pytest.param(RenderTask(DOCUMENT, 1, ReadOptions(), 9, None), Frame({}), id="no picture"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(task: Task[Any], reply: Frame) -> None:
    with pytest.raises(FrameError):
        task.result(reply)


async def test_a_request_holds_the_whole_task() -> None:
    options = ReadOptions(language="de", password=SecretStr("open sesame"), pages="1-3")
    request = RenderTask(DOCUMENT, 7, options, 900, b"{}").request()
    arrived = await received(encode(request.header, request.body))
    assert arrived == request
    assert DocumentRef.of(arrived) == DOCUMENT
    assert options_of(arrived) == options
    assert (request.kind, request.integer("number"), request.integer("max_side_px")) == ("render", 7, 900)


@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidOption("a"),
        errors.PageOutOfRange("b"),
        errors.WrongPassword("c"),
        errors.DamagedDocument("d"),
        errors.TooManyBytes("e"),
        errors.PageDamaged("f"),
        errors.ModelMissing("g"),
        errors.EngineFailed("h"),
        errors.QuireError("i"),
    ],
    ids=lambda error: error.code,
)
def test_an_error_arrives_as_what_it_was(error: errors.QuireError) -> None:
    arrived = from_frame(Frame(to_header(error)))
    assert (type(arrived), arrived.detail) == (type(error), error.detail)


def test_a_code_that_no_worker_has_a_reason_for_is_internal() -> None:
    assert type(from_frame(Frame({"code": "forbidden", "detail": "x"}))) is errors.QuireError
