"""What a caller may ask of a reading. The same names serve the library, the command line and HTTP."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from math import prod
from typing import Annotated, Any, Final, Self

import regex
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from quire.errors import InvalidOption
from quire.geometry import Box

_SHOWN_NAME: Final = 60
_BRACES: Final = re.compile(r"\{[^{}]*\}")
_MOST_REPEATED: Final = 10_000
_OF_THE_TASK: Final = {"task", "find", "find_regex"}
_NOT_OF_THE_READING: Final = {"pages", "password"}
_AREA: Final = re.compile(r"\s*,\s*".join([r"([0-9]{1,6}(?:\.[0-9]{1,3})?)"] * 4))


class Strategy(StrEnum):
    """How much time a page may take for how much accuracy.

    With an engine that asks a model: "speed" never asks it, "balanced" asks it where text recognition does not do,
    "accuracy" asks it for every page and has its text borne out.
    """

    SPEED = "speed"
    BALANCED = "balanced"
    ACCURACY = "accuracy"


class TextLayerMode(StrEnum):
    """Whether a PDF page's own text is used: when it is sane, never, or whenever there is any."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


class OrientationMode(StrEnum):
    """Whether sideways and upside-down pages are turned upright before they are read."""

    AUTO = "auto"
    NEVER = "never"


class Task(StrEnum):
    """What is wanted of a page. One reading serves them all: what is special to a task is made of the page read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    TABLES = "tables"
    FIGURE = "figure"
    LOCATE = "locate"


class GroundMode(StrEnum):
    """Whether what a vision-language model says is held against a reading that cannot invent.

    "auto": where there is such a reading anyway, and it makes sense of the page.
    """

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


class EnhanceMode(StrEnum):
    """Whether the image of a page that reads badly is made better, where that raises the confidence."""

    AUTO = "auto"
    NEVER = "never"


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
    def _complete(self) -> Self:
        if self.task is Task.LOCATE and (self.find is None or not self.find.strip()):
            raise ValueError("option 'find': task=locate needs the text to look for")
        if self.task is not Task.LOCATE and (self.find is not None or self.find_regex):
            raise ValueError("options 'find' and 'find_regex' go with task=locate: set it, or leave them out")
        if self.find_regex:
            _check_expression(self.find or "")
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
            raise InvalidOption(_describe(exc, cls.model_fields)) from exc

    @property
    def box(self) -> Box | None:
        """The area, pixels of the upright page image; it may reach over the page's edges."""
        found = _AREA.fullmatch((self.area or "").strip())
        if found is None:
            return None
        x0, y0, x1, y1 = map(float, found.groups())
        return Box(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def digest_for(self, own_tasks: Collection[str]) -> str:
        """SHA-256 (hex) of every option that changes how one page is read.

        Args:
            own_tasks: those that the engine itself answers; all others are done with pages that were read.
        """
        excluded = _NOT_OF_THE_READING if self.task in own_tasks else _NOT_OF_THE_READING | _OF_THE_TASK
        values = self.model_dump(mode="json", exclude=excluded)
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _check_expression(pattern: str) -> None:
    # Compiling takes as long as the counts multiplied: nested ones would never end, and cannot be stopped.
    counts = [max(map(int, re.findall(r"\d+", braces)), default=1) for braces in _BRACES.findall(pattern)]
    if prod(max(1, count) for count in counts) > _MOST_REPEATED:
        raise ValueError(f"option 'find': repeats in braces may multiply to {_MOST_REPEATED} at most: use * or +")
    try:
        regex.compile(pattern)
    except regex.error as exc:
        where = "" if exc.pos is None else f" at character {exc.pos + 1}"
        raise ValueError(f"option 'find': this is no regular expression{where}: correct it") from exc


def _describe(exc: ValidationError, known: Iterable[str]) -> str:
    """One sentence for each option that a validation refused, without the refused values."""
    sentences = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(str(part) for part in error["loc"])[:_SHOWN_NAME] or "options"
        if error["type"] == "value_error":
            sentences.append(error["msg"].removeprefix("Value error, "))
        elif error["type"] == "extra_forbidden":
            sentences.append(f"unknown option '{name}': {_nearest(name, known)}use one of {', '.join(known)}")
        else:
            sentences.append(f"option '{name}': {error['msg'].lower()}")
    return "; ".join(sentences)


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{close[0]}'? " if close else ""
