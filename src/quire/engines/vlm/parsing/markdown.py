"""Markdown as models write it → pieces: with HTML and formulas inside, fences left open, cut off anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from quire.engines.vlm.parsing import markdown_blocks as blocks
from quire.engines.vlm.parsing.inline import plain, without_marks
from quire.engines.vlm.parsing.markdown_blocks import Found
from quire.engines.vlm.parsing.markdown_lists import is_item, list_piece
from quire.engines.vlm.parsing.pieces import Piece, ToBox

_TABLE_EDGE: Final = re.compile(r"(?=<table\b)|(?<=</table>)", re.IGNORECASE)
_PICTURE: Final = re.compile(
    r"(!\[[^\[\]\n]*\]\([^()\n]*\)(?:[ \t]{0,3}\d[\d.]{0,8}(?:[ \t]{0,3},[ \t]{0,3}\d[\d.]{0,8}){3})?)"
)
_ALONE: Final = re.compile(r"\$[^$]+\$")
"""A formula that is all of its paragraph is set apart from the text, however it is delimited."""

_DOCUMENTS: Final = frozenset({"markdown", "md", "html"})
_FRONT_MATTER_LINES: Final = 20
_MAX_PIECES: Final = 20_000


def parse_markdown(text: str, to_box: ToBox | None = None) -> list[Piece]:
    """The blocks of a text in its order.

    Args:
        to_box: for the boxes of pictures, `![image](…)x1,y1,x2,y2`; without it they are not looked at.
    """
    lines = _body([*_lines(without_marks(text))])
    return _Reader(lines, to_box).pieces()


def _lines(text: str) -> Iterator[str]:
    """Lines, with tables and pictures on lines of their own."""
    for line in text.split("\n"):
        for part in _TABLE_EDGE.split(line) if "<" in line else [line]:
            if "![" in part and "|" not in part and not part.lstrip().startswith("<t"):
                yield from (piece for piece in _PICTURE.split(part) if piece.strip())
            else:
                yield part


def _body(lines: list[str]) -> list[str]:
    """The lines without what is around them: front matter, or a fence around the whole answer."""
    start = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    if lines[start : start + 1] == ["---"]:
        closing = next(
            (p for p in range(start + 1, min(len(lines), start + _FRONT_MATTER_LINES)) if lines[p] == "---"), 0
        )
        # Front matter is keys and values; a line of dashes may also be just that.
        if closing and all(":" in line for line in lines[start + 1 : closing]):
            return lines[closing + 1 :]
    fence = blocks.fenced(lines, start) if start < len(lines) else None
    if fence and fence[0] in _DOCUMENTS:
        return fence[1] + lines[fence[2] :]
    return lines


class _Reader:
    """Goes over the lines once."""

    def __init__(self, lines: Sequence[str], to_box: ToBox | None) -> None:
        self._lines = lines
        self._to_box = to_box
        self._pieces: list[Piece] = []
        self._paragraph: list[str] = []
        self._headed = False

    def pieces(self) -> list[Piece]:
        at = 0
        while at < len(self._lines) and len(self._pieces) < _MAX_PIECES:
            found = self._block(at)
            if found is None:
                self._add_line(self._lines[at])
                at += 1
            else:
                self._end_paragraph()
                self._pieces.extend(found.pieces)
                at = found.end
        self._end_paragraph()
        return [piece for piece in self._pieces if piece.text or piece.grid or piece.kind == "figure"]

    def _block(self, at: int) -> Found | None:
        line = self._lines[at]
        if not line.strip():
            return Found([], at + 1)
        if is_item(line, interrupts=bool(self._paragraph)) and blocks.rule(self._lines, at) is None:
            piece, end = list_piece(self._lines, at, lambda place: self._other(place) is not None)
            return Found([piece], end)
        found = self._other(at)
        if found and len(found.pieces) == 1 and found.pieces[0].kind == "heading":
            return Found([self._title(found.pieces[0], line)], found.end)
        return found

    def _other(self, at: int) -> Found | None:
        """What begins here, but for lists and paragraphs."""
        if self._is_underline(at):
            return None
        lines = self._lines
        return (
            blocks.heading(lines, at)
            or self._code(at)
            or blocks.rule(lines, at)
            or blocks.image(lines, at, self._to_box)
            or blocks.html_table(lines, at)
            or blocks.pipes(lines, at)
            or blocks.note(lines, at)
            or blocks.tagged(lines, at)
            or blocks.display_math(lines, at)
        )

    def _code(self, at: int) -> Found | None:
        fence = blocks.fenced(self._lines, at)
        if fence is None:
            return None
        return Found([Piece("code", "\n".join(line.rstrip() for line in fence[1]).strip("\n"))], fence[2])

    def _title(self, piece: Piece, line: str) -> Piece:
        first, self._headed = not self._headed, True
        return replace(piece, kind="title", level=None) if first and blocks.is_top(line) else piece

    def _is_underline(self, at: int) -> bool:
        """Whether a line of "=" makes the line above it a heading."""
        marks = self._lines[at].strip()
        return len(self._paragraph) == 1 and len(marks) > 2 and not marks.strip("=")

    def _add_line(self, line: str) -> None:
        if len(self._paragraph) == 1 and len(line.strip()) > 2 and not line.strip(" \t="):
            text, self._paragraph = plain(self._paragraph[0]), []
            self._pieces.append(self._title(Piece("heading", text, level=1), "#"))
        else:
            self._paragraph.append(line.lstrip("> \t") if line.lstrip().startswith(">") else line)

    def _end_paragraph(self) -> None:
        if not self._paragraph:
            return
        text = plain("\n".join(self._paragraph))
        self._paragraph = []
        if _ALONE.fullmatch(text):
            self._pieces.append(Piece("formula", text.strip("$")))
        elif text:
            self._pieces.append(Piece("paragraph", text))
