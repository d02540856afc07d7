"""Characters of a PDF page → lines and words, with arrays instead of a loop over characters.

PDFium orders characters into lines and marks their ends, but one of its lines may run across a gutter, and a
line that follows a hyphenated word is broken after that word. Lines are therefore cut and joined again by
geometry, in a frame where every line reads along u and its letters stand upright along v (so that turned text
needs no case of its own).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Word
from quire.geometry import Quad
from quire.sources.base import Raster
from quire.sources.characters import Characters
from quire.sources.pdf_frame import PageFrame, Rects
from quire.sources.right_to_left import marks_of, reading_order
from quire.sources.unicode_text import Text, clean
from quire.view import LineStyle

_COLUMN_GAP: Final = 1.5
"""Heights of empty space that part a line in two; wide spaces of justified text and bullets stay below."""
_WORD_GAP: Final = 0.6
_JOINED_WORD_GAP: Final = 0.2
_SAME_LINE: Final = 0.5
"""Share of the smaller of two characters' heights by which they stand side by side."""
_NEXT_LINE: Final = 0.2
_STACKED: Final = 1.5
_FIRST_IDEOGRAPH: Final = 0x2E80

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Ink:
    """The visible characters: (N,) arrays in reading order.

    Attributes:
        codes: Unicode code points.
        spans: (N, 4) u0, v0, u1, v1 in pixels of the reading frame.
        turns: quarter turns clockwise from the page's frame to the reading frame.
        lines: number of the line each stands in, ascending.
        spaces: number of spaces before it, ascending within a line.
        styles: number of its style among the page's.
    """

    codes: NDArray[np.uint32]
    spans: Floats
    turns: Ints
    lines: Ints
    spaces: Ints
    styles: Ints

    def reordered(self, order: Ints, lines: Ints) -> _Ink:
        taken = (self.codes[order], self.spans[order], self.turns[order])
        return _Ink(*taken, lines, self.spaces[order], self.styles[order])

    @property
    def heights(self) -> Floats:
        return self.spans[:, 3] - self.spans[:, 1]


def build_lines(
    characters: Characters, frame: PageFrame, raster: Raster
) -> tuple[tuple[Line, ...], tuple[LineStyle, ...]]:
    """Lines with words in the page's own order, nothing outside the page, and the style of each.

    Boxes and sizes are in pixels of `raster`.
    """
    ink = _visible(characters, frame, raster)
    if not len(ink.codes):
        return (), ()
    ink = _read_from_right(_part_columns(_rejoin(ink)))
    scale = raster.width / frame.width_pt
    styles = [replace(style, size_px=round(style.size_px * scale, 1)) for style in characters.styles.styles]
    lines = zip(_assemble(ink, raster), map(styles.__getitem__, _prevailing(ink)), strict=True)
    kept = _unrepeated(lines)
    return tuple(line for line, _ in kept), tuple(style for _, style in kept)


def _prevailing(ink: _Ink) -> list[int]:
    """The style of most of each line's letters."""
    kinds = int(ink.styles.max()) + 1
    pairs, counts = np.unique(ink.lines * kinds + ink.styles, return_counts=True)
    order = np.lexsort((-counts, pairs // kinds))
    _, first = np.unique(pairs[order] // kinds, return_index=True)
    prevailing: list[int] = (pairs[order][first] % kinds).tolist()
    return prevailing


def _visible(characters: Characters, frame: PageFrame, raster: Raster) -> _Ink:
    boxes = frame.to_pixels(characters.boxes, raster)
    text: Text = clean(characters.codes, boxes)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    shown = text.visible & (x >= 0) & (x <= raster.width) & (y >= 0) & (y <= raster.height)
    turns = ((characters.turns.astype(np.int64) + frame.rotation // 90) % 4)[shown]
    lines = (np.cumsum(text.breaks, dtype=np.int64) - text.breaks)[shown]
    spaces = np.cumsum(text.spaces, dtype=np.int64)[shown]
    styles = characters.styles.of_character[shown]
    return _Ink(text.codes[shown], _to_reading_frame(boxes[shown], turns), turns, lines, spaces, styles)


def _to_reading_frame(boxes: Rects, turns: Ints) -> Floats:
    x0, y0, x1, y1 = boxes.T
    by_turn = ((x0, y0, x1, y1), (y0, -x1, y1, -x0), (-x1, -y1, -x0, -y0), (-y1, x0, -y0, x1))
    return np.stack([np.choose(turns, side) for side in zip(*by_turn, strict=True)], axis=1)


def _rejoin(ink: _Ink) -> _Ink:
    """Lines by geometry where PDFium's are wrong: parted at raised figures, run together on tiny pages."""
    smaller = np.minimum(ink.heights[:-1], ink.heights[1:])
    larger = np.maximum(ink.heights[:-1], ink.heights[1:])
    before, after, gap = ink.spans[:-1], ink.spans[1:], _gaps(ink.spans)
    shared = np.minimum(before[:, 3], after[:, 3]) - np.maximum(before[:, 1], after[:, 1])
    beside = (shared > _SAME_LINE * smaller) & (gap > -_WORD_GAP * larger) & (gap < larger)
    # A jump along the line as well as across it; vertical writing only jumps across.
    returns = (shared < _NEXT_LINE * smaller) & (gap > _COLUMN_GAP * larger)
    ends = np.diff(ink.lines) > 0
    turned = np.diff(ink.turns) != 0
    spaces = ink.spaces + _numbered(ends & (gap > _JOINED_WORD_GAP * larger))
    return replace(ink, lines=_numbered((ends & ~beside) | returns | turned), spaces=spaces)


def _gaps(spans: Floats) -> Floats:
    """Empty space between neighbours, whichever way they run; negative where they overlap."""
    gaps: Floats = np.maximum(spans[1:, 0] - spans[:-1, 2], spans[:-1, 0] - spans[1:, 2])
    return gaps


def _numbered(starts: Flags) -> Ints:
    """Ascending numbers for runs, from a flag for each element but the first."""
    return np.concatenate(([0], np.cumsum(starts)))


def _part_columns(ink: _Ink) -> _Ink:
    """Cuts lines where nothing stands between two of their parts, whatever the order of the characters."""
    order = np.lexsort((ink.spans[:, 0], ink.lines))
    lines, spans, heights = ink.lines[order], ink.spans[order].astype(np.float64), ink.heights[order]
    stride = float(spans[:, 2].max() - spans[:, 0].min()) + 1.0
    reach = np.maximum.accumulate(spans[:, 2] + lines * stride)
    gap = spans[1:, 0] + lines[1:] * stride - reach[:-1]
    wide = gap > _COLUMN_GAP * np.maximum(heights[1:], heights[:-1])
    parts = np.empty(len(order), np.int64)
    parts[order] = _numbered(wide | (np.diff(lines) > 0))
    _, first, inverse = np.unique(parts, return_index=True, return_inverse=True)
    ranks = np.argsort(np.argsort(first))[inverse]
    by_rank = np.argsort(ranks, kind="stable")
    return ink.reordered(by_rank, ranks[by_rank])


def _read_from_right(ink: _Ink) -> _Ink:
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
    touching = signs_between & (_gaps(of_letter.spans) < _JOINED_WORD_GAP * of_letter.heights[1:])
    words = _numbered((np.diff(of_letter.spaces) != 0) & ~touching)
    bases = np.searchsorted(letters, np.arange(len(order)), side="right") - 1
    return replace(ink, spaces=words[np.maximum(bases, 0)])


def _assemble(ink: _Ink, raster: Raster) -> list[Line]:
    new_line = np.diff(ink.lines) > 0
    new_word = new_line | (np.diff(ink.spaces) != 0) | (_gaps(ink.spans) > _WORD_GAP * ink.heights[1:])
    starts = np.concatenate(([0], np.flatnonzero(new_word) + 1))
    spans = _unions(ink.spans, starts)
    texts = _words(ink.codes, starts)
    lines = ink.lines[starts]
    first = np.concatenate(([0], np.flatnonzero(np.diff(lines)) + 1))
    line_spans = _unions(spans, first)
    columns = _columns(ink, np.append(starts, len(ink.codes))[np.append(first, len(starts))], line_spans)
    of_word = np.repeat(columns, np.diff(first, append=len(starts)))
    word_quads = _quads(spans, ink.turns[starts], of_word, raster)
    line_quads = _quads(line_spans, ink.turns[starts][first], columns, raster)
    words = [Word(text, quad, 1.0) for text, quad in zip(texts, word_quads, strict=True)]
    ends = [*first[1:].tolist(), len(words)]
    return [
        Line(" ".join(texts[start:end]), quad, 1.0, tuple(words[start:end]))
        for start, end, quad in zip(first.tolist(), ends, line_quads, strict=True)
    ]


def _columns(ink: _Ink, starts: Ints, spans: Floats) -> Flags:
    """Which lines are columns of vertical writing: letters that stand below each other.

    Args:
        starts: each line's first character, and the number of characters.
        spans: of the lines.
    """
    sizes = np.maximum.reduceat(ink.spans[:, 2:] - ink.spans[:, :2], starts[:-1])
    wide, high = (spans[:, 2:] - spans[:, :2]).T
    ideographs: Flags = (ink.codes[starts[:-1]] >= _FIRST_IDEOGRAPH) & (high > _STACKED * sizes[:, 1])
    return ideographs & (wide < _STACKED * sizes[:, 0])


def _unions(spans: Floats, starts: Ints) -> Floats:
    low = np.minimum.reduceat(spans[:, :2], starts)
    return np.concatenate((low, np.maximum.reduceat(spans[:, 2:], starts)), axis=1)


def _words(codes: NDArray[np.uint32], starts: Ints) -> list[str]:
    text = codes.astype("<u4").tobytes().decode("utf-32-le")
    ends = [*starts[1:].tolist(), len(text)]
    words = [text[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]
    # Ligatures and Arabic letter forms are how a font draws letters: readers search for the letters.
    drawn = (codes >= 0xFB00) & (codes <= 0xFEFC) & ~((codes >= 0xFE00) & (codes <= 0xFE6F))
    return [unicodedata.normalize("NFKC", word) for word in words] if drawn.any() else words


def _quads(spans: Floats, turns: Ints, columns: Flags, raster: Raster) -> list[Quad]:
    """Quads of the page: an upright box's corners, starting with the one where its text starts.

    Columns of vertical writing read like lines turned clockwise, from their top right corner down.
    """
    u0, v0, u1, v1 = spans.T
    by_turn = ((u0, v0, u1, v1), (-v1, u0, -v0, u1), (-u1, -v1, -u0, -v0), (v0, -u1, v1, -u0))
    boxes = np.stack([np.choose(turns, side) for side in zip(*by_turn, strict=True)], axis=1)
    boxes = boxes.clip(0, (raster.width, raster.height) * 2).astype(np.float64).round(1)
    quads: list[Quad] = [((a, b), (c, b), (c, d), (a, d)) for a, b, c, d in boxes.tolist()]
    corners = (turns + columns) % 4
    for index in np.flatnonzero(corners).tolist():
        a, b, c, d = quads[index]
        quads[index] = ((b, c, d, a), (c, d, a, b), (d, a, b, c))[corners[index] - 1]
    return quads


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
