"""One document being read on a thread of its own, so that the event loop stays free."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from quire.api.upload import Upload
from quire.document import Document
from quire.errors import QuireError
from quire.exports import utf8
from quire.exports.ndjson import failure_line, lines
from quire.options import ReadOptions
from quire.reader import Reader, Reading, collect

P = ParamSpec("P")
T = TypeVar("T")


class DocumentThread:
    """Opens and reads one document. Leaving the block stops the reading within a page and waits for that.

    All calls run on the one thread, one after the other: nothing is cleaned up while it is in use.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="quire-document")
        self._resources = ExitStack()
        self._reading: Reading | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reading is not None:
            self._reading.close()
        try:
            await asyncio.shield(self._call(self._resources.close))
        finally:
            self._thread.shutdown(wait=False)

    async def open(self, reader: Reader, upload: Upload, options: ReadOptions, name: str | None) -> None:
        """Opens the document; reads no page yet.

        Raises:
            QuireError: it cannot be opened, or the options do not fit it.
        """
        await self._call(self._open, reader, upload, options, name)

    async def document(self) -> Document:
        """Reads all pages.

        Raises:
            QuireError: what stops the whole document; a page that fails alone is in `Document.errors`.
        """
        return await self._call(collect, self._opened)

    async def stream(self) -> AsyncIterator[bytes]:
        """Reads page by page; yields the lines of `quire.exports.ndjson`."""
        rows = lines(self._opened.head, self._opened)
        # Closed on the thread, before the document is: the generator drops the pages that are still waiting.
        self._resources.callback(rows.close)
        try:
            while (row := await self._call(next, rows, None)) is not None:
                yield utf8(row)
        except QuireError as error:
            yield utf8(failure_line(error))

    @property
    def _opened(self) -> Reading:
        if self._reading is None:
            raise RuntimeError("the document is read before it is opened")
        return self._reading

    def _open(self, reader: Reader, upload: Upload, options: ReadOptions, name: str | None) -> None:
        self._reading = self._resources.enter_context(reader.open(upload.document(), options, name=name))

    async def _call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.wrap_future(self._thread.submit(work, *args, **kwargs))
