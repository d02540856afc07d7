"""Searchable PDFs: pages as they were, and text that other programs find where it is printed."""

from __future__ import annotations

import html
import io
import math
import re
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from drawn_pages import HEIGHT, HOSTILE, WIDTH, at, line, read_document, read_page
from PIL import Image

from quire.document import Document, Line, Page, Word
from quire.errors import DamagedDocument
from quire.exports import export
from quire.geometry import Box, Quad, bounds, rotate_quad
from quire.limits import DEFAULT_LIMITS
from quire.sources.original import open_original
from sheets import Pixels, image_file, pdf_file, pdf_picture, pdf_text, sheet, together

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")

SHEET = sheet(size_px=(WIDTH, HEIGHT))
SCAN = image_file(SHEET, "PNG", 72)
WORDS = [line(at(40, 30, "Two"), at(90, 30, "words")), line(at(40, 60, "below"))]


def _pdf(document: Document, file: bytes) -> bytes:
    with open_original(file, limits=DEFAULT_LIMITS, password=None) as original:
        return export("pdf").encode(document, original)


def _scan_pdf(rotate: int = 0, *, hidden: str = "", shown: str = "") -> bytes:
    """A page of 640 × 400 points in a larger sheet, filled by a picture, with text of its own."""
    text = together(pdf_text(hidden, mode=3), pdf_text(shown, top_pt=150))
    with pikepdf.open(io.BytesIO(pdf_file(together(pdf_picture(SHEET, 20, 30, WIDTH, HEIGHT), text)))) as pdf:
        page = pdf.pages[0]
        page.mediabox = [0, 0, 700, 500]
        page.cropbox = [20, 30, 20 + WIDTH, 30 + HEIGHT]
        page.obj.Rotate = rotate
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    stream = io.BytesIO()
    pdf.save(stream, **options)
    return stream.getvalue()


def _found(file: bytes, number: int = 1) -> str:
    """The page's text as PDFium finds it."""
    document = pypdfium2.PdfDocument(file)
    try:
        return document[number - 1].get_textpage().get_text_range()
    finally:
        document.close()


def _drawn(file: bytes) -> Pixels:
    document = pypdfium2.PdfDocument(file)
    try:
        return np.array(document[0].render(scale=1, rev_byteorder=False).to_numpy())
    finally:
        document.close()


def _poppler(file: bytes, folder: Path, *options: str) -> str:
    (folder / "out.pdf").write_bytes(file)
    command = ["pdftotext", *options, str(folder / "out.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def _poppler_words(file: bytes, folder: Path) -> dict[str, Box]:
    """Words with their boxes as poppler finds them, points of the page as it is shown."""
    pattern = r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>'
    rows = re.findall(pattern, _poppler(file, folder, "-bbox", "-cropbox"))
    return {html.unescape(text): Box(*map(float, box)) for *box, text in rows}


def _as_shown(quad: Quad, page: Page) -> Box:
    """Where a box of the upright page is on the page as its file shows it."""
    return bounds([rotate_quad(quad, -page.rotation // 90, page.width, page.height)])


@needs_poppler
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_words_are_where_they_are_printed_however_the_page_lies(rotate: int, turned: int, tmp_path: Path) -> None:
    shown = (HEIGHT, WIDTH) if rotate % 180 else (WIDTH, HEIGHT)
    upright = shown[::-1] if turned % 180 else shown
    page = read_page(WORDS, width=upright[0], height=upright[1], rotation=turned)
    found = _poppler_words(_pdf(read_document(page, mime="application/pdf"), _scan_pdf(rotate)), tmp_path)
    expected = {word.text: _as_shown(word.box, page) for entry in WORDS for word in entry.words}
    assert found.keys() == expected.keys()
    for text, box in expected.items():
        assert np.abs(np.subtract(found[text], box)).max() < 0.1


@needs_poppler
@pytest.mark.parametrize("degrees", [-4.0, 0.7, 4.0])
def test_words_on_tilted_lines_stay_whole_and_in_place(degrees: float, tmp_path: Path) -> None:
    lines = [_tilted(line(at(100, 100, "Considerable"), at(240, 100, "tilt")), degrees)]
    found = _poppler_words(_pdf(read_document(read_page(lines)), SCAN), tmp_path)
    assert [*found] == ["Considerable", "tilt"]
    for word in lines[0].words:
        assert np.abs(np.subtract(found[word.text], bounds([word.box]))).max() < 5


def _tilted(entry: Line, degrees: float) -> Line:
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))

    def turned(quad: Quad) -> Quad:
        return tuple((x * cos - y * sin, x * sin + y * cos) for x, y in quad)  # type: ignore[return-value]

    words = tuple(Word(word.text, turned(word.box), word.confidence) for word in entry.words)
    return Line(entry.text, turned(entry.box), entry.confidence, words)


@needs_poppler
@pytest.mark.parametrize(
    ("lines", "direction", "expected"),
    [
        pytest.param(
            [line(at(40, 30, "naïve"), at(97, 30, "“ﬁ”"), at(134, 30, "😀"))], "ltr", "naïve “ﬁ” 😀", id="beyond Latin"
        ),
        pytest.param([line(at(300, 30, "שלום"), at(252, 30, "עולם"))], "rtl", "שלום עולם", id="Hebrew"),
        pytest.param([line(at(300, 30, "كتاب"), at(252, 30, "12,5"))], "rtl", "كتاب 12,5", id="Arabic with a number"),
        pytest.param([line(at(40, 30, "你好世界", 80))], "ltr", "你好世界", id="Chinese"),
        pytest.param(
            [line(("日本語", Box(500, 20, 520, 80).quad)), line(("縦書", Box(460, 20, 480, 60).quad))],
            "ttb",
            "日本語\n縦書",
            id="vertical Japanese",
        ),
        pytest.param([Line("down", ((60, 40), (60, 120), (40, 120), (40, 40)), 0.9)], "ltr", "down", id="sideways"),
        pytest.param([Line("slant", ((40, 80), (90, 30), (110, 50), (60, 100)), 0.9)], "ltr", "slant", id="slanting"),
    ],
)
def test_every_script_is_found_as_it_reads(lines: list[Line], direction: str, expected: str, tmp_path: Path) -> None:
    written = _pdf(read_document(read_page(lines, direction=direction)), SCAN)
    assert re.sub("[\u202a-\u202e]", "", _poppler(written, tmp_path)).strip() == expected
    assert {*_found(written).split()} == {*expected.replace("ﬁ", "fi").split()}


def test_a_page_looks_the_same_to_the_last_pixel() -> None:
    before = _scan_pdf(hidden="old words", shown="Plain text")
    after = _pdf(read_document(read_page(WORDS), mime="application/pdf"), before)
    assert np.array_equal(_drawn(before), _drawn(after))


def test_hidden_text_of_another_program_gives_way() -> None:
    written = _pdf(read_document(read_page(WORDS), mime="application/pdf"), _scan_pdf(hidden="old words"))
    assert _found(written).split() == ["Two", "words", "below"]


def test_hidden_text_in_a_form_gives_way_and_other_pages_keep_it() -> None:
    with pikepdf.open(io.BytesIO(_scan_pdf(hidden="old words"))) as pdf:
        form = pdf.make_indirect(pdf.pages[0].as_form_xobject())
        for _ in range(2):
            pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
            pdf.pages[-1].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm=form))
            pdf.pages[-1].obj.Contents = pdf.make_stream(b"/Fm Do")
        del pdf.pages[0]
        file = _saved(pdf)
    other = read_page([], number=2, source="text_layer", blocks=())
    written = _pdf(read_document(read_page(WORDS), other, mime="application/pdf"), file)
    assert _found(written).split() == ["Two", "words", "below"]
    assert "old words" in _found(written, 2)


@needs_poppler
def test_text_in_an_unreadable_font_is_not_found_beside_ours(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(_scan_pdf(shown="Plain text"))) as pdf:
        start, end = b"/P <</MCID 0>> BDC /Span <</ActualText (named)>> BDC\n", b"\nEMC EMC"
        pdf.pages[0].obj.Contents = pdf.make_stream(start + pdf.pages[0].obj.Contents.read_bytes() + end)
        file = _saved(pdf)
    written = _pdf(read_document(read_page(WORDS), mime="application/pdf"), file)
    assert _poppler(written, tmp_path).split() == ["Two", "words", "below"]


def test_a_good_text_layer_stays_alone_but_for_words_read_in_pictures() -> None:
    lines = [line(at(40, 30, "known"), confidence=1.0), line(at(40, 90, "pictured"), confidence=0.9)]
    page = read_page(lines, source="text_layer")
    written = _pdf(read_document(page, mime="application/pdf"), _scan_pdf(shown="known"))
    assert sorted(_found(written).split()) == ["known", "pictured"]


def test_only_pages_that_were_asked_for_are_there() -> None:
    file = pdf_file(*(pdf_text(f"page {number}") for number in (1, 2, 3)))
    page = read_page([], number=2, source="text_layer", blocks=())
    with pikepdf.open(io.BytesIO(_pdf(read_document(page, mime="application/pdf"), file))) as pdf:
        assert len(pdf.pages) == 1


def test_an_encrypted_pdf_stays_encrypted() -> None:
    with pikepdf.open(io.BytesIO(_scan_pdf())) as pdf:
        file = _saved(pdf, encryption=pikepdf.Encryption(owner="", user=""))
    with pikepdf.open(io.BytesIO(_pdf(read_document(read_page(WORDS), mime="application/pdf"), file))) as pdf:
        assert pdf.is_encrypted


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_an_image_becomes_a_page_of_its_size_that_looks_the_same(kind: str) -> None:
    written = _pdf(read_document(read_page(WORDS)), image_file(SHEET, kind, 72))
    assert np.abs(_drawn(written).astype(int) - SHEET).mean() <= (2 if kind == "JPEG" else 0)
    assert _found(written).split() == ["Two", "words", "below"]


def test_a_jpeg_is_passed_through() -> None:
    file = image_file(SHEET, "JPEG", 72)
    with pikepdf.open(io.BytesIO(_pdf(read_document(read_page(WORDS)), file))) as pdf:
        assert pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes() == file


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_stands_as_its_exif_data_say(orientation: int) -> None:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(SHEET).save(stream, "JPEG", exif=exif, quality=95)
    with open_original(stream.getvalue(), limits=DEFAULT_LIMITS, password=None) as original:
        upright = original.pixels(1, None)
        page = read_page(WORDS, width=upright.shape[1], height=upright.shape[0])
        written = export("pdf").encode(read_document(page), original)
    assert np.abs(_drawn(written).astype(int) - upright).mean() < 1


@pytest.mark.parametrize(
    ("pixels", "bits", "space"),
    [
        pytest.param(np.where(SHEET > 128, 255, 0).astype(np.uint8), 1, "/DeviceGray", id="black and white"),
        pytest.param(SHEET // 2, 8, "/DeviceGray", id="grey"),
        pytest.param(cv2.applyColorMap(SHEET, cv2.COLORMAP_JET), 8, "/DeviceRGB", id="colour"),
    ],
)
def test_images_are_stored_without_loss_in_as_few_bits_as_it_takes(pixels: Pixels, bits: int, space: str) -> None:
    written = _pdf(read_document(read_page(WORDS)), image_file(pixels, "PNG", 72))
    with pikepdf.open(io.BytesIO(written)) as pdf:
        image = pdf.pages[0].obj.Resources.XObject.Im0
        assert (image.BitsPerComponent, image.ColorSpace) == (bits, space)
    assert np.array_equal(_drawn(written), pixels)


def test_pages_of_images_say_what_archives_ask_for() -> None:
    written = _pdf(read_document(read_page(WORDS, rotation=90, width=HEIGHT, height=WIDTH)), SCAN)
    with pikepdf.open(io.BytesIO(written)) as pdf:
        profile = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        assert (int.from_bytes(profile[:4]), profile[36:40]) == (len(profile), b"acsp")
        assert pdf.open_metadata().pdfa_status == "2B"
        assert pdf.pages[0].obj.Rotate == 90


def test_the_same_document_gives_the_same_bytes() -> None:
    document = read_document(read_page(WORDS))
    assert _pdf(document, SCAN) == _pdf(document, SCAN)


def test_hostile_text_is_text() -> None:
    document = read_document(read_page([line(at(40, 30, HOSTILE), at(200, 30, "Tj ET Q"))]))
    assert "<script>" in _found(_pdf(document, SCAN))


def test_boxes_without_a_size_and_pages_without_text_do_no_harm() -> None:
    nothing = read_page([line(("dot", ((9, 9),) * 4)), line(at(9, 9, " "))])
    assert _pdf(read_document(nothing), SCAN).startswith(b"%PDF")


def test_a_pdf_that_cannot_be_taken_apart_says_so() -> None:
    class Broken:
        mime, data, password = "application/pdf", b"%PDF-1.7 nothing", None

    with pytest.raises(DamagedDocument, match="another format"):
        export("pdf").encode(read_document(read_page(WORDS)), Broken())
