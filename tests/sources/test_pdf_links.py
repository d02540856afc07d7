"""Links of a text layer: where a reader could click, and only to what is safe to follow."""

from __future__ import annotations

import pikepdf
import pytest
from drawing import changed, pdf_bytes, text_at
from reportlab.pdfgen.canvas import Canvas

from quire.document import Link
from quire.geometry import bounds
from quire.sources import open_source

RECT = (30, 190, 90, 210)


def links_of(data: bytes, dpi: float = 72) -> tuple[Link, ...]:
    with open_source(data) as source:
        layer = source.page(1).text_layer(dpi)
    assert layer is not None
    return layer.links


def linked(*urls: str) -> bytes:
    def draw(canvas: Canvas) -> None:
        text_at(30, 200, "A line with links")(canvas)
        for url in urls:
            canvas.linkURL(url, RECT)

    return pdf_bytes(draw)


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org", "mailto:someone@example.org"])
def test_addresses_of_the_web_and_of_mail_are_links(url: str) -> None:
    (link,) = links_of(linked(url))
    assert link.url == url
    assert bounds([link.box]) == pytest.approx((30, 90, 90, 110), abs=0.2)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.org", "https://", "https://a b",
     "https://a/\x01", "https://a/" + "b" * 5_000],
    ids=["a script", "a file", "data", "another protocol", "no host", "a space", "a control character", "endless"],
)  # fmt: skip
def test_other_addresses_are_none(url: str) -> None:
    assert links_of(linked(url)) == ()


def test_a_turned_page_turns_its_links() -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = 90

    (link,) = links_of(changed(linked("https://example.org"), turn), 144)
    assert bounds([link.box]) == pytest.approx((380, 60, 420, 180), abs=0.5)


def test_a_link_over_two_lines_has_an_area_for_each() -> None:
    def part(pdf: pikepdf.Pdf) -> None:
        (annotation,) = pdf.pages[0].Annots
        annotation.Rect = pikepdf.Array([30, 170, 200, 210])
        annotation.QuadPoints = pikepdf.Array(
            [150, 210, 200, 210, 150, 190, 200, 190, 30, 190, 80, 190, 30, 170, 80, 170]
        )

    areas = [bounds([link.box]) for link in links_of(changed(linked("https://example.org"), part))]
    assert areas == [pytest.approx((150, 90, 200, 110), abs=0.2), pytest.approx((30, 110, 80, 130), abs=0.2)]


def test_links_within_the_document_and_outside_the_page_are_left_out() -> None:
    def elsewhere(pdf: pikepdf.Pdf) -> None:
        outside, within = pdf.pages[0].Annots
        outside.Rect = pikepdf.Array([-90, -90, -30, -30])
        del within.A
        within.Dest = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])

    assert links_of(changed(linked("https://example.org/1", "https://example.org/2"), elsewhere)) == ()


def test_links_are_bounded() -> None:
    assert len(links_of(linked(*(f"https://example.org/{index}" for index in range(2_100))))) == 2_000
