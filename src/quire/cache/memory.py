"""The first tier: the contents used last, in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

# What Python needs for an entry besides its content: key, content's header, and the dictionary's share.
_ENTRY_BYTES: Final = 300


class MemoryTier:
    """Contents by key, bounded in bytes; the least recently used go first. For one thread.

    Args:
        limit_bytes: for contents and their bookkeeping; 0 keeps nothing.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._entries: OrderedDict[str, bytes] = OrderedDict()
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> bytes | None:
        content = self._entries.get(key)
        if content is not None:
            self._entries.move_to_end(key)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keeps the content; one that is larger than the tier is not kept."""
        self._remove(key)
        if _cost(content) > self._limit_bytes:
            return
        self._entries[key] = content
        self.size_bytes += _cost(content)
        while self.size_bytes > self._limit_bytes:
            self._remove(next(iter(self._entries)))

    def _remove(self, key: str) -> None:
        content = self._entries.pop(key, None)
        if content is not None:
            self.size_bytes -= _cost(content)


def _cost(content: bytes) -> int:
    return len(content) + _ENTRY_BYTES
