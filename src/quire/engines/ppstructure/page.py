"""The pipeline's answer → blocks, lines, tables and figures of a page."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from quire.document import Block, BlockKind, Cell, Figure, Line, Table
from quire.engines.ppstructure.answers import Corners, PageAnswer, RegionAnswer
from quire.engines.ppstructure.labels import heading_level, kind_of
from quire.engines.ppstructure.lines import Frame, in_reading_order, is_vertical, owners, seen_lines
from quire.engines.ppstructure.texts import block_text
from quire.engines.vlm.parsing.captions import captions_of
from quire.engines.vlm.parsing.flowing import direction_of
from quire.engines.vlm.parsing.html_tables import parse_html_table
from quire.engines.vlm.parsing.inline import formula, sane
from quire.engines.vlm.parsing.parsed import UNKNOWN_CONFIDENCE, Parsed
from quire.engines.vlm.parsing.pieces import Grid, Piece
from quire.engines.vlm.parsing.placing import cell_box, slices
from quire.geometry import Box, bounds, to_quad

_SEAL: Final = "seal"


def page_of(answer: PageAnswer, frame: Frame) -> Parsed:
    """What the pipeline said, in pixels of the upright page.

    Lines belong to the block that they stand in. Lines outside all blocks come last, as paragraphs of their own. A
    block whose text nobody saw line by line has lines that share its box.
    """
    lines = _marked(seen_lines(answer.overall_ocr_res, frame), answer)
    regions = [*_in_order(answer.parsing_res_list)]
    boxes = [frame.box(region.block_bbox) for region in regions]
    inside: dict[int | None, list[Line]] = {}
    for line, owner in zip(lines, owners(lines, boxes), strict=True):
        inside.setdefault(owner, []).append(line)
    page = _Page(answer, frame)
    for place, (region, box) in enumerate(zip(regions, boxes, strict=True)):
        if box is not None:
            page.add(region, box, in_reading_order(inside.get(place, [])))
    if not page.blocks:
        return Parsed(tuple(lines))
    page.add_outside(in_reading_order(inside.get(None, [])))
    return page.parsed()


def _in_order(regions: Iterable[RegionAnswer]) -> list[RegionAnswer]:
    """By the pipeline's order; those that have none stay behind the one that they follow."""
    last = 0
    keys = []
    for place, region in enumerate(regions):
        last = last if region.block_order is None else region.block_order
        keys.append((last, place, region))
    return [region for _, _, region in sorted(keys, key=lambda key: key[:2])]


def _marked(lines: Sequence[Line], answer: PageAnswer) -> list[Line]:
    """The lines, with formulas between dollars: the pipeline puts their LaTeX among the lines."""
    formulas = {" ".join(each.rec_formula.split()) for each in answer.formula_res_list}
    return [replace(line, text=f"${formula(line.text)}$") if line.text in formulas else line for line in lines]


class _Page:
    """Takes up blocks one by one."""

    def __init__(self, answer: PageAnswer, frame: Frame) -> None:
        self.blocks: list[Block] = []
        self._frame = frame
        self._lines: list[Line] = []
        self._tables: list[Table] = []
        self._figures: list[Figure] = []
        self._cells: dict[str, deque[list[Corners]]] = {}
        for table in answer.table_res_list:
            self._cells.setdefault(table.pred_html, deque()).append(table.cells)
        self._seals = {"\n".join(seal.rec_texts): seal.rec_scores for seal in answer.seal_res_list}

    def add(self, region: RegionAnswer, box: Box, lines: list[Line]) -> None:
        kind, content = kind_of(region.block_label), sane(region.block_content).strip()
        # Text around a circle is read by networks of its own; those for lines see parts of it.
        if region.block_label == _SEAL and content:
            lines = self._sliced(region.block_content, box)
        grid = parse_html_table(content) if kind == "table" else None
        if grid is not None:
            self._add_table(grid, region.block_content, box, lines)
        elif kind == "figure":
            self._add_figure(content, box, lines)
        else:
            self._add_text("paragraph" if kind == "table" else kind, content, box, lines)

    def add_outside(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self._add_text("paragraph", line.text, bounds([line.box]), [line])

    def parsed(self) -> Parsed:
        captions = captions_of([Piece(block.kind, block.text) for block in self.blocks])
        for place, caption in captions.items():
            block = self.blocks[place]
            if block.table is not None:
                self._tables[block.table] = replace(self._tables[block.table], caption=caption)
            elif block.figure is not None:
                self._figures[block.figure] = replace(self._figures[block.figure], caption=caption)
        return Parsed(tuple(self._lines), tuple(self.blocks), tuple(self._tables), tuple(self._figures))

    def _add_text(self, kind: BlockKind, content: str, box: Box, lines: list[Line]) -> None:
        text = block_text(kind, content, lines)
        if not text:
            return
        vertical = is_vertical(lines)
        lines = lines or self._sliced(content, box)
        if kind == "formula":
            lines = [replace(line, text=formula(line.text)) for line in lines]
        level = heading_level(text) if kind == "heading" else None
        direction = "ttb" if vertical else direction_of(text)
        self.blocks.append(Block(kind, to_quad(box.quad), text, self._take(lines), level=level, direction=direction))

    def _add_table(self, grid: Grid, markup: str, box: Box, lines: list[Line]) -> None:
        boxes = self._cell_boxes(grid, markup, box)
        cells = tuple(
            Cell(cell.row, cell.column, cell.text, to_quad(part.quad), cell.row_span, cell.column_span, cell.header)
            for cell, part in zip(grid.cells, boxes, strict=True)
        )
        table = Table(to_quad(box.quad), grid.rows, grid.columns, cells, grid.caption)
        lines = lines or [
            line for cell, part in zip(grid.cells, boxes, strict=True) for line in self._sliced(cell.text, part)
        ]
        self.blocks.append(Block("table", table.box, table.text, self._take(lines), table=len(self._tables)))
        self._tables.append(table)

    def _cell_boxes(self, grid: Grid, markup: str, box: Box) -> list[Box]:
        """The cells' boxes where the pipeline has one for each, else equal parts of the table."""
        equal = [cell_box(grid, cell, box) for cell in grid.cells]
        told = self._cells.get(markup)
        seen = [self._frame.box(corners) for corners in told.popleft()] if told else []
        return [own or part for own, part in zip(seen, equal, strict=True)] if len(seen) == len(equal) else equal

    def _add_figure(self, content: str, box: Box, lines: list[Line]) -> None:
        text = block_text("figure", content, lines)
        own = self._take(lines or self._sliced(content, box))
        self.blocks.append(Block("figure", to_quad(box.quad), text, own, figure=len(self._figures)))
        self._figures.append(Figure(f"f{len(self._figures) + 1}", to_quad(box.quad), None, text))

    def _sliced(self, text: str, box: Box) -> list[Line]:
        """Lines of a text that nobody saw line by line."""
        texts = [line.strip() for line in sane(text).split("\n") if line.strip()]
        scores = self._seals.get(text, [])
        if len(scores) != len(texts):
            scores = [UNKNOWN_CONFIDENCE] * len(texts)
        parts = slices(box, len(texts))
        return [
            Line(line, to_quad(part.quad), min(max(0.0, score), 1.0))
            for line, part, score in zip(texts, parts, scores, strict=True)
        ]

    def _take(self, lines: Sequence[Line]) -> tuple[int, ...]:
        start = len(self._lines)
        self._lines.extend(lines)
        return tuple(range(start, len(self._lines)))
