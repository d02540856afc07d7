"""Errors over the wire: their code and detail go, the class is found again by its code."""

from __future__ import annotations

from typing import Any, Final

from quire.errors import DocumentError, EngineError, LimitExceeded, OptionError, PageDamaged, QuireError, by_code
from quire.workers.frames import Frame

_MAX_DETAIL: Final = 2000


def to_header(error: QuireError) -> dict[str, Any]:
    """What of an error goes into a header."""
    return {"code": error.code, "detail": error.detail[:_MAX_DETAIL]}


def from_frame(frame: Frame) -> QuireError:
    """The error that a worker met.

    Raises:
        FrameError: the message holds none.
    """
    return _CLASSES.get(frame.text("code"), QuireError)(frame.text("detail"))


# Only what reading a document raises.
_CLASSES: Final = by_code(OptionError, DocumentError, LimitExceeded, PageDamaged, EngineError)
