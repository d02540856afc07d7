"""When the text of a page is doubted."""

from __future__ import annotations

import numpy as np
import pikepdf
import pytest
from drawing import PAGE_PT, SENTENCE, all_of, changed, invisible, paragraph, pdf_bytes, picture_at, text_at
from PIL import Image

from quire.sources import open_source

SCAN = Image.fromarray(np.random.default_rng(5).integers(0, 256, (300, 400), np.uint8))
FULL = picture_at(SCAN, 0, 0, *PAGE_PT)
PROSE = [SENTENCE[:60]] * 10


def doubt_about(data: bytes) -> str | None:
    with open_source(data) as source:
        layer = source.page(1).text_layer(150)
    assert layer is not None
    return layer.doubt


def nameless_letters() -> bytes:
    """Letters of a font that maps them to the private use area."""

    def change(pdf: pikepdf.Pdf) -> None:
        rows = b"\n".join(b"<%02X> <E0%02X>" % (code, code) for code in range(32, 127))
        cmap = (
            b"begincmap\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n95 beginbfchar\n"
            + rows
            + b"\nendbfchar\nendcmap"
        )
        for font in pdf.pages[0].Resources.Font.values():
            font.ToUnicode = pdf.make_stream(cmap)

    return changed(pdf_bytes(paragraph(PROSE)), change)


def moved(text: str) -> str:
    """Vowels as consonants: what a font with a wrong encoding gives."""
    return text.translate(str.maketrans("aeiouy", "tnrslh"))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pdf_bytes(paragraph(PROSE)), id="plain prose"),
        pytest.param(pdf_bytes(all_of(FULL, paragraph(PROSE))), id="prose on a background"),
        pytest.param(pdf_bytes(text_at(30, 200, "Hi")), id="two letters on an empty page"),
        pytest.param(
            pdf_bytes(paragraph(["12.50 EUR 7 19 % 2024-01-31 DE123456789 #42"] * 12)), id="a bill of figures"
        ),
    ],
)
def test_sane_text_is_trusted(data: bytes) -> None:
    assert doubt_about(data) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(pdf_bytes(all_of(FULL, invisible(SENTENCE[:50], 30, 200))), "invisible", id="an OCR layer"),
        pytest.param(pdf_bytes(all_of(paragraph(PROSE), FULL)), "beneath an image", id="text under a scan"),
        pytest.param(pdf_bytes(all_of(FULL, text_at(30, 20, "Page 7"))), "hardly any text", id="a stamp on a scan"),
        pytest.param(nameless_letters(), "no meaning in Unicode", id="a font without letters"),
        pytest.param(pdf_bytes(paragraph(["(cid:12)(cid:7)(cid:201)(cid:33)"] * 8)), "glyph names", id="glyph names"),
        pytest.param(pdf_bytes(paragraph([moved(SENTENCE)] * 6)), "do not form words", id="wrong letters"),
        pytest.param(
            pdf_bytes(all_of(paragraph(PROSE), paragraph([line[3:] for line in PROSE], top=258))),
            "on top of each other",
            id="two layers",
        ),
    ],
)
def test_text_that_may_be_wrong_is_doubted_with_a_reason(data: bytes, reason: str) -> None:
    assert reason in (doubt_about(data) or "")


def test_a_stamp_on_a_scan_leaves_the_scan_to_be_read() -> None:
    with open_source(pdf_bytes(all_of(FULL, text_at(30, 20, "Page 7")))) as source:
        layer = source.page(1).text_layer(72)
    assert layer is not None
    assert layer.pictures == ((0, 0, *PAGE_PT),)
