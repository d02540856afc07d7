"""From the pixels of an upright page to the user space of its PDF page.

PDF coordinates are points, origin at the bottom left, y up, before /Rotate; the page image shows the crop box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from quire.geometry import Point


class Affine(NamedTuple):
    """x' = ax + cy + e, y' = bx + dy + f: a matrix as PDF writes it."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def at(self, point: Point) -> Point:
        """Where the point goes."""
        x, y = point
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, other: Affine) -> Affine:
        """This one first, then the other."""
        origin, across, down = (other.at(self.at(point)) for point in ((0, 0), (1, 0), (0, 1)))
        return Affine(across[0] - origin[0], across[1] - origin[1], down[0] - origin[0], down[1] - origin[1], *origin)


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a PDF page.

    Attributes:
        left, bottom, right, top: of the crop box within the media box, points.
        rotation: /Rotate, degrees clockwise: 0, 90, 180 or 270.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    def from_pixels(self, width: int, height: int, turned: int) -> Affine:
        """Where the pixels of an upright page image are.

        Args:
            width, height: of the image, pixels.
            turned: degrees clockwise by which the page as it is shown was turned to stand upright.
        """
        to_shown = Affine(1, 0, 0, 1, 0, 0)
        for _ in range(turned // 90 % 4):
            to_shown = to_shown.then(Affine(0, -1, 1, 0, 0, width))
            width, height = height, width
        shown = self.top - self.bottom, self.right - self.left
        shown_width, shown_height = shown if self.rotation in (90, 270) else shown[::-1]
        scaled = to_shown.then(Affine(shown_width / width, 0, 0, shown_height / height, 0, 0))
        return scaled.then(self._from_shown())

    def _from_shown(self) -> Affine:
        """From points of the page as it is shown, origin at the top left, y down."""
        return {
            0: Affine(1, 0, 0, -1, self.left, self.top),
            90: Affine(0, 1, 1, 0, self.left, self.bottom),
            180: Affine(-1, 0, 0, 1, self.right, self.bottom),
            270: Affine(0, -1, -1, 0, self.right, self.top),
        }[self.rotation]
