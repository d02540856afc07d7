"""Document → the formats that people ask for. Pure functions; nothing here knows engines, files or HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from quire.document import Document
from quire.errors import InvalidOption
from quire.exports.alto import to_alto
from quire.exports.csv import to_csv
from quire.exports.detections import to_detections
from quire.exports.hocr import to_hocr
from quire.exports.html import to_html
from quire.exports.json import to_json
from quire.exports.layout import to_layout
from quire.exports.markdown import to_markdown
from quire.exports.matches import to_matches
from quire.exports.ndjson import to_ndjson
from quire.exports.original import Original
from quire.exports.text import to_text


@dataclass(frozen=True, slots=True)
class Export:
    """One output format: written from the document alone, or drawn with the file that it was read from.

    Attributes:
        mime: media type, without parameters.
        suffix: of files in this format, with its dot.
        write: the document in this format, as a file.
        draw: as `write`, for a format that needs the original; exactly one of the two is there.
        joins: whether the files of several documents make sense one after the other.
        binary: whether it is nothing for a terminal.
    """

    mime: str
    suffix: str
    write: Callable[[Document], bytes] | None = None
    draw: Callable[[Document, Original], bytes] | None = None
    joins: bool = False
    binary: bool = False

    def encode(self, document: Document, original: Original | None = None) -> bytes:
        """The document as a file in this format.

        Args:
            original: for formats that `draw`.

        Raises:
            QuireError: the original cannot be drawn, or the format does not fit the document.
        """
        if self.write is not None:
            return self.write(document)
        if self.draw is None or original is None:
            raise InvalidOption("this format shows the document itself, which is not at hand: choose another format")
        return self.draw(document, original)


def utf8(text: str) -> bytes:
    """UTF-8 of text out of a document, where a broken font may have left half a surrogate pair."""
    return text.encode("utf-8", "replace")


def _text(render: Callable[[Document], str]) -> Callable[[Document], bytes]:
    return lambda document: utf8(render(document))


def _xlsx(document: Document) -> bytes:
    # Libraries that few requests need are loaded by the first that does.
    from quire.exports.xlsx import to_xlsx

    return to_xlsx(document)


def _pdf(document: Document, original: Original) -> bytes:
    from quire.exports.pdf import to_pdf

    return to_pdf(document, original)


def _overlay(document: Document, original: Original) -> bytes:
    from quire.exports.pictures import to_overlay

    return to_overlay(document, original)


EXPORTS: Final[Mapping[str, Export]] = MappingProxyType(
    {
        "text": Export("text/plain", ".txt", _text(to_text), joins=True),
        "json": Export("application/json", ".json", _text(to_json)),
        "markdown": Export("text/markdown", ".md", _text(to_markdown), joins=True),
        "ndjson": Export("application/x-ndjson", ".ndjson", _text(to_ndjson), joins=True),
        "matches": Export("text/tab-separated-values", ".tsv", _text(to_matches), joins=True),
        "layout": Export("text/plain", ".txt", _text(to_layout), joins=True),
        "html": Export("text/html", ".html", _text(to_html)),
        "hocr": Export("text/vnd.hocr+html", ".hocr", _text(to_hocr)),
        "alto": Export("application/alto+xml", ".xml", _text(to_alto)),
        "csv": Export("text/csv", ".csv", _text(to_csv), joins=True),
        "detections": Export("application/json", ".json", _text(to_detections)),
        "xlsx": Export(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", _xlsx, binary=True
        ),
        "pdf": Export("application/pdf", ".pdf", draw=_pdf, binary=True),
        "overlay": Export("image/png", ".png", draw=_overlay, binary=True),
    }
)
"""Formats by the name that the option `format` takes. Where two have the same media type, the first is its."""


def export(name: str) -> Export:
    """The format of that name.

    Raises:
        InvalidOption: there is none; the message lists them.
    """
    try:
        return EXPORTS[name]
    except KeyError:
        raise InvalidOption(f"option 'format': use one of {', '.join(EXPORTS)}") from None
