"""LightOnOCR-1B and -2-1B: the image alone is the question, Markdown the answer (arXiv:2601.14251)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from quire.document import BlockKind
from quire.engines.vlm.families.base import ALL_TASKS, COMMON_FLAGS, NOTHING, Mode, Serving
from quire.engines.vlm.images import ImageRule, encode
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.inline import sane
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import scaled
from quire.engines.vlm.parsing.understood import Understood
from quire.engines.vlm.requests import ModelRequest, Sampling
from quire.options import ReadOptions
from quire.sources.base import PageImage

_IMAGE: Final = ImageRule(longest_px=1540, multiple_px=28)
_SAMPLING: Final = Sampling(temperature=0.2, top_p=0.9, max_tokens=4096)
_MODES: Final = MappingProxyType({"page": Mode("all of the page, as Markdown", None)})
# Of pictures, in the answers of the models whose names end in "-bbox".
_GRID: Final = 1000

_SERVING: Final = Serving(
    models=("lightonai/LightOnOCR-2-1B", "lightonai/LightOnOCR-2-1B-bbox", "lightonai/LightOnOCR-1B-1025"),
    flags=COMMON_FLAGS,
)


@dataclass(frozen=True, slots=True)
class LightOnOcr:
    """Versions 1 and 2, and those that say where pictures are. Text has no boxes: grounding finds them."""

    name: ClassVar[str] = "lightonocr"
    tasks: ClassVar[tuple[str, ...]] = ALL_TASKS
    languages: ClassVar[tuple[str, ...]] = ("en", "fr", "de", "es", "it", "nl", "pt", "sv", "da", "zh", "ja")
    dpi: ClassVar[float | None] = 200.0
    by_blocks: ClassVar[bool] = False
    modes: ClassVar[Mapping[str, Mode]] = _MODES
    modes_of_tasks: ClassVar[Mapping[str, str]] = NOTHING
    notes: ClassVar[Mapping[str, str]] = NOTHING
    variant: ClassVar[str] = ""
    serving: ClassVar[Serving] = _SERVING

    def request(self, image: PageImage, _options: ReadOptions) -> ModelRequest:
        """See `Family.request`."""
        return ModelRequest(encode(image, _IMAGE), _SAMPLING)

    def block_request(self, crop: PageImage, kind: BlockKind) -> ModelRequest | None:
        """See `Family.block_request`; a block is asked for as a page."""
        return None if kind == "figure" else ModelRequest(encode(crop, _IMAGE), _SAMPLING)

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`."""
        to_box = scaled(width / _GRID, height / _GRID, width, height)
        return assembled(Understood(parse_markdown(sane(text), to_box)), width, height)
