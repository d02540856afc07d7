"""A model server without a model: real HTTP, and answers that are known.

The answer to a prompt is "read: PROMPT". Everything else is told by `Manner`. Run as a program (`PORT`) it serves in
a process of its own, which can be killed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

LOOP = "the same row again\n"
_KNOWN = {"model", "messages", "temperature", "top_p", "max_tokens", "stream"}


@dataclass
class Manner:
    """How a server behaves, and what it saw.

    Attributes:
        says: the answer; what it was asked for where absent.
        pause_s: before it answers.
        strict: it refuses fields that are not OpenAI's, as `transformers serve` does.
        version: vLLM's; None for another server.
        fails: statuses of the next answers, before it answers well.
        context: the most tokens of prompt (100) and answer.
        whole: it cannot stream.
        waits: what it asks for in `Retry-After` when it fails.
        hangs_up: it closes the connection after each answer, without a word of warning.
        silent_after: pieces that it sends before it says nothing more; None where it goes on.
        loops_below: answers at lower temperatures repeat themselves until they are cut off.
        metrics: (running, waiting) as it reports them; None where it reports nothing.
        honest: it reports what it works on and the tokens it sent, whatever `metrics` says.
        processor: it has loaded the logits processor that looks at `ngram_size`.
    """

    says: str | None = None
    pause_s: float = 0.0
    strict: bool = False
    version: str | None = "0.32.0"
    fails: list[int] = field(default_factory=list)
    context: int = 4096
    whole: bool = False
    waits: str | None = None
    hangs_up: bool = False
    silent_after: int | None = None
    loops_below: float = 0.0
    finish: str = "stop"
    metrics: tuple[int, int] | None = (1, 0)
    honest: bool = False
    key: str | None = None
    processor: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0
    running: int = 0
    most_running: int = 0
    sent_tokens: int = 0
    callers: list[int] = field(default_factory=list)


class TalkingServer:
    """A server in a thread, for the length of a `with` block."""

    def __init__(self, manner: Manner | None = None, port: int = 0) -> None:
        self.manner = manner or Manner()
        keep_s = 0 if self.manner.hangs_up else 5
        config = uvicorn.Config(
            app(self.manner), port=port, log_level="critical", lifespan="off", timeout_keep_alive=keep_s
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()


def app(manner: Manner) -> Starlette:
    async def models(request: Request) -> Response:
        if manner.key and request.headers.get("authorization") != f"Bearer {manner.key}":
            return JSONResponse({"error": "key"}, 401)
        extra = {} if manner.version is None else {"max_model_len": manner.context}
        return JSONResponse({"data": [{"id": "talker", **extra}]})

    async def version(request: Request) -> Response:
        return JSONResponse({"version": manner.version}, 200 if manner.version else 404)

    async def health(request: Request) -> Response:
        return Response()

    async def metrics(request: Request) -> Response:
        if manner.metrics is None:
            return Response(status_code=404)
        names = ("vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:generation_tokens_total")
        told = ((manner.running, 0) if manner.honest else manner.metrics) + (manner.sent_tokens,)
        rows = (f'{name}{{engine="0"}} {value}.0' for name, value in zip(names, told, strict=True))
        return PlainTextResponse("\n".join(rows))

    async def complete(request: Request) -> Response:
        body = await request.json()
        manner.asked.append(body)
        manner.callers.append(request.client.port if request.client else 0)
        return await _answer(manner, body, request)

    return Starlette(
        routes=[
            Route("/v1/models", models),
            Route("/version", version),
            Route("/health", health),
            Route("/metrics", metrics),
            Route("/v1/chat/completions", complete, methods=["POST"]),
        ]
    )


async def _answer(manner: Manner, body: dict[str, Any], request: Request) -> Response:
    if manner.strict and (unknown := sorted(body.keys() - _KNOWN)):
        return JSONResponse({"detail": f"Unexpected keys in the request: {unknown}"}, 422)
    if manner.processor and (size := body.get("vllm_xargs", {}).get("ngram_size", 1)) <= 0:
        text = f"`ngram_size` has to be a strictly positive integer, got {size}."
        return JSONResponse({"error": {"message": text}}, 400)
    if body["max_tokens"] + 100 > manner.context:
        text = f"This model's maximum context length is {manner.context} tokens and your request has 100 input tokens"
        return JSONResponse({"error": {"message": f"max_tokens={body['max_tokens']} is too large. {text}"}}, 400)
    if manner.fails:
        headers = {} if manner.waits is None else {"retry-after": manner.waits}
        return JSONResponse({"error": {"message": "as told"}}, manner.fails.pop(0), headers)
    manner.running += 1
    manner.most_running = max(manner.most_running, manner.running)
    try:
        if await _left(manner, request):
            return Response()
    finally:
        manner.running -= 1
    pieces, finish = _said(manner, body)
    if body.get("stream") and not manner.whole:
        events = _events(manner, body, pieces, finish)
        if manner.silent_after is not None:
            events = _falling_silent(manner, events, manner.silent_after)
        return StreamingResponse(events, media_type="text/event-stream")
    choice = {"message": {"role": "assistant", "content": "".join(pieces)}, "finish_reason": finish}
    return JSONResponse({"choices": [choice], "usage": {"completion_tokens": len(pieces)}})


async def _left(manner: Manner, request: Request) -> bool:
    """Waits as long as it shall; True when the caller left meanwhile."""
    end = asyncio.get_running_loop().time() + manner.pause_s
    while asyncio.get_running_loop().time() < end:
        if await request.is_disconnected():
            manner.left += 1
            return True
        await asyncio.sleep(0.01)
    return False


def _said(manner: Manner, body: dict[str, Any]) -> tuple[list[str], str]:
    if body["temperature"] >= manner.loops_below:
        content = body["messages"][-1]["content"]
        text = "".join(part.get("text", "") for part in content)
        return ["read: ", text] if manner.says is None else [manner.says], manner.finish
    words = [f"{word} " for word in ["the", "same", "row", "again"]]
    return ["A heading.\n", *words * (body["max_tokens"] // 4)], "length"


async def _events(manner: Manner, body: dict[str, Any], pieces: list[str], finish: str) -> AsyncIterator[str]:
    """As vLLM sends them: several tokens in one where it is asked to, counted where it is asked to."""
    counts, step = "stream_options" in body, body.get("stream_interval", 1)
    yield _event({"role": "assistant", "content": ""}, None, 0 if counts else None)
    for first in range(0, len(pieces), step):
        said = pieces[first : first + step]
        manner.sent_tokens += len(said)
        yield _event({"content": "".join(said)}, None, first + len(said) if counts else None)
        await asyncio.sleep(0)
    yield _event({"content": ""}, finish, len(pieces) if counts else None)
    yield "data: [DONE]\n\n"


async def _falling_silent(manner: Manner, events: AsyncIterator[str], after: int) -> AsyncIterator[str]:
    try:
        for _ in range(after):
            yield await anext(events)
        await asyncio.sleep(60)
    finally:
        manner.left += 1


def _event(delta: dict[str, str], finish: str | None, tokens: int | None) -> str:
    usage = {} if tokens is None else {"usage": {"completion_tokens": tokens}}
    return f"data: {json.dumps({'choices': [{'delta': delta, 'finish_reason': finish}], **usage})}\n\n"


if __name__ == "__main__":
    uvicorn.run(app(Manner(pause_s=0.05)), port=int(sys.argv[1]), log_level="critical", lifespan="off")
