"""PaddleOCR-VL 1.5 and 1.6: elements of a page, one question each (arXiv:2510.14528), or all lines with their boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from quire.document import BlockKind
from quire.engines.vlm.families.base import ALL_TASKS, COMMON_FLAGS, EVERY_LANGUAGE, Serving, prompt_of
from quire.engines.vlm.images import ImageRule, encode
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.html_tables import parse_html_table
from quire.engines.vlm.parsing.inline import formula, plain, sane, without_marks
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.otsl import has_otsl, parse_otsl
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import Piece
from quire.engines.vlm.parsing.spotting import parse_spotting
from quire.engines.vlm.parsing.understood import Understood
from quire.engines.vlm.requests import ModelRequest, Sampling
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage

_SPOTTING: Final = "Spotting:"
_TABLE: Final = "Table Recognition:"
_FORMULA: Final = "Formula Recognition:"
_MODES: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "page": _SPOTTING,
        "text": "OCR:",
        "table": _TABLE,
        "formula": _FORMULA,
        "chart": "Chart Recognition:",
        "seal": "Seal Recognition:",
    }
)
_ELEMENTS: Final[Mapping[BlockKind, str]] = MappingProxyType({"table": "table", "formula": "formula"})
_SAMPLING: Final = Sampling(temperature=0.0, max_tokens=4096)
_ELEMENT: Final = ImageRule(multiple_px=28, min_pixels=112_896, max_pixels=1_003_520)
_PAGE: Final = ImageRule(multiple_px=28, min_pixels=112_896, max_pixels=1_605_632)
_NO_TABLE: Final = "the model found no table where the layout has one: its text was taken"

_SERVING: Final = Serving(
    models=("PaddlePaddle/PaddleOCR-VL-1.6", "PaddlePaddle/PaddleOCR-VL-1.5"),
    flags=("--trust-remote-code", "--max-num-batched-tokens", "16384", *COMMON_FLAGS),
)


@dataclass(frozen=True, slots=True)
class PaddleOcrVl:
    """Both versions. A page is asked for as its lines; better is a question for each block of a layout: `element`."""

    name: ClassVar[str] = "paddleocr-vl"
    tasks: ClassVar[tuple[str, ...]] = ALL_TASKS
    languages: ClassVar[tuple[str, ...]] = EVERY_LANGUAGE
    dpi: ClassVar[float | None] = None
    modes: ClassVar[Mapping[str, str | None]] = _MODES
    modes_of_tasks: ClassVar[Mapping[str, str]] = MappingProxyType({})
    serving: ClassVar[Serving] = _SERVING

    def elements(self, kind: BlockKind) -> str | None:
        """The mode that reads a block of this kind; None for one that is not read."""
        return None if kind == "figure" else _ELEMENTS.get(kind, "text")

    def element(self, image: PageImage, box: Box, kind: BlockKind) -> ModelRequest | None:
        """The question for one block of a page, whose box is in the page's pixels; None for one that is not read.

        Its answer is parsed for a page of the size of `cropped(image, box)`, and moved with `composed`.
        """
        mode = self.elements(kind)
        return None if mode is None else self._asked(cropped(image, box), _ELEMENT, mode)

    def request(self, image: PageImage, options: ReadOptions, mode: str | None = None) -> ModelRequest:
        """See `Family.request`."""
        mode = mode or "page"
        return self._asked(image, _PAGE if mode == "page" else _ELEMENT, mode)

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`; what was asked for as an element fills the whole image."""
        text = sane(text)
        if request.prompt == _SPOTTING:
            return parse_spotting(text, width, height)
        return assembled(_understood(text, request.prompt, Box(0, 0, width, height)), width, height)

    def _asked(self, image: PageImage, rule: ImageRule, mode: str) -> ModelRequest:
        return ModelRequest(encode(image, rule), _SAMPLING, prompt_of(self.name, self.modes, mode))


def cropped(image: PageImage, box: Box) -> PageImage:
    """The part of a page inside a box, at least one pixel large."""
    x0, y0 = (min(max(0, int(value)), size - 1) for value, size in ((box.x0, image.width), (box.y0, image.height)))
    x1, y1 = max(x0 + 1, -int(-box.x1 // 1)), max(y0 + 1, -int(-box.y1 // 1))
    return PageImage(image.pixels[y0:y1, x0:x1].copy(), image.dpi)


def _understood(text: str, prompt: str | None, box: Box) -> Understood:
    if prompt == _FORMULA:
        latex = formula(without_marks(text))
        return Understood([Piece("formula", latex, box)] if latex else [])
    if prompt == _TABLE:
        return _table(text, box)
    return Understood(parse_markdown(text))


def _table(text: str, box: Box) -> Understood:
    grid = parse_otsl(text) if has_otsl(text) else parse_html_table(text)
    if grid is not None:
        return Understood([Piece("table", grid=grid, box=box)])
    said = plain(without_marks(text))
    return Understood([Piece("paragraph", said, box)] if said else [], (_NO_TABLE,), valid=False)
