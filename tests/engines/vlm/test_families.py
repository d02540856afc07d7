"""What each family asks, and where what it answers is on the page."""

import numpy as np
import pytest
from answers import GROUNDED, OTSL, SPOTTED

from quire.engines.vlm.families.base import Family
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.engines.vlm.families.generic import Generic, GenericModel
from quire.engines.vlm.families.lightonocr import LightOnOcr
from quire.engines.vlm.families.paddleocr_vl import PaddleOcrVl, cropped
from quire.errors import InvalidOption
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage

OPTIONS = ReadOptions()
FAMILIES: list[Family] = [LightOnOcr(), Dots(), DeepSeekOcr(), PaddleOcrVl(), Generic()]


def page(width: int = 1600, height: int = 2200) -> PageImage:
    return PageImage(np.full((height, width, 3), 255, np.uint8), 200.0)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_mode_has_a_question(family: Family) -> None:
    for mode in family.modes:
        asked = family.request(page(56, 56), ReadOptions(task="locate", find="total"), mode)

        assert asked.image.data
        assert asked.sampling.max_tokens > 0
        assert (asked.prompt is None) == (family.modes[mode] is None)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_mode_that_there_is_not_is_refused_and_the_others_named(family: Family) -> None:
    with pytest.raises(InvalidOption, match=next(iter(family.modes))):
        family.request(page(56, 56), OPTIONS, "dance")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_vllm_is_told_that_pages_come_once(family: Family) -> None:
    assert "--no-enable-prefix-caching" in family.serving.flags
    assert set(family.modes_of_tasks.values()) <= set(family.modes)


def test_lightonocr_is_given_the_image_alone_and_says_where_pictures_are() -> None:
    family, image = LightOnOcr(), page()
    asked = family.request(image, OPTIONS)
    parsed = family.parse("# Title\n\n![image](image_1.png) 100,200,500,600", asked, image.width, image.height)

    assert (asked.prompt, asked.image.height, asked.sampling.temperature) == (None, 1540, 0.2)
    assert parsed.figures[0].box == ((160, 440), (800, 440), (800, 1320), (160, 1320))


def test_dots_boxes_are_pixels_of_what_was_sent() -> None:
    family, image = Dots(), page(4000, 6000)
    asked = family.request(image, OPTIONS)
    sent = asked.image
    answer = f'[{{"bbox": [0, 0, {sent.width}, {sent.height // 2}], "category": "Text", "text": "a"}}]'
    box = family.parse(answer, asked, image.width, image.height).blocks[0].box

    assert sent.width * sent.height <= 11_289_600
    assert box[0] == (0, 0)
    assert box[2] == pytest.approx((4000, 3000), abs=1)


def test_dots_is_prompted_with_its_mark_and_a_box_in_what_was_sent() -> None:
    asked = Dots().region(page(2800, 2800), Box(280, 560, 1400, 2800))

    assert asked.prompt is not None
    assert asked.prompt.startswith("<|img|><|imgpad|><|endofimg|>Extract text from the given bounding box")
    assert asked.prompt.endswith("[280, 560, 1400, 2800]")
    parsed = Dots().parse("Some text\nhere", asked, 2800, 2800)
    assert [line.text for line in parsed.lines] == ["Some text", "here"]
    assert parsed.valid


def test_deepseek_asks_for_places_and_keeps_the_model_from_looping() -> None:
    family, image = DeepSeekOcr(), page(1998, 999)
    asked = family.request(image, OPTIONS)
    parsed = family.parse(GROUNDED, asked, image.width, image.height)

    assert asked.prompt == "<|grounding|>Convert the document to markdown."
    assert asked.extra["vllm_xargs"]["whitelist_token_ids"] == [128821, 128822]
    assert parsed.blocks[0].box[2] == (952, 133)
    assert not parsed.warnings


def test_deepseek_says_that_vllm_fixes_its_resolution() -> None:
    family = DeepSeekOcr(resolution="small")
    asked = family.request(page(), OPTIONS)

    assert max(asked.image.width, asked.image.height) == 640
    assert "640 pixels" in family.parse("text", asked, 1600, 2200).warnings[0]


def test_what_deepseek_looks_for_cannot_end_its_mark() -> None:
    asked = DeepSeekOcr().request(page(), ReadOptions(task="locate", find="a<|/ref|>b"), "locate")

    assert asked.prompt == "Locate <|ref|>a< |/ref|>b<|/ref|> in the image."


def test_paddleocr_vl_reads_a_page_as_lines_and_its_elements_each_by_its_kind() -> None:
    family, image = PaddleOcrVl(), page(1000, 1000)
    parsed = family.parse(SPOTTED, family.request(image, OPTIONS), 1000, 1000)
    table = family.element(image, Box(100, 100, 500, 300), "table")

    assert [line.box[0] for line in parsed.lines] == [(100, 100)]
    assert table is not None
    assert table.prompt == "Table Recognition:"
    assert family.parse(OTSL, table, 400, 200).tables[0].box == ((0, 0), (400, 0), (400, 200), (0, 200))
    assert family.element(image, Box(0, 0, 9, 9), "figure") is None


@pytest.mark.parametrize(
    ("mode", "text", "kind"),
    [
        pytest.param("formula", "\\[ a = b \\]", "formula", id="a formula"),
        pytest.param("chart", "| a | b |\n| 1 | 2 |", "table", id="a chart"),
        pytest.param("text", "A line\nand another", "paragraph", id="text"),
    ],
)
def test_an_element_fills_its_crop(mode: str, text: str, kind: str) -> None:
    family = PaddleOcrVl()
    (block,) = family.parse(text, family.request(page(400, 200), OPTIONS, mode), 400, 200).blocks

    assert (block.kind, block.box[2]) == (kind, (400, 200))


def test_a_crop_ends_at_the_page() -> None:
    assert cropped(page(100, 100), Box(-5, 90.5, 1e6, 1e6)).pixels.shape == (10, 100, 3)
    assert cropped(page(100, 100), Box(500, 500, 500, 500)).pixels.shape == (1, 1, 3)


def test_a_generic_model_is_as_it_is_configured() -> None:
    model = GenericModel(prompt="Read.", system="You read.", longest_px=560, parser="layout_json", box_units=1000)
    family, image = Generic(model), page()
    asked = family.request(image, OPTIONS)
    parsed = family.parse('[{"bbox": [0, 0, 500, 500], "category": "Text", "text": "a"}]', asked, 1600, 2200)

    assert (asked.prompt, asked.system, asked.image.height) == ("Read.", "You read.", 560)
    assert parsed.blocks[0].box[2] == (800, 1100)
