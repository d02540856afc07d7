"""Any other model: a prompt, an image's size and a parser, named in configuration."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from quire.document import BlockKind
from quire.engines.vlm.families.base import ALL_TASKS, COMMON_FLAGS, NOTHING, Mode, Serving
from quire.engines.vlm.images import ImageRule, encode
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.dots_json import parse_dots
from quire.engines.vlm.parsing.grounding_tags import parse_grounding_tags
from quire.engines.vlm.parsing.html_tables import parse_html_table
from quire.engines.vlm.parsing.inline import sane, without_marks
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.otsl import parse_otsl
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.parsing.pieces import Piece, ToBox, scaled
from quire.engines.vlm.parsing.understood import Understood
from quire.engines.vlm.requests import ModelRequest, Sampling
from quire.options import ReadOptions
from quire.sources.base import PageImage

ParserName = Literal["markdown", "text", "table", "layout_json", "grounding_tags"]


class GenericModel(BaseModel):
    """What configuration says of a model.

    Attributes:
        parser: "markdown" (with HTML and LaTeX inside), "text" (lines as they are), "table" (HTML or OTSL),
            "layout_json" (a list of bbox, category, text), "grounding_tags" (`<|ref|>`, `<|det|>`).
        box_units: what the sides of the image count in its boxes: 999 or 1000, or 0 for pixels as sent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str | None = None
    system: str | None = None
    longest_px: Annotated[int, Field(ge=28, le=10_000)] = 1540
    multiple_px: Annotated[int, Field(ge=1, le=256)] = 28
    encoding: Literal["png", "jpeg"] = "png"
    dpi: Annotated[float | None, Field(ge=36, le=1200)] = 200.0
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    top_p: Annotated[float | None, Field(gt=0, le=1)] = None
    max_tokens: Annotated[int, Field(ge=1, le=131_072)] = 8192
    parser: ParserName = "markdown"
    box_units: Literal[0, 999, 1000] = 1000
    extra: Mapping[str, Any] = Field(default_factory=dict)


_MARKDOWN: Final = GenericModel(prompt="Convert this page to Markdown. Answer with the Markdown alone.")
_SERVING: Final = Serving(models=(), flags=COMMON_FLAGS)


@dataclass(frozen=True, slots=True)
class Generic:
    """A family of one."""

    model: GenericModel = _MARKDOWN
    name: ClassVar[str] = "generic"
    tasks: ClassVar[tuple[str, ...]] = ALL_TASKS
    languages: ClassVar[tuple[str, ...]] = ()
    by_blocks: ClassVar[bool] = False
    modes_of_tasks: ClassVar[Mapping[str, str]] = NOTHING
    notes: ClassVar[Mapping[str, str]] = NOTHING
    serving: ClassVar[Serving] = _SERVING

    @property
    def dpi(self) -> float | None:
        return self.model.dpi

    @property
    def modes(self) -> Mapping[str, Mode]:
        return {"page": Mode("all of the page, as the model's description says", self.model.prompt)}

    @property
    def variant(self) -> str:
        return hashlib.sha256(self.model.model_dump_json().encode()).hexdigest()[:8]

    def request(self, image: PageImage, _options: ReadOptions) -> ModelRequest:
        """See `Family.request`."""
        asked = self.model
        rule = ImageRule(longest_px=asked.longest_px, multiple_px=asked.multiple_px, encoding=asked.encoding)
        sampling = Sampling(asked.temperature, asked.max_tokens, asked.top_p)
        return ModelRequest(encode(image, rule), sampling, asked.prompt, asked.system, asked.extra)

    def block_request(self, crop: PageImage, kind: BlockKind) -> ModelRequest | None:
        """See `Family.block_request`; a block is asked for as a page."""
        return None if kind == "figure" else self.request(crop, ReadOptions())

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """See `Family.parse`."""
        units = self.model.box_units
        across, down = (units, units) if units else (request.image.width, request.image.height)
        to_box = scaled(width / across, height / down, width, height)
        return assembled(_PARSERS[self.model.parser](sane(text), to_box, width), width, height)


def _markdown(text: str, to_box: ToBox, width: int) -> Understood:
    return Understood(parse_markdown(text, to_box))


def _text(text: str, to_box: ToBox, width: int) -> Understood:
    blocks = without_marks(text).split("\n\n")
    return Understood([Piece("paragraph", block.strip("\n")) for block in blocks if block.strip()])


def _table(text: str, to_box: ToBox, width: int) -> Understood:
    grid = parse_otsl(text) or parse_html_table(text)
    return Understood([Piece("table", grid=grid)] if grid else parse_markdown(text))


def _tags(text: str, to_box: ToBox, width: int) -> Understood:
    return parse_grounding_tags(text, to_box)


_PARSERS: Final[Mapping[ParserName, Callable[[str, ToBox, int], Understood]]] = MappingProxyType(
    {"markdown": _markdown, "text": _text, "table": _table, "layout_json": parse_dots, "grounding_tags": _tags}
)
