"""A page's blocks in reading order, each with its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np

from quire.document import Block, Figure
from quire.geometry import Box, bounds
from quire.layout.at_ink import at_ink
from quire.layout.base import FoundFigure, FoundTable, Structure
from quire.layout.captions import Captions, with_captions
from quire.layout.carry import with_continuations
from quire.layout.direction import sideways
from quire.layout.draft import Draft
from quire.layout.footnotes import with_footnotes
from quire.layout.headings import mark_headings
from quire.layout.margins import mark_margins
from quire.layout.numbers import line_numbers
from quire.layout.order import reading_order
from quire.layout.regions import Solid, drafts_of
from quire.layout.rows import rows
from quire.layout.sheet import Sheet, sheet_of
from quire.view import PageView

# Gaps between more blocks than that, each to each, cost more than they tell.
_MAX_COMPARED = 1500
_MAX_RULES = 4000
_FURNITURE = frozenset({"header", "footer", "page_number"})


def arrange(view: PageView, number: int, tables: Sequence[FoundTable], figures: Sequence[FoundFigure]) -> Structure:
    """Lines in reading order, and the blocks that refer to them by position."""
    sheet = sheet_of(view)
    solids = solids_of(sheet, tables, figures)
    taken = {line for solid in solids for line in solid.block.lines}
    drafts = with_gaps(_in_order(sheet, [line for line in range(len(view.lines)) if line not in taken], solids))
    drafts, captions = with_captions(with_footnotes(drafts, view))
    drafts = mark_headings(mark_margins(drafts, view), view)
    return structure_of(view, number, with_continuations(furniture_outside(drafts)), captions, tables, figures)


def solids_of(sheet: Sheet, tables: Sequence[FoundTable], figures: Sequence[FoundFigure]) -> list[Solid]:
    """Tables and figures as they stand among the text; a line belongs to the first that claims it."""
    taken: set[int] = set()
    result: list[Solid] = []
    for index, table in enumerate(tables):
        own = _rows_of(sheet, table.lines - taken)
        block = Block("table", table.table.box, table.table.text, _flat(own), table=index)
        result.append(Solid(sheet.placed(bounds([table.table.box])), block, own))
        taken |= table.lines
    for index, figure in enumerate(figures):
        own = _rows_of(sheet, figure.lines - taken)
        block = Block("figure", figure.box.quad, _row_text(sheet, own), _flat(own), figure=index)
        result.append(Solid(sheet.placed(figure.box), block, own))
        taken |= figure.lines
    return result


def _rows_of(sheet: Sheet, lines: frozenset[int]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in rows(sheet.boxes, sorted(lines)))


def _flat(own: Sequence[Sequence[int]]) -> tuple[int, ...]:
    return tuple(line for row in own for line in row)


def _row_text(sheet: Sheet, own: Sequence[Sequence[int]]) -> str:
    return "\n".join(" ".join(sheet.view.lines[line].text for line in row) for row in own)


def _in_order(sheet: Sheet, lines: Sequence[int], solids: Sequence[Solid]) -> list[Draft]:
    """Drafts of all regions, one after the other; line numbers come first,
    what is written sideways along the page last.
    """
    aside = [line for line in lines if sheet.direction != "ttb" and sideways(sheet.view.lines[line], sheet.boxes[line])]
    counting = line_numbers(sheet, lines)
    apart = {*aside, *counting}
    along = [line for line in lines if line not in apart]
    places = np.concatenate([sheet.boxes[along], *(solid.place[None] for solid in solids)])
    solid = np.arange(len(places)) >= len(along)
    result = drafts_of(sheet, counting, [])
    drawn = sheet.straight([Box(*rule).quad for rule in sheet.view.rules[:_MAX_RULES]])
    for region in reading_order(places, solid, drawn):
        own = [along[index] for index in region if index < len(along)]
        result += drafts_of(sheet, own, [solids[index - len(along)] for index in region if index >= len(along)])
    for line in sorted(aside, key=lambda line: -sheet.boxes[line, 0]):
        result += drafts_of(sheet, [line], [])
    return result


def with_gaps(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, each with its distance to what is above and below it."""
    if not 1 < len(drafts) <= _MAX_COMPARED:
        return list(drafts)
    boxes = np.array([draft.box for draft in drafts], np.float64)
    level = (boxes[:, None, 0] < boxes[None, :, 2]) & (boxes[None, :, 0] < boxes[:, None, 2])
    below = level & (boxes[None, :, 1] + boxes[None, :, 3] > boxes[:, None, 1] + boxes[:, None, 3])
    gaps = np.where(below, np.maximum(boxes[None, :, 1] - boxes[:, None, 3], 0.0), inf)
    after, before = gaps.min(axis=1).tolist(), gaps.min(axis=0).tolist()
    return [
        replace(draft, gap_above=above, gap_below=under)
        for draft, above, under in zip(drafts, before, after, strict=True)
    ]


def furniture_outside(drafts: Sequence[Draft]) -> list[Draft]:
    """Headers before everything else, footers after it; a page number goes with the nearer end.

    What stands level with them or farther out keeps its place among them.
    """
    ends = [(draft.box.y0 + draft.box.y1) / 2 for draft in drafts]
    middle = (min(ends) + max(ends)) / 2 if ends else 0.0
    furniture = {place for place, draft in enumerate(drafts) if draft.block.kind in _FURNITURE}
    heads = {place for place in furniture if _is_head(drafts[place], ends[place] < middle)}
    top = max((drafts[place].box.y1 for place in heads), default=-inf)
    bottom = min((drafts[place].box.y0 for place in furniture if place not in heads), default=inf)

    def rank(place: int) -> int:
        if place in furniture:
            return -1 if place in heads else 1
        return 1 if ends[place] > bottom else -1 if ends[place] < top else 0

    return [drafts[place] for place in sorted(range(len(drafts)), key=rank)]


def _is_head(draft: Draft, upper: bool) -> bool:
    return draft.block.kind == "header" or (draft.block.kind == "page_number" and upper)


def structure_of(
    view: PageView,
    number: int,
    drafts: Sequence[Draft],
    captions: Captions,
    tables: Sequence[FoundTable],
    figures: Sequence[FoundFigure],
) -> Structure:
    """The result: lines in the order of their blocks, which refer to them by their new positions."""
    order = [line for draft in drafts for line in draft.block.lines]
    position = {line: place for place, line in enumerate(order)}
    blocks = tuple(_renumbered(draft.block, position) for draft in drafts)
    inside = {block.figure: block.text for block in blocks if block.figure is not None}
    return Structure(
        lines=tuple(at_ink(view.lines[line], view.styles[line].ink if view.styles else None) for line in order),
        blocks=blocks,
        tables=tuple(
            replace(found.table, caption=captions.get(("table", index), found.table.caption))
            for index, found in enumerate(tables)
        ),
        figures=tuple(
            Figure(f"p{number}-f{index + 1}", found.box.quad, captions.get(("figure", index)), inside.get(index, ""))
            for index, found in enumerate(figures)
        ),
    )


def _renumbered(block: Block, position: Mapping[int, int]) -> Block:
    items = tuple(replace(item, lines=tuple(position[line] for line in item.lines)) for item in block.items)
    return replace(block, lines=tuple(position[line] for line in block.lines), items=items)
