"""Characters that stand in one line → that line, its words and their boxes."""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Word
from quire.geometry import Quad
from quire.sources.base import Raster
from quire.sources.ink import Flags, Floats, Ink, Ints, gaps
from quire.view import Reach

_WORD_GAP: Final = 0.6
"""Heights of empty space that part two words, whether or not there is a space."""
_STACKED: Final = 1.5
_FIRST_IDEOGRAPH: Final = 0x2E80


def assemble(ink: Ink, raster: Raster) -> list[tuple[Line, Reach | None]]:
    """Lines with words, as `ink.lines` and `ink.spaces` part them, and where in them their ink is.

    Boxes are in pixels of `raster`; columns of vertical writing are taken as they are.
    """
    new_line = np.diff(ink.lines) > 0
    new_word = new_line | (np.diff(ink.spaces) != 0) | (gaps(ink.spans) > _WORD_GAP * ink.heights[1:])
    starts = np.concatenate(([0], np.flatnonzero(new_word) + 1))
    spans = _unions(ink.spans, starts)
    texts = _words(ink.codes, starts)
    lines = ink.lines[starts]
    first = np.concatenate(([0], np.flatnonzero(np.diff(lines)) + 1))
    line_spans = _unions(spans, first)
    columns = _columns(ink, starts[first], line_spans)
    of_word = np.repeat(columns, np.diff(first, append=len(starts)))
    word_quads = _quads(spans, ink.turns[starts], of_word, raster)
    line_quads = _quads(line_spans, ink.turns[starts][first], columns, raster)
    words = [Word(text, quad, 1.0) for text, quad in zip(texts, word_quads, strict=True)]
    ends = [*first[1:].tolist(), len(words)]
    lines_found = (
        Line(" ".join(texts[start:end]), quad, 1.0, tuple(words[start:end]))
        for start, end, quad in zip(first.tolist(), ends, line_quads, strict=True)
    )
    reaches = _reaches(line_spans, _unions(ink.drawn, starts[first]))
    inks = (None if column else reach for column, reach in zip(columns, reaches, strict=True))
    return list(zip(lines_found, inks, strict=True))


def _reaches(spans: Floats, drawn: Floats) -> list[Reach]:
    """Where the ink of lines is, in shares of their spans; both (N, 4)."""
    sizes = np.tile(np.maximum(spans[:, 2:] - spans[:, :2], 1.0), 2)
    start, top, end, bottom = ((drawn - np.tile(spans[:, :2], 2)) / sizes).clip(0.0, 1.0).T.tolist()
    return list(map(Reach, top, bottom, start, end))


def _columns(ink: Ink, starts: Ints, spans: Floats) -> Flags:
    """Which lines are columns of vertical writing: letters that stand below each other.

    Args:
        starts: each line's first character.
        spans: of the lines.
    """
    ideographs: Flags = ink.codes[starts] >= _FIRST_IDEOGRAPH
    if not ideographs.any():
        return ideographs
    sizes = np.maximum.reduceat(ink.spans[:, 2:] - ink.spans[:, :2], starts)
    wide, high = (spans[:, 2:] - spans[:, :2]).T
    stacked: Flags = (high > _STACKED * sizes[:, 1]) & (wide < _STACKED * sizes[:, 0])
    return ideographs & stacked


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
    boxes = spans
    if turns.any():
        u0, v0, u1, v1 = spans.T
        by_turn = ((u0, v0, u1, v1), (-v1, u0, -v0, u1), (-u1, -v1, -u0, -v0), (v0, -u1, v1, -u0))
        boxes = np.stack([np.choose(turns, side) for side in zip(*by_turn, strict=True)], axis=1)
    rounded = boxes.clip(0, (raster.width, raster.height) * 2).astype(np.float64).round(1)
    quads: list[Quad] = [((a, b), (c, b), (c, d), (a, d)) for a, b, c, d in rounded.tolist()]
    corners = (turns + columns) % 4
    for index in np.flatnonzero(corners).tolist():
        a, b, c, d = quads[index]
        quads[index] = ((b, c, d, a), (c, d, a, b), (d, a, b, c))[corners[index] - 1]
    return quads
