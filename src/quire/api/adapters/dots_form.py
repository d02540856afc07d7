"""Fields of the DotsOCR-style API, as options of a reading."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from quire.api.adapters.describing import BASE64, Schema, several
from quire.api.adapters.fields import Fields
from quire.api.bodies import BodyShape, Given
from quire.engines.base import EngineInfo
from quire.errors import InvalidOption
from quire.geometry import Box
from quire.options import OrientationMode, ReadOptions

PromptMode = Literal["prompt_layout_all_en", "prompt_layout_only_en", "prompt_ocr", "prompt_grounding_ocr"]
Edge = Annotated[float, Field(ge=0, le=100_000)]

FAMILY: Final = "dots"
"""The engine that is asked as its users ask it."""
_MODES: Final[dict[PromptMode, str]] = {
    "prompt_layout_all_en": "layout-and-text",
    "prompt_layout_only_en": "layout",
    "prompt_ocr": "text",
    "prompt_grounding_ocr": "region",
}
_SAMPLING: Final = ("temperature", "top_p", "max_tokens")


class DotsForm(Fields):
    """What a request asks for besides its images."""

    images: int | None = Field(None, description="How many images a batch has; None for one image that is no batch.")
    prompt_mode: PromptMode = Field(
        "prompt_layout_all_en",
        description="Layout and text, layout alone, the text without headers and footers, or the text inside `bbox`.",
    )
    bbox: tuple[Edge, Edge, Edge, Edge] | None = Field(
        None, description="With prompt_grounding_ocr: x0, y0, x1, y1, pixels of the image as it is sent."
    )
    temperature: float | None = Field(None, ge=0, le=2, description="Taken, without effect.")
    top_p: float | None = Field(None, gt=0, le=1, description="Taken, without effect.")
    max_tokens: int | None = Field(None, ge=1, description="Taken, without effect.")

    @model_validator(mode="after")
    def _bbox_with_its_mode(self) -> Self:
        if (self.prompt_mode == "prompt_grounding_ocr") != (self.bbox is not None):
            raise ValueError("prompt_mode 'prompt_grounding_ocr' and 'bbox' go together: give both, or neither")
        if self.bbox is not None and not (self.bbox[0] < self.bbox[2] and self.bbox[1] < self.bbox[3]):
            raise ValueError("'bbox' is [x0, y0, x1, y1], where x1 is more than x0 and y1 than y0")
        return self

    @property
    def area(self) -> Box | None:
        """The area that is asked for, pixels of the image as it was sent."""
        return None if self.bbox is None else Box(*self.bbox)

    @property
    def warnings(self) -> list[str]:
        """What was asked for without effect."""
        given = [name for name in _SAMPLING if getattr(self, name) is not None]
        why = "an engine samples as its publishers advise"
        return [f"{', '.join(given)}: without effect, since {why}"] if given else []

    def options(self, engine: EngineInfo) -> ReadOptions:
        """The options of the reading: in the model's own way of asking where it is one of the family."""
        words = self.area is not None
        if engine.name != FAMILY:
            return ReadOptions(words=words)
        mode = _MODES[self.prompt_mode]
        if self.area is None:
            return ReadOptions(mode=mode, words=words)
        # The box is of the image as it was sent, which must not be turned then.
        area = ",".join(f"{edge:.3f}" for edge in self.area)
        return ReadOptions(mode=mode, area=area, orientation=OrientationMode.NEVER, words=words)


def _images(body: dict[str, Any]) -> list[Given]:
    batch, single = body.pop("images", None), body.pop("image", None)
    if (batch is None) == (single is None):
        raise InvalidOption("send the image in base64 as the string `image`, or several as the list `images`")
    found = [single] if batch is None else batch
    if not isinstance(found, list) or not all(isinstance(image, str) for image in found):
        raise InvalidOption("`image` must be a string, `images` a list of strings: each an image in base64")
    if batch is not None:
        body["images"] = len(batch)
    return [Given(base64=image) for image in found]


IMAGES: Final = BodyShape(given=_images)

_OPTIONS: Final[dict[str, Schema]] = DotsForm.model_json_schema()["properties"]
FIELDS: Final[dict[str, Schema]] = _OPTIONS | {"image": BASE64, "images": several(BASE64)}
