"""The documents that are sent, and what the server makes of each alone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from quire.bench import report
from quire.bench.samples import IMAGE_SUFFIXES
from quire.bench.serve.target import Target
from quire.bench.server.documents import receipt_scans
from quire.errors import DocumentError, DocumentNotFound, EngineFailed, LimitExceeded

_DRAWN: Final = 24
_MOST: Final = 64
_AT_ONCE: Final = 4
_SUFFIXES: Final = IMAGE_SUFFIXES | {".pdf"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document.

    Attributes:
        name: for people.
        sent_as: its name in the form, which is ASCII.
    """

    name: str
    sent_as: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A packed request for a document of so many pages."""

    request: bytes
    pages: int


def sheets(folder: Path | None) -> list[Sheet]:
    """Drawn receipts, no two alike, or else the first PDFs and images of a folder, by name.

    Raises:
        DocumentNotFound: the folder has none.
    """
    if folder is None:
        return [Sheet(f"receipt {place}", f"{place}.jpg", scan) for place, scan in enumerate(receipt_scans(_DRAWN), 1)]
    paths = (path for path in sorted(folder.glob("*")) if path.suffix.lower() in _SUFFIXES and path.is_file())
    found = [
        Sheet(path.name, f"{place}{path.suffix}", path.read_bytes()) for place, path in enumerate(islice(paths, _MOST))
    ]
    if not found:
        raise DocumentNotFound("the folder has no PDFs or images: pass one that has")
    return found


async def warmed(target: Target, engine: str, documents: Sequence[Sheet]) -> tuple[list[Asked], dict[str, int]]:
    """Has every document read once, so that the server is warm; requests for them, and pages by who read them.

    Raises:
        QuireError: the server refuses one of them, or does not read it whole.
    """
    asked, read_by = [], Counter[str]()
    groups = [documents[first : first + _AT_ONCE] for first in range(0, len(documents), _AT_ONCE)]
    for group in report.progress(groups, f"{engine}: warming up"):
        for request, pages in await asyncio.gather(*(_read(target, engine, sheet) for sheet in group)):
            asked.append(Asked(request, len(pages)))
            read_by.update(page["engine"] for page in pages)
    return asked, dict(read_by)


async def _read(target: Target, engine: str, sheet: Sheet) -> tuple[bytes, list[dict[str, Any]]]:
    """The request for a document, and its pages, all of them."""
    request = target.upload(f"/v1/read?engine={engine}", (sheet.sent_as, sheet.content))
    with target.connection() as connection:
        try:
            read = await target.answer(connection, request)
        except (DocumentError, LimitExceeded) as exc:
            raise type(exc)(f"'{sheet.name}': {exc.detail}") from exc
    if read["errors"]:
        codes = ", ".join(sorted({error["code"] for error in read["errors"]}))
        raise EngineFailed(f"'{sheet.name}' has pages that are not read ({codes}): measure without it")
    return request, read["pages"]
