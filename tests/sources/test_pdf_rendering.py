"""Rendering PDF pages: where things land, how large pages get, what is drawn."""

from __future__ import annotations

import numpy as np
import pikepdf
import pytest
from drawing import (
    PAGE_PT,
    RED,
    all_of,
    changed,
    corner_picture,
    encrypted,
    pdf_bytes,
    picture_at,
    text_at,
)
from numpy.typing import NDArray
from PIL import Image
from pydantic import SecretStr
from reportlab.pdfgen.canvas import Canvas

from quire.errors import (
    Cancelled,
    NoPages,
    PageDamaged,
    PasswordRequired,
    TooManyPages,
    WrongPassword,
)
from quire.limits import Limits
from quire.sources import open_source

LEFT, BOTTOM, WIDTH, HEIGHT = 50.0, 180.0, 80.0, 40.0


def red_block(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(LEFT, BOTTOM, WIDTH, HEIGHT, stroke=0, fill=1)


BLOCK = pdf_bytes(red_block)
EMPTY = pdf_bytes(lambda canvas: None)


def with_page(data: bytes, **entries: object) -> bytes:
    """The PDF with entries such as CropBox set on its first page."""

    def change(pdf: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            pdf.pages[0][f"/{name}"] = pikepdf.Array(value) if isinstance(value, list) else value

    return changed(data, change)


def red_bounds(pixels: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    ys, xs = np.nonzero((pixels[..., 2] > 200) & (pixels[..., 0] < 60))
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


def placed(rotation: int, crop: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Where the block belongs on the upright page, points from the top left."""
    x0, x1 = LEFT - crop[0], LEFT + WIDTH - crop[0]
    y0, y1 = crop[3] - BOTTOM - HEIGHT, crop[3] - BOTTOM
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    return {
        0: (x0, y0, x1, y1),
        90: (height - y1, x0, height - y0, x1),
        180: (width - x1, height - y1, width - x0, height - y0),
        270: (y0, width - x1, y1, width - x0),
    }[rotation]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [(0, 0, *PAGE_PT), (30, 20, 230, 260)], ids=["whole page", "cropped"])
@pytest.mark.parametrize("dpi", [72, 150, 301.5])
def test_drawn_things_land_where_rotation_and_crop_box_put_them(
    rotation: int, crop: tuple[float, float, float, float], dpi: float
) -> None:
    data = with_page(BLOCK, Rotate=rotation, CropBox=list(crop))
    with open_source(data) as source:
        image = source.page(1).render(dpi)
        assert source.page(1).raster(dpi)[:2] == (image.width, image.height)
    assert image.dpi == dpi
    assert image.pixels.flags.c_contiguous
    wanted = [value * dpi / 72 for value in placed(rotation, crop)]
    assert red_bounds(image.pixels) == pytest.approx(wanted, abs=1.5)


def test_a_page_without_a_dpi_is_rendered_at_150() -> None:
    with open_source(EMPTY) as source:
        image = source.page(1).render(None)
    assert (image.dpi, image.width, image.height) == (150, 833, 625)
    assert (image.pixels == 255).all()


def test_a_page_too_large_for_the_pixel_limit_is_rendered_smaller() -> None:
    with open_source(BLOCK, limits=Limits(max_pixels=30_000)) as source:
        image = source.page(1).render(300)
    assert image.dpi is not None
    assert image.width * image.height == pytest.approx(30_000, rel=0.02)
    assert image.width == pytest.approx(PAGE_PT[0] * image.dpi / 72, abs=1)


@pytest.mark.parametrize("size", [[0, 0, 200_000, 200_000], [0, 0, 5, 200_000]], ids=["huge", "a ribbon"])
def test_a_gigantic_page_stays_within_bounds(size: list[int]) -> None:
    with open_source(with_page(EMPTY, MediaBox=size), limits=Limits(max_pixels=1_000_000)) as source:
        width, height, _ = source.page(1).raster(1200)
    assert width * height <= 1_010_000
    assert max(width, height) <= 30_000


def test_form_fields_and_annotations_are_drawn() -> None:
    def form(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="who", value="Grace", x=50, y=200, width=120, height=24, fontSize=14)

    with open_source(pdf_bytes(all_of(form, text_at(50, 100, "Name")))) as source:
        page = source.page(1)
        image, layer = page.render(72), page.text_layer(72)
    assert (image.pixels[80:98, 52:110] < 128).any()
    assert layer is not None
    assert [line.text for line in layer.lines] == ["Name"]
    (field,) = layer.pictures
    assert (field.x0, field.y0, field.x1, field.y1) == pytest.approx((50, 76, 170, 100), abs=2)


def test_the_resolution_of_a_scan_is_found() -> None:
    scan = Image.new("L", (int(PAGE_PT[0] / 72 * 200), int(PAGE_PT[1] / 72 * 200)), 255)
    with open_source(pdf_bytes(picture_at(scan, 0, 0, *PAGE_PT), picture_at(scan, 0, 0, 100, 75))) as source:
        assert source.page(1).natural_dpi() == pytest.approx(200, abs=1)
        assert source.page(2).natural_dpi() is None


def test_a_scan_in_strips_has_a_resolution_too() -> None:
    strip = Image.new("L", (int(PAGE_PT[0] / 72 * 150), int(30 / 72 * 150)), 255)
    strips = [picture_at(strip, 0, 30 * index, PAGE_PT[0], 30) for index in range(10)]
    with open_source(pdf_bytes(all_of(*strips))) as source:
        assert source.page(1).natural_dpi() == pytest.approx(150, abs=3)


def test_an_encrypted_pdf_opens_with_its_password_only() -> None:
    data = encrypted(BLOCK, "sesame")
    with pytest.raises(PasswordRequired, match="`password`"):
        open_source(data)
    with pytest.raises(WrongPassword) as error:
        open_source(data, password=SecretStr("wrong one"))
    assert "wrong one" not in error.value.detail
    with open_source(data, password=SecretStr("sesame")) as source:
        assert red_bounds(source.page(1).render(72).pixels)


def test_a_pdf_with_only_an_owner_password_opens() -> None:
    with open_source(encrypted(BLOCK, "")) as source:
        assert source.page_count == 1


def test_a_pdf_without_pages_is_refused() -> None:
    def no_pages(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[0]

    with pytest.raises(NoPages):
        open_source(changed(BLOCK, no_pages))


def test_a_pdf_with_too_many_pages_is_refused() -> None:
    data = pdf_bytes(*[red_block] * 4)
    with pytest.raises(TooManyPages, match=r"4 pages, 3 are allowed.*max_pages"):
        open_source(data, limits=Limits(max_pages=3))


def test_a_page_tree_that_claims_billions_of_pages_is_not_believed() -> None:
    with open_source(BLOCK.replace(b"/Count 1", b"/Count 999999999")) as source:
        assert source.page_count == 1


def test_a_page_that_cannot_be_loaded_fails_alone() -> None:
    def break_second(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Kids[1] = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Catalog))

    with open_source(changed(pdf_bytes(red_block, red_block, red_block), break_second)) as source:
        assert source.page_count == 3
        for call in (
            lambda page: page.render(72),
            lambda page: page.text_layer(72),
            lambda page: page.raster(72),
        ):
            with pytest.raises(PageDamaged, match="page 2"):
                call(source.page(2))
        assert red_bounds(source.page(3).render(72).pixels)


def test_a_closed_pdf_is_not_touched_again() -> None:
    source = open_source(BLOCK)
    page = source.page(1)
    source.close()
    source.close()
    with pytest.raises(Cancelled):
        page.render(72)


def test_an_image_in_a_pdf_keeps_its_colours() -> None:
    with open_source(pdf_bytes(picture_at(corner_picture(), 0, 0, *PAGE_PT))) as source:
        assert source.page(1).render(72).pixels[5, 5].tolist() == list(RED[::-1])
