"""What a file is, told from its first bytes: names and declared types are whatever the sender likes."""

from __future__ import annotations

import re
from typing import Final

from quire.errors import UnsupportedFormat

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
TIFF: Final = "image/tiff"
BMP: Final = "image/bmp"
GIF: Final = "image/gif"
WEBP: Final = "image/webp"
JPEG2000: Final = "image/jp2"
AVIF: Final = "image/avif"
HEIC: Final = "image/heic"

READABLE: Final = "PDF, PNG, JPEG, TIFF, BMP, GIF, WebP, JPEG 2000, AVIF and HEIC"

_IMAGES: Final = (
    (JPEG, re.compile(rb"\xff\xd8\xff")),
    (PNG, re.compile(rb"\x89PNG\r\n\x1a\n")),
    (TIFF, re.compile(rb"II[*+]\0|MM\0[*+]")),
    (GIF, re.compile(rb"GIF8[79]a")),
    (WEBP, re.compile(rb"RIFF....WEBP", re.DOTALL)),
    (JPEG2000, re.compile(rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51")),
    (AVIF, re.compile(rb"....ftypavi[fs]", re.DOTALL)),
    (HEIC, re.compile(rb"....ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)", re.DOTALL)),
    # "BM" alone starts many a text: the size of the header that follows (12 to 124 bytes) makes it a bitmap.
    (BMP, re.compile(rb"BM.{12}[\x0c-\x7c]\0\0\0", re.DOTALL)),
)
_PDF_HEADER: Final = re.compile(rb"%PDF-")
_PDF_HEADER_WITHIN_BYTES: Final = 1024 + 5

_OFFICE_ENTRY: Final = rb"PK\x03\x04.{26}(?:\[Content_Types\]|mimetype|_rels|docProps|word/|xl/|ppt/)"
_OLD_OFFICE: Final = rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf"
_STRANGERS: Final = tuple(
    (name, remedy, re.compile(magic, re.DOTALL | re.IGNORECASE))
    for name, remedy, magic in (
        ("an Office document", "export it as PDF", _OFFICE_ENTRY),
        ("an Office document", "export it as PDF", _OLD_OFFICE),
        ("an archive", "unpack it and send the files in it", rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!"),
        ("PostScript", "convert it to PDF", rb"%!PS"),
        ("a vector drawing (SVG)", "export it as PDF or PNG", rb"\s*(?:<\?xml.{0,500})?<svg"),
        ("a web page (HTML)", "print it to PDF", rb"\s*(?:<!doctype html|<html)"),
        ("an icon (ICO)", "save it as PNG", rb"\x00\x00\x01\x00"),
    )
)
_BINARY: Final = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def sniff(data: bytes) -> str:
    """The MIME type of a PDF (junk of up to 1,024 bytes may precede it) or of an image that can be read.

    Raises:
        UnsupportedFormat: it is something else; the message says what, where that can be told.
    """
    for mime, magic in _IMAGES:
        if magic.match(data):
            return mime
    if _PDF_HEADER.search(data, 0, _PDF_HEADER_WITHIN_BYTES):
        return PDF
    raise UnsupportedFormat(f"{_stranger(data[:4096])}; {READABLE} can be read")


def _stranger(head: bytes) -> str:
    for name, remedy, magic in _STRANGERS:
        if magic.match(head):
            return f"this is {name}, neither a PDF nor an image: {remedy}"
    if not _BINARY.search(head):
        return "this is plain text, neither a PDF nor an image: it needs no reading"
    return "this is neither a PDF nor an image that is known here: convert it first"
