"""Documents that a worker keeps open, so that a PDF of 500 pages is not opened 500 times."""

from __future__ import annotations

from collections import OrderedDict
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


class Shelf:
    """The documents used last. For one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: OrderedDict[_Key, tuple[Source, int]] = OrderedDict()

    def source(self, document: DocumentRef, options: ReadOptions) -> Source:
        """The opened document; it is closed when others have been used since.

        Raises:
            QuireError: it cannot be opened; see `open_source`.
        """
        key = (document.sha256, options.password.get_secret_value() if options.password else "")
        if key not in self._open:
            source = open_source(document.path, limits=self._limits, password=options.password)
            self._open[key] = (source, document.path.stat().st_size)
        self._open.move_to_end(key)
        self._make_room()
        return self._open[key][0]

    def original(self, document: DocumentRef, options: ReadOptions) -> OpenOriginal:
        """The opened document as exports see it.

        Raises:
            QuireError: it cannot be opened; see `open_source`.
        """
        password = options.password.get_secret_value() if options.password else None
        return OpenOriginal(self.source(document, options), document.path, password)

    def _make_room(self) -> None:
        while len(self._open) > 1 and (len(self._open) > _MOST or self._size_bytes() > _MOST_BYTES):
            _, (source, _) = self._open.popitem(last=False)
            source.close()

    def _size_bytes(self) -> int:
        return sum(size for _, size in self._open.values())
