"""One image → square pixels, upright, as much of it as is there.

OpenCV decodes the common 8-bit JPEG and PNG, in two thirds of Pillow's time; Pillow reads everything else,
and what OpenCV refuses. A truncated image gives what it holds: Pillow keeps the rows it decoded before.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageFile

from quire.errors import PageDamaged, TooManyPixels
from quire.sources import sniffing
from quire.sources.codecs import short_name
from quire.sources.colour import Pixels, on_white, to_bgr
from quire.sources.resolution import square_size

_ORIENTATION_TAG: Final = 0x0112
_FAST: Final = (sniffing.JPEG, sniffing.PNG, sniffing.WEBP)
_PNG_EXIF: Final = (b"eXIf", b"Raw profile type", b"tiff:Orientation")
_PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNK_FRAME_BYTES: Final = 12
"""A chunk's length, kind and checksum."""

_JPEG_END: Final = b"\xff\xd9"


def check_pixels(image: Image.Image, max_pixels: int) -> None:
    """Refuses an image by its header.

    Raises:
        TooManyPixels: it has more than `max_pixels`, or would have once they are square.
    """
    width, height = square_size(image)
    if width * height > max_pixels:
        square = "" if (width, height) == image.size else "square "
        raise TooManyPixels(
            f"the image has {width:,} x {height:,} {square}pixels, {max_pixels:,} in all are allowed: "
            "scale it down, or raise max_pixels"
        )


def decode(image: ImageFile.ImageFile, mime: str, data: bytes) -> Pixels:
    """All pixels of an opened image, made square and turned as its EXIF data say.

    Args:
        image: its header parsed, nothing decoded.
        data: the whole file.

    Returns:
        (height, width, 3) uint8 BGR, C-contiguous.

    Raises:
        PageDamaged: not a row of it can be decoded.
    """
    try:
        size = square_size(image)
        pixels = _decode_fast(image, data) if mime in _FAST else None
        if pixels is None:
            pixels = _decode_any(image)
        if size != image.size:
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        return np.ascontiguousarray(_turn(pixels, orientation_of(image, data)))
    except Exception as exc:  # decoders of hostile bytes raise anything
        raise PageDamaged(
            f"the {short_name(mime)} image is damaged and cannot be decoded: save or scan it again"
        ) from exc


def _decode_fast(image: ImageFile.ImageFile, data: bytes) -> Pixels | None:
    alpha = image.mode == "RGBA"
    if image.mode not in ("L", "RGB", "RGBA") or (image.has_transparency_data and not alpha):
        return None
    if image.format == "PNG" and not _is_whole_png(data):
        return None
    flags = cv2.IMREAD_UNCHANGED if alpha else cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None and image.format == "JPEG":
        # OpenCV reads a JPEG up to where it was cut off, if it is told that it ends there.
        pixels = cv2.imdecode(np.frombuffer(data + _JPEG_END, np.uint8), flags)
    if pixels is None or pixels.dtype != np.uint8 or pixels.shape != (image.height, image.width, 4 if alpha else 3):
        return None
    return on_white(pixels) if alpha else pixels  # type: ignore[arg-type,return-value]


def _is_whole_png(data: bytes) -> bool:
    """Whether a PNG holds all that its chunks claim: OpenCV takes memory for the claim, up to 4 GB."""
    at = len(_PNG_MAGIC)
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        at += _PNG_CHUNK_FRAME_BYTES + length
        if kind == b"IEND":
            break
    return at <= len(data)


def _decode_any(image: ImageFile.ImageFile) -> Pixels:
    try:
        image.load()
    except Exception:  # what is truncated or damaged may still hold rows
        image.tile = []
        pixels = to_bgr(image)
        if (pixels == pixels[0, 0]).all():
            raise
        return pixels
    return to_bgr(image)


def orientation_of(image: Image.Image, data: bytes) -> int:
    """EXIF orientation, 1 to 8; asked after decoding, because Pillow turns a TIFF itself and says so."""
    # Pillow decodes a whole PNG to find EXIF data that may follow the pixels: only where there are any.
    if image.format == "PNG" and not any(sign in data for sign in _PNG_EXIF):
        return 1
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001 - broken EXIF data must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turn(pixels: Pixels, orientation: int) -> Pixels:
    """The picture upright: orientations 5 to 8 lie on their side, a flip undoes the rest."""
    if orientation >= 5:
        pixels = cv2.transpose(pixels)  # type: ignore[assignment]
    flip = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    return pixels if flip is None else cv2.flip(pixels, flip)  # type: ignore[return-value]
