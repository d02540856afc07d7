"""The least that a client can do: an asyncio loop over httpx, the same bodies, no second try."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from typing import Any

import httpx

from quire.engines.vlm.requests import ModelRequest
from quire.errors import EngineFailed

_ANSWER_S = 600.0


def body(request: ModelRequest, model: str) -> dict[str, Any]:
    """A chat completion, to be answered in one piece."""
    url = f"data:{request.image.mime};base64,{base64.b64encode(request.image.data).decode()}"
    content: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": url}}]
    if request.prompt is not None:
        content.append({"type": "text", "text": request.prompt})
    return {
        "model": model,
        "messages": [{"role": "user", "content": content}],
        "temperature": request.sampling.temperature,
        "max_tokens": request.sampling.max_tokens,
        **({} if request.sampling.top_p is None else {"top_p": request.sampling.top_p}),
        **request.extra,
    }


async def answers(url: str, model: str, requests: Sequence[ModelRequest], in_flight: int) -> list[str]:
    """The answers to all requests, so many at once.

    Raises:
        EngineFailed: the server did not answer one of them.
    """
    gate = asyncio.Semaphore(in_flight)
    unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    # Certificates are read for https alone: that takes longer than some answers.
    secure = url.startswith("https")
    async with httpx.AsyncClient(
        base_url=url, timeout=_ANSWER_S, limits=unlimited, trust_env=False, verify=secure
    ) as http:

        async def one(request: ModelRequest) -> str:
            async with gate:
                answer = await http.post("/v1/chat/completions", json=body(request, model))
                answer.raise_for_status()
                return str(answer.json()["choices"][0]["message"]["content"])

        try:
            return list(await asyncio.gather(*map(one, requests)))
        except httpx.HTTPError as exc:
            raise EngineFailed("the model server did not answer the bare loop: look into its log") from exc
