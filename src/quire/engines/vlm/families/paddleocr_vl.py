"""PaddleOCR-VL 1.5 and 1.6: elements of a page, one question each (arXiv:2510.14528), or all lines with their boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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

_MODES: Final = MappingProxyType(
    {
        "page": Mode("the page's lines with their boxes", "Spotting:"),
        "text": Mode("the image as one block of text", "OCR:"),
        "table": Mode("the image as one table", "Table Recognition:"),
        "formula": Mode("the image as one formula, in LaTeX", "Formula Recognition:"),
        "chart": Mode("the numbers of a chart, as a table", "Chart Recognition:"),
        "seal": Mode("the text of a seal", "Seal Recognition:"),
    }
)
_BLOCKS: Final[Mapping[BlockKind, str]] = MappingProxyType({"table": "table", "formula": "formula"})
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
    """Both versions. A page is asked for as its lines; better is a question for each block of a layout."""

    name: ClassVar[str] = "paddleocr-vl"
    tasks: ClassVar[tuple[str, ...]] = ALL_TASKS
    languages: ClassVar[tuple[str, ...]] = EVERY_LANGUAGE
    dpi: ClassVar[float | None] = None
    by_blocks: ClassVar[bool] = True
    modes: ClassVar[Mapping[str, Mode]] = _MODES
    modes_of_tasks: ClassVar[Mapping[str, str]] = NOTHING
    notes: ClassVar[Mapping[str, str]] = NOTHING
    variant: ClassVar[str] = ""
    serving: ClassVar[Serving] = _SERVING

    def request(self, image: PageImage, options: ReadOptions) -> ModelRequest:
        """See `Family.request`; all modes but the first take the whole image for one element."""
        return _asked(image, mode_of(self, options))

    def block_request(self, crop: PageImage, kind: BlockKind) -> ModelRequest | None:
        """See `Family.block_request`."""
        return None if kind == "figure" else _asked(crop, _BLOCKS.get(kind, "text"))

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`; what was asked for as an element fills the whole image."""
        text = sane(text)
        if request.mode == "page":
            return parse_spotting(text, width, height)
        return assembled(_understood(text, request.mode, Box(0, 0, width, height)), width, height)


def _asked(image: PageImage, mode: str) -> ModelRequest:
    sent = encode(image, _PAGE if mode == "page" else _ELEMENT)
    return ModelRequest(sent, _SAMPLING, _MODES[mode].prompt, mode=mode)


def _understood(text: str, mode: str, box: Box) -> Understood:
    if mode == "formula":
        latex = formula(without_marks(text))
        return Understood([Piece("formula", latex, box)] if latex else [])
    if mode == "table":
        return _table(text, box)
    return Understood(parse_markdown(_with_rule(text) if mode == "chart" else text))


def _with_rule(text: str) -> str:
    """Rows of cells parted by bars, the first of which names the columns, as a table of Markdown."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and "|" in lines[0] and "-|" not in lines[1]:
        lines.insert(1, "|---|")
    return "\n".join(lines)


def _table(text: str, box: Box) -> Understood:
    grid = parse_otsl(text) if has_otsl(text) else parse_html_table(text)
    if grid is not None:
        return Understood([Piece("table", grid=grid, box=box)])
    said = plain(without_marks(text))
    return Understood([Piece("paragraph", said, box)] if said else [], (_NO_TABLE,), valid=False)
