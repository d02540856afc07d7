"""The options of one reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from quire.errors import InvalidOption
from quire.geometry import Box
from quire.options.choices import EnhanceMode, GroundMode, OrientationMode, Strategy, Task, TextLayerMode
from quire.options.refusals import described
from quire.options.texts import box_of, check_expression

_NOT_OF_THE_READING: Final = {"pages", "password"}
_OF_THE_TASK: Final = {"task", "find", "find_regex"}


class ReadOptions(BaseModel):
    """Options of one reading, immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: Annotated[str | None, Field(description="Page ranges, 1-based: '1-3,7,-1'. All when absent.")] = None
    engine: Annotated[str, Field(description="Name of the engine; GET /v1/engines lists them.")] = "ppocr"
    task: Annotated[
        Task,
        Field(
            description="text, markdown, tables: all of the page, of which `format` chooses what is shown; "
            "figure: labels inside a picture, grouped; locate: where `find` stands."
        ),
    ] = Task.TEXT
    find: Annotated[
        str | None,
        Field(min_length=1, max_length=500, description="With task=locate: the text to look for."),
    ] = None
    find_regex: Annotated[bool, Field(description="Take `find` as a regular expression.")] = False
    mode: Annotated[
        str | None,
        Field(min_length=1, max_length=40, description="A model's way of asking; GET /v1/engines lists each engine's."),
    ] = None
    area: Annotated[
        str | None,
        Field(max_length=80, description="With mode=region: 'x0,y0,x1,y1', pixels of the page image, upright."),
    ] = None
    language: Annotated[
        str,
        Field(description="Language of the text (ISO 639-1, such as 'en' or 'zh'), or 'auto'.", max_length=20),
    ] = "auto"
    strategy: Annotated[
        Strategy | None,
        Field(
            description="speed, balanced or accuracy. With a model: never, where it is needed, or for every page and "
            "checked. When absent a model reads every page, and all else is balanced."
        ),
    ] = None
    text_layer: Annotated[
        TextLayerMode, Field(description="Use a PDF's own text: auto (when it is sane), never or always.")
    ] = TextLayerMode.AUTO
    dpi: Annotated[
        float | None,
        Field(ge=36, le=1200, description="Resolution to render PDF pages at; chosen when absent."),
    ] = None
    orientation: Annotated[
        OrientationMode, Field(description="Turn sideways and upside-down pages upright: auto or never.")
    ] = OrientationMode.AUTO
    enhance: Annotated[
        EnhanceMode, Field(description="Make images that read badly better where that helps: auto or never.")
    ] = EnhanceMode.AUTO
    ground: Annotated[
        GroundMode,
        Field(
            description="Check a model's text word by word against text recognition: never, always, or auto (where "
            "the page is read by both anyway)."
        ),
    ] = GroundMode.AUTO
    min_confidence: Annotated[
        float, Field(ge=0, le=1, description="Lines read with less confidence than this are left out.")
    ] = 0.5
    words: Annotated[bool, Field(description="Return words with their boxes inside each line.")] = True
    password: Annotated[SecretStr | None, Field(description="Password of an encrypted PDF.")] = None

    @model_validator(mode="after")
    def _complete_task(self) -> Self:
        if self.task is Task.LOCATE and (self.find is None or not self.find.strip()):
            raise ValueError("option 'find': task=locate needs the text to look for")
        if self.task is not Task.LOCATE and (self.find is not None or self.find_regex):
            raise ValueError("options 'find' and 'find_regex' go with task=locate: set it, or leave them out")
        if self.find_regex:
            check_expression(self.find or "")
        return self

    @model_validator(mode="after")
    def _complete_mode(self) -> Self:
        if self.mode == "locate" and (self.task is not Task.LOCATE or self.find_regex):
            raise ValueError("option 'mode': locate goes with task=locate and a `find` that is no regular expression")
        if (self.mode == "region") != (self.area is not None):
            raise ValueError("options 'mode' and 'area': mode=region and an area go together")
        if self.area is not None and self.box is None:
            raise ValueError("option 'area': write x0,y0,x1,y1 in pixels, where x1 is more than x0 and y1 than y0")
        return self

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Options from loose values.

        Raises:
            InvalidOption: an option is unknown or its value is not allowed; the message names each.
        """
        try:
            return cls(**values)
        except ValidationError as exc:
            raise InvalidOption(described(exc, cls.model_fields)) from exc

    @property
    def box(self) -> Box | None:
        """The area, pixels of the upright page image; it may reach over the page's edges."""
        return None if self.area is None else box_of(self.area)

    def digest_for(self, own_tasks: Collection[str]) -> str:
        """SHA-256 (hex) of every option that changes how one page is read.

        Args:
            own_tasks: those that the engine itself answers; all others are done with pages that were read.
        """
        excluded = _NOT_OF_THE_READING if self.task in own_tasks else _NOT_OF_THE_READING | _OF_THE_TASK
        values = self.model_dump(mode="json", exclude=excluded)
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
