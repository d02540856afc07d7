"""A document's text and page images, kept as files: `{folder}/{document}/result.txt`, `images/image_0000.jpeg` …

Names are made harmless. What was kept of a document of the same name is replaced, file by file and each at once; other
files are never touched. A disk that fails is told of, and costs nobody the answer.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Final
from weakref import WeakValueDictionary

from quire.api.exporting import ReadDocument
from quire.api.service import Service
from quire.errors import QuireError
from quire.exports import utf8

_log = logging.getLogger(__name__)

_DPI: Final = 200.0
_MAX_SIDE_PX: Final = 20_000
_MAX_NAME_BYTES: Final = 200
_HARMLESS: Final = re.compile(r"[^\w .()+-]")
_IMAGE: Final = re.compile(r"image_(\d{4,9})\.jpeg")

_writing: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()


async def keep(service: Service, document: ReadDocument, text: str, numbers: Sequence[int]) -> list[str]:
    """Keeps the document where the operator named a folder; why a part of it could not be kept, one sentence each.

    Args:
        numbers: of the pages to keep images of.
    """
    if service.settings.output.dir is None:
        return []
    folder = service.settings.output.dir / folder_name(document.ref.name)
    # Two documents of the same name must not be mixed.
    async with _writing.setdefault(folder, asyncio.Lock()):
        try:
            await asyncio.to_thread(_write, folder / "result.txt", utf8(text))
            await _keep_images(service, document, folder / "images", numbers)
        except (OSError, QuireError) as error:
            reason = error.detail if isinstance(error, QuireError) else (error.strerror or "it failed").lower()
            _log.warning("a document was not kept in QUIRE_OUTPUT__DIR: %s", reason)
            return [f"not all was kept in the server's output folder: {reason}"]
    return []


def folder_name(name: str) -> str:
    """The folder of a document: its name without its suffix, of harmless characters, never a path."""
    stem = _HARMLESS.sub("_", PurePath(name).stem).encode()[:_MAX_NAME_BYTES].decode("utf-8", "ignore")
    return stem.strip(" .-") or "document"


async def _keep_images(service: Service, document: ReadDocument, folder: Path, numbers: Sequence[int]) -> None:
    """Images of the pages, a few at a time."""
    room = asyncio.Semaphore(service.backend.pool.size + 1)

    async def one(number: int) -> None:
        async with room:
            picture = await _picture(service, document, number)
            await asyncio.to_thread(_write, folder / f"image_{number - 1:04}.jpeg", picture)

    try:
        async with asyncio.TaskGroup() as group:
            for number in numbers:
                group.create_task(one(number))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    await asyncio.to_thread(_remove_others, folder, {number - 1 for number in numbers})


async def _picture(service: Service, document: ReadDocument, number: int) -> bytes:
    options = document.options.model_copy(update={"dpi": document.options.dpi or _DPI})
    async with service.backend.scheduler.turn(document.lane):
        return await service.backend.pool.render(
            document.ref,
            number,
            options,
            max_side_px=_MAX_SIDE_PX,
            overlay=None,
            jpeg_quality=service.settings.output.quality,
        )


def _write(path: Path, content: bytes) -> None:
    """A file that is there whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _remove_others(folder: Path, kept: set[int]) -> None:
    """Images of a longer document that had the same name."""
    for path, place in _images(folder):
        if place not in kept:
            path.unlink(missing_ok=True)


def _images(folder: Path) -> Iterator[tuple[Path, int]]:
    for path in folder.glob("image_*.jpeg"):
        found = _IMAGE.fullmatch(path.name)
        if found:
            yield path, int(found[1])
