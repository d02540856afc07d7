"""The cache of pages: memory, then disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quire.cache.background import BackgroundDisk
from quire.cache.memory import MemoryTier

_FILE_NAME: Final = "pages.sqlite"


@dataclass(frozen=True, slots=True)
class TierStats:
    """One tier since the start.

    Attributes:
        hits, misses: keys that were asked for here and were there, or not.
        size_bytes: of the contents with their bookkeeping, now.
    """

    hits: int = 0
    misses: int = 0
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class CacheStats:
    """The cache since the start.

    Attributes:
        dropped: contents that the disk tier did not take, because it was behind or failed.
        failures: how often the disk failed or took too long.
    """

    memory: TierStats
    disk: TierStats
    dropped: int
    failures: int


class PageCache:
    """Contents by key (see `keys`), bounded in each tier; never fails. For one event loop.

    What was read with a warning, or failed, does not belong here: it may read better next time.

    Args:
        memory_bytes: bound of the memory tier; 0 turns it off.
        directory: where the disk tier's file lies; without one there is no disk tier.
        disk_bytes: bound of the disk tier; 0 turns it off.
    """

    def __init__(self, memory_bytes: int, directory: Path | None, disk_bytes: int) -> None:
        self._memory = MemoryTier(memory_bytes)
        self._disk = BackgroundDisk(directory / _FILE_NAME, disk_bytes) if directory and disk_bytes else None
        self._hits = {"memory": 0, "disk": 0}
        self._misses = {"memory": 0, "disk": 0}

    async def get(self, key: str) -> bytes | None:
        """The content, or None. Waits for the disk a few seconds at most."""
        content = self._memory.get(key)
        self._count("memory", content)
        if content is not None or self._disk is None:
            return content
        content = await self._disk.get(key)
        self._count("disk", content)
        if content is not None:
            self._memory.put(key, content)
        return content

    async def put(self, key: str, content: bytes) -> None:
        """Keeps the content as long as there is room; does not wait for the disk."""
        self._memory.put(key, content)
        if self._disk is not None:
            self._disk.put(key, content)

    def stats(self) -> CacheStats:
        """Counts since the start, and sizes now."""
        disk = self._disk
        return CacheStats(
            self._tier("memory", self._memory.size_bytes),
            self._tier("disk", disk.size_bytes if disk else 0),
            disk.dropped if disk else 0,
            disk.failures if disk else 0,
        )

    async def close(self) -> None:
        """Writes what is still to be written; the cache is not used afterwards."""
        if self._disk is not None:
            await self._disk.close()

    def _count(self, tier: str, content: bytes | None) -> None:
        counts = self._misses if content is None else self._hits
        counts[tier] += 1

    def _tier(self, name: str, size_bytes: int) -> TierStats:
        return TierStats(self._hits[name], self._misses[name], size_bytes)
