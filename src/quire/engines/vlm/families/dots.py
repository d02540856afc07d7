"""dots.ocr and dots.mocr: layout and text of a page as JSON (arXiv:2512.02498). The prompts are those of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from quire.engines.vlm.families.base import ALL_TASKS, COMMON_FLAGS, EVERY_LANGUAGE, Serving, prompt_of
from quire.engines.vlm.images import ImageRule, encode
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.dots_json import parse_dots
from quire.engines.vlm.parsing.inline import sane
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import scaled
from quire.engines.vlm.parsing.understood import Understood
from quire.engines.vlm.requests import ModelRequest, Sampling
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
_MODES: Final[Mapping[str, str | None]] = MappingProxyType(
    {"layout-and-text": _LAYOUT_AND_TEXT, "layout": _LAYOUT, "text": _TEXT, "region": _REGION}
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
    modes: ClassVar[Mapping[str, str | None]] = _MODES
    modes_of_tasks: ClassVar[Mapping[str, str]] = MappingProxyType({})
    serving: ClassVar[Serving] = _SERVING

    def request(self, image: PageImage, options: ReadOptions, mode: str | None = None) -> ModelRequest:
        """See `Family.request`; the mode "region" without a box asks for all of the image."""
        if mode == "region":
            return self.region(image, Box(0, 0, image.width, image.height))
        prompt = prompt_of(self.name, self.modes, mode or "layout-and-text")
        return ModelRequest(encode(image, _IMAGE), _SAMPLING, f"{_IMAGE_MARK}{prompt}")

    def region(self, image: PageImage, box: Box) -> ModelRequest:
        """The question for the text inside a box, given in pixels of the page."""
        sent = encode(image, _IMAGE)
        corners = (box.x0 / sent.scale_x, box.y0 / sent.scale_y, box.x1 / sent.scale_x, box.y1 / sent.scale_y)
        prompt = f"{_IMAGE_MARK}{_REGION}{[round(corner) for corner in corners]}"
        return ModelRequest(sent, _SAMPLING, prompt)

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`."""
        if (request.prompt or "").removeprefix(_IMAGE_MARK) not in (_LAYOUT_AND_TEXT, _LAYOUT):
            return assembled(Understood(parse_markdown(sane(text))), width, height)
        sent = request.image
        to_box = scaled(width / sent.width, height / sent.height, width, height)
        return assembled(parse_dots(sane(text), to_box, width), width, height)
