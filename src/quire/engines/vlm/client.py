"""Asks model servers, from any number of threads, over one event loop of its own."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final, cast

from quire.engines.loop_thread import LoopThread
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.exchange import Exchange, TryAgain
from quire.engines.vlm.payload import Body
from quire.engines.vlm.probing import introduce, revive, steer
from quire.engines.vlm.replicas import Balancer, Replica
from quire.engines.vlm.requests import FinishReason, ModelAnswer, ModelRequest
from quire.engines.vlm.streaming import Reply
from quire.errors import EngineFailed, EngineStartError, Overloaded, QuireError

_MOST_TRIES: Final = 6
_BACKOFF_S: Final = 0.2
_MOST_BACKOFF_S: Final = 5.0
_PAGES_OF_A_REPLICA: Final = 64
"""More images than this in one process need more memory than a worker may have; more workers send more."""

_BUSY_S: Final = 10.0
_LATE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class ModelServer:
    """What the replicas said when they were met.

    Attributes:
        models: names of what they serve.
        max_model_len: tokens of prompt and answer together, the least of all replicas; None where none says.
        vllm_version: None for another server.
    """

    models: tuple[str, ...]
    max_model_len: int | None
    vllm_version: str | None


class ModelClient:
    """A client of one model on one or more servers. `complete` may be called from many threads at once."""

    def __init__(self, config: VlmConfig) -> None:
        self.config = config
        self._loop = LoopThread("quire-model-client", self._meet, self._disconnect)
        self._balancer = Balancer([])

    @property
    def in_flight_limit(self) -> int:
        """Requests that keep the servers busy now."""
        return max(1, self._balancer.limit)

    @property
    def pages_at_once(self) -> int:
        """Pages that one process should have in hand, so that no server waits for them."""
        return len(self.config.urls) * (self.config.in_flight or _PAGES_OF_A_REPLICA)

    @property
    def info(self) -> ModelServer:
        replicas = self._balancer.replicas
        lengths = [each.max_model_len for each in replicas if each.max_model_len is not None]
        return ModelServer(
            models=tuple(dict.fromkeys(each.model for each in replicas)),
            max_model_len=min(lengths, default=None),
            vllm_version=next((each.version for each in replicas if each.version), None),
        )

    def start(self) -> None:
        """Meets the servers. One must answer; others may come later.

        Raises:
            EngineStartError: none can be used; the message names the remedy.
            InvalidOption: an address is none.
        """
        self._loop.start()

    def complete(self, request: ModelRequest, stop: Event | None = None) -> ModelAnswer:
        """Asks the model.

        Args:
            stop: once it is set, the request is closed within 0.1 seconds, which frees its place at the server.

        Raises:
            Cancelled: `stop` was set, or the client was closed.
            Overloaded: the servers are busy for longer than it is worth trying.
            EngineFailed: no server answers, or none answers in time or as it should.
        """
        return self._loop.call(self._answer(Body.of(request)), stop)

    def close(self) -> None:
        """Ends requests in flight and closes every connection. The client cannot be started again."""
        self._loop.close()

    async def _meet(self) -> None:
        urls = list(dict.fromkeys(self.config.urls))
        met = await asyncio.gather(*(introduce(url, self.config) for url in urls), return_exceptions=True)
        self._balancer = Balancer([each for each in met if isinstance(each, Replica)])
        if not self._balancer.replicas:
            raise _first_failure(met)
        for url, each in zip(urls, met, strict=True):
            if isinstance(each, BaseException):
                self._loop.keep(self._meet_later(url))
        self._loop.keep(steer(self._balancer))

    async def _meet_later(self, url: str) -> None:
        while True:
            await asyncio.sleep(_LATE_S)
            with contextlib.suppress(EngineStartError):
                self._balancer.replicas.append(await introduce(url, self.config))
                return self._balancer.wake()

    async def _answer(self, body: Body) -> ModelAnswer:
        started = time.monotonic()
        try:
            async with asyncio.timeout(None) as clock:
                reply, replica = await self._ask(body, clock)
        except TimeoutError as exc:
            raise EngineFailed(
                f"the model did not answer within {self.config.timeout_s:g} s: raise `vlm.timeout_s`, "
                "or lower `vlm.in_flight`"
            ) from exc
        finish = cast("FinishReason", reply.finish)
        return ModelAnswer(reply.text, finish, reply.tokens, time.monotonic() - started, replica.url)

    async def _ask(self, body: Body, clock: asyncio.Timeout) -> tuple[Reply, Replica]:
        avoid: Replica | None = None
        pause_s, busy = 0.0, False
        for tries in range(_MOST_TRIES):
            async with self._balancer.slot(avoid) as replica:
                if clock.when() is None:  # waiting in line is no fault of the server
                    clock.reschedule(asyncio.get_running_loop().time() + self.config.timeout_s)
                try:
                    return await Exchange.of(body, replica, self.config.timeout_s).run(), replica
                except TryAgain as exc:
                    avoid, pause_s, busy = replica, exc.pause_s, exc.busy
                    if exc.gone:
                        self._put_aside(replica)
            await self._back_off(tries, replica, pause_s)
        if busy:
            raise Overloaded(
                "the model servers are busy: try again later, or start more of them",
                retry_after_s=max(_BUSY_S, pause_s),
            )
        raise EngineFailed("the model servers failed again and again: look into their logs")

    async def _back_off(self, tries: int, failed: Replica, pause_s: float) -> None:
        """Waits, unless another replica can be asked at once.

        Args:
            pause_s: the least that the one that failed asks for.
        """
        others = [each for each in self._balancer.replicas if each is not failed and each.healthy]
        if not others or tries >= len(others):
            longest = min(_MOST_BACKOFF_S, _BACKOFF_S * 2**tries)
            # Jitter, so that those who failed together do not come back together; no secret hangs on it.
            await asyncio.sleep(max(pause_s, longest * random.uniform(0.5, 1.0)))  # noqa: S311

    def _put_aside(self, replica: Replica) -> None:
        if replica.healthy:
            replica.healthy = False
            self._loop.keep(revive(replica, self._balancer))

    async def _disconnect(self) -> None:
        await asyncio.gather(*(replica.http.aclose() for replica in self._balancer.replicas))


def _first_failure(met: Sequence[Replica | BaseException]) -> BaseException:
    failures = [each for each in met if isinstance(each, BaseException)]
    known = next((each for each in failures if isinstance(each, QuireError)), None)
    return known or EngineStartError("no model server could be met: set `vlm.urls`")
