"""What a worker that was taken over may send: the server understands it or drops the worker, and takes no more than it
may.
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import Mutation, blind

from quire.errors import QuireError
from quire.options import ReadOptions
from quire.workers.frames import Frame, FrameError, encode
from quire.workers.process import receive
from quire.workers.tasks import DocumentRef, OpenTask, PageTask, RenderTask, Task
from quire.workers.wire_errors import from_frame

QUICK = settings(max_examples=400)
DOCUMENT = DocumentRef(Path("a.pdf"), "0" * 64, "a.pdf")
TASKS: list[Task[Any]] = [
    OpenTask(DOCUMENT, ReadOptions()),
    PageTask(DOCUMENT, 1, ReadOptions()),
    RenderTask(DOCUMENT, 1, ReadOptions(), 900, None),
]
MESSAGES = [
    encode({"kind": "beat", "rss": 1}),
    encode({"kind": "done", "rss": 1, "failed": False, "degraded": False, "seconds": {"total": 0.5}}, b'{"number":1}'),
    encode({"kind": "done", "rss": 1}, b'{"head":{"pages_total":3},"numbers":[1,2,3]}'),
    encode({"kind": "error", "rss": 1, "code": "damaged_document", "detail": "x"}),
]

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
nested = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
names = st.sampled_from(["kind", "rss", "failed", "degraded", "seconds", "code", "detail", "level", "text"])
headers = st.dictionaries(names, nested, max_size=6)
bodies = st.binary(max_size=60) | st.dictionaries(st.sampled_from(["head", "numbers"]), nested).map(json.dumps).map(
    str.encode
)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


async def received(content: bytes) -> list[Frame]:
    stream = asyncio.StreamReader()
    stream.feed_data(content)
    stream.feed_eof()
    frames = []
    with suppress(FrameError, asyncio.IncompleteReadError):
        while True:
            frames.append(await receive(stream))
    return frames


def understand(frame: Frame) -> None:
    """Asks of a message all that the server may ask."""
    for task in TASKS:
        with suppress(FrameError):
            task.result(frame)
    with suppress(FrameError):
        assert isinstance(from_frame(frame), QuireError)
    for ask in (frame.integer, frame.text, frame.flag, frame.numbers):
        for name in ("kind", "rss", "seconds"):
            with suppress(FrameError):
                ask(name)


@QUICK
@given(start=st.lists(st.sampled_from(MESSAGES), min_size=1, max_size=3), mutations=st.lists(blind, max_size=3))
def test_spoiled_messages_are_understood_or_refused(
    loop: asyncio.Runner, start: list[bytes], mutations: list[Mutation]
) -> None:
    content = b"".join(start)
    for mutation in mutations:
        content = mutation(content)
    for frame in loop.run(received(content)):
        understand(frame)


@settings(max_examples=150)
@given(header=headers, body=bodies)
def test_any_message_is_understood_or_refused(loop: asyncio.Runner, header: dict[str, Any], body: bytes) -> None:
    for frame in loop.run(received(encode(header, body))):
        understand(frame)


@QUICK
@given(header_bytes=st.integers(0, 2**32 - 1), body_bytes=st.integers(0, 2**32 - 1))
def test_lengths_are_believed_only_within_bounds(loop: asyncio.Runner, header_bytes: int, body_bytes: int) -> None:
    assert loop.run(received(struct.pack("!II", header_bytes, body_bytes) + b"{}")) == (
        [Frame({}, b"")] if (header_bytes, body_bytes) == (2, 0) else []
    )
