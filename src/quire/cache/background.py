"""The disk tier on a thread of its own: reading waits for it, briefly; writing does not."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog

from quire.cache.disk import DiskTier

_log = structlog.get_logger(__name__)

_READ_WAIT_S: Final = 2.0
_WRITE_WAIT_S: Final = 30.0
_MAX_PENDING_BYTES: Final = 16_000_000
# A disk that failed or hung is left alone for so long: pages must not wait for it again and again.
_REST_S: Final = 30.0

T = TypeVar("T")


class BackgroundDisk:
    """Never fails: what the disk does not give is a miss, what it does not take is dropped; both are counted.

    For one event loop.

    Attributes:
        dropped: contents that were not written, because too many waited or the disk was left alone.
        failures: how often the disk failed or took too long.
    """

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self._open = partial(DiskTier, path, limit_bytes)
        self._tier: DiskTier | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="quire-cache")
        self._pending: dict[str, bytes] = {}
        self._pending_bytes = 0
        self._flushing: asyncio.Task[None] | None = None
        self._rests_until = 0.0
        self.dropped = 0
        self.failures = 0

    @property
    def size_bytes(self) -> int:
        """What the file's contents take; 0 until it was first used."""
        return self._tier.size_bytes if self._tier else 0

    async def get(self, key: str) -> bytes | None:
        """The content, also one that is still to be written."""
        if key in self._pending:
            return self._pending[key]
        if self._resting():
            return None
        return await self._run(lambda tier: tier.get(key), _READ_WAIT_S)

    def put(self, key: str, content: bytes) -> None:
        """Writes the content soon."""
        if self._resting() or self._pending_bytes + len(content) > _MAX_PENDING_BYTES:
            self.dropped += 1
            return
        self._pending_bytes += len(content) - len(self._pending.get(key, b""))
        self._pending[key] = content
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())

    async def close(self) -> None:
        """Writes what is still to be written and lets the file go."""
        if self._flushing is not None:
            await self._flushing
        if self._tier is not None:
            await self._run(lambda tier: tier.close(), _READ_WAIT_S)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _flush(self) -> None:
        while self._pending:
            batch, self._pending, self._pending_bytes = self._pending, {}, 0
            if self._resting():
                self.dropped += len(batch)
            else:
                await self._run(_putting(batch), _WRITE_WAIT_S)

    async def _run(self, use: Callable[[DiskTier], T], wait_s: float) -> T | None:
        """What `use` makes of the tier, on the thread; None where the disk failed or took too long."""
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._thread, self._with_tier, use), wait_s)
        except (OSError, sqlite3.Error) as exc:  # a TimeoutError is an OSError
            self.failures += 1
            self._rests_until = loop.time() + _REST_S
            _log.warning("page cache on disk failed", reason=type(exc).__name__, rests_s=_REST_S)
            return None

    def _with_tier(self, use: Callable[[DiskTier], T]) -> T:
        if self._tier is None:
            self._tier = self._open()
        return use(self._tier)

    def _resting(self) -> bool:
        return asyncio.get_running_loop().time() < self._rests_until


def _putting(batch: dict[str, bytes]) -> Callable[[DiskTier], None]:
    return lambda tier: tier.put(batch)
