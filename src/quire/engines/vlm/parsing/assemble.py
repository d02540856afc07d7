"""Pieces → blocks, tables, figures and lines of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from quire.document import Block, Cell, Figure, Line, ListItem, Table
from quire.engines.vlm.parsing.captions import captions_of, with_captions
from quire.engines.vlm.parsing.flowing import direction_of, flowing
from quire.engines.vlm.parsing.parsed import UNKNOWN_CONFIDENCE, Parsed
from quire.engines.vlm.parsing.pieces import Grid, Piece
from quire.engines.vlm.parsing.placing import cell_box, placed, slices
from quire.engines.vlm.parsing.understood import Understood
from quire.geometry import Box, Quad, to_quad

_MAX_LINES: Final = 20_000
_KEPT_BREAKS: Final = frozenset({"code", "table", "formula"})
_TOO_MANY: Final = f"the model's answer has more than {_MAX_LINES} lines: the rest was left out"


def assembled(understood: Understood, width: int, height: int) -> Parsed:
    """What was understood of a page `width` × `height` pixels large, every line in exactly one block."""
    pieces = with_captions(understood.pieces)
    page = _Page()
    for piece, box in zip(pieces, placed(pieces, width, height), strict=True):
        if len(page.lines) >= _MAX_LINES:
            break
        page.add(piece, box)
    warnings = understood.warnings + ((_TOO_MANY,) if len(page.blocks) < len(pieces) else ())
    return page.parsed(pieces, warnings, valid=understood.valid)


class _Page:
    """Takes up pieces one by one."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.blocks: list[Block] = []
        self._tables: list[Table] = []
        self._figures: list[Figure] = []

    def add(self, piece: Piece, box: Box) -> None:
        if piece.grid is not None:
            self._add_table(piece.grid, box)
        elif piece.kind == "figure":
            self._add_figure(piece, box)
        elif piece.items:
            self._add_list(piece, box)
        else:
            self._add_text(piece, box)

    def parsed(self, pieces: Sequence[Piece], warnings: tuple[str, ...], *, valid: bool) -> Parsed:
        captions = captions_of(pieces[: len(self.blocks)])
        of_tables = [captions.get(place) for place, block in enumerate(self.blocks) if block.table is not None]
        of_figures = [captions.get(place) for place, block in enumerate(self.blocks) if block.figure is not None]
        return Parsed(
            lines=tuple(self.lines),
            blocks=tuple(self.blocks),
            tables=tuple(replace(t, caption=c or t.caption) for t, c in zip(self._tables, of_tables, strict=True)),
            figures=tuple(replace(f, caption=c) for f, c in zip(self._figures, of_figures, strict=True)),
            warnings=warnings,
            valid=valid,
        )

    def _add_text(self, piece: Piece, box: Box) -> None:
        texts = [line for line in piece.text.split("\n") if line.strip()]
        own = self._add_lines(texts, box)
        text = piece.text if piece.kind in _KEPT_BREAKS else flowing(texts)
        self.blocks.append(
            Block(piece.kind, _quad(box), text, own, level=piece.level, direction=direction_of(piece.text))
        )

    def _add_list(self, piece: Piece, box: Box) -> None:
        texts = [f"{item.marker} {item.text}".strip().split("\n") if item.text else [] for item in piece.items]
        parts = iter(slices(box, sum(map(len, texts))))
        items = []
        for item, lines in zip(piece.items, texts, strict=True):
            own = tuple(self._add_line(line, next(parts)) for line in lines)
            text = flowing(item.text.split("\n"))
            items.append(ListItem(text, item.level, item.marker, item.ordered, own))
        every = tuple(line for item in items for line in item.lines)
        text = "\n".join(f"{item.marker} {item.text}".strip() for item in items)
        self.blocks.append(Block("list", _quad(box), text, every, items=tuple(items), direction=direction_of(text)))

    def _add_table(self, grid: Grid, box: Box) -> None:
        own: list[int] = []
        cells = []
        for cell in grid.cells:
            part = cell_box(grid, cell, box)
            own.extend(self._add_lines([line for line in cell.text.split("\n") if line.strip()], part))
            cells.append(
                Cell(cell.row, cell.column, cell.text, _quad(part), cell.row_span, cell.column_span, cell.header)
            )
        table = Table(_quad(box), grid.rows, grid.columns, tuple(cells), grid.caption)
        self._tables.append(table)
        self.blocks.append(Block("table", _quad(box), table.text, tuple(own), table=len(self._tables) - 1))

    def _add_figure(self, piece: Piece, box: Box) -> None:
        own = self._add_lines([line for line in piece.text.split("\n") if line.strip()], box)
        index = len(self._figures)
        self._figures.append(Figure(f"f{index + 1}", _quad(box), None, piece.text))
        self.blocks.append(Block("figure", _quad(box), piece.text, own, figure=index))

    def _add_lines(self, texts: Sequence[str], box: Box) -> tuple[int, ...]:
        return tuple(self._add_line(text, part) for text, part in zip(texts, slices(box, len(texts)), strict=True))

    def _add_line(self, text: str, box: Box) -> int:
        self.lines.append(Line(text.strip(), _quad(box), UNKNOWN_CONFIDENCE))
        return len(self.lines) - 1


def _quad(box: Box) -> Quad:
    return to_quad(box.quad)
