"""Images as pages of a PDF: a JPEG as it is, everything else without loss."""

from __future__ import annotations

from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from quire.document import Page
from quire.exports.original import Jpeg, Pixels
from quire.exports.pdf.lossless import compressed

_POINTS_PER_INCH: Final = 72.0
_USUAL_DPI: Final = 150.0
_LARGEST_PT: Final = 14_400.0
"""A page that is larger is none to most PDF readers."""


def add_picture(pdf: Pdf, image: Stream, orientation: int, read: Page) -> pikepdf.Page:
    """A page filled by the image, as large as it is on paper, turned as it was turned for the reading.

    Args:
        orientation: EXIF, 1 to 8, of the image as it is stored.
        read: the page as it was read; 150 dpi are assumed when its resolution is not known.
    """
    pixels = (read.height, read.width) if read.rotation in (90, 270) else (read.width, read.height)
    scale = min(_POINTS_PER_INCH / (read.dpi or _USUAL_DPI), _LARGEST_PT / max(pixels))
    width, height = (round(side * scale, 3) for side in pixels)
    matrix = " ".join(f"{value:.3f}" for value in _placing(orientation, width, height))
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, width, height]),
        Rotate=read.rotation,
        Resources=Dictionary(XObject=Dictionary(Im0=image)),
        Contents=pdf.make_stream(f"q {matrix} cm /Im0 Do Q\n".encode("ascii")),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf.pages[-1]


def jpeg_image(pdf: Pdf, data: bytes, jpeg: Jpeg) -> Stream:
    """The file itself as an image."""
    space = Name.DeviceGray if jpeg.grey else Name.DeviceRGB
    image = Stream(pdf, data, _entries(jpeg.width, jpeg.height, space, 8))
    image.Filter = Name.DCTDecode
    return image


def lossless_image(pdf: Pdf, pixels: Pixels) -> Stream:
    """Pixels as an image, in one bit or one channel where that says all."""
    found = compressed(pixels)
    space = Name.DeviceRGB if found.channels == 3 else Name.DeviceGray
    image = Stream(pdf, found.data, _entries(found.width, found.height, space, found.bits))
    image.Filter = Name.FlateDecode
    image.DecodeParms = Dictionary(
        Predictor=15, Colors=found.channels, BitsPerComponent=found.bits, Columns=found.width
    )
    return image


def _entries(width: int, height: int, space: pikepdf.Object, bits: int) -> Dictionary:
    return Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, ColorSpace=space, BitsPerComponent=bits
    )


def _placing(orientation: int, width: float, height: float) -> tuple[float, ...]:
    """The matrix that lays the stored image, a unit square to PDF, upright on the page."""
    w, h = width, height
    return {
        2: (-w, 0, 0, h, w, 0),
        3: (-w, 0, 0, -h, w, h),
        4: (w, 0, 0, -h, 0, h),
        5: (0, -h, -w, 0, w, h),
        6: (0, -h, w, 0, 0, h),
        7: (0, h, w, 0, 0, 0),
        8: (0, h, -w, 0, w, 0),
    }.get(orientation, (w, 0, 0, h, 0, 0))
