"""TIFF files: many pages, many compressions, chains that loop."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from drawing import corner_picture, image_bytes
from PIL import Image, ImageDraw

from quire.errors import PageDamaged, TooManyPages, TooManyPixels
from quire.limits import Limits
from quire.sources import open_source

COLOURS = ("red", "green", "blue")


def fax_page() -> Image.Image:
    page = Image.new("1", (200, 120), 1)
    ImageDraw.Draw(page).text((20, 40), "Fax", fill=0)
    return page


def three_pages(**options: object) -> bytes:
    pages = [Image.new("RGB", (20 + 10 * index, 16), colour) for index, colour in enumerate(COLOURS)]
    return image_bytes(pages[0], "TIFF", save_all=True, append_images=pages[1:], **options)


def link_positions(data: bytes) -> list[int]:
    """Where each page's offset to the next page is stored, the first page's first."""
    positions = [4]
    while (offset := struct.unpack_from("<I", data, positions[-1])[0]) != 0:
        (entries,) = struct.unpack_from("<H", data, offset)
        positions.append(offset + 2 + 12 * entries)
    return positions


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
@pytest.mark.parametrize("big", [False, True], ids=["classic", "BigTIFF"])
def test_every_frame_is_a_page(compression: str, big: bool) -> None:
    with open_source(three_pages(compression=compression, big_tiff=big)) as source:
        assert source.page_count == 3
        for number, colour in enumerate(COLOURS, start=1):
            page = source.page(number)
            image = page.render(None)
            wanted = np.asarray(Image.new("RGB", (1, 1), colour))[0, 0, ::-1]
            assert (image.width, image.height) == (10 + 10 * number, 16)
            assert np.abs(image.pixels.astype(int) - wanted).max() <= 3


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt", "raw"])
def test_bitonal_pages_are_read_in_every_fax_compression(compression: str) -> None:
    page = fax_page()
    with open_source(image_bytes(page, "TIFF", compression=compression, dpi=(200, 200))) as source:
        image = source.page(1).render(None)
    assert image.dpi == pytest.approx(200)
    assert (image.pixels[..., 0] == np.asarray(page.convert("L"))).all()


def test_a_fax_of_coarse_rows_is_read_with_square_pixels() -> None:
    coarse = fax_page().resize((200, 60))
    fax = image_bytes(coarse, "TIFF", compression="group4", dpi=(204, 98), save_all=True, append_images=[coarse])
    with open_source(fax) as source:
        for number in (1, 2):
            image = source.page(number).render(None)
            assert (image.width, image.height) == (200, 125)
            assert image.dpi == source.page(number).natural_dpi() == pytest.approx(204)
            again = np.asarray(Image.fromarray(image.pixels).resize(coarse.size).convert("1"))
            assert (again == np.asarray(coarse)).mean() > 0.95


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "I;16"])
def test_other_colour_spaces_are_read(mode: str) -> None:
    picture = corner_picture(32, 24)
    stored = (
        Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
        if mode == "I;16"
        else picture.convert(mode)
    )
    with open_source(image_bytes(stored, "TIFF")) as source:
        pixels = source.page(1).render(None).pixels
    wanted = np.asarray(picture.convert("L").convert("RGB") if mode == "I;16" else picture)[..., ::-1]
    assert np.abs(pixels.astype(int) - wanted).mean() < 3


def test_a_chain_that_loops_ends() -> None:
    data = bytearray(three_pages())
    links = link_positions(bytes(data))
    data[links[-1] : links[-1] + 4] = data[4:8]
    with open_source(bytes(data)) as source:
        assert source.page_count == 3


def test_a_chain_that_leads_out_of_the_file_keeps_the_pages_before() -> None:
    data = bytearray(three_pages())
    links = link_positions(bytes(data))
    data[links[1] : links[1] + 4] = b"\xf0\xff\xff\xff"
    with open_source(bytes(data)) as source:
        assert source.page_count == 1


def test_more_frames_than_allowed_are_refused() -> None:
    with pytest.raises(TooManyPages, match="max_pages"):
        open_source(three_pages(), limits=Limits(max_pages=2))
    open_source(three_pages(), limits=Limits(max_pages=3)).close()


def test_a_frame_that_fails_leaves_the_others() -> None:
    data = bytearray(three_pages())
    (second,) = struct.unpack_from("<I", data, link_positions(bytes(data))[1])
    (entries,) = struct.unpack_from("<H", data, second)
    data[second + 2 : second + 2 + 12 * entries] = b"\xff" * (12 * entries)
    with open_source(bytes(data)) as source:
        assert source.page_count == 3
        with pytest.raises(PageDamaged):
            source.page(2).render(None)
        assert source.page(3).render(None).width == 40


def test_a_frame_larger_than_allowed_fails_alone() -> None:
    with open_source(three_pages(), limits=Limits(max_pixels=16 * 30)) as source:
        assert source.page(2).render(None).width == 30
        with pytest.raises(TooManyPixels):
            source.page(3).render(None)
