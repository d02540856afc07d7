"""DeepSeek-OCR 1 and 2: few vision tokens a page, text with places in thousandths (arXiv:2510.18234)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from quire.engines.vlm.families.base import ALL_TASKS, COMMON_FLAGS, EVERY_LANGUAGE, Serving, prompt_of
from quire.engines.vlm.images import ImageRule, encode
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.grounding_tags import parse_grounding_tags
from quire.engines.vlm.parsing.inline import sane
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import scaled
from quire.engines.vlm.requests import ModelRequest, Sampling
from quire.options import ReadOptions
from quire.sources.base import PageImage

Resolution = Literal["tiny", "small", "base", "large", "gundam"]

_LOCATE: Final = "Locate <|ref|>{}<|/ref|> in the image."
# vLLM puts "<image>\n" in front.
_MODES: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "markdown": "<|grounding|>Convert the document to markdown.",
        "text": "Free OCR.",
        "lines": "<|grounding|>OCR this image.",
        "figure": "Parse the figure.",
        "locate": _LOCATE,
    }
)
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
_LONGEST_FIND: Final = 500

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
            sent that much smaller, which saves the tiles ("tiny", "small") or some of them, and readings say so.
    """

    resolution: Resolution = "gundam"
    name: ClassVar[str] = "deepseek"
    tasks: ClassVar[tuple[str, ...]] = ALL_TASKS
    languages: ClassVar[tuple[str, ...]] = EVERY_LANGUAGE
    dpi: ClassVar[float | None] = 200.0
    modes: ClassVar[Mapping[str, str | None]] = _MODES
    modes_of_tasks: ClassVar[Mapping[str, str]] = MappingProxyType({"figure": "figure", "locate": "locate"})
    serving: ClassVar[Serving] = _SERVING

    def request(self, image: PageImage, options: ReadOptions, mode: str | None = None) -> ModelRequest:
        """See `Family.request`; the mode "locate" looks for `options.find`."""
        prompt = prompt_of(self.name, self.modes, mode or "markdown")
        if prompt == _LOCATE:
            # What is looked for may not end the mark that it stands in.
            prompt = _LOCATE.format((options.find or "")[:_LONGEST_FIND].replace("<|", "< |"))
        sent = encode(image, ImageRule(longest_px=_LONGEST[self.resolution]))
        return ModelRequest(sent, _SAMPLING, prompt, extra=_EXTRA)

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`."""
        to_box = scaled(width / _LAST, height / _LAST, width, height)
        parsed = assembled(parse_grounding_tags(sane(text), to_box), width, height)
        return replace(parsed, warnings=parsed.warnings + self._warnings())

    def _warnings(self) -> tuple[str, ...]:
        if self.resolution == "gundam":
            return ()
        return (
            f"vLLM fixes the model's resolution: for '{self.resolution}' the page was sent "
            f"with {_LONGEST[self.resolution]} pixels at most",
        )
