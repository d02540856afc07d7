"""DeepSeek-OCR 1 and 2: few vision tokens a page, text with places in thousandths (arXiv:2510.18234)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Final

from quire.document import BlockKind
from quire.engines.vlm.config import Resolution
from quire.engines.vlm.families.base import ALL_TASKS, COMMON_FLAGS, EVERY_LANGUAGE, Mode, Serving, mode_of
from quire.engines.vlm.images import ImageRule, encode
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.grounding_tags import parse_grounding_tags
from quire.engines.vlm.parsing.inline import sane
from quire.engines.vlm.parsing.named_places import parse_found, parse_lines
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import ToBox, scaled
from quire.engines.vlm.requests import ModelRequest, Sampling
from quire.options import ReadOptions
from quire.sources.base import PageImage

_LOCATE: Final = "Locate <|ref|>{}<|/ref|> in the image."
# vLLM puts "<image>\n" in front.
_MODES: Final = MappingProxyType(
    {
        "markdown": Mode(
            "all of the page, with a box for each block", "<|grounding|>Convert the document to markdown."
        ),
        "text": Mode("all of the page as plain text, without boxes", "Free OCR."),
        "lines": Mode("the page's lines with their boxes", "<|grounding|>OCR this image."),
        "figure": Mode("what a chart, drawing or formula shows", "Parse the figure."),
        "locate": Mode("where `find` stands, with task=locate", _LOCATE),
    }
)
_NOTES: Final = {
    "figure": "the model's own account of the picture; of a PDF's own text, the labels grouped by position",
    "locate": "the model's own places of the text; a regular expression is looked for in what it reads",
}
_SAMPLING: Final = Sampling(temperature=0.0, max_tokens=8192)
# The processor that keeps it from looping; tokens 128821 and 128822 are <td> and </td>, which tables repeat.
_EXTRA: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "skip_special_tokens": False,
        "vllm_xargs": {"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]},
    }
)
# Both models cut pages into few tiles: more pixels than these are thrown away by the server.
_LONGEST: Final[Mapping[Resolution, int]] = MappingProxyType(
    {"tiny": 512, "small": 640, "base": 1024, "large": 1280, "gundam": 2560}
)
_LAST: Final = 999

_SERVING: Final = Serving(
    models=("deepseek-ai/DeepSeek-OCR-2", "deepseek-ai/DeepSeek-OCR"),
    flags=(
        "--logits-processors",
        "vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor",
        *COMMON_FLAGS,
    ),
    logits_processors=("vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor",),
)


@dataclass(frozen=True, slots=True)
class DeepSeekOcr:
    """Versions 1 and 2.

    Attributes:
        resolution: vLLM always works as "gundam": a view of 1024 pixels and tiles of 640. Asked for less, pages are
            sent that much smaller, which saves the tiles ("tiny", "small") or some of them.
    """

    resolution: Resolution = "gundam"
    name: ClassVar[str] = "deepseek"
    tasks: ClassVar[tuple[str, ...]] = ALL_TASKS
    languages: ClassVar[tuple[str, ...]] = EVERY_LANGUAGE
    dpi: ClassVar[float | None] = 200.0
    by_blocks: ClassVar[bool] = False
    modes: ClassVar[Mapping[str, Mode]] = _MODES
    modes_of_tasks: ClassVar[Mapping[str, str]] = MappingProxyType({"figure": "figure", "locate": "locate"})
    serving: ClassVar[Serving] = _SERVING

    @property
    def notes(self) -> Mapping[str, str]:
        if self.resolution == "gundam":
            return _NOTES
        longest = _LONGEST[self.resolution]
        return _NOTES | {"resolution": f"vLLM fixes it: for '{self.resolution}', pages have {longest} pixels at most"}

    @property
    def variant(self) -> str:
        return "" if self.resolution == "gundam" else self.resolution

    def request(self, image: PageImage, options: ReadOptions) -> ModelRequest:
        """See `Family.request`."""
        asked = self._asked(image, mode_of(self, options))
        return asked if asked.mode != "locate" else replace(asked, prompt=_looking_for(options.find or ""))

    def block_request(self, crop: PageImage, kind: BlockKind) -> ModelRequest | None:
        """See `Family.block_request`."""
        if kind == "figure":
            return None
        return self._asked(crop, "markdown" if kind in ("table", "formula") else "text")

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`."""
        text = sane(text)
        to_box = scaled(width / _LAST, height / _LAST, width, height)
        answers = request.mode if request.mode in self.modes_of_tasks.values() else None
        return replace(_PARSERS.get(request.mode, _sections)(text, to_box, width, height), answers=answers)

    def _asked(self, image: PageImage, mode: str) -> ModelRequest:
        sent = encode(image, ImageRule(longest_px=_LONGEST[self.resolution]))
        return ModelRequest(sent, _SAMPLING, _MODES[mode].prompt, extra=_EXTRA, mode=mode)


def _looking_for(wanted: str) -> str:
    # What is looked for may not end the mark that it stands in.
    return _LOCATE.format(wanted.replace("<|", "< |"))


def _sections(text: str, to_box: ToBox, width: int, height: int) -> Parsed:
    return assembled(parse_grounding_tags(text, to_box), width, height)


_PARSERS: Final = {"lines": parse_lines, "locate": parse_found}
