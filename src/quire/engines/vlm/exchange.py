"""One question to one server, and what to try when it is refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final, cast

import httpx

from quire.engines.vlm.payload import Body
from quire.engines.vlm.repetition import without_loop
from quire.engines.vlm.replicas import Replica
from quire.engines.vlm.replies import Refusal, classify, fewer_tokens, wanted_pause_s
from quire.engines.vlm.streaming import BrokenReply, Reply, collect, streamed_reply, whole_reply
from quire.errors import EngineFailed

_PATH: Final = "/v1/chat/completions"
_FIRST_TOKEN_SHARE: Final = 0.5
_MOST_CHANGES: Final = 3
_SHOWN: Final = 4000
_ENDS: Final = frozenset({"stop", "length", "repetition"})


class TryAgain(Exception):
    """This try failed, another may not. Stays inside this package.

    Attributes:
        gone: the server is not well: it must be looked after first.
        busy: it has too much to do.
        pause_s: how long it wants to be left alone.
    """

    def __init__(self, *, gone: bool = False, busy: bool = False, pause_s: float = 0.0) -> None:
        super().__init__()
        self.gone = gone
        self.busy = busy
        self.pause_s = pause_s


@dataclass(slots=True)
class Exchange:
    """The tries of one question at one server.

    Attributes:
        max_tokens: lowered where the server says that it cannot have so many.
    """

    body: Body
    replica: Replica
    max_tokens: int
    timeout_s: float

    @classmethod
    def of(cls, body: Body, replica: Replica, timeout_s: float) -> Exchange:
        most = body.request.sampling.max_tokens
        if replica.max_model_len is not None:
            most = max(1, min(most, replica.max_model_len - max(1, replica.prompt_tokens)))
        return cls(body, replica, most, timeout_s)

    async def run(self) -> Reply:
        """The answer.

        Raises:
            TryAgain: this try failed.
            EngineFailed: no try will succeed.
        """
        for _ in range(_MOST_CHANGES):
            try:
                reply = await self._once()
            except (httpx.HTTPError, httpx.InvalidURL, BrokenReply) as exc:
                raise TryAgain(gone=isinstance(exc, httpx.TransportError)) from exc
            if reply is not None:
                return _judged(reply)
        raise EngineFailed("the model server refuses the request in every form: look into its log")

    async def _once(self) -> Reply | None:
        """The answer; None when the request was changed and should be sent again."""
        strict = self.replica.strict
        content = self.body.encode(self.replica.model, self.max_tokens, strict=strict)
        headers = {"content-type": "application/json"}
        async with self.replica.http.stream("POST", _PATH, content=content, headers=headers) as answer:
            if answer.status_code != 200:
                said = (await collect(answer.aiter_bytes()))[:_SHOWN].decode("utf-8", "replace")
                extra = frozenset() if strict else frozenset(self.body.vllm_only)
                pause_s = wanted_pause_s(answer.headers.get("retry-after"))
                self._change(classify(answer.status_code, said, extra), said, pause_s)
                return None
            if answer.headers.get("content-type", "").startswith("application/json"):
                return await whole_reply(answer.aiter_bytes())
            # It is a generator, though httpx promises less; and nothing is compressed that was not asked for so.
            chunks = cast("AsyncGenerator[bytes]", answer.aiter_raw())
            return await streamed_reply(chunks, self.timeout_s * _FIRST_TOKEN_SHARE)

    def _change(self, refusal: Refusal, said: str, pause_s: float) -> None:
        match refusal:
            case Refusal.STRICT:
                self.replica.strict = True
            case Refusal.TOO_LONG:
                self._shorten(said)
            case Refusal.BUSY | Refusal.GONE | Refusal.FAILED:
                raise TryAgain(gone=refusal is Refusal.GONE, busy=refusal is Refusal.BUSY, pause_s=pause_s)
            case Refusal.KEY:
                raise EngineFailed("the model server refuses the key: correct `vlm.api_key`")
            case Refusal.MODEL:
                raise EngineFailed("the model server does not serve the model any more: correct `vlm.model`")
            case Refusal.FINAL:
                raise EngineFailed("the model server refuses the page: look into its log for the reason")

    def _shorten(self, said: str) -> None:
        """Asks for fewer tokens, now and for pages to come."""
        self.max_tokens = fewer_tokens(said, self.max_tokens)
        if (length := self.replica.max_model_len) is not None:
            taken = min(length // 2, length - self.max_tokens)
            self.replica.prompt_tokens = max(self.replica.prompt_tokens, taken)


def _judged(reply: Reply) -> Reply:
    """The reply, what is repeated at its end cut off.

    Raises:
        TryAgain: the server ended the answer for reasons of its own, as when it is stopped.
    """
    if reply.finish not in _ENDS:
        raise TryAgain()
    if reply.finish == "stop":
        return reply
    text, looped = without_loop(reply.text)
    return Reply(text, "repetition" if looped else reply.finish, reply.tokens)
