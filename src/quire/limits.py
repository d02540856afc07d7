"""What reading one document may cost. Checked on headers, before memory is spent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one document.

    Attributes:
        max_bytes: size of the file.
        max_pixels: pixels of one page image, decoded or rendered.
        max_pages: pages (of a PDF) or frames (of an image file).
    """

    max_bytes: int = 200_000_000
    max_pixels: int = 120_000_000
    max_pages: int = 5_000


DEFAULT_LIMITS = Limits()
