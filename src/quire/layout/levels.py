"""Levels of headings by what the whole document says: bookmarks, numbers, sizes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import median
from typing import Final

from quire.document import Block, OutlineEntry, Page
from quire.layout.numbering import NumberStyle, numbering
from quire.layout.sizes import points

MAX_LEVEL: Final = 3

_SAME_SIZE: Final = 1.05
_SAME_SIZE_MEASURED: Final = 1.1
_LETTERS: Final = re.compile(r"[\W_]+")
_MAX_KEY: Final = 120


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading somewhere in the document.

    Attributes:
        page: number of the page.
        index: of the block on its page.
        key: its letters, small, without spaces.
        size: points, 0 when unknown; measured on an image it scatters.
        style, depth: of its number, None and 0 without.
    """

    page: int
    index: int
    key: str
    size: float
    exact: bool
    style: NumberStyle | None
    depth: int


def headings(page: Page) -> list[Heading]:
    """Headings of a page, and titles where no title can be."""
    return [
        _heading(page, index, block)
        for index, block in enumerate(page.blocks)
        if block.kind == "heading" or (block.kind == "title" and page.number > 1)
    ]


def _heading(page: Page, index: int, block: Block) -> Heading:
    number = numbering(block.text)
    return Heading(
        page=page.number,
        index=index,
        key=key(block.text),
        size=points(page, block.font_size or 0.0),
        exact=page.source == "text_layer",
        style=number.style if number else None,
        depth=number.depth if number else 0,
    )


def key(text: str) -> str:
    """What two writings of one heading have in common."""
    return _LETTERS.sub("", text[: 2 * _MAX_KEY].casefold())[:_MAX_KEY]


def heading_levels(found: Sequence[Heading], outline: Iterable[OutlineEntry] = ()) -> dict[int, dict[int, int]]:
    """Levels 1 to 3 by page and block.

    Bookmarks are believed first, then numbers ("2.1" is a level below "2"), then sizes.
    """
    known = _bookmarked(found, outline) or _numbered(found)
    sizes = _sizes_of(found, known)
    steps = _size_steps(found)
    levels: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for heading in found:
        level = known.get((heading.page, heading.index)) or _by_size(heading, sizes, steps)
        levels[heading.page][heading.index] = level
    return dict(levels)


_Levels = Mapping[tuple[int, int], int]


def _bookmarked(found: Sequence[Heading], outline: Iterable[OutlineEntry]) -> _Levels:
    """Levels of headings that bookmarks lead to; the highest that leads to one counts as the first."""
    entries = {(entry.page, key(entry.title)): entry.level for entry in outline}
    marked = {(h.page, h.index): entries[h.page, h.key] for h in found if (h.page, h.key) in entries}
    ranks = {level: min(rank, MAX_LEVEL) for rank, level in enumerate(sorted({*marked.values()}), start=1)}
    return {place: ranks[level] for place, level in marked.items()}


def _numbered(found: Sequence[Heading]) -> _Levels:
    """Levels by numbers; where chapters or Roman numerals are counted too, other numbers are below them."""
    styles = {heading.style for heading in found if heading.depth == 1}
    below_chapter = "chapter" in styles and not any(h.style == "decimal" and h.depth == 2 for h in found)
    below_roman = "roman" in styles
    levels = {}
    for heading in found:
        if heading.style is None:
            continue
        deeper = (below_chapter and heading.style != "chapter") + (below_roman and heading.style == "letter")
        levels[heading.page, heading.index] = min(heading.depth + deeper, MAX_LEVEL)
    return levels


def _sizes_of(found: Sequence[Heading], known: _Levels) -> dict[int, float]:
    """Median size of the headings on each known level, points."""
    sizes: defaultdict[int, list[float]] = defaultdict(list)
    for heading in found:
        level = known.get((heading.page, heading.index))
        if level and heading.size:
            sizes[level].append(heading.size)
    return {level: median(values) for level, values in sorted(sizes.items())}


def _by_size(heading: Heading, sizes: Mapping[int, float], steps: Sequence[float]) -> int:
    """The known level whose size is nearest, the higher one of two alike; else the step of sizes that it is on."""
    if not heading.size:
        return 1
    if sizes:
        return min(sizes, key=lambda level: (_distance(heading, sizes[level]), level))
    return 1 + min(range(len(steps)), key=lambda step: abs(log(steps[step] / heading.size)))


def _distance(heading: Heading, size: float) -> int:
    """In steps of sizes that count as one."""
    return round(abs(log(size / heading.size)) / log(_tolerance(heading)))


def _tolerance(heading: Heading) -> float:
    return _SAME_SIZE if heading.exact else _SAME_SIZE_MEASURED


def _size_steps(found: Sequence[Heading]) -> list[float]:
    """Up to three sizes, largest first, that the headings' sizes gather around; empty when none is known."""
    sizes = sorted((heading for heading in found if heading.size), key=lambda heading: -heading.size)
    groups: list[list[Heading]] = []
    for heading in sizes:
        if groups and groups[-1][0].size <= heading.size * _tolerance(heading):
            groups[-1].append(heading)
        else:
            groups.append([heading])
    means = [median(heading.size for heading in group) for group in groups]
    return means[:MAX_LEVEL]
