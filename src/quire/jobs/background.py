"""Work that is done again and again beside the server's requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

_log = logging.getLogger(__name__)


@asynccontextmanager
async def repeating(name: str, work: Callable[[], Awaitable[object]], *, every_s: float) -> AsyncIterator[None]:
    """Does the work now and every `every_s` seconds, for the length of the `async with` block.

    A round that fails is logged, and the next one tries again. A round is cancelled at the end of the block.
    """
    task = asyncio.create_task(_repeat(name, work, every_s), name=name)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(name: str, work: Callable[[], Awaitable[object]], every_s: float) -> None:
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - a defect or a full disk must not end it for good
            _log.exception("a round of %s failed", name)
        await asyncio.sleep(every_s)
