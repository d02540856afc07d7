"""Several files as one zip, sent as they come."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MEDIA_TYPE: Final = "application/zip"


class _Outbox(io.RawIOBase):
    """Takes what is written until it is sent; it cannot be gone back in."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        part = bytes(content)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def take(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        return content


async def zipped(files: AsyncIterator[tuple[str, bytes]]) -> AsyncIterator[bytes]:
    """The bytes of an archive of files with their names; names that come twice are told apart."""
    outbox = _Outbox()
    names: set[str] = set()
    with ZipFile(outbox, "w") as archive:
        async for name, content in files:
            entry = ZipInfo(_unused(name, names))
            entry.compress_type = ZIP_DEFLATED
            await asyncio.to_thread(archive.writestr, entry, content)
            yield outbox.take()
    yield outbox.take()


def _unused(name: str, names: set[str]) -> str:
    path, number = PurePosixPath(name), 1
    while name.casefold() in names:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    names.add(name.casefold())
    return name
