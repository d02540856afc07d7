"""The curve of a soak as a picture, written by hand: a plotting library is more than a few lines need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import Final

from quire.bench.soak.watch import Sample

_WIDTH, _HEIGHT = 860, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 44, 48
_COLOURS: Final = ("#1f2937", "#2563eb", "#d97706", "#059669", "#9333ea", "#dc2626")
_STEP_MB: Final = 200
_LINES_ACROSS: Final = 5


def to_svg(taken: Sequence[Sample], kills: Sequence[int]) -> str:
    """Resident megabytes over pages, a line for each process and life.

    Args:
        kills: pages read when a worker was killed, marked at the foot.
    """
    scale = _Scale(taken)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *_grid(scale),
        *_curves(taken, scale),
        *(f'<path d="M{scale.x(pages):.1f} {scale.foot}v-7" stroke="#dc2626" stroke-width="1.5"/>' for pages in kills),
        *_legend(taken),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    """Pages and megabytes to points of the picture."""

    foot = _HEIGHT - _BOTTOM

    def __init__(self, taken: Sequence[Sample]) -> None:
        self.most_pages = max((one.pages for one in taken), default=1)
        largest = max((one.rss_bytes for one in taken), default=1)
        self.most_mb = ceil(largest / 1e6 / _STEP_MB) * _STEP_MB

    def x(self, pages: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * pages / self.most_pages

    def y(self, megabytes: float) -> float:
        return self.foot - (self.foot - _TOP) * megabytes / self.most_mb


def _grid(scale: _Scale) -> Iterator[str]:
    for megabytes in range(0, scale.most_mb + 1, _STEP_MB):
        y = scale.y(megabytes)
        yield f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#e5e7eb"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{megabytes}</text>'
    for step in range(_LINES_ACROSS + 1):
        pages = scale.most_pages * step / _LINES_ACROSS
        yield f'<text x="{scale.x(pages):.1f}" y="{scale.foot + 18}" text-anchor="middle">{pages:,.0f}</text>'
    yield f'<text x="{_LEFT}" y="{_HEIGHT - 10}">pages read; a red mark is a worker that was killed</text>'
    yield f'<text x="{_LEFT - 8}" y="{_TOP - 14}" text-anchor="end">MB</text>'


def _curves(taken: Sequence[Sample], scale: _Scale) -> Iterator[str]:
    def key(one: Sample) -> tuple[str, int]:
        return one.process, one.life

    colours = _colours(taken)
    for (process, _), life in groupby(sorted(taken, key=lambda one: (*key(one), one.pages)), key=key):
        points = " ".join(f"{scale.x(one.pages):.1f},{scale.y(one.rss_bytes / 1e6):.1f}" for one in life)
        yield f'<polyline points="{points}" fill="none" stroke="{colours[process]}" stroke-width="1.8"/>'


def _legend(taken: Sequence[Sample]) -> Iterator[str]:
    for place, (process, colour) in enumerate(_colours(taken).items()):
        x = _LEFT + 110 * place
        yield f'<path d="M{x} {_TOP - 18}h22" stroke="{colour}" stroke-width="3"/>'
        yield f'<text x="{x + 28}" y="{_TOP - 14}">{process}</text>'


def _colours(taken: Sequence[Sample]) -> dict[str, str]:
    names = sorted({one.process for one in taken})
    return {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(names)}
