"""Files of forms, which go to disk as they arrive."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser

from quire.jobs.blob_writer import BlobWriter

_MAX_FIELD_BYTES: Final = 65_536
_MAX_FIELDS: Final = 64

NewWriter = Callable[[], Awaitable[BlobWriter]]
CheckSize = Callable[[int], None]


class ReceivedFile(UploadFile):
    """A file of a form; what arrives goes to a blob at once."""

    def __init__(self, like: UploadFile, new_writer: NewWriter, check_size: CheckSize) -> None:
        super().__init__(like.file, filename=like.filename, headers=like.headers)
        like.file.close()
        self._new_writer = new_writer
        self._check_size = check_size
        self._writer: BlobWriter | None = None
        self._bytes = 0

    async def writer(self) -> BlobWriter:
        if self._writer is None:
            self._writer = await self._new_writer()
        return self._writer

    async def write(self, data: bytes) -> None:
        self._bytes += len(data)
        self._check_size(self._bytes)
        await (await self.writer()).write(data)

    async def seek(self, offset: int) -> None:
        """Nothing: who reads it reads the blob."""


class FormParser(MultiPartParser):
    """Starlette's parser, whose files are blobs.

    Args:
        most: files that the form may hold.
        new_writer: where a file's bytes go.
        check_size: refuses a file of so many bytes.
    """

    # Its own temporary files stay empty.
    spool_max_size = 1

    def __init__(
        self,
        headers: Headers,
        body: AsyncGenerator[bytes, None],
        most: int,
        new_writer: NewWriter,
        check_size: CheckSize,
    ) -> None:
        super().__init__(headers, body, max_files=most, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
        self._new_writer = new_writer
        self._check_size = check_size

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        part = self._current_part
        if part.file is not None:
            part.file = ReceivedFile(part.file, self._new_writer, self._check_size)
