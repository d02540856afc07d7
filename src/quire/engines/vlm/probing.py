"""What a model server says of itself: its models, its version, its load, whether it lives."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, Final

import httpx

from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.limits import InFlightLimit, read_load
from quire.engines.vlm.replicas import Balancer, Replica, base_address, connect, unreachable
from quire.errors import EngineStartError

_LOOK_S: Final = 5.0
_NOT_READY: Final = (502, 503, 504)
"""Not 500: `transformers serve` answers so when it has no cache to list models from, and serves all the same."""

_POLL_S: Final = 1.0
_PROBES_S: Final = (0.05, 0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class _Listed:
    name: str
    max_model_len: int | None


async def introduce(url: str, config: VlmConfig) -> Replica:
    """Connects to a server and asks what it serves.

    Raises:
        EngineStartError: it does not answer, refuses, or does not serve the model.
    """
    http = connect(url, config.api_key, config.timeout_s)
    try:
        listed = await _listed(http, url)
        chosen = _choose(listed, config.model, url)
        version = await _version(http)
        replica = Replica(
            base_address(url), http, InFlightLimit(config.in_flight), chosen.name, chosen.max_model_len, version
        )
        if await _load(replica) is None:
            replica.limit.unsteered()
    except BaseException:
        await http.aclose()
        raise
    return replica


async def steer(balancer: Balancer) -> None:
    """Looks at every busy server once a second, for ever, and lets it have more or fewer requests."""
    while True:
        await asyncio.sleep(_POLL_S)
        busy = [replica for replica in balancer.replicas if replica.healthy and replica.in_flight]
        for replica, load in zip(busy, await asyncio.gather(*map(_load, busy)), strict=True):
            if load is not None:
                replica.limit.steer(*load, replica.in_flight)
        balancer.wake()


async def revive(replica: Replica, balancer: Balancer) -> None:
    """Asks a server that failed how it is, more and more rarely, until it is well again."""
    tries = 0
    while not replica.healthy:
        await asyncio.sleep(_PROBES_S[min(tries, len(_PROBES_S) - 1)])
        tries += 1
        with contextlib.suppress(httpx.HTTPError):
            answer = await replica.http.get("/health", timeout=_LOOK_S)
            # Servers other than vLLM may have no such path; they live all the same.
            replica.healthy = answer.status_code < 500
    balancer.wake()


async def _listed(http: httpx.AsyncClient, url: str) -> list[_Listed]:
    try:
        answer = await http.get("/v1/models", timeout=_LOOK_S)
    except httpx.HTTPError as exc:
        raise EngineStartError(unreachable(base_address(url))) from exc
    if answer.status_code in (401, 403):
        raise EngineStartError(f"the model server at {base_address(url)} refuses the key: correct `vlm.api_key`")
    if answer.status_code in _NOT_READY:
        raise EngineStartError(f"the model server at {base_address(url)} is not ready: look into its log")
    try:
        return [_entry(model) for model in answer.json()["data"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _entry(model: dict[str, Any]) -> _Listed:
    length = model.get("max_model_len")
    return _Listed(str(model["id"]), length if isinstance(length, int) and length > 0 else None)


def _choose(listed: list[_Listed], model: str | None, url: str) -> _Listed:
    if model is None:
        if not listed:
            raise EngineStartError(f"the server at {base_address(url)} lists no model: set `vlm.model`")
        return listed[0]
    named = next((each for each in listed if each.name == model), None)
    if named is None and any(each.max_model_len for each in listed):
        # vLLM lists all that it serves; others list what lies in their cache.
        raise EngineStartError(
            f"the server at {base_address(url)} does not serve the model that `vlm.model` names: it serves "
            f"{', '.join(each.name for each in listed)[:200]}"
        )
    return named or _Listed(model, None)


async def _version(http: httpx.AsyncClient) -> str | None:
    """Of vLLM."""
    try:
        answer = await http.get("/version", timeout=_LOOK_S)
        found = answer.json()["version"] if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) and found else None


async def _load(replica: Replica) -> tuple[float, float] | None:
    try:
        answer = await replica.http.get("/metrics", timeout=_LOOK_S)
    except httpx.HTTPError:
        return None
    return read_load(answer.text) if answer.status_code == 200 else None
