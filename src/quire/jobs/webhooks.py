"""Tells receivers that jobs ended. What is to be sent lies in the store, so a restart loses nothing; a receiver
may get an event more than once and knows it by `Quire-Event-Id`.

A receiver checks the signature by computing HMAC-SHA256, with the secret both know, of the time in the header, a
full stop and the body as it came; it refuses times that are more than a few minutes off.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, Literal

from quire.jobs.background import repeating
from quire.jobs.model import Delivery
from quire.jobs.store import JobStore

_log = logging.getLogger(__name__)

Post = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Sends a body with headers to a URL, and returns the status. Refuses addresses that must not be called."""

Outcome = Literal["delivered", "retried", "given_up"]

MAX_ATTEMPTS: Final = 8
_AT_ONCE: Final = 4
_FIRST_WAIT_S: Final = 30.0
_LONGEST_WAIT_S: Final = 3600.0


class Webhooks:
    """Sends what is due, a few at once.

    Attributes:
        timeout_s: what one attempt may take.
    """

    def __init__(
        self,
        store: JobStore,
        post: Post,
        *,
        secret: bytes | None = None,
        timeout_s: float = 10,
        poll_s: float = 1,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
        observe: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        """
        Args:
            secret: signs what is sent; unsigned when absent.
            poll_s: how often the store is asked.
            clock: seconds since the epoch.
            jitter: 0 to 1; which part of the longest wait is waited.
            observe: told how each attempt ended.
        """
        self.timeout_s = timeout_s
        self._store = store
        self._post = post
        self._secret = secret
        self._poll_s = poll_s
        self._clock = clock
        self._jitter = jitter
        self._observe = observe

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sends for the length of the `async with` block; what is being sent at its end is sent again later."""
        async with AsyncExitStack() as senders:
            # Each takes one at a time: a receiver that is slow keeps one of them, and the others go on.
            for _ in range(_AT_ONCE):
                await senders.enter_async_context(repeating("webhooks", self.deliver_due, every_s=self._poll_s))
            yield

    async def deliver_due(self) -> int:
        """Makes one attempt for each that is due, one after the other; returns for how many."""
        attempts = 0
        while due := await self._store.due(self._clock(), limit=1, lease_s=2 * self.timeout_s + 1):
            await self._attempt(due[0])
            attempts += 1
        return attempts

    async def _attempt(self, delivery: Delivery) -> None:
        outcome: Outcome = "delivered"
        retry_at = None
        if not await self._accepted(delivery):
            outcome = "given_up" if delivery.attempt >= MAX_ATTEMPTS else "retried"
            retry_at = None if outcome == "given_up" else self._clock() + self._wait_s(delivery.attempt)
        await self._store.record_attempt(delivery.id, retry_at=retry_at)
        self._observe(outcome)
        _log.info("webhook %s of job %s: %s, attempt %d", delivery.id, delivery.job_id, outcome, delivery.attempt)

    async def _accepted(self, delivery: Delivery) -> bool:
        try:
            async with asyncio.timeout(self.timeout_s):
                status = await self._post(delivery.url, delivery.body, self._headers(delivery))
        except Exception as exc:  # noqa: BLE001 - whatever is wrong with one receiver, the others get theirs
            _log.info("webhook %s failed: %s", delivery.id, type(exc).__name__)
            return False
        return 200 <= status < 300

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Quire-Event-Id": delivery.id}
        if self._secret is not None:
            headers["Quire-Signature"] = signature(self._secret, delivery.body, int(self._clock()))
        return headers

    def _wait_s(self, attempt: int) -> float:
        """Exponential backoff with full jitter: receivers that failed together are not tried together again."""
        return self._jitter() * min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** (attempt - 1))


def signature(secret: bytes, body: bytes, at: int) -> str:
    """The header `Quire-Signature` of a body sent at a time (seconds since the epoch)."""
    digest = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
