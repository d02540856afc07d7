"""What a validation refused, in sentences."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from pydantic import ValidationError

_SHOWN_NAME: Final = 60


def described(exc: ValidationError, known: Iterable[str]) -> str:
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
