"""What a model is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from quire.geometry import Box

FinishReason = Literal["stop", "length", "repetition"]


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """A page or a part of one as it is sent.

    Attributes:
        data: the file's bytes.
        mime: "image/png" or "image/jpeg".
        width, height: pixels as sent.
        scale_x, scale_y: pixels of the page for each pixel sent.
    """

    data: bytes
    mime: str
    width: int
    height: int
    scale_x: float
    scale_y: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are chosen; `max_tokens` is the most that an answer may have."""

    temperature: float
    max_tokens: int
    top_p: float | None = None


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to a model.

    Attributes:
        prompt: None for models that are given the image alone.
        extra: fields that only vLLM knows: a strict server is asked without them.
        mode: the family's way of asking, by which the answer is understood.
        area: the part of the page that is asked for, in the page's pixels; None for all of it.
    """

    image: EncodedImage
    sampling: Sampling
    prompt: str | None = None
    system: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    mode: str = "page"
    area: Box | None = None


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What came back.

    Attributes:
        finish_reason: "stop" when the model was done; "length" when it was cut off; "repetition" when it looped.
        tokens: of the answer, as the server or the stream counted them.
        seconds: from the question to the last token, retries included.
        replica: base address of the server that answered.
    """

    text: str
    finish_reason: FinishReason
    tokens: int
    seconds: float
    replica: str
