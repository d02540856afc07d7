"""The resolution that an image file states, and square pixels: a fax has twice as many dots across as down."""

from __future__ import annotations

from typing import Final

from PIL import Image

_RANGE: Final = (10.0, 2400.0)
_TOLERANCE: Final = 0.1
_MOST_UNEQUAL: Final = 4.0
"""Dot-matrix printers reach 3.3, 240 x 72 dpi; what claims more is a mistake."""
_ORIENTATION_TAG: Final = 0x0112


def square_dpi(image: Image.Image) -> float | None:
    """Resolution of an image once its pixels are square; None where the file states none, or nonsense."""
    stated = _stated(image)
    return max(stated) if stated else None


def square_size(image: Image.Image) -> tuple[int, int]:
    """Width and height, pixels, of an image once its pixels are square: the coarser side grows, none is lost.

    Args:
        image: its header parsed, nothing decoded.
    """
    stated = _stated(image)
    if stated is None:
        return image.size
    x_dpi, y_dpi = reversed(stated) if _is_turned_later(image) else stated
    return round(image.width * max(stated) / x_dpi), round(image.height * max(stated) / y_dpi)


def _stated(image: Image.Image) -> tuple[float, float] | None:
    """Dots per inch across and down, when they are sensible; nearly equal ones count as equal."""
    try:
        x_dpi, y_dpi = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    low, high = min(x_dpi, y_dpi), max(x_dpi, y_dpi)
    if not (_RANGE[0] <= low <= high <= _RANGE[1] and high <= _MOST_UNEQUAL * low):
        return None
    mean = (x_dpi + y_dpi) / 2
    return (mean, mean) if high - low <= _TOLERANCE * high else (x_dpi, y_dpi)


def _is_turned_later(image: Image.Image) -> bool:
    # Pillow gives the size of a TIFF as it will be when it is turned, and the resolution as it is stored.
    return image.format == "TIFF" and getattr(image, "tag_v2", {}).get(_ORIENTATION_TAG) in (5, 6, 7, 8)
