"""dots.ocr and dots.mocr: layout and text of a page as JSON (arXiv:2512.02498). The prompts are those of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Final

from quire.document import BlockKind
from quire.engines.vlm.families.base import (
    ALL_TASKS,
    COMMON_FLAGS,
    EVERY_LANGUAGE,
    NOTHING,
    Mode,
    Serving,
    mode_of,
)
from quire.engines.vlm.images import ImageRule, encode
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.dots_json import parse_dots
from quire.engines.vlm.parsing.inline import sane
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import scaled
from quire.engines.vlm.parsing.placing import sharing
from quire.engines.vlm.parsing.understood import Understood
from quire.engines.vlm.requests import ModelRequest, Sampling
from quire.errors import InvalidOption
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage

_CATEGORIES: Final = (
    "['Caption', 'Footnote', 'Formula', 'List-item', 'Page-footer', 'Page-header', 'Picture', 'Section-header', "
    "'Table', 'Text', 'Title']"
)
_LAYOUT_AND_TEXT: Final = f"""\
Please output the layout information from the PDF image, including each layout element's bbox, its category, and \
the corresponding text content within the bbox.

1. Bbox format: [x1, y1, x2, y2]

2. Layout Categories: The possible categories are {_CATEGORIES}.

3. Text Extraction & Formatting Rules:
    - Picture: For the 'Picture' category, the text field should be omitted.
    - Formula: Format its text as LaTeX.
    - Table: Format its text as HTML.
    - All Others (Text, Title, etc.): Format their text as Markdown.

4. Constraints:
    - The output text must be the original text from the image, with no translation.
    - All layout elements must be sorted according to human reading order.

5. Final Output: The entire output must be a single JSON object.
"""
_LAYOUT: Final = (
    "Please output the layout information from this PDF image, including each layout's bbox and its category. "
    "The bbox should be in the format [x1, y1, x2, y2]. The layout categories for the PDF document include "
    f"{_CATEGORIES}. Do not output the corresponding text. The layout result should be in JSON format."
)
_TEXT: Final = "Extract the text content from this image."
_REGION: Final = "Extract text from the given bounding box on the image (format: [x1, y1, x2, y2]).\nBounding Box:\n"
# What the model's chat template puts in for an image; vLLM leaves it to the text.
_IMAGE_MARK: Final = "<|img|><|imgpad|><|endofimg|>"
_IMAGE: Final = ImageRule(multiple_px=28, min_pixels=3136, max_pixels=11_289_600)
_SAMPLING: Final = Sampling(temperature=0.1, top_p=0.9, max_tokens=16_384)
_MODES: Final = MappingProxyType(
    {
        "layout-and-text": Mode("all of the page, with a box for each block", _LAYOUT_AND_TEXT),
        "layout": Mode("blocks with their kinds and boxes, without text", _LAYOUT),
        "text": Mode("the page's text, without boxes", _TEXT),
        "region": Mode("the text inside `area`", _REGION),
    }
)

_SERVING: Final = Serving(
    models=("rednote-hilab/dots.mocr", "rednote-hilab/dots.ocr"),
    flags=("--trust-remote-code", "--chat-template-content-format", "string", *COMMON_FLAGS),
)


@dataclass(frozen=True, slots=True)
class Dots:
    """Both models; boxes in its answers are pixels of the image as it was sent."""

    name: ClassVar[str] = "dots"
    tasks: ClassVar[tuple[str, ...]] = ALL_TASKS
    languages: ClassVar[tuple[str, ...]] = EVERY_LANGUAGE
    dpi: ClassVar[float | None] = 200.0
    by_blocks: ClassVar[bool] = False
    modes: ClassVar[Mapping[str, Mode]] = _MODES
    modes_of_tasks: ClassVar[Mapping[str, str]] = NOTHING
    notes: ClassVar[Mapping[str, str]] = NOTHING
    variant: ClassVar[str] = ""
    serving: ClassVar[Serving] = _SERVING

    def request(self, image: PageImage, options: ReadOptions) -> ModelRequest:
        """See `Family.request`.

        Raises:
            InvalidOption: the area is outside the page.
        """
        asked = self._asked(image, mode_of(self, options))
        return asked if options.box is None else _about(asked, _inside(options.box, image))

    def block_request(self, crop: PageImage, kind: BlockKind) -> ModelRequest | None:
        """See `Family.block_request`; only what is written with marks of its own is asked for with its layout."""
        if kind == "figure":
            return None
        return self._asked(crop, "layout-and-text" if kind in ("table", "formula") else "text")

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`."""
        return assembled(_understood(sane(text), request, width, height), width, height)

    def _asked(self, image: PageImage, mode: str) -> ModelRequest:
        return ModelRequest(encode(image, _IMAGE), _SAMPLING, f"{_IMAGE_MARK}{_MODES[mode].prompt}", mode=mode)


def _inside(area: Box, image: PageImage) -> Box:
    inside = Box(area.x0, area.y0, min(area.x1, image.width), min(area.y1, image.height))
    if inside.width <= 0 or inside.height <= 0:
        raise InvalidOption(f"option 'area': it is outside the page, which has {image.width} × {image.height} pixels")
    return inside


def _about(asked: ModelRequest, area: Box) -> ModelRequest:
    """The same question, about an area of the page: the model is told it in pixels of the image as it is sent."""
    sent = asked.image
    corners = (area.x0 / sent.scale_x, area.y0 / sent.scale_y, area.x1 / sent.scale_x, area.y1 / sent.scale_y)
    return replace(asked, prompt=f"{asked.prompt}{[round(corner) for corner in corners]}", area=area)


def _understood(text: str, request: ModelRequest, width: int, height: int) -> Understood:
    if request.area is not None:
        return Understood(sharing(request.area, parse_markdown(text)))
    if request.mode == "text":
        return Understood(parse_markdown(text))
    sent = request.image
    return parse_dots(text, scaled(width / sent.width, height / sent.height, width, height), width)
