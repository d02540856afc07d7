"""Pages as models want to see them."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.engines.vlm.images import ImageRule, encode
from quire.sources.base import PageImage

DOTS = ImageRule(multiple_px=28, min_pixels=3136, max_pixels=11_289_600)
LIGHTON = ImageRule(longest_px=1540, multiple_px=28)


def page(width: int, height: int) -> PageImage:
    rows = np.linspace(0, 255, height, dtype=np.uint8)[:, None, None]
    return PageImage(np.ascontiguousarray(np.broadcast_to(rows, (height, width, 3))), None)


@pytest.mark.parametrize(
    ("rule", "size", "sent"),
    [
        pytest.param(LIGHTON, (252, 84), (252, 84), id="multiples stay as they are"),
        pytest.param(LIGHTON, (1700, 2200), (1176, 1540), id="the longer side is shortened"),
        pytest.param(LIGHTON, (1, 1), (28, 28), id="a pixel becomes a patch"),
        pytest.param(DOTS, (1000, 1400), (1008, 1400), id="rounded to the nearest multiple"),
        pytest.param(DOTS, (10, 10), (56, 56), id="too few pixels"),
        pytest.param(DOTS, (5000, 7000), (2828, 3948), id="too many pixels"),
        pytest.param(DOTS, (60_000, 28), (47_516, 224), id="a strip is made less extreme"),
        pytest.param(ImageRule(), (17, 31), (17, 31), id="no rule"),
    ],
)
def test_sizes(rule: ImageRule, size: tuple[int, int], sent: tuple[int, int]) -> None:
    assert rule.size_for(*size) == sent


@given(
    st.builds(
        ImageRule,
        longest_px=st.none() | st.integers(28, 4000),
        multiple_px=st.sampled_from([1, 14, 28]),
        max_pixels=st.none() | st.integers(10_000, 20_000_000),
    ),
    st.integers(1, 30_000),
    st.integers(1, 30_000),
)
def test_every_size_keeps_the_rule(rule: ImageRule, width: int, height: int) -> None:
    sent_width, sent_height = rule.size_for(width, height)

    assert sent_width % rule.multiple_px == sent_height % rule.multiple_px == 0
    assert min(sent_width, sent_height) >= rule.multiple_px
    assert rule.longest_px is None or max(sent_width, sent_height) <= max(rule.longest_px, rule.multiple_px)
    floor = rule.multiple_px * max(sent_width, sent_height)
    assert rule.max_pixels is None or sent_width * sent_height <= max(rule.max_pixels, floor)


def test_a_png_of_the_right_size_keeps_every_pixel() -> None:
    image = page(252, 84)
    sent = encode(image, LIGHTON)

    assert (sent.mime, sent.width, sent.height, sent.scale_x, sent.scale_y) == ("image/png", 252, 84, 1.0, 1.0)
    assert np.array_equal(cv2.imdecode(np.frombuffer(sent.data, np.uint8), cv2.IMREAD_COLOR), image.pixels)


def test_a_page_that_is_made_smaller_says_how_much() -> None:
    sent = encode(page(3080, 1540), ImageRule(longest_px=1540, multiple_px=28, encoding="jpeg"))

    assert (sent.mime, sent.width, sent.height) == ("image/jpeg", 1540, 784)
    assert sent.scale_x == 2.0
    assert sent.scale_y == pytest.approx(1540 / 784)
