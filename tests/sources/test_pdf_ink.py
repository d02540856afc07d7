"""Where in their boxes the lines of a text layer have their ink, against the rendered page."""

from __future__ import annotations

import numpy as np
import pikepdf
import pytest
from drawing import changed, pdf_bytes, text_at

from quire.geometry import bounds
from quire.layout.at_ink import at_ink
from quire.sources import open_source

DPI = 144


def assert_at_ink(data: bytes) -> None:
    with open_source(data) as source:
        layer, image = source.page(1).text_layer(DPI), source.page(1).render(DPI)
    assert layer is not None
    [line], [style] = layer.lines, layer.styles
    ink = at_ink(line, style.ink).ink
    assert ink is not None
    rows, columns = (np.flatnonzero((image.pixels.min(axis=2) < 128).any(axis=axis)) for axis in (1, 0))
    drawn = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    assert np.abs(np.subtract(bounds([ink]), drawn)).max() <= 1.5
    # Corners keep their order.
    along, ink_along = (np.subtract(quad[1], quad[0]) for quad in (line.box, ink))
    assert along @ ink_along > 0


@pytest.mark.parametrize("text", ["Quay and harbour", "no more can occur", "TOTAL 1,284.50"])
@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize("rotation", [0, 90])
def test_the_ink_of_a_line_is_known_whichever_way_it_runs(text: str, angle: float, rotation: int) -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = rotation

    assert_at_ink(changed(pdf_bytes(text_at(150, 150, text, 14, angle)), turn))


def test_type_3_fonts_draw_what_their_procedures_draw() -> None:
    def as_drawings(pdf: pikepdf.Pdf) -> None:
        def glyph(height: int) -> pikepdf.Stream:
            return pikepdf.Stream(pdf, f"600 0 0 0 400 {height} d1 0 0 400 {height} re f".encode())

        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type3,
            FontBBox=[0, -300, 600, 900],
            FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
            CharProcs=pikepdf.Dictionary(a=glyph(500), b=glyph(700)),
            Encoding=pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=[97, pikepdf.Name.a, pikepdf.Name.b]),
            FirstChar=97,
            LastChar=98,
            Widths=[600, 600],
        )
        page = pdf.pages[0]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(font)))
        page.Contents = pdf.make_stream(b"BT /F 20 Tf 100 150 Td (abba) Tj ET")

    assert_at_ink(changed(pdf_bytes(lambda canvas: None), as_drawings))
