"""Answers as they come over the wire: as server-sent events, or in one piece from servers that cannot do that."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from quire.engines.vlm.repetition import LoopWatch

_MOST_GAP_S: Final = 30.0
_MOST_BYTES: Final = 16_000_000
_MOST_BYTES_OF_LINE: Final = 1_000_000


class BrokenReply(Exception):
    """The server's answer ended early, or is not what the API promises. Stays inside this package."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `finish` is the server's own word, or "repetition" where the stream was left for a loop."""

    text: str
    finish: str
    tokens: int


@dataclass(frozen=True, slots=True)
class _Event:
    """What one event brings.

    Attributes:
        text: None where it brings no token, as the first and the last do.
        finish: why the answer ends, or nothing.
        tokens: of the whole answer so far; None where the server does not count.
    """

    text: str | None
    finish: str
    tokens: int | None


async def whole_reply(chunks: AsyncIterator[bytes]) -> Reply:
    """An answer that comes in one piece.

    Raises:
        BrokenReply: it is no chat completion.
    """
    message = _json(await collect(chunks))
    try:
        choice = message["choices"][0]
        tokens = int((message.get("usage") or {}).get("completion_tokens") or 0)
        return Reply(str(choice["message"]["content"] or ""), str(choice["finish_reason"] or ""), tokens)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as exc:
        raise BrokenReply("no chat completion") from exc


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    """All bytes.

    Raises:
        BrokenReply: there are too many.
    """
    parts, size = [], 0
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > _MOST_BYTES:
            raise BrokenReply("too long")
    return b"".join(parts)


async def streamed_reply(chunks: AsyncGenerator[bytes], first_s: float) -> Reply:
    """An answer in events, left at once when it begins to loop.

    Args:
        first_s: how long to wait for the first bytes.

    Raises:
        BrokenReply: it ends without saying why, or nothing comes for too long.
    """
    parts: list[str] = []
    watch, finish, tokens = LoopWatch(), "", 0
    async with aclosing(chunks), aclosing(_lines(chunks, first_s)) as lines:
        async for line in lines:
            event = _event(line)
            finish = event.finish or finish
            before, tokens = tokens, event.tokens or tokens + (event.text is not None)
            if event.text is None:
                continue
            parts.append(event.text)
            if (kept := watch.add(event.text, tokens - before)) is not None:
                return Reply("".join(parts)[:kept], "repetition", tokens)
    if not finish:
        raise BrokenReply("the stream ended early")
    return Reply("".join(parts), finish, tokens)


async def _lines(chunks: AsyncGenerator[bytes], first_s: float) -> AsyncGenerator[bytes]:
    """The events' lines. The stream is read to its very end: its connection can be used again only then."""
    longest, size, rest = first_s, 0, b""
    while True:
        try:
            async with asyncio.timeout(longest):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as exc:
            raise BrokenReply("nothing comes any more") from exc
        longest = min(first_s, _MOST_GAP_S)
        size += len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        if size > _MOST_BYTES or len(rest) > _MOST_BYTES_OF_LINE:
            raise BrokenReply("too long")
        for line in lines:
            if line.startswith(b"data:") and line[5:].strip() != b"[DONE]":
                yield line[5:]


def _event(line: bytes) -> _Event:
    event = _json(line)
    if "error" in event:
        raise BrokenReply("the server failed while it answered")
    usage, choices = event.get("usage"), event.get("choices")
    counted = usage.get("completion_tokens") if isinstance(usage, dict) else None
    tokens = counted if isinstance(counted, int) and counted > 0 else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return _Event(None, "", tokens)
    finish, delta = str(choices[0].get("finish_reason") or ""), choices[0].get("delta")
    said = delta if isinstance(delta, dict) else {}
    content = said.get("content")
    if not isinstance(content, str) or (not content and ("role" in said or finish)):
        return _Event(None, finish, tokens)
    return _Event(content, finish, tokens)


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise BrokenReply("no JSON") from exc
    if not isinstance(found, dict):
        raise BrokenReply("no JSON object")
    return found
