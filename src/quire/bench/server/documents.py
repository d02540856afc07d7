"""Documents that the server is measured with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.bench.drawing.canvas import DrawnPage
from quire.bench.drawing.dense import dense_pages
from quire.bench.drawing.sparse import receipt

_QUALITY: Final = 85


def jpeg(page: DrawnPage) -> bytes:
    """The page as a scanner would send it."""
    return encoded(".jpg", page.pixels)


def encoded(suffix: str, pixels: NDArray[np.uint8]) -> bytes:
    """Pixels (height, width, 3) uint8 BGR as an image file of the kind that `suffix` names."""
    arguments: Sequence[int] = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY] if suffix == ".jpg" else []
    _, packed = cv2.imencode(suffix, pixels, arguments)
    content: NDArray[Any] = packed
    return content.tobytes()


def dense_scans(count: int) -> list[bytes]:
    """JPEGs of dense text pages, some 400 KB each."""
    return [jpeg(page) for page in dense_pages(count)]


def receipt_scans(count: int) -> list[bytes]:
    """JPEGs of receipts, some 70 KB each."""
    return [jpeg(receipt(seed)) for seed in range(count)]
