"""What a caller may ask of a reading. The same names serve the library, the command line and HTTP."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from quire.errors import InvalidOption

_SHOWN_NAME: Final = 60


class Strategy(StrEnum):
    """How much time a page may take for how much accuracy."""

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


class ReadOptions(BaseModel):
    """Options of one reading, immutable and hashable by `digest`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: Annotated[str | None, Field(description="Page ranges, 1-based: '1-3,7,-1'. All when absent.")] = None
    engine: Annotated[str, Field(description="Name of the engine; GET /v1/engines lists them.")] = "ppocr"
    language: Annotated[
        str,
        Field(description="Language of the text (ISO 639-1, such as 'en' or 'zh'), or 'auto'.", max_length=20),
    ] = "auto"
    strategy: Annotated[Strategy, Field(description="speed, balanced or accuracy.")] = Strategy.BALANCED
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
    min_confidence: Annotated[
        float, Field(ge=0, le=1, description="Lines read with less confidence than this are left out.")
    ] = 0.5
    words: Annotated[bool, Field(description="Return words with their boxes inside each line.")] = True
    password: Annotated[SecretStr | None, Field(description="Password of an encrypted PDF.")] = None

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
    def digest(self) -> str:
        """SHA-256 (hex) of every option that changes the result of one page."""
        values = self.model_dump(mode="json", exclude={"pages", "password"})
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _describe(exc: ValidationError, known: Iterable[str]) -> str:
    """One sentence for each option that a validation refused, without the refused values."""
    sentences = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(str(part) for part in error["loc"])[:_SHOWN_NAME] or "options"
        if error["type"] == "extra_forbidden":
            sentences.append(f"unknown option '{name}': {_nearest(name, known)}use one of {', '.join(known)}")
        else:
            sentences.append(f"option '{name}': {error['msg'].lower()}")
    return "; ".join(sentences)


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{close[0]}'? " if close else ""
