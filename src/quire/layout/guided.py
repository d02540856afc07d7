"""A page's structure from the regions that a layout model saw: what is where, and in which order it is read.

Geometry still joins lines to rows and paragraphs, finds lists, and places what the model missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quire.geometry import Box
from quire.layout.base import FoundFigure, FoundTable, Structure
from quire.layout.blocks import furniture_outside, solids_of, structure_of, with_gaps
from quire.layout.captions import with_captions
from quire.layout.carry import with_continuations
from quire.layout.draft import Draft
from quire.layout.headings import with_levels
from quire.layout.order import reading_order
from quire.layout.regions import Solid, drafts_of, whole_draft
from quire.layout.sheet import Sheet, sheet_of
from quire.layout.tables.within import table_within
from quire.view import PageView, Region

_MAX_LINES: Final = 6000
_MAX_LOOSE: Final = 300
_MOST: Final = 0.5


class _Parts(NamedTuple):
    """A page taken apart by its regions.

    Attributes:
        own: lines of each region; of a table or figure those that are no part of it.
        solids: by the region that they come from.
        loose: lines in no region.
    """

    own: list[list[int]]
    tables: list[FoundTable]
    figures: list[FoundFigure]
    solids: dict[int, Solid]
    loose: list[int]


def guided(view: PageView, number: int) -> Structure | None:
    """The structure of one page by its regions; None where they leave out most of its text, or there are none.

    Args:
        number: of the page, 1-based: figures are named by it.
    """
    if not view.regions or len(view.lines) > _MAX_LINES:
        return None
    sheet = sheet_of(view)
    owners = _owners(sheet, view.regions)
    if _left_out(view, owners) > _MOST:
        return None
    parts = _parts(sheet, owners)
    loose = _of_lines(sheet, parts.loose)
    if len(loose) > _MAX_LOOSE:
        return None
    drafts = _placed(_of_regions(sheet, parts), loose)
    drafts, captions = with_captions(with_levels(with_gaps(drafts), view))
    ordered = with_continuations(furniture_outside(drafts))
    return structure_of(view, number, ordered, captions, parts.tables, parts.figures)


def _owners(sheet: Sheet, regions: Sequence[Region]) -> NDArray[np.int64]:
    """The region that holds most of each line, the smaller of two that do; -1 where none holds half of it."""
    places = np.array([sheet.placed(region.box) for region in regions])
    result = np.full(len(sheet.boxes), -1, np.int64)
    share = np.full(len(sheet.boxes), _MOST)
    area = np.prod(np.maximum(sheet.boxes[:, 2:] - sheet.boxes[:, :2], 1e-6), axis=1)
    for index in np.argsort([-region.box.area for region in regions], kind="stable").tolist():
        place = places[index]
        size = np.minimum(sheet.boxes[:, 2:], place[2:]) - np.maximum(sheet.boxes[:, :2], place[:2])
        held = np.prod(np.maximum(size, 0.0), axis=1) / area
        better = held >= share
        result[better], share[better] = index, held[better]
    return result


def _left_out(view: PageView, owners: NDArray[np.int64]) -> float:
    """Share of the letters that stand in no region."""
    letters = np.array([len(line.text) for line in view.lines], np.float64)
    return float(letters[owners < 0].sum() / max(letters.sum(), 1.0))


def _parts(sheet: Sheet, owners: NDArray[np.int64]) -> _Parts:
    view = sheet.view
    own = [np.flatnonzero(owners == index).tolist() for index in range(len(view.regions))]
    tables: dict[int, FoundTable] = {}
    figures: dict[int, FoundFigure] = {}
    for index, region in enumerate(view.regions):
        if region.kind == "figure":
            figures[index] = FoundFigure(region.box, frozenset(own[index]))
        found = table_within(view, own[index], region) if region.kind == "table" and own[index] else None
        if found is not None:
            tables[index] = found
    for index, part in (tables | figures).items():
        own[index] = [line for line in own[index] if line not in part.lines]
    solids = dict(zip([*tables, *figures], solids_of(sheet, [*tables.values()], [*figures.values()]), strict=True))
    loose = np.flatnonzero(owners < 0).tolist()
    return _Parts(own, [*tables.values()], [*figures.values()], solids, loose)


def _of_regions(sheet: Sheet, parts: _Parts) -> list[Draft]:
    result: list[Draft] = []
    for index, region in enumerate(sheet.view.regions):
        if index in parts.solids:
            result += drafts_of(sheet, (), [parts.solids[index]])
        lines = parts.own[index]
        if not lines:
            continue
        if region.kind in ("paragraph", "list", "table", "figure"):
            result += _as_text(drafts_of(sheet, lines, ()))
        else:
            result.append(whole_draft(sheet, lines, region.kind))
    return result


def _as_text(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, formulas among them as paragraphs: the model knows formulas."""
    return [
        replace(draft, block=replace(draft.block, kind="paragraph")) if draft.block.kind == "formula" else draft
        for draft in drafts
    ]


def _of_lines(sheet: Sheet, lines: Sequence[int]) -> list[Draft]:
    """What the model missed, in the order that geometry gives it."""
    result: list[Draft] = []
    for region in reading_order(sheet.boxes[lines]):
        result += drafts_of(sheet, [lines[index] for index in region], ())
    return result


def _placed(drafts: Sequence[Draft], loose: Sequence[Draft]) -> list[Draft]:
    """The drafts with the loose ones among them: after what stands above them in their column, else before what
    stands below.
    """
    result = [*drafts]
    for draft in loose:
        boxes = [other.box for other in result]
        above = [place for place, box in enumerate(boxes) if _level(box, draft.box) and box.y1 <= _middle(draft.box)]
        below = [place for place, box in enumerate(boxes) if _level(box, draft.box) and box.y0 >= _middle(draft.box)]
        place = max(above) + 1 if above else min(below, default=len(result))
        result.insert(place, draft)
    return result


def _level(one: Box, other: Box) -> bool:
    """Whether two stand in one column."""
    return one.x0 < other.x1 and other.x0 < one.x1


def _middle(box: Box) -> float:
    return (box.y0 + box.y1) / 2
