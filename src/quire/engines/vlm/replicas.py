"""One model server, and the choice between several of them."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import httpx

from quire.engines.vlm.connections import Connections
from quire.engines.vlm.limits import InFlightLimit
from quire.errors import EngineFailed, InvalidOption

_CONNECT_S: Final = 5.0
_REVIVE_S: Final = 15.0


@dataclass(eq=False, slots=True)
class Replica:
    """One server and what is known of it. Lives in the client's event loop.

    Attributes:
        model: the name that requests give it.
        max_model_len: tokens of prompt and answer together; None where the server does not say.
        prompt_tokens: the most that prompts were seen to take of them.
        version: of vLLM; None for another server.
        strict: it refuses fields that only vLLM knows.
        healthy: it is given requests.
    """

    url: str
    http: httpx.AsyncClient
    limit: InFlightLimit
    model: str
    max_model_len: int | None = None
    version: str | None = None
    prompt_tokens: int = 0
    strict: bool = False
    healthy: bool = True
    in_flight: int = 0


def base_address(url: str) -> str:
    """The address without "/v1" and slashes at its end.

    Raises:
        InvalidOption: it is no http or https address.
    """
    bare = url.strip().rstrip("/").removesuffix("/v1")
    try:
        parts = urlsplit(bare)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise InvalidOption("the address of a model server must look like 'http://host:8000': correct `vlm.urls`")
    return bare


def connect(url: str, api_key: str | None, timeout_s: float) -> httpx.AsyncClient:
    """Pooled connections to one server. Proxies of the environment are left aside: model servers are near."""
    trusted = ssl.create_default_context() if url.startswith("https") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(
        base_url=base_address(url),
        headers={"authorization": f"Bearer {api_key}"} if api_key else {},
        timeout=httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s), pool=None),
        transport=Connections(trusted),
        trust_env=False,
    )


@dataclass(eq=False, slots=True)
class Balancer:
    """Gives each request to the replica that has the least to do; those who find all full wait in line."""

    replicas: list[Replica]
    _line: deque[asyncio.Future[None]] = field(default_factory=deque)

    @property
    def limit(self) -> int:
        """Requests that all replicas together are given at once."""
        return sum(replica.limit.value for replica in self.replicas)

    @property
    def in_flight(self) -> int:
        return sum(replica.in_flight for replica in self.replicas)

    @asynccontextmanager
    async def slot(self, avoid: Replica | None = None) -> AsyncIterator[Replica]:
        """A place at a replica, for the length of the `async with` block.

        Args:
            avoid: taken only where there is no other.

        Raises:
            EngineFailed: no replica has been healthy for a while.
        """
        replica = await self._acquire(avoid)
        try:
            yield replica
        finally:
            replica.in_flight -= 1
            self.wake()

    def wake(self) -> None:
        """Lets as many go on as there are places now."""
        room = sum(max(0, each.limit.value - each.in_flight) for each in self.replicas if each.healthy)
        while room > 0 and self._line:
            first = self._line.popleft()
            if not first.done():
                first.set_result(None)
                room -= 1

    async def _acquire(self, avoid: Replica | None) -> Replica:
        waited = False
        while (free := self._freest(avoid)) is None:
            await self._wait(first=waited)
            waited = True
        free.in_flight += 1
        return free

    def _freest(self, avoid: Replica | None) -> Replica | None:
        free = [each for each in self.replicas if each.healthy and each.in_flight < each.limit.value]
        others = [each for each in free if each is not avoid]
        return min(others or free, key=lambda each: each.in_flight / each.limit.value, default=None)

    async def _wait(self, *, first: bool) -> None:
        """Waits in line. Full servers are waited for as long as it takes, servers that are gone are not.

        Args:
            first: at its head: whoever was called and found the place taken keeps their turn.
        """
        place = asyncio.get_running_loop().create_future()
        (self._line.appendleft if first else self._line.append)(place)
        try:
            while not place.done():
                alive = any(each.healthy for each in self.replicas)
                await asyncio.wait((place,), timeout=_REVIVE_S)
                if not place.done() and not alive and not any(each.healthy for each in self.replicas):
                    raise EngineFailed(unreachable(self.replicas[0].url))
        except BaseException:
            if not place.cancel():
                self.wake()  # called, and leaving all the same: the next one may come
            raise


def unreachable(url: str) -> str:
    return f"no model server answers at {url}: start one (`vllm serve MODEL`), or correct `vlm.urls`"
