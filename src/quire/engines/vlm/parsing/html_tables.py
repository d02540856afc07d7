"""`<table>` as models write it: end tags forgotten, cells outside of rows, cut off in the middle."""

from __future__ import annotations

import re
from typing import Final

from quire.engines.vlm.parsing.grids import RawCell, grid_of
from quire.engines.vlm.parsing.inline import plain
from quire.engines.vlm.parsing.pieces import Grid

_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[\s/][^<>]*)?)>")
_SPAN: Final = re.compile(r"(row|col)span\s*=\s*[\"']?\s*(\d{1,4})", re.IGNORECASE)
_STRUCTURE: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"})
_HALF_TAG: Final = re.compile(r"<[^<>]{0,200}$")


def parse_html_table(markup: str) -> Grid | None:
    """The first table in `markup`, tables inside its cells as text; None where there are no cells, or far too many."""
    reader = _Reader()
    done = 0
    for found in _TAG.finditer(markup):
        reader.text(markup[done : found.start()])
        done = found.end()
        name = found[2].lower()
        if name in _STRUCTURE:
            reader.tag(name, found[3], closes=bool(found[1]))
        else:
            reader.text(found[0])
        if reader.done:
            break
    else:
        reader.text(_HALF_TAG.sub("", markup[done:]))
    return reader.grid()


class _Reader:
    """Gathers rows while tags come by."""

    def __init__(self) -> None:
        self.done = False
        self._depth = 0
        self._head = False
        self._rows: list[list[RawCell]] = []
        self._open: tuple[str, str] | None = None
        self._words: list[str] = []
        self._caption: str | None = None

    def text(self, text: str) -> None:
        if self._open is not None:
            self._words.append(text)

    def tag(self, name: str, attributes: str, *, closes: bool) -> None:
        if name == "table":
            self._table(closes)
        elif self._depth > 1:
            self._words.append(" ")
        elif name in ("td", "th", "caption"):
            self._close()
            if not closes:
                self._open = (name, attributes)
        else:
            self._close()
            self._row(name, closes)

    def grid(self) -> Grid | None:
        self._close()
        return grid_of([row for row in self._rows if row] if _all_short(self._rows) else self._rows, self._caption)

    def _table(self, closes: bool) -> None:
        self._depth += -1 if closes else 1
        if self._depth <= 0 and closes:
            self.done = bool(self._rows) or self._open is not None
            self._depth = 0
        self._words.append(" ")

    def _row(self, name: str, closes: bool) -> None:
        if name == "tr" and not closes:
            self._rows.append([])
        elif name == "thead":
            self._head = not closes
        elif name in ("tbody", "tfoot"):
            self._head = False

    def _close(self) -> None:
        if self._open is None:
            return
        (name, attributes), self._open = self._open, None
        text = plain(" ".join("".join(self._words).split()))
        self._words = []
        if name == "caption":
            self._caption = text or self._caption
            return
        if not self._rows:
            self._rows.append([])
        rows, columns = _spans(attributes)
        self._rows[-1].append(RawCell(text, rows, columns, name == "th" or self._head))


def _all_short(rows: list[list[RawCell]]) -> bool:
    """Whether no cell reaches below its row, so that empty rows mean nothing."""
    return all(cell.row_span == 1 for row in rows for cell in row)


def _spans(attributes: str) -> tuple[int, int]:
    """Rows and columns that a cell says it covers."""
    found = {name.lower(): int(number) for name, number in _SPAN.findall(attributes)}
    return max(1, found.get("row", 1)), max(1, found.get("col", 1))
