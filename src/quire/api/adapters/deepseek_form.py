"""Fields of the DeepSeek-OCR-style API, as options of a reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import Field

from quire.api.adapters.describing import BASE64, FILE, Schema
from quire.api.adapters.fields import Fields
from quire.api.bodies import BodyShape, Given
from quire.engines.base import EngineInfo
from quire.errors import CapabilityMissing, InvalidOption
from quire.options import ReadOptions, Task
from quire.settings import Settings
from quire.settings.aliases import resolution

Size = Field(None, ge=64, le=4096, description="Pixels; what has no effect is said in `metadata.warnings`.")

_FAMILY: Final = "deepseek"
_LOCATE: Final = "Locate <|ref|>{}<|/ref|> in the image."
PROMPTS: Final = {
    "ocr": "Free OCR.",
    "markdown": "<|grounding|>Convert the document to markdown.",
    "lines": "<|grounding|>OCR this image.",
    "figure": "Parse the figure.",
}
"""What is asked of the model for each task, besides locating a text."""

_GROUNDING: Final = "<|grounding|>"
_IMAGE: Final = re.compile(r"^\s*(<image>)?\s*(<\|grounding\|>)?\s*")
_LOOKING: Final = re.compile(r"locate\s*<\|ref\|>(.{1,500}?)<\|/ref\|>\s*in the image", re.IGNORECASE | re.DOTALL)
_OPTIONS: Final = {
    "ocr": (Task.TEXT, "text"),
    "markdown": (Task.MARKDOWN, None),
    "lines": (Task.TEXT, "lines"),
    "figure": (Task.FIGURE, None),
}


class DeepSeekForm(Fields):
    """What a request asks for besides its image."""

    prompt: str | None = Field(None, max_length=2000, description="One of the model's own; Free OCR when absent.")
    base_size: int | None = Size
    image_size: int | None = Size
    crop_mode: bool | None = Field(None, description="Whether large images are read in tiles.")
    text_to_locate: str | None = Field(None, max_length=500, description="The text to look for.")
    task: Literal["ocr", "markdown", "figure"] = Field("ocr", description="Text, Markdown, or what a figure shows.")

    def warnings(self, engine: EngineInfo, settings: Settings) -> list[str]:
        """What was asked for without effect: vLLM fixes the resolution, and other engines have none."""
        given = [name for name in ("base_size", "image_size", "crop_mode") if getattr(self, name) is not None]
        if not given:
            return []
        if engine.name != _FAMILY:
            return [f"{', '.join(given)}: without effect, since the engine '{engine.name}' chooses by the image itself"]
        if self._resolution == settings.vlm.resolution:
            return []
        return [f"{', '.join(given)}: without effect, since QUIRE_VLM__RESOLUTION is '{settings.vlm.resolution}'"]

    @property
    def _resolution(self) -> str | None:
        given = (self.base_size, self.image_size, self.crop_mode)
        try:
            return resolution(*("" if value is None else str(value) for value in given))
        except (ValueError, KeyError):
            return None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about an image.

    Attributes:
        prompt: as the model would be asked.
        task: a key of `PROMPTS`, or "locate".
        find: the text to locate.
        grounded: whether the prompt itself asks for the places of all that is read.
    """

    prompt: str
    task: str
    find: str | None = None
    grounded: bool = False

    @classmethod
    def of_prompt(cls, prompt: str | None) -> Question:
        """The question that a prompt is, with or without `<image>`.

        Raises:
            CapabilityMissing: it is none of the model's own.
        """
        prompt = prompt or f"<image>\n{PROMPTS['ocr']}"
        said = _plain(prompt)
        found = _LOOKING.fullmatch(said)
        if found:
            return cls(prompt, "locate", found[1])
        task = next((task for task, own in PROMPTS.items() if _plain(own).lower() == said.lower()), None)
        if task is None:
            known = ", ".join(f'"{own}"' for own in (*PROMPTS.values(), _LOCATE.format("…")))
            raise CapabilityMissing(f"this server follows no prompts of your own: use one of {known}")
        return cls(prompt, task, grounded=_GROUNDING in prompt)

    @classmethod
    def of_task(cls, task: str) -> Question:
        return cls(f"<image>\n{PROMPTS[task]}", task)

    @classmethod
    def looking_for(cls, text: str | None) -> Question:
        """Where a text stands.

        Raises:
            InvalidOption: there is none to look for.
        """
        if text is None or not text.strip():
            raise InvalidOption("the JSON body holds no text to look for: send it as the string `text_to_locate`")
        return cls(f"<image>\n{_LOCATE.format(text)}", "locate", text)

    def options(self, engine: EngineInfo) -> ReadOptions:
        """The options of the reading: in the model's own way of asking where it is one of the family."""
        if self.find is not None:
            return ReadOptions.of(task=Task.LOCATE, find=self.find)
        task, mode = _OPTIONS[self.task]
        return ReadOptions(task=task, mode=mode if engine.name == _FAMILY else None, words=False)


def _plain(prompt: str) -> str:
    """The prompt without its marks and the full stop at its end."""
    return _IMAGE.sub("", prompt).strip().removesuffix(".").strip()


def _image(body: dict[str, Any]) -> list[Given]:
    image = body.pop("image_base64", None)
    if not isinstance(image, str):
        raise InvalidOption("the JSON body holds no image: send it in base64 as the string `image_base64`")
    return [Given(base64=image)]


IMAGE: Final = BodyShape(given=_image)
UPLOAD: Final = BodyShape(frozenset({"file"}))

_FIELDS: Final[dict[str, Schema]] = DeepSeekForm.model_json_schema()["properties"]


def fields(*names: str) -> dict[str, Schema]:
    """Fields of a JSON body with an image and these."""
    return {"image_base64": BASE64} | {name: _FIELDS[name] for name in names}


UPLOAD_FIELDS: Final[dict[str, Schema]] = {"file": FILE, "task": _FIELDS["task"]}
