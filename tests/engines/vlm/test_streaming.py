"""Answers over the wire: whatever a server sends, it is an answer or refused as broken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.engines.vlm.streaming import BrokenReply, Reply, streamed_reply, whole_reply

_NAMES = ("choices", "delta", "content", "message", "finish_reason", "usage", "completion_tokens", "role", "error")
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=12,
)


def event(delta: dict[str, Any], finish: str | None = None) -> str:
    return f"data: {json.dumps({'choices': [{'delta': delta, 'finish_reason': finish}]})}"


def streamed(lines: Sequence[str], first_s: float = 5.0) -> Reply:
    async def generated() -> AsyncGenerator[str]:
        for line in lines:
            yield line

    return asyncio.run(streamed_reply(generated(), first_s))


def whole(data: bytes) -> Reply:
    async def generated() -> AsyncGenerator[bytes]:
        yield data[: len(data) // 2]
        yield data[len(data) // 2 :]

    return asyncio.run(whole_reply(generated()))


def test_pieces_become_one_text() -> None:
    lines = [
        event({"role": "assistant", "content": ""}),
        "",
        ": a comment",
        event({"content": "He"}),
        event({"content": "llo"}),
        event({}, "stop"),
        'data: {"choices": [], "usage": {}}',
        "data: [DONE]",
    ]
    assert streamed(lines) == Reply("Hello", "stop", 2)


@pytest.mark.parametrize(
    "lines",
    [
        [event({"content": "He"})],
        [event({"content": "He"}), "data: {"],
        [event({"content": "He"}), 'data: {"error": {"message": "it broke"}}'],
        [],
    ],
    ids=["an end without a reason", "half an event", "an error", "nothing"],
)
def test_a_stream_that_breaks_off_is_no_answer(lines: list[str]) -> None:
    with pytest.raises(BrokenReply):
        streamed(lines)


def test_a_silent_stream_is_left() -> None:
    async def silent() -> AsyncGenerator[str]:
        await asyncio.sleep(60)
        yield ""

    with pytest.raises(BrokenReply):
        asyncio.run(streamed_reply(silent(), 0.02))


def test_an_answer_without_text_is_empty() -> None:
    assert whole(b'{"choices": [{"message": {"content": null}, "finish_reason": "stop"}]}') == Reply("", "stop", 0)


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_in_one_piece_is_an_answer_or_broken(data: bytes) -> None:
    with suppress(BrokenReply):
        assert isinstance(whole(data).text, str)


@given(st.lists(st.text(max_size=20) | _JSON.map(lambda value: f"data: {json.dumps(value)}"), max_size=6))
def test_anything_streamed_is_an_answer_or_broken(lines: list[str]) -> None:
    with suppress(BrokenReply):
        assert isinstance(streamed(lines).text, str)
