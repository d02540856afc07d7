"""Any Pillow mode → BGR, 8 bits, on white.

Depths are scaled by what the values can mean, not stretched to the page's own darkest and lightest: a blank
page must stay blank.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

Pixels = NDArray[np.uint8]

_FULL_SCALES: Final = (255.0, 4095.0, 65535.0)
_STRIP_ROWS: Final = 256


def to_bgr(image: Image.Image) -> Pixels:
    """Pixels of a loaded image as (height, width, 3) uint8 BGR, C-contiguous; transparency is put on white.

    Raises:
        ValueError: the mode has no meaning as colours.
    """
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        grey = to_eight_bits(np.asarray(image), image.info.get("transparency"))
        return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)  # type: ignore[return-value]
    if image.has_transparency_data:
        return on_white(cv2.cvtColor(np.asarray(image.convert("RGBA")), cv2.COLOR_RGBA2BGRA))  # type: ignore[arg-type]
    if image.mode in ("L", "1"):
        return cv2.cvtColor(np.asarray(image.convert("L")), cv2.COLOR_GRAY2BGR)  # type: ignore[return-value]
    if image.mode == "CMYK" and _stores_plain_ink(image):
        image = ImageChops.invert(image)
    return cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR)  # type: ignore[return-value]


def _stores_plain_ink(image: Image.Image) -> bool:
    # Pillow takes every CMYK JPEG for Adobe's, which stores inverted ink; without Adobe's marker it is not.
    return getattr(image, "format", None) == "JPEG" and "adobe" not in image.info


def to_eight_bits(values: NDArray[Any], transparent: object = None) -> Pixels:
    """Grey values of any depth as uint8.

    Args:
        values: (height, width) of integers or floats. Floats up to 1 are taken as 0 to 1; other values as 8,
            12 or 16 bits, whichever holds the largest; anything beyond is scaled by its own range.
        transparent: the value that stands for transparent pixels, which become white.
    """
    lowest, highest = _finite_range(values)
    full = highest
    if lowest >= 0:
        scales = (1.0, *_FULL_SCALES) if values.dtype.kind == "f" else _FULL_SCALES
        full = next((scale for scale in scales if highest <= scale), highest)
        lowest = 0.0
    grey = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), _STRIP_ROWS):
        strip = np.nan_to_num(values[top : top + _STRIP_ROWS].astype(np.float32), posinf=full, neginf=lowest)
        scaled = (strip - lowest) * (255.0 / max(full - lowest, 1e-12))
        grey[top : top + _STRIP_ROWS] = np.clip(np.rint(scaled), 0, 255)
    if isinstance(transparent, int):
        grey[values == transparent] = 255
    return grey


def _finite_range(values: NDArray[Any]) -> tuple[float, float]:
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)


def on_white(bgra: Pixels) -> Pixels:
    """(height, width, 4) BGRA, colours not premultiplied, painted on white: (height, width, 3) BGR."""
    if bgra[..., 3].min() == 255:
        return cv2.cvtColor(bgra, cv2.COLOR_BGRA2BGR)  # type: ignore[return-value]
    page = np.empty((*bgra.shape[:2], 3), np.uint8)
    # In strips, so that the intermediates stay small.
    for top in range(0, len(bgra), _STRIP_ROWS):
        strip = bgra[top : top + _STRIP_ROWS]
        alpha = cv2.cvtColor(np.ascontiguousarray(strip[..., 3]), cv2.COLOR_GRAY2BGR)
        ink = cv2.cvtColor(cv2.bitwise_not(strip), cv2.COLOR_BGRA2BGR)
        page[top : top + _STRIP_ROWS] = cv2.bitwise_not(cv2.multiply(ink, alpha, scale=1 / 255))
    return page
