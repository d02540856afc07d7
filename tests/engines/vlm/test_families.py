"""What each family asks, and where what it answers is on the page."""

import numpy as np
import pytest
from answers import GROUNDED, OTSL, SPOTTED

from quire.document import BlockKind
from quire.engines.vlm.crops import cropped, only
from quire.engines.vlm.families.base import Family
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.engines.vlm.families.generic import Generic, GenericModel
from quire.engines.vlm.families.lightonocr import LightOnOcr
from quire.engines.vlm.families.paddleocr_vl import PaddleOcrVl
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage

OPTIONS = ReadOptions()
FAMILIES: list[Family] = [LightOnOcr(), Dots(), DeepSeekOcr(), PaddleOcrVl(), Generic()]


def page(width: int = 1600, height: int = 2200) -> PageImage:
    return PageImage(np.full((height, width, 3), 255, np.uint8), 200.0)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_vllm_is_told_that_pages_come_once(family: Family) -> None:
    assert "--no-enable-prefix-caching" in family.serving.flags


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_kind_of_block_is_asked_for_but_pictures(family: Family) -> None:
    kinds: list[BlockKind] = ["paragraph", "title", "table", "formula", "list"]
    asked = [family.block_request(page(300, 60), kind) for kind in kinds]

    assert family.block_request(page(300, 60), "figure") is None
    assert all(request is not None and request.mode in family.modes for request in asked)


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
    assert "640 pixels" in family.notes["resolution"]
    assert (family.variant, DeepSeekOcr().variant) == ("small", "")
    assert "resolution" not in DeepSeekOcr().notes


@pytest.mark.parametrize(
    ("kind", "prompt", "answer", "read"),
    [
        pytest.param("table", "Table Recognition:", OTSL, "table", id="a table"),
        pytest.param("formula", "Formula Recognition:", "\\[ \\frac{a}{b} \\]", "formula", id="a formula"),
        pytest.param("heading", "OCR:", "1.1 Start", "paragraph", id="text"),
    ],
)
def test_paddleocr_vl_reads_blocks_each_by_its_kind(kind: BlockKind, prompt: str, answer: str, read: str) -> None:
    family = PaddleOcrVl()
    asked = family.block_request(page(400, 200), kind)
    assert asked is not None
    (block,) = family.parse(answer, asked, 400, 200).blocks

    assert family.by_blocks
    assert asked.prompt == prompt
    assert (block.kind, block.box[2]) == (read, (400, 200))


@pytest.mark.parametrize(
    ("family", "answer"),
    [
        pytest.param(LightOnOcr(), "$$\n\\frac{a}{b}\n$$", id="LightOnOCR, displayed"),
        pytest.param(LightOnOcr(), "$\\frac{a}{b}$", id="LightOnOCR, as in running text"),
        pytest.param(Generic(), "\\(\\frac{a}{b}\\)", id="another model, in round brackets"),
        pytest.param(
            Dots(), '[{"bbox": [0, 0, 9, 9], "category": "Formula", "text": "$$\\\\frac{a}{b}$$"}]', id="dots.ocr"
        ),
        pytest.param(
            DeepSeekOcr(),
            "<|ref|>equation<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\n\\[ \\frac{a}{b} \\]",
            id="DeepSeek-OCR",
        ),
    ],
)
def test_a_formula_cut_out_of_its_page_is_one_again(family: Family, answer: str) -> None:
    asked = family.block_request(page(300, 60), "formula")
    assert asked is not None
    (block,) = family.parse(answer, asked, 300, 60).blocks

    assert (block.kind, block.text) == ("formula", "\\frac{a}{b}")


def test_paddleocr_vl_reads_a_page_as_lines() -> None:
    family, image = PaddleOcrVl(), page(1000, 1000)
    parsed = family.parse(SPOTTED, family.request(image, OPTIONS), 1000, 1000)

    assert [line.box[0] for line in parsed.lines] == [(100, 100)]
    assert parsed.blocks == ()


def test_a_crop_ends_at_the_page() -> None:
    assert cropped(page(100, 100), Box(-5, 90.5, 1e6, 1e6)).pixels.shape == (10, 100, 3)
    assert cropped(page(100, 100), Box(500, 500, 500, 500)).pixels.shape == (1, 1, 3)


def test_what_is_outside_an_area_is_white() -> None:
    black = PageImage(np.zeros((100, 100, 3), np.uint8), None)
    shown = only(black, Box(10, 20, 30, 1000)).pixels[:, :, 0]

    assert (shown[20:, 10:30] == 0).all()
    assert (shown == 0).sum() == 80 * 20


def test_a_generic_model_is_as_it_is_configured() -> None:
    model = GenericModel(prompt="Read.", system="You read.", longest_px=560, parser="layout_json", box_units=1000)
    family, image = Generic(model), page()
    asked = family.request(image, OPTIONS)
    parsed = family.parse('[{"bbox": [0, 0, 500, 500], "category": "Text", "text": "a"}]', asked, 1600, 2200)

    assert (asked.prompt, asked.system, asked.image.height) == ("Read.", "You read.", 560)
    assert parsed.blocks[0].box[2] == (800, 1100)
    assert family.variant != Generic().variant
