"""What a PDF says about itself: its information dictionary, page labels and outline."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final

import pypdfium2.raw as raw

from quire.document import Metadata
from quire.sources.pdf_outline import read_outline
from quire.sources.pdfium import Handle, PdfiumDocument, text_from

_DATE: Final = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?P<hour>\d\d)?(?P<minute>\d\d)?(?P<second>\d\d)?"
    r"(?:(?P<zone>[Zz+-])(?:(?P<zone_hours>\d\d)'?(?P<zone_minutes>\d\d)?'?)?)?",
    re.ASCII,
)
_DATE_PARTS: Final = (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def read_metadata(document: PdfiumDocument) -> Metadata:
    """Metadata of an open PDF; whatever is malformed counts as absent.

    Raises:
        Cancelled: the document was closed meanwhile.
    """
    with document.opened() as handle:

        def info(key: str) -> str | None:
            return text_from(raw.FPDF_GetMetaText, handle, key.encode())

        return Metadata(
            title=info("Title"),
            author=info("Author"),
            subject=info("Subject"),
            keywords=info("Keywords"),
            creator=info("Creator"),
            producer=info("Producer"),
            created_at=iso_date(info("CreationDate")),
            modified_at=iso_date(info("ModDate")),
            page_labels=_page_labels(handle, document.page_count),
            outline=read_outline(handle),
        )


def iso_date(value: str | None) -> str | None:
    """A PDF date, such as "D:20240131235959+01'00'", in ISO 8601; None when it is not one."""
    match = _DATE.fullmatch(value.strip()) if value else None
    if not match:
        return None
    parts = [int(match[name] or default) for name, default in _DATE_PARTS]
    try:
        return datetime(*parts, tzinfo=_zone(match)).isoformat()  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def _zone(match: re.Match[str]) -> timezone | None:
    if not match["zone"]:
        return None
    offset = timedelta(hours=int(match["zone_hours"] or 0), minutes=int(match["zone_minutes"] or 0))
    return timezone(-offset if match["zone"] == "-" else offset)


def _page_labels(document: Handle, pages_total: int) -> tuple[str, ...]:
    """A label for each page, () where the PDF defines none."""
    labels = tuple(text_from(raw.FPDF_GetPageLabel, document, index) or "" for index in range(pages_total))
    return labels if any(labels) else ()
