"""Answers as they come over the wire: in one piece, or token by token as server-sent events."""

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


class BrokenReply(Exception):
    """The server's answer ended early, or is not what the API promises. Stays inside this package."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `finish` is the server's own word, or "repetition" where the stream was left for a loop."""

    text: str
    finish: str
    tokens: int


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


async def streamed_reply(lines: AsyncGenerator[str], first_s: float) -> Reply:
    """An answer in events, left at once when it begins to loop.

    Args:
        first_s: how long to wait for the first event.

    Raises:
        BrokenReply: it ends without saying why, or nothing comes for too long.
    """
    parts: list[str] = []
    watch, finish, size = LoopWatch(), "", 0
    async with aclosing(lines), aclosing(_events(lines, first_s)) as events:
        async for event in events:
            piece, ended = _delta(event)
            finish = ended or finish
            if piece is None:
                continue
            parts.append(piece)
            size += len(piece)
            if watch.add(piece):
                return Reply("".join(parts)[: watch.start], "repetition", len(parts))
            if size > _MOST_BYTES:
                raise BrokenReply("too long")
    if not finish:
        raise BrokenReply("the stream ended early")
    return Reply("".join(parts), finish, len(parts))


async def _events(lines: AsyncGenerator[str], first_s: float) -> AsyncGenerator[dict[str, Any]]:
    """The events' data. The stream is read to its very end: its connection can be used again only then."""
    longest = first_s
    while True:
        try:
            async with asyncio.timeout(longest):
                line = await anext(lines)
        except StopAsyncIteration:
            return
        except TimeoutError as exc:
            raise BrokenReply("nothing comes any more") from exc
        longest = min(first_s, _MOST_GAP_S)
        if line.startswith("data:") and line[5:].strip() != "[DONE]":
            yield _json(line[5:])


def _delta(event: dict[str, Any]) -> tuple[str | None, str]:
    """(letters, reason to end) of one event; None where it brings no token, as the first and the last do."""
    if "error" in event:
        raise BrokenReply("the server failed while it answered")
    choices = event.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None, ""
    delta, ended = choices[0].get("delta"), str(choices[0].get("finish_reason") or "")
    if not isinstance(delta, dict):
        return None, ended
    content = delta.get("content")
    if not isinstance(content, str) or (not content and ("role" in delta or ended)):
        return None, ended
    return content, ended


def _json(data: bytes | str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise BrokenReply("no JSON") from exc
    if not isinstance(found, dict):
        raise BrokenReply("no JSON object")
    return found
