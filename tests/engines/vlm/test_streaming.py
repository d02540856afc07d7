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


def event(delta: dict[str, Any], finish: str | None = None, tokens: int | None = None) -> str:
    usage = None if tokens is None else {"completion_tokens": tokens}
    return f"data: {json.dumps({'choices': [{'delta': delta, 'finish_reason': finish}], 'usage': usage})}"


def streamed(lines: Sequence[str], size: int = 1000) -> Reply:
    """What lines become that come in chunks of so many bytes."""
    data = "".join(f"{line}\n" for line in lines).encode(errors="replace")

    async def generated() -> AsyncGenerator[bytes]:
        for place in range(0, len(data), size):
            yield data[place : place + size]

    return asyncio.run(streamed_reply(generated(), 5.0))


def whole(data: bytes) -> Reply:
    async def generated() -> AsyncGenerator[bytes]:
        yield data[: len(data) // 2]
        yield data[len(data) // 2 :]

    return asyncio.run(whole_reply(generated()))


@pytest.mark.parametrize("size", [1, 7, 1000], ids=["byte by byte", "in small chunks", "at once"])
def test_pieces_become_one_text(size: int) -> None:
    lines = [
        event({"role": "assistant", "content": ""}),
        "",
        ": a comment",
        event({"content": "He"}),
        event({"content": "llo · 大"}) + "\r",
        event({}, "stop"),
        'data: {"choices": [], "usage": {}}',
        "data: [DONE]",
    ]
    assert streamed(lines, size) == Reply("Hello · 大", "stop", 2)


def test_tokens_are_what_the_server_counts() -> None:
    lines = [event({"content": "eight tokens"}, tokens=8), event({"content": " and more"}, "stop", tokens=13)]
    assert streamed(lines) == Reply("eight tokens and more", "stop", 13)


def test_tokens_without_letters_are_counted_too() -> None:
    lines = [event({"content": ""}, tokens=8 * number) for number in range(1, 20)]
    assert streamed(lines) == Reply("", "repetition", 64)


@pytest.mark.parametrize("line", ["x" * 2_000_000, "\n".join([event({"content": str([*range(100_000)])})] * 30)])
def test_an_answer_that_is_too_long_is_left(line: str) -> None:
    with pytest.raises(BrokenReply, match="too long"):
        streamed([line], 60_000)


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
    async def silent() -> AsyncGenerator[bytes]:
        await asyncio.sleep(60)
        yield b""

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
