"""Rows of an answer, however the network cuts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from quire.client import JobEvent, Retries
from quire.client.following import EventRows, PageRows, Rows, followed
from quire.client.steps import Asked, Emit, NextChunk, Pause, Send

TEXTS = st.lists(st.text(max_size=20), max_size=6)
CUTS = st.lists(st.integers(0, 400), max_size=12)
GIVE_UP_NEVER = Retries(most=10**6)


def values(rows: Rows, answers: Sequence[list[bytes]]) -> list[Any]:
    """What is emitted when the server answers like this, one answer for each request, of which only the last ends."""
    coming = iter(answers)
    chunks = iter(())
    emitted = []
    steps = followed(rows, GIVE_UP_NEVER)
    step: Any = next(steps)
    try:
        while True:
            reply: Any = None
            match step:
                case Send():
                    chunks, reply = iter(next(coming)), httpx.Response(200)
                case NextChunk():
                    reply = next(chunks, None)
                case Emit():
                    emitted.append(step.value)
                case Pause():
                    pass
            step = steps.send(reply)
    except StopIteration:
        return emitted


def pieces(content: bytes, cuts: Sequence[int]) -> list[bytes]:
    """The content in pieces that end at these places."""
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    return [content[start:end] for start, end in pairwise(places)]


def events_from(texts: Sequence[str], first: int) -> bytes:
    kinds = ["page"] * len(texts) + ["done"]
    told = [*texts, "end"]
    rows = (
        f"id: {number}\nevent: {kinds[number - 1]}\ndata: {json.dumps({'text': told[number - 1]})}\n\n"
        for number in range(first, len(told) + 1)
    )
    return b"retry: 2000\n\n: still here\n\n" + "".join(rows).encode()


@given(TEXTS, CUTS)
def test_events_are_the_same_however_they_are_cut(texts: list[str], cuts: list[int]) -> None:
    found = values(EventRows("/e", 0), [pieces(events_from(texts, 1), cuts)])

    assert [event.data["text"] for event in found] == [*texts, "end"]
    assert [event.id for event in found] == [*range(1, len(texts) + 2)]


@given(TEXTS, st.lists(st.integers(0, 300), max_size=4))
def test_events_are_told_once_wherever_connections_break(texts: list[str], ends: list[int]) -> None:
    rows = EventRows("/e", 0)
    answers = _Resumed(lambda: events_from(texts, int(rows.ask().headers["Last-Event-ID"]) + 1), ends)

    found: list[JobEvent] = values(rows, answers)  # type: ignore[arg-type]

    assert [event.id for event in found] == [*range(1, len(texts) + 2)]


@given(TEXTS, st.lists(st.integers(0, 300), max_size=4), CUTS)
def test_pages_are_told_once_wherever_connections_break(texts: list[str], ends: list[int], cuts: list[int]) -> None:
    failures = [{"error": {"page": page, "code": "x", "detail": text}} for page, text in enumerate(texts, 1)]
    rows = [{"document": {}}, *failures, {"done": {}}]
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8", "replace")

    found = values(PageRows(Asked("POST", "/r")), [*(pieces(content[:end], cuts) for end in ends), [content]])

    assert [failure.page for failure in found] == [*range(1, len(texts) + 1)]


class _Resumed:
    """Answers that are made when they are asked for, all but the last cut short."""

    def __init__(self, make: Any, ends: Sequence[int]) -> None:
        self._make = make
        self._ends = ends

    def __iter__(self) -> Any:
        for end in self._ends:
            yield [self._make()[:end]]
        yield [self._make()]


def test_the_client_loads_no_decoder_no_engine_and_no_server() -> None:
    program = "import sys, quire.client; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert "quire.client" in loaded
    assert not {"PIL", "pypdfium2", "cv2", "openvino", "fastapi", "pandas", "quire.exports", "quire.sources"} & {
        *loaded
    }
