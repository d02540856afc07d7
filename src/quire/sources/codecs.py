"""Which Pillow class reads which format.

The class is called directly, not through `Image.open`: only the format that was sniffed is ever parsed, and
the pixel limit is this package's own instead of Pillow's process-wide one.
"""

from __future__ import annotations

import io
from importlib import import_module
from typing import Final

from PIL import ImageFile

from quire.errors import DamagedDocument, UnsupportedFormat
from quire.sources import sniffing

_CLASSES: Final = {
    sniffing.PNG: ("PIL.PngImagePlugin", "PngImageFile"),
    sniffing.JPEG: ("PIL.JpegImagePlugin", "JpegImageFile"),
    sniffing.TIFF: ("PIL.TiffImagePlugin", "TiffImageFile"),
    sniffing.BMP: ("PIL.BmpImagePlugin", "BmpImageFile"),
    sniffing.GIF: ("PIL.GifImagePlugin", "GifImageFile"),
    sniffing.WEBP: ("PIL.WebPImagePlugin", "WebPImageFile"),
    sniffing.JPEG2000: ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    sniffing.AVIF: ("PIL.AvifImagePlugin", "AvifImageFile"),
    sniffing.HEIC: ("pillow_heif.as_plugin", "HeifImageFile"),
}
_REMEDIES: Final = {
    sniffing.HEIC: "install the extra: pip install 'quire-ocr[heif]'",
    sniffing.AVIF: "install a Pillow that has AVIF (11.3 or newer)",
}


def reader_of(mime: str) -> type[ImageFile.ImageFile]:
    """The class that reads `mime`.

    Raises:
        UnsupportedFormat: the library that reads it is not installed.
    """
    module, name = _CLASSES[mime]
    try:
        reader: type[ImageFile.ImageFile] = getattr(import_module(module), name)
    except ImportError as exc:
        remedy = _REMEDIES.get(mime, "reinstall Pillow")
        raise UnsupportedFormat(f"{short_name(mime)} files cannot be read here: {remedy}") from exc
    return reader


def open_header(mime: str, stream: io.BytesIO) -> ImageFile.ImageFile:
    """The image with its header parsed and no pixel decoded.

    Raises:
        UnsupportedFormat: the library that reads it is not installed.
        DamagedDocument: the header makes no sense.
    """
    reader = reader_of(mime)
    try:
        image = reader(stream)
        if min(image.size) < 1:
            raise ValueError("an image without pixels")
    except Exception as exc:  # parsers of hostile bytes raise anything
        raise DamagedDocument(
            f"the {short_name(mime)} file is damaged, its header cannot be read: save it again"
        ) from exc
    return image


def short_name(mime: str) -> str:
    """The format as people call it, such as "PNG"."""
    return mime.removeprefix("image/").upper()
