"""Lines in a picture, written by hand: a plotting library is more than a few lines need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

_COLOURS: Final = ("#1f2937", "#2563eb", "#d97706", "#059669", "#9333ea", "#dc2626")
_FIGURES_AN_AXIS: Final = 5


def picture(width: int, height: int, parts: Iterable[str]) -> str:
    """A whole SVG file of so many pixels, on white."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    return "\n".join(
        [
            head + 'font-family="sans-serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )


def colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each; after six they come again."""
    return {name: _COLOURS[place % len(_COLOURS)] for place, name in enumerate(names)}


def figures(most: float) -> list[float]:
    """Round figures for an axis that reaches from 0 to `most`, which is above 0, or a little further."""
    step = 10.0 ** floor(log10(most / _FIGURES_AN_AXIS))
    step = next(step * factor for factor in (1, 2, 5, 10, 20) if most <= step * factor * _FIGURES_AN_AXIS)
    return [step * place for place in range(ceil(most / step) + 1)]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a plot lies in its picture, pixels, and how far its axes reach from 0."""

    left: int
    right: int
    top: int
    foot: int
    most_x: float
    most_y: float

    def x(self, value: float) -> float:
        return self.left + (self.right - self.left) * value / self.most_x

    def y(self, value: float) -> float:
        return self.foot - (self.foot - self.top) * value / self.most_y

    def grid(
        self, levels: Iterable[float], unit: str, places: Iterable[tuple[float, str]], about: str
    ) -> Iterator[str]:
        """Lines across, with their figures at the left and their unit above, and figures at the foot.

        Args:
            places: values and how they are written.
            about: what is at the foot.
        """
        for level in levels:
            y = self.y(level)
            yield f'<path d="M{self.left} {y:.1f}H{self.right}" stroke="#e5e7eb"/>'
            yield f'<text x="{self.left - 8}" y="{y + 4:.1f}" text-anchor="end">{level:g}</text>'
        for value, written in places:
            yield f'<text x="{self.x(value):.1f}" y="{self.foot + 18}" text-anchor="middle">{written}</text>'
        yield f'<text x="{self.left}" y="{self.foot + 38}">{about}</text>'
        yield f'<text x="{self.left - 8}" y="{self.top - 14}" text-anchor="end">{unit}</text>'

    def curve(self, points: Iterable[tuple[float, float]], colour: str, dashes: str = "") -> str:
        """A line through points.

        Args:
            dashes: as SVG's `stroke-dasharray`; none when empty.
        """
        ends = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        return f'<polyline points="{ends}" fill="none" stroke="{colour}" stroke-width="1.8"{_dashed(dashes)}/>'

    def dots(self, points: Iterable[tuple[float, float]], colour: str) -> Iterator[str]:
        """A mark at each point, for lines that have few."""
        for x, y in points:
            yield f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="2.5" fill="{colour}"/>'


def legend(left: int, top: int, named: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Names in a row, each with its line: its colour and its dashes."""
    for place, (name, colour, dashes) in enumerate(named):
        x = left + 110 * place
        yield f'<path d="M{x} {top}h22" stroke="{colour}" stroke-width="3"{_dashed(dashes)}/>'
        yield f'<text x="{x + 28}" y="{top + 4}">{escape(name)}</text>'


def _dashed(dashes: str) -> str:
    return f' stroke-dasharray="{dashes}"' if dashes else ""
