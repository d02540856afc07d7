"""Pixels of image files: colours, depths, transparency, orientation, resolution, damage."""

from __future__ import annotations

import io

import numpy as np
import pytest
from drawing import BLUE, RED, corner_picture, image_bytes
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps

from quire.errors import Cancelled, PageDamaged, QuireError, TooManyPixels
from quire.limits import Limits
from quire.sources import open_source
from quire.sources.base import PageImage
from quire.sources.colour import to_eight_bits

NOISE = Image.fromarray(np.random.default_rng(7).integers(0, 256, (64, 48, 3), np.uint8))


def read_image(data: bytes, number: int = 1) -> PageImage:
    with open_source(data) as source:
        page = source.page(number)
        image = page.render(None)
        assert page.text_layer(150) is None
    assert image.pixels.dtype == np.uint8
    assert image.pixels.flags.c_contiguous
    return image


def bgr(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image.convert("RGB"))[..., ::-1]


def difference(pixels: NDArray[np.uint8], expected: Image.Image) -> float:
    wanted = bgr(expected)
    assert pixels.shape == wanted.shape
    return float(np.abs(pixels.astype(int) - wanted).mean())


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF"])
def test_lossless_formats_give_the_very_pixels(kind: str, mode: str) -> None:
    image = NOISE.convert(mode)
    stored = Image.open(io.BytesIO(image_bytes(image, kind)))
    assert difference(read_image(image_bytes(image, kind)).pixels, stored) == 0


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("WEBP", "RGB"), ("JPEG2000", "RGB"), ("AVIF", "RGB")]
)
def test_lossy_formats_give_nearly_the_pixels(kind: str, mode: str) -> None:
    image = corner_picture(120, 90).convert(mode)
    assert difference(read_image(image_bytes(image, kind, quality=95)).pixels, image) < 6


@pytest.mark.parametrize("adobe", [True, False], ids=["inverted as Adobe does", "as plain ink"])
def test_a_cmyk_jpeg_shows_its_colours(adobe: bool) -> None:
    image = corner_picture(64, 64).convert("CMYK")
    data = image_bytes(image if adobe else ImageChops.invert(image), "JPEG", quality=95)
    if not adobe:
        marker = data.index(b"\xff\xee\x00\x0eAdobe")
        data = data[:marker] + data[marker + 16 :]
    assert difference(read_image(data).pixels, corner_picture(64, 64)) < 6


@pytest.mark.parametrize("orientation", range(1, 9), ids=lambda value: f"orientation {value}")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_applied(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    quality = {"quality": 95} if kind == "JPEG" else {"lossless": True} if kind == "WEBP" else {}
    data = image_bytes(corner_picture(60, 36), kind, exif=exif, **quality)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert difference(read_image(data).pixels, upright) < 6


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("exif", [b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0nonsense"], ids=["astray", "nonsense"])
def test_broken_exif_data_do_not_cost_the_picture(exif: bytes) -> None:
    image = read_image(image_bytes(corner_picture(), "JPEG", exif=exif, quality=95))
    assert difference(image.pixels, corner_picture()) < 8


def transparent_palette() -> bytes:
    image = corner_picture().quantize(8)
    (index,) = {image.getpixel((0, 0))}
    return image_bytes(image, "PNG", transparency=index)


def transparent_depth() -> bytes:
    values = np.full((24, 40), 40_000, np.uint16)
    values[:8, :14] = 0
    return image_bytes(Image.fromarray(values), "PNG", transparency=0)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(image_bytes(Image.new("RGBA", (40, 24), (255, 0, 0, 0)), "PNG"), id="with an alpha channel"),
        pytest.param(image_bytes(Image.new("RGBA", (40, 24), (255, 0, 0, 0)), "WEBP"), id="in a WebP"),
        pytest.param(image_bytes(Image.new("RGBA", (40, 24), (255, 0, 0, 0)), "TIFF"), id="in a TIFF"),
        pytest.param(image_bytes(Image.new("LA", (40, 24), (0, 0)), "PNG"), id="in grey"),
        pytest.param(image_bytes(Image.new("RGB", (40, 24)), "PNG", transparency=(0, 0, 0)), id="as one colour"),
        pytest.param(image_bytes(Image.new("L", (40, 24)), "PNG", transparency=0), id="as one grey"),
        pytest.param(transparent_palette(), id="in a palette"),
        pytest.param(transparent_depth(), id="in 16 bits"),
    ],
)
def test_transparency_is_put_on_white(data: bytes) -> None:
    assert read_image(data).pixels[2, 2].tolist() == [255, 255, 255]


def test_half_transparency_is_mixed_with_white() -> None:
    image = Image.new("RGBA", (4, 4), (0, 0, 255, 128))
    image.putpixel((0, 0), (0, 0, 255, 255))
    pixels = read_image(image_bytes(image, "PNG")).pixels
    assert pixels[0, 0].tolist() == [255, 0, 0]
    assert pixels[1, 1].tolist() == [255, 127, 127]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bits_are_scaled_to_8(kind: str) -> None:
    values = np.linspace(0, 65535, 40 * 24, dtype=np.uint16).reshape(24, 40)
    pixels = read_image(image_bytes(Image.fromarray(values), kind)).pixels
    assert np.abs(pixels[..., 0].astype(int) - values / 257).max() <= 1


@pytest.mark.parametrize("full", [1.0, 255.0, 65535.0])
def test_floats_are_scaled_by_what_they_can_mean(full: float) -> None:
    values = np.linspace(0, full, 40 * 24, dtype=np.float32).reshape(24, 40)
    pixels = read_image(image_bytes(Image.fromarray(values), "TIFF")).pixels[..., 0]
    assert (pixels[0, 0], pixels[-1, -1]) == (0, 255)


def test_a_blank_page_of_any_depth_stays_blank() -> None:
    assert (to_eight_bits(np.full((4, 4), 65535, np.uint16)) == 255).all()
    assert (to_eight_bits(np.zeros((4, 4), np.float32)) == 0).all()


def test_values_beyond_any_depth_and_no_numbers_are_scaled_by_their_own_range() -> None:
    values = np.array([[-1.0, 1.0], [np.nan, np.inf]], np.float32)
    assert to_eight_bits(values)[0].tolist() == [0, 255]


@pytest.mark.parametrize(
    ("stated", "dpi"),
    [((300, 300), 300), ((200, 204), 202), ((600, 100), None), ((1, 1), None), ((9600, 9600), None)],
    ids=["a usual one", "nearly equal", "too unequal", "too low", "too high"],
)
def test_a_plausible_resolution_is_taken_from_the_file(stated: tuple[int, int], dpi: float | None) -> None:
    data = image_bytes(corner_picture(), "JPEG", dpi=stated)
    image = read_image(data)
    assert image.dpi == (None if dpi is None else pytest.approx(dpi))
    assert (image.width, image.height) == (40, 24)
    with open_source(data) as source:
        assert source.page(1).natural_dpi() == image.dpi


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
@pytest.mark.parametrize(
    ("stated", "size"), [((200, 100), (60, 72)), ((100, 200), (120, 36))], ids=["finer across", "finer down"]
)
@pytest.mark.parametrize("orientation", [1, 3, 6, 8], ids=lambda value: f"orientation {value}")
def test_unequal_resolutions_are_stretched_to_square_pixels(
    kind: str, stated: tuple[int, int], size: tuple[int, int], orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = corner_picture(60, 36)
    options = {} if kind == "BMP" or orientation == 1 else {"exif": exif}
    data = image_bytes(picture, kind, dpi=stated, **options, **({"quality": 95} if kind == "JPEG" else {}))
    square = picture.resize(size)
    square.getexif().update(exif if options else {})
    image = read_image(data)
    assert image.dpi == pytest.approx(200, abs=1)
    assert difference(image.pixels, ImageOps.exif_transpose(square)) < 8


def test_the_pixel_limit_holds_for_square_pixels() -> None:
    data = image_bytes(corner_picture(), "PNG", dpi=(200, 100))
    with open_source(data, limits=Limits(max_pixels=40 * 48)) as source:
        assert source.page(1).render(None).height == 48
    with pytest.raises(TooManyPixels, match="40 x 48 square pixels"):
        open_source(data, limits=Limits(max_pixels=40 * 48 - 1))


def test_a_file_without_a_resolution_has_none() -> None:
    assert read_image(image_bytes(corner_picture(), "PNG")).dpi is None


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_one_page_its_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    data = image_bytes(
        frames[0],
        kind,
        save_all=True,
        append_images=frames[1:],
        **({"lossless": True} if kind == "WEBP" else {}),
    )
    with open_source(data) as source:
        assert source.page_count == 1
    assert difference(read_image(data).pixels, frames[0]) < 2


@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_a_truncated_jpeg_gives_what_is_there(options: dict[str, bool]) -> None:
    data = image_bytes(NOISE.resize((480, 640)), "JPEG", quality=90, **options)
    pixels = read_image(data[: len(data) // 2]).pixels
    assert difference(pixels[:64], NOISE.resize((480, 640)).crop((0, 0, 480, 64))) < 60


def test_a_truncated_png_gives_what_is_there() -> None:
    data = image_bytes(NOISE.resize((480, 640)), "PNG")
    pixels = read_image(data[: len(data) // 2]).pixels
    assert difference(pixels[:64], NOISE.resize((480, 640)).crop((0, 0, 480, 64))) == 0


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "JPEG2000"])
def test_an_image_without_any_data_is_a_damaged_page(kind: str) -> None:
    data = image_bytes(NOISE, kind)
    with pytest.raises(QuireError) as error:
        read_image(data[:80] if kind == "PNG" else data[:200])
    assert error.value.code in ("page_damaged", "damaged_document")


def test_a_page_that_is_damaged_says_so_without_internals() -> None:
    data = bytearray(image_bytes(NOISE, "PNG"))
    start = data.index(b"IDAT") + 4
    data[start : start + 40] = b"\xff" * 40
    with open_source(bytes(data)) as source, pytest.raises(PageDamaged) as error:
        source.page(1).render(None)
    assert "PNG" in error.value.detail


def test_a_closed_image_is_not_read() -> None:
    source = open_source(image_bytes(corner_picture(), "PNG"))
    page = source.page(1)
    source.close()
    with pytest.raises(Cancelled):
        page.render(None)
