"""One document being read, on a thread of its own, so that the event loop stays free."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import IO, Self, TypeVar

from quire.document import Document
from quire.exports import ndjson, utf8
from quire.options import ReadOptions
from quire.reader import Reader, Reading, collect

T = TypeVar("T")


class DocumentThread:
    """Opens and reads one document. Leaving the block stops the reading within a page and waits for that.

    All calls run on the one thread, in order: what is cleaned up is never still in use.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="quire-document")
        self._resources = ExitStack()
        self._reading: Reading | None = None

    async def open(self, reader: Reader, document: Callable[[ExitStack], object]) -> None: ...
