"""A page's pixels as a model wants to see them, encoded once.

The page is given the size that the server's own processor would give it, so that pixels are resampled once and
boxes in pixels of the image mean the image that was sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.engines.vlm.requests import EncodedImage
from quire.errors import EngineFailed
from quire.sources.base import PageImage

_MAX_ASPECT = 200.0
_JPEG_QUALITY = 95
_Rounding = Callable[[float], int]
# The fastest compression: pages travel to a server nearby, and four times the encoding saves a tenth of the bytes.
_ENCODERS: Final[dict[str, tuple[str, Sequence[int]]]] = {
    "png": (".png", (cv2.IMWRITE_PNG_COMPRESSION, 1)),
    "jpeg": (".jpg", (cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY)),
}


@dataclass(frozen=True, slots=True)
class ImageRule:
    """How large a family wants its images, pixels.

    Attributes:
        longest_px: the longer side is this at most; smaller images stay as they are.
        multiple_px: both sides are multiples of it.
        min_pixels, max_pixels: width × height lies between them, as nearly as the multiples allow.
        encoding: PNG keeps every pixel; JPEG is a fifth of its size on photographs.
    """

    longest_px: int | None = None
    multiple_px: int = 1
    min_pixels: int | None = None
    max_pixels: int | None = None
    encoding: Literal["png", "jpeg"] = "png"

    def size_for(self, width: int, height: int) -> tuple[int, int]:
        """The (width, height) that an image of `width` × `height` pixels is sent with, each one `multiple_px` or more.

        The rounding is that of `smart_resize` in Qwen2-VL's image processor, so that the server changes nothing.
        """
        if self.longest_px is not None and max(width, height) > self.longest_px:
            scale = self.longest_px / max(width, height)
            width, height = max(1, round(width * scale)), max(1, round(height * scale))
        return self._within_pixels(*_less_extreme(width, height))

    def _within_pixels(self, width: int, height: int) -> tuple[int, int]:
        size = self._rounded(width, height, 1.0, round)
        if self.max_pixels is not None and math.prod(size) > self.max_pixels:
            return self._rounded(width, height, math.sqrt(self.max_pixels / (width * height)), math.floor)
        if self.min_pixels is not None and math.prod(size) < self.min_pixels:
            return self._rounded(width, height, math.sqrt(self.min_pixels / (width * height)), math.ceil)
        return size

    def _rounded(self, width: int, height: int, scale: float, rounding: _Rounding) -> tuple[int, int]:
        step = self.multiple_px
        most = (self.longest_px or 1 << 30) // step * step
        return (
            min(max(step, rounding(width * scale / step) * step), max(step, most)),
            min(max(step, rounding(height * scale / step) * step), max(step, most)),
        )


def encode(image: PageImage, rule: ImageRule) -> EncodedImage:
    """The page as a file.

    Raises:
        EngineFailed: the image cannot be encoded.
    """
    width, height = rule.size_for(image.width, image.height)
    pixels = _resized(image.pixels, width, height)
    suffix, arguments = _ENCODERS[rule.encoding]
    try:
        written, packed = cv2.imencode(suffix, pixels, [*arguments])
    except cv2.error as exc:
        raise EngineFailed("the page's image cannot be encoded: ask for a lower dpi") from exc
    if not written:
        raise EngineFailed("the page's image cannot be encoded: ask for a lower dpi")
    return EncodedImage(
        data=packed.tobytes(),
        mime=f"image/{rule.encoding}",
        width=width,
        height=height,
        scale_x=image.width / width,
        scale_y=image.height / height,
    )


def _less_extreme(width: int, height: int) -> tuple[int, int]:
    """The size with its shorter side widened to a 200th of the longer: processors refuse anything thinner."""
    least = math.ceil(max(width, height) / _MAX_ASPECT)
    return max(width, least), max(height, least)


def _resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    if pixels.shape[:2] == (height, width):
        return pixels
    smaller = width * height < pixels.shape[0] * pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=how), np.uint8)
