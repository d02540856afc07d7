"""Documents that a worker keeps open, so that a PDF of 500 pages is not opened 500 times."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Final

from quire.limits import Limits
from quire.options import ReadOptions
from quire.sources import open_source
from quire.sources.base import Source
from quire.sources.original import OpenOriginal
from quire.workers.tasks import DocumentRef

_MOST: Final = 4
_MOST_BYTES: Final = 256_000_000
"""An open document holds its file in memory; one that is larger stays open alone."""

_Key = tuple[str, str]


@dataclass(slots=True)
class _Kept:
    source: Source
    size_bytes: int
    users: int = 0


class Shelf:
    """The documents used last. Threads may share it: what is in use stays open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: OrderedDict[_Key, _Kept] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def source(self, document: DocumentRef, options: ReadOptions) -> Iterator[Source]:
        """The opened document, for the length of the `with` block; it is closed when others have been used since.

        Raises:
            QuireError: it cannot be opened; see `open_source`.
        """
        with self._lock:
            kept = self._take(document, options)
            kept.users += 1
            self._make_room()
        try:
            yield kept.source
        finally:
            with self._lock:
                kept.users -= 1

    @contextmanager
    def original(self, document: DocumentRef, options: ReadOptions) -> Iterator[OpenOriginal]:
        """The opened document as exports see it; as `source`."""
        password = options.password.get_secret_value() if options.password else None
        with self.source(document, options) as source:
            yield OpenOriginal(source, document.path, password)

    def _take(self, document: DocumentRef, options: ReadOptions) -> _Kept:
        key = (document.sha256, options.password.get_secret_value() if options.password else "")
        if key not in self._open:
            source = open_source(document.path, limits=self._limits, password=options.password)
            self._open[key] = _Kept(source, document.path.stat().st_size)
        self._open.move_to_end(key)
        return self._open[key]

    def _make_room(self) -> None:
        unused = [key for key, kept in self._open.items() if not kept.users]
        for key in unused:
            if len(self._open) <= _MOST and self._size_bytes() <= _MOST_BYTES:
                return
            self._open.pop(key).source.close()

    def _size_bytes(self) -> int:
        return sum(kept.size_bytes for kept in self._open.values())
