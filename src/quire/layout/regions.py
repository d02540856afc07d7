"""Columns of a page → drafts of its blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from quire.document import Block, BlockKind, ListItem
from quire.geometry import Box, union_box
from quire.layout.direction import dense, direction_of, sideways, turned_back
from quire.layout.draft import Draft
from quire.layout.formulas import is_formula
from quire.layout.lists import Items, gathered, list_items
from quire.layout.paragraphs import Column, centred, columns_of, paragraphs
from quire.layout.reflow import reflowed, with_indents
from quire.layout.rows import rows
from quire.layout.sheet import Row, Sheet, row_of


@dataclass(frozen=True, slots=True)
class Solid:
    """A table or a figure, to be placed among the text.

    Attributes:
        place: (4,) turned as the sheet.
        block: as it will be.
    """

    place: NDArray[np.float64]
    block: Block
    rows: tuple[tuple[int, ...], ...]


def drafts_of(sheet: Sheet, lines: Sequence[int], solids: Sequence[Solid]) -> list[Draft]:
    """Drafts of one region from top to bottom: its lines, and what stands between them."""
    if not lines and not solids:
        return []
    text = [row_of(sheet, row) for row in rows(sheet.boxes, lines)]
    edge = _region(text, solids)
    columns = dict(
        zip(text, columns_of(text, sizes_known=bool(sheet.view.styles) and not sheet.view.measured), strict=True)
    )
    result: list[Draft] = []
    for part in _parts(text, solids):
        if isinstance(part, Solid):
            result.append(Draft(part.block, _back(sheet, part.place), _back(sheet, edge), part.rows))
        else:
            result.extend(_text_drafts(sheet, part, columns, edge))
    return result


def whole_draft(sheet: Sheet, lines: Sequence[int], kind: BlockKind) -> Draft:
    """All of one or more lines as one block of that kind."""
    text = [row_of(sheet, row) for row in rows(sheet.boxes, lines)]
    edge = _region(text, ())
    left, right = float(edge[0]), float(edge[2])
    content = with_indents(text, left) if kind == "code" else reflowed(text, right)
    return Draft(
        block=_block(sheet, kind, content, text),
        box=_back(sheet, edge),
        column=_back(sheet, edge),
        rows=tuple(row.lines for row in text),
        bold=all(row.bold for row in text),
        tag=_tag(sheet, text),
    )


def _region(text: Sequence[Row], solids: Sequence[Solid]) -> NDArray[np.float64]:
    boxes = np.array([(row.x0, row.y0, row.x1, row.y1) for row in text] + [solid.place.tolist() for solid in solids])
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _back(sheet: Sheet, place: NDArray[np.float64]) -> Box:
    return turned_back(Box(*place.tolist()), sheet.direction)


def _parts(text: Sequence[Row], solids: Sequence[Solid]) -> Iterator[list[Row] | Solid]:
    """Rows and solids by where they begin: rows beside a table or figure come after it."""
    waiting = sorted(solids, key=lambda solid: float(solid.place[1]))
    part: list[Row] = []
    for row in text:
        while waiting and waiting[0].place[1] < row.centre:
            yield part
            part = []
            yield waiting.pop(0)
        part.append(row)
    yield part
    yield from waiting


def _text_drafts(
    sheet: Sheet, text: Sequence[Row], columns: Mapping[Row, Column], edge: NDArray[np.float64]
) -> Iterator[Draft]:
    for group in gathered(paragraphs(text, [columns[row] for row in text])):
        own = group.rows if isinstance(group, Items) else group
        column = columns[own[0]]
        box = np.array(
            [
                min(row.x0 for row in own),
                min(row.y0 for row in own),
                max(row.x1 for row in own),
                max(row.y1 for row in own),
            ]
        )
        yield Draft(
            block=_list(sheet, group, column) if isinstance(group, Items) else _text(sheet, own, column),
            box=_back(sheet, box),
            column=_back(sheet, edge),
            rows=tuple(row.lines for row in own),
            bold=all(row.bold for row in own),
            italic=_most(own, lambda line: sheet.style(line).italic),
            mono=all(row.mono for row in own),
            tag=_tag(sheet, own),
            centred=all(centred(row, column) for row in own),
        )


def _list(sheet: Sheet, group: Items, column: Column) -> Block:
    items = list_items(group.items, column.right)
    return _block(sheet, "list", "\n".join(f"{item.marker} {item.text}" for item in items), group.rows, items)


def _text(sheet: Sheet, own: Sequence[Row], column: Column) -> Block:
    if all(row.mono for row in own):
        return _block(sheet, "code", with_indents(own, column.left), own)
    kind: BlockKind = "formula" if is_formula(own, column.left, column.right) else "paragraph"
    return _block(sheet, kind, reflowed(own, column.right), own)


def _block(sheet: Sheet, kind: BlockKind, text: str, own: Sequence[Row], items: tuple[ListItem, ...] = ()) -> Block:
    lines = tuple(line for row in own for line in row.lines)
    return Block(
        kind=kind,
        box=union_box(sheet.view.lines[line].box for line in lines),
        text=text,
        lines=lines,
        items=items,
        font_size=median(row.size for row in own),
        direction="ttb" if sheet.direction == "ttb" or _upright(sheet, lines) else direction_of(text),
    )


def _upright(sheet: Sheet, lines: Sequence[int]) -> bool:
    """Whether lines of a page that is written in rows are columns all the same."""
    found = [(sheet.view.lines[line], sheet.boxes[line]) for line in lines]
    return all(sideways(line, box) and dense(line.text) for line, box in found)


def _most(own: Sequence[Row], holds: Callable[[int], bool]) -> bool:
    lines = [line for row in own for line in row.lines]
    return 2 * sum(map(holds, lines)) > len(lines)


def _tag(sheet: Sheet, own: Sequence[Row]) -> str | None:
    tags = Counter(sheet.style(line).tag for row in own for line in row.lines)
    tag, count = tags.most_common(1)[0]
    return tag if 2 * count > sum(tags.values()) else None
