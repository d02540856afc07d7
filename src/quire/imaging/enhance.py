"""Better images of pages that read badly: what the measures call for. Whether it helps, reading tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Quality
from quire.imaging import repairs

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_EVEN: Final = 0.85
_CLEAR: Final = 0.55
_NOISY: Final = 3.0
# Of the sharpness that ink as dark as can be would have.
_BLURRED: Final = 1500.0
_SMALL_PX: Final = 18.0
_COMFORTABLE_PX: Final = 32.0
_TILTED_DEGREES: Final = 2.0
_LARGE_PX: Final = 56.0
_MOST_PIXELS: Final = 16_000_000

# So dim, pale or blurred that lines may not even have been found.
_DIM: Final = 0.45
_PALE: Final = 0.12
_FLAT: Final = 0.006
_SMEARED: Final = 600.0

# Drawn pages blurred by 3 pixels, whose letters are 30 high, read best when sharpened by as much.
_BLUR_SHARE: Final = 0.08


@dataclass(frozen=True, slots=True)
class Enhanced:
    """An image, and where its pixels come from.

    Attributes:
        pixels: (height, width, 3) uint8, BGR.
        matrix: (2, 3), takes points of the original to points of this image.
    """

    pixels: Pixels
    matrix: Matrix

    def back(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) of this image as points of the original."""
        return _moved(points, np.asarray(cv2.invertAffineTransform(self.matrix), np.float64))

    def of(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (N, 2) of the original as points of this image."""
        return _moved(points, self.matrix)


@dataclass(frozen=True, slots=True)
class Step:
    """One way to make an image better.

    Attributes:
        severe: the image is so bad that lines may be missing, of which no sample can tell.
    """

    name: str
    change: Callable[[Enhanced], Enhanced]
    severe: bool = False


def steps(quality: Quality, skew_degrees: float) -> Iterator[Step]:
    """What the measures call for, in the order to try it in; nothing of an image with nothing on it.

    Args:
        skew_degrees: tilt of the lines, clockwise positive.
    """
    if quality.contrast <= _FLAT:
        return
    height = quality.text_height_px
    yield Step("borders", _recoloured(repairs.without_borders))
    if quality.illumination < _EVEN:
        yield Step("shadows", _recoloured(repairs.without_shadows), quality.illumination < _DIM)
    if quality.contrast < _CLEAR:
        yield Step("contrast", _recoloured(repairs.with_contrast), quality.contrast < _PALE)
    if quality.noise > _NOISY:
        yield Step("noise", _recoloured(repairs.without_noise))
    if height is None:
        return
    sharpness = quality.sharpness / quality.contrast**2
    if sharpness < _BLURRED:
        blur_px = _BLUR_SHARE * height
        step = _recoloured(lambda pixels: repairs.sharpened(pixels, blur_px))
        yield Step("sharpen", step, sharpness < _SMEARED)
    if height < _SMALL_PX:
        yield Step("upscale", lambda image: upscaled(image, _COMFORTABLE_PX / max(height, 6.0)))
    if abs(skew_degrees) > _TILTED_DEGREES:
        yield Step("deskew", lambda image: deskewed(image, skew_degrees))


def worked_on(pixels: Pixels, quality: Quality) -> Enhanced:
    """The image to start from: smaller where its letters are so large that all the work would be for nothing."""
    height = quality.text_height_px or 0.0
    image = Enhanced(pixels, np.eye(2, 3))
    return scaled(image, _LARGE_PX / height) if height > _LARGE_PX else image


def upscaled(image: Enhanced, scale: float) -> Enhanced:
    """The image enlarged, up to 16 megapixels."""
    height, width = image.pixels.shape[:2]
    scale = min(scale, float(np.sqrt(_MOST_PIXELS / (height * width))))
    return scaled(image, scale) if scale > 1.0 else image


def scaled(image: Enhanced, scale: float) -> Enhanced:
    """The image in another size."""
    height, width = image.pixels.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_CUBIC if scale > 1.0 else cv2.INTER_AREA
    pixels = cv2.resize(image.pixels, size, interpolation=how)
    stretch = np.array([[size[0] / width], [size[1] / height]])
    return Enhanced(np.asarray(pixels, np.uint8), image.matrix * stretch)


def deskewed(image: Enhanced, degrees: float) -> Enhanced:
    """The image turned back by its tilt about its middle, on a canvas of the paper's colour that holds all of it."""
    height, width = image.pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    size = int(np.ceil(width * cos + height * sin)), int(np.ceil(width * sin + height * cos))
    turn[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    paper = np.percentile(image.pixels[::16, ::16].reshape(-1, 3), 80, axis=0).tolist()
    pixels = cv2.warpAffine(image.pixels, turn, size, flags=cv2.INTER_CUBIC, borderValue=paper)
    square = np.vstack([image.matrix, [0, 0, 1]])
    return Enhanced(np.asarray(pixels, np.uint8), turn @ square)


def _recoloured(change: Callable[[Pixels], Pixels]) -> Callable[[Enhanced], Enhanced]:
    return lambda image: Enhanced(change(image.pixels), image.matrix)


def _moved(points: NDArray[np.float64], matrix: Matrix) -> NDArray[np.float64]:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float64)
