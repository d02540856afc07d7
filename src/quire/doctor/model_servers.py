"""The servers of a vision-language model: whether they answer, and whether they loaded what the model needs."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any, Final

import httpx
import numpy as np

from quire.doctor.finding import Finding
from quire.engines.vlm.choice import family
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.families.base import Family
from quire.engines.vlm.limits import read_load
from quire.engines.vlm.probing import introduce
from quire.engines.vlm.replicas import Replica
from quire.engines.vlm.serving import vllm_command
from quire.errors import EngineStartError
from quire.options import ReadOptions
from quire.sources.base import PageImage

_LOOK_S: Final = 10.0
_SEEN: Final = 64
"""Sides of the empty page that a family is asked about, pixels."""

_BAD_REQUEST: Final = 400


def vllm(program: str) -> Iterator[Finding]:
    """vLLM's command, which only those need who let Quire start it.

    Args:
        program: its name or path.
    """
    path = shutil.which(program)
    if path is None:
        yield Finding("vllm", "missing", "not installed", "optional, where servers are elsewhere; pip install vllm")
    else:
        yield Finding("vllm", "ok", f"{path}; `quire serve --start-vllm` starts it")


def model_servers(engine: str, config: VlmConfig) -> Iterator[Finding]:
    """What `look` finds, for those who have no event loop."""
    yield from asyncio.run(look(engine, config))


async def look(engine: str, config: VlmConfig) -> list[Finding]:
    """All servers of the engine's model, one after the other.

    Args:
        engine: one of `engines.registry.FAMILIES`.

    Raises:
        InvalidOption: an address is none, or the engine's own file is wrong.
    """
    asked = family(engine, config)
    return [finding for url in dict.fromkeys(config.urls) async for finding in _server(url, asked, config)]


async def _server(url: str, asked: Family, config: VlmConfig) -> AsyncIterator[Finding]:
    name = f"model server {url}"
    try:
        replica = await introduce(url, config)
    except EngineStartError as exc:
        command = vllm_command(asked.serving, config.model, (url,))
        remedy = f"{exc.detail}; for this engine: `{command}`" if command else exc.detail
        yield Finding(name, "missing", "cannot be used", remedy)
        return
    async with aclosing(replica.http):
        kind = f"vLLM {replica.version}" if replica.version else "another server than vLLM"
        yield Finding(name, "ok", f"{kind}, serves {replica.model}")
        for finding in (_length(replica, asked), _resolution(replica, asked), *await _asked(replica, asked)):
            if finding is not None:
                yield finding


def _length(replica: Replica, asked: Family) -> Finding | None:
    """Whether prompt and answer fit what the server has room for."""
    length = replica.max_model_len
    if length is None:
        return None
    name, longest = f"length of answers at {replica.url}", _longest(asked)
    if length > longest:
        return Finding(name, "ok", f"{length} tokens for image and answer; an answer may have {longest}")
    return Finding(
        name,
        "warning",
        f"{length} tokens for image and answer, though an answer may have {longest}: long pages are cut off",
        f"start it without `--max-model-len`, or with as much as image and {longest} tokens need",
    )


def _resolution(replica: Replica, asked: Family) -> Finding | None:
    """Whether pages are wanted in another resolution than the server works with."""
    note = asked.notes.get("resolution")
    if note is None:
        return None
    return Finding(f"resolution at {replica.url}", "warning", note, "leave out `vlm.resolution` for all of them")


def _longest(asked: Family) -> int:
    """The most tokens that the family lets an answer have."""
    page = PageImage(np.full((_SEEN, _SEEN, 3), 255, np.uint8), None)
    return asked.request(page, ReadOptions()).sampling.max_tokens


async def _asked(replica: Replica, asked: Family) -> list[Finding | None]:
    """What only further requests tell; a server that falls silent meanwhile tells nothing more."""
    try:
        return [await _load(replica), await _processors(replica, asked)]
    except httpx.HTTPError:
        return [Finding(f"questions to {replica.url}", "warning", "not answered", "look into the server's log")]


async def _load(replica: Replica) -> Finding | None:
    if replica.version is None:
        return None
    name = f"load of {replica.url}"
    answer = await replica.http.get("/metrics", timeout=_LOOK_S)
    if answer.status_code == httpx.codes.OK and read_load(answer.text) is not None:
        return Finding(name, "ok", "told by /metrics: as many pages are sent as it can take")
    found = f"/metrics does not tell it: {replica.limit.value} pages are sent at once"
    return Finding(
        name, "warning", found, "let /metrics through, and leave out `--disable-log-stats`; or set `vlm.in_flight`"
    )


async def _processors(replica: Replica, asked: Family) -> Finding | None:
    """Whether the logits processors are there that the model needs: without them vLLM ignores their fields in silence,
    and with them refuses a size that is none."""
    wanted = asked.serving.logits_processors
    if replica.version is None or not wanted:
        return None
    name = f"logits processor at {replica.url}"
    answer = await replica.http.post("/v1/chat/completions", json=_impossible(replica.model), timeout=_LOOK_S)
    if answer.status_code == _BAD_REQUEST and "ngram_size" in answer.text:
        return Finding(name, "ok", "loaded")
    return Finding(
        name,
        "warning",
        "not loaded: the model will repeat itself where it should not",
        f"start the server with `--logits-processors {' '.join(wanted)}`",
    )


def _impossible(model: str) -> dict[str, Any]:
    return {
        "model": model,
        "messages": [{"role": "user", "content": "."}],
        "max_tokens": 1,
        "vllm_xargs": {"ngram_size": -1},
    }
