"""Pixels compressed as PDF stores them: rows as PNG predicts them, deflated. OpenCV's PNG writer does the work."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from quire.exports.original import Pixels

_MAGIC_BYTES: Final = 8
_FRAME_BYTES: Final = 12
"""A chunk's length, kind and checksum."""


@dataclass(frozen=True, slots=True)
class Compressed:
    """An image to be read with FlateDecode and predictor 15.

    Attributes:
        channels: 1 for grey, 3 for red, green, blue.
        bits: of each channel, 1 or 8.
    """

    data: bytes
    width: int
    height: int
    channels: int
    bits: int


def compressed(pixels: Pixels) -> Compressed:
    """An image of (height, width, 3) uint8, BGR, without loss, as small as its colours allow."""
    height, width = pixels.shape[:2]
    plane = np.ascontiguousarray(pixels[:, :, 0])
    if not all(np.array_equal(plane, pixels[:, :, channel]) for channel in (1, 2)):
        return Compressed(_deflated(pixels, ()), width, height, 3, 8)
    if ((plane == 0) | (plane == 255)).all():
        return Compressed(_deflated(plane, (cv2.IMWRITE_PNG_BILEVEL, 1)), width, height, 1, 1)
    return Compressed(_deflated(plane, ()), width, height, 1, 8)


def _deflated(pixels: Pixels, flags: tuple[int, ...]) -> bytes:
    _, png = cv2.imencode(".png", pixels, [*flags])
    return b"".join(content for kind, content in _chunks(png.tobytes()) if kind == b"IDAT")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _MAGIC_BYTES
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        yield kind, png[at + 8 : at + 8 + length]
        at += _FRAME_BYTES + length
