"""What is wrong with settings, for people: where it stands and what it must be, never the value itself."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from pydantic import BaseModel, ValidationError

from quire.errors import InvalidOption
from quire.settings.layers import Layer
from quire.settings.tree import leaves, paths

_SHOWN_NAME = 60


def refuse_unknown(layers: Sequence[Layer], cls: type[BaseModel]) -> None:
    """Checks that each value has a setting.

    Raises:
        InvalidOption: one has none; the message names the nearest.
    """
    known = set(paths(cls))
    # A group in the place of a value, or a value in that of a group, is refused for its type.
    roots = {path[:1] for path in known}
    for layer in layers:
        for path in leaves(layer.values):
            if path not in known | roots and path[:1] not in known:
                raise InvalidOption(_unknown(path, layer, sorted(map(".".join, known))))


def describe(exc: ValidationError, layers: Sequence[Layer]) -> str:
    """One sentence for each value that a validation refused."""
    sentences = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False):
        path = [part for part in error["loc"] if isinstance(part, str)]
        sentences.append(f"setting '{'.'.join(path)}' ({_place(path, layers)}): {error['msg'].lower()}")
    return "; ".join(sentences)


def _place(path: Sequence[str], layers: Sequence[Layer]) -> str:
    return next((layer.place(path) for layer in layers if layer.holds(path)), "default")


def _unknown(path: Sequence[str], layer: Layer, known: Sequence[str]) -> str:
    name = ".".join(path)[:_SHOWN_NAME]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"there is no setting '{name}' ({layer.place(path)}): {hint}`quire config show` lists all"
