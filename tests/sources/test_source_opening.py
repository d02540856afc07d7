"""Which bytes are opened as what, and which are refused."""

from __future__ import annotations

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from drawing import corner_picture, image_bytes, pdf_bytes, png_header, text_at
from pydantic import SecretStr

from quire.errors import (
    DamagedDocument,
    DocumentNotFound,
    EmptyDocument,
    PageOutOfRange,
    TooManyBytes,
    TooManyPixels,
    UnsupportedFormat,
)
from quire.limits import Limits
from quire.sources import open_source

HELLO = pdf_bytes(text_at(30, 200, "Hello"))


def archive_with(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "content")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        pytest.param(HELLO, "application/pdf", id="a PDF"),
        pytest.param(b"mail header\r\n" * 60 + HELLO, "application/pdf", id="a PDF after junk"),
        *(
            pytest.param(image_bytes(corner_picture(), kind), f"image/{mime}", id=f"a {kind} image")
            for kind, mime in [
                ("PNG", "png"), ("JPEG", "jpeg"), ("TIFF", "tiff"), ("BMP", "bmp"), ("GIF", "gif"),
                ("WEBP", "webp"), ("JPEG2000", "jp2"), ("AVIF", "avif"),
            ]
        ),
    ],
)  # fmt: skip
def test_the_content_says_what_a_document_is(data: bytes, mime: str) -> None:
    with open_source(data, password=SecretStr("not needed")) as source:
        assert source.mime == mime
        assert source.page_count == 1
        assert source.page(1).number == 1


def test_a_wrong_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "picture.pdf"
    path.write_bytes(image_bytes(corner_picture(), "PNG"))
    for document in (path, str(path)):
        with open_source(document) as source:
            assert source.mime == "image/png"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        pytest.param(b"Dear reader,\nthis is a letter.\n", "plain text", id="plain text"),
        pytest.param(b"\n <!DOCTYPE html><html></html>", "HTML", id="a web page"),
        pytest.param(b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "SVG", id="a drawing"),
        pytest.param(archive_with("[Content_Types].xml"), "Office", id="a Word document"),
        pytest.param(archive_with("mimetype"), "Office", id="an OpenDocument file"),
        pytest.param(archive_with("data.bin"), "archive", id="a ZIP archive"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "Office", id="an old Word document"),
        pytest.param(b"{\\rtf1 Hello}", "Office", id="rich text"),
        pytest.param(b"%!PS-Adobe-3.0", "PostScript", id="PostScript"),
        pytest.param(bytes(range(256)) * 4, "neither a PDF nor an image", id="random bytes"),
    ],
)
def test_what_is_neither_pdf_nor_image_is_named_and_refused(data: bytes, what: str) -> None:
    with pytest.raises(UnsupportedFormat, match=what) as error:
        open_source(data)
    assert "PDF, PNG, JPEG" in error.value.detail


def test_no_bytes_are_an_empty_document(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    for document in (b"", path):
        with pytest.raises(EmptyDocument):
            open_source(document)


def test_a_path_that_leads_nowhere_is_not_found_and_not_told_whole(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.pdf", tmp_path, Path("/dev/null"), tmp_path / ("x" * 300), "nul\0.pdf"):
        with pytest.raises(DocumentNotFound) as error:
            open_source(path)
        assert str(tmp_path.parent) not in error.value.detail


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(HELLO)
    for document in (HELLO, path):
        with pytest.raises(TooManyBytes, match="max_bytes"):
            open_source(document, limits=Limits(max_bytes=len(HELLO) - 1))
        open_source(document, limits=Limits(max_bytes=len(HELLO))).close()


def test_an_image_that_claims_ten_gigapixels_is_refused_by_its_header() -> None:
    with pytest.raises(TooManyPixels, match="100,000 x 100,000"):
        open_source(png_header(100_000, 100_000))


def test_an_image_within_a_raised_limit_is_opened_without_a_warning() -> None:
    data = image_bytes(corner_picture(), "PNG")
    claims = png_header(20_000, 20_000)
    open_source(claims, limits=Limits(max_pixels=400_000_000)).close()
    with pytest.raises(TooManyPixels):
        open_source(data, limits=Limits(max_pixels=40 * 24 - 1))


def test_a_broken_header_is_a_damaged_document() -> None:
    for data in (
        b"\x89PNG\r\n\x1a\n" + b"?" * 50,
        b"GIF89a\0\0\0\0\0\0\0",
        b"II*\0\xff\xff\xff\xff",
        b"%PDF-1.7 nothing",
    ):
        with pytest.raises(DamagedDocument):
            open_source(data)


@pytest.mark.skipif(find_spec("pillow_heif") is not None, reason="the extra 'heif' is installed")
def test_a_heic_file_asks_for_the_extra_where_it_is_not_installed() -> None:
    with pytest.raises(UnsupportedFormat, match=r"quire-ocr\[heif\]"):
        open_source(b"\0\0\0\x18ftypheic" + b"\0" * 40)


@pytest.mark.parametrize("data", [HELLO, image_bytes(corner_picture(), "PNG")], ids=["of a PDF", "of an image"])
def test_a_page_that_is_not_there_is_out_of_range(data: bytes) -> None:
    with open_source(data) as source:
        for number in (0, 2, -1):
            with pytest.raises(PageOutOfRange):
                source.page(number)
