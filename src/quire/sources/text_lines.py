"""Characters of a PDF page → lines and words, with arrays instead of a loop over characters.

PDFium orders characters into lines and marks their ends, but one of its lines may run across a gutter, and a
line that follows a hyphenated word is broken after that word. Lines are therefore cut and joined again by
geometry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from quire.document import Line
from quire.sources.base import Raster
from quire.sources.characters import Characters
from quire.sources.ink import Ink, gaps, numbered, visible_ink
from quire.sources.line_building import assemble
from quire.sources.pdf_frame import PageFrame
from quire.sources.right_to_left import marks_of, reading_order
from quire.view import LineStyle

_COLUMN_GAP: Final = 1.5
"""Heights of empty space that part a line in two; wide spaces of justified text and bullets stay below."""
_OVERLAP: Final = 0.6
_JOINED_WORD_GAP: Final = 0.2
_SAME_LINE: Final = 0.5
"""Share of the smaller of two characters' heights by which they stand side by side."""
_NEXT_LINE: Final = 0.2


def build_lines(
    characters: Characters, frame: PageFrame, raster: Raster
) -> tuple[tuple[Line, ...], tuple[LineStyle, ...]]:
    """Lines with words in the page's own order, nothing outside the page, and the style of each.

    Boxes and sizes are in pixels of `raster`.
    """
    ink = visible_ink(characters, frame, raster)
    if not len(ink.codes):
        return (), ()
    ink = _read_from_right(_part_columns(_rejoin(ink)))
    scale = raster.width / frame.width_pt
    styles = [replace(style, size_px=round(style.size_px * scale, 1)) for style in characters.styles.styles]
    lines = zip(assemble(ink, raster), _prevailing(ink), strict=True)
    kept = _unrepeated((line, replace(styles[style], ink=reach)) for (line, reach), style in lines)
    return tuple(line for line, _ in kept), tuple(style for _, style in kept)


def _rejoin(ink: Ink) -> Ink:
    """Lines by geometry where PDFium's are wrong: parted at raised figures, run together on tiny pages."""
    smaller = np.minimum(ink.heights[:-1], ink.heights[1:])
    larger = np.maximum(ink.heights[:-1], ink.heights[1:])
    before, after, gap = ink.spans[:-1], ink.spans[1:], gaps(ink.spans)
    shared = np.minimum(before[:, 3], after[:, 3]) - np.maximum(before[:, 1], after[:, 1])
    beside = (shared > _SAME_LINE * smaller) & (gap > -_OVERLAP * larger) & (gap < larger)
    # A jump along the line as well as across it; vertical writing only jumps across.
    returns = (shared < _NEXT_LINE * smaller) & (gap > _COLUMN_GAP * larger)
    ends = np.diff(ink.lines) > 0
    turned = np.diff(ink.turns) != 0
    spaces = ink.spaces + numbered(ends & (gap > _JOINED_WORD_GAP * larger))
    return replace(ink, lines=numbered((ends & ~beside) | returns | turned), spaces=spaces)


def _part_columns(ink: Ink) -> Ink:
    """Cuts lines where nothing stands between two of their parts, whatever the order of the characters."""
    # Lines end to end: one pass over them all.
    stride = float(ink.spans[:, 2].max() - ink.spans[:, 0].min()) + 1.0
    starts, ends = (ink.spans[:, side] + ink.lines * stride for side in (0, 2))
    order = np.argsort(starts, kind="stable")
    lines, heights = ink.lines[order], ink.heights[order]
    gap = starts[order][1:] - np.maximum.accumulate(ends[order])[:-1]
    new_line = np.diff(lines) > 0
    wide = ~new_line & (gap > _COLUMN_GAP * np.maximum(heights[1:], heights[:-1]))
    if not wide.any():
        return ink
    parts = np.empty(len(order), np.int64)
    parts[order] = numbered(wide | new_line)
    _, first, inverse = np.unique(parts, return_index=True, return_inverse=True)
    ranks = np.argsort(np.argsort(first))[inverse]
    by_rank = np.argsort(ranks, kind="stable")
    return ink.reordered(by_rank, ranks[by_rank])


def _read_from_right(ink: Ink) -> Ink:
    """Arabic and Hebrew in reading order; vowel signs belong to the word of their letter."""
    order = reading_order(ink.codes, ink.spans, ink.lines)
    if order is None:
        return ink
    marks_before = np.cumsum(marks_of(ink.codes))
    ink = ink.reordered(order, ink.lines)
    letters = np.flatnonzero(~marks_of(ink.codes))
    of_letter = ink.reordered(letters, ink.lines[letters])
    # PDFium takes a sign that stands away from its letter for a word: letters that touch are no two words.
    signs_between = np.diff(marks_before[order[letters]]) != 0
    touching = signs_between & (gaps(of_letter.spans) < _JOINED_WORD_GAP * of_letter.heights[1:])
    words = numbered((np.diff(of_letter.spaces) != 0) & ~touching)
    bases = np.searchsorted(letters, np.arange(len(order)), side="right") - 1
    return replace(ink, spaces=words[np.maximum(bases, 0)])


def _prevailing(ink: Ink) -> list[int]:
    """The style of most of each line's letters."""
    pairs = ink.lines * (int(ink.styles.max()) + 1) + ink.styles
    runs = np.flatnonzero(np.diff(pairs, prepend=-1))
    pairs, inverse = np.unique(pairs[runs], return_inverse=True)
    letters = np.bincount(inverse, np.diff(runs, append=len(ink.codes)))
    lines, styles = np.divmod(pairs, int(ink.styles.max()) + 1)
    order = np.lexsort((-letters, lines))
    first = np.flatnonzero(np.diff(lines[order], prepend=-1))
    prevailing: list[int] = styles[order][first].tolist()
    return prevailing


def _unrepeated(lines: Iterable[tuple[Line, LineStyle]]) -> list[tuple[Line, LineStyle]]:
    """Without the copies by which some programs fake bold type or shadows."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for line, style in lines:
        (x0, y0), _, (x1, y1), _ = line.box
        size = max(4.0, min(abs(x1 - x0), abs(y1 - y0)) / 2)
        key = (line.text, round((x0 + x1) / 2 / size), round((y0 + y1) / 2 / size))
        if key not in seen:
            seen.add(key)
            kept.append((line, style))
    return kept
