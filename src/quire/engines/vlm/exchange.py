"""One question to one server, and what to try when it is refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final, cast

import httpx

from quire.engines.vlm.payload import REPETITION_FIELDS, Body
from quire.engines.vlm.repetition import without_loop
from quire.engines.vlm.replicas import Replica
from quire.engines.vlm.replies import Refusal, classify, fewer_tokens
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
    """

    def __init__(self, *, gone: bool = False, busy: bool = False) -> None:
        super().__init__()
        self.gone = gone
        self.busy = busy


@dataclass(slots=True)
class Exchange:
    """The tries of one question at one server.

    Attributes:
        max_tokens: lowered where the server says that it cannot have so many.
        stream: token by token, so that loops are seen as they begin: where the server does not see them itself.
            One piece costs both sides far less.
    """

    body: Body
    replica: Replica
    max_tokens: int
    stream: bool
    timeout_s: float

    @classmethod
    def of(cls, body: Body, replica: Replica, timeout_s: float) -> Exchange:
        most = body.request.sampling.max_tokens
        if replica.max_model_len is not None:
            most = max(1, min(most, replica.max_model_len - max(1, replica.prompt_tokens)))
        return cls(body, replica, most, not replica.detects_repetition, timeout_s)

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
                if not self._is_doubtful(reply):
                    return _judged(reply)
                self.stream = True
        raise EngineFailed("the model server refuses the request in every form: look into its log")

    def _is_doubtful(self, reply: Reply) -> bool:
        """Whether the server saw a loop in what may be a page's own repeats, such as rows of empty cells."""
        return not self.stream and reply.finish == "repetition" and not without_loop(reply.text)[1]

    async def _once(self) -> Reply | None:
        """The answer; None when the request was changed and should be sent again."""
        extra = self._vllm_only()
        content = self.body.encode(self.replica.model, self.max_tokens, stream=self.stream, vllm_only=extra)
        headers = {"content-type": "application/json"}
        async with self.replica.http.stream("POST", _PATH, content=content, headers=headers) as answer:
            if answer.status_code != 200:
                said = (await collect(answer.aiter_bytes()))[:_SHOWN].decode("utf-8", "replace")
                self._change(classify(answer.status_code, said, frozenset(extra)), said)
                return None
            if self.stream:
                # It is a generator, though httpx promises less.
                lines = cast("AsyncGenerator[str]", answer.aiter_lines())
                return await streamed_reply(lines, self.timeout_s * _FIRST_TOKEN_SHARE)
            return await whole_reply(answer.aiter_bytes())

    def _vllm_only(self) -> dict[str, Any]:
        if self.replica.strict:
            return {}
        return {**self.body.request.extra, **({} if self.stream else REPETITION_FIELDS)}

    def _change(self, refusal: Refusal, said: str) -> None:
        match refusal:
            case Refusal.STRICT:
                self.replica.strict, self.replica.detects_repetition = True, False
                self.stream = True
            case Refusal.TOO_LONG:
                self._shorten(said)
            case Refusal.BUSY | Refusal.GONE | Refusal.FAILED:
                raise TryAgain(gone=refusal is Refusal.GONE, busy=refusal is Refusal.BUSY)
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
