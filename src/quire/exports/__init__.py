"""Document → the formats that people ask for. Pure functions; nothing here knows engines, files or HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from quire.document import Document
from quire.errors import InvalidOption
from quire.exports.json import to_json
from quire.exports.markdown import to_markdown
from quire.exports.ndjson import to_ndjson
from quire.exports.text import to_text


@dataclass(frozen=True, slots=True)
class Export:
    """One output format.

    Attributes:
        render: the document as text in this format.
        mime: media type, without parameters.
        suffix: of files in this format, with its dot.
    """

    render: Callable[[Document], str]
    mime: str
    suffix: str

    def encode(self, document: Document) -> bytes:
        """The rendered document as UTF-8."""
        return utf8(self.render(document))


EXPORTS: Final[Mapping[str, Export]] = MappingProxyType(
    {
        "text": Export(to_text, "text/plain", ".txt"),
        "json": Export(to_json, "application/json", ".json"),
        "markdown": Export(to_markdown, "text/markdown", ".md"),
        "ndjson": Export(to_ndjson, "application/x-ndjson", ".ndjson"),
    }
)
"""Formats by the name that the option `format` takes."""


def export(name: str) -> Export:
    """The format of that name.

    Raises:
        InvalidOption: there is none; the message lists them.
    """
    try:
        return EXPORTS[name]
    except KeyError:
        raise InvalidOption(f"option 'format': use one of {', '.join(EXPORTS)}") from None


def utf8(text: str) -> bytes:
    """UTF-8 of text out of a document, where a broken font may have left half a surrogate pair."""
    return text.encode("utf-8", "replace")
