"""Every setting with its value and its origin, fit to be shown: secrets are masked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from quire.settings.layers import CONFIG_VARIABLE, Layer, variable
from quire.settings.model import Settings
from quire.settings.tree import paths, value_at

_MASK: Final = "**********"
_PREFIX: Final = "QUIRE_"
# Read by commands themselves.
_NO_SETTINGS: Final = frozenset({CONFIG_VARIABLE, "QUIRE_PASSWORD"})

Shown = str | int | float | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting.

    Attributes:
        name: as a file names it, `limits.max_pages`.
        variable: as the environment names it.
        value: a JSON type; a secret only says that there is one.
        origin: "default", or the layer that it comes from.
    """

    name: str
    variable: str
    value: Shown
    origin: str


def explain(settings: Settings, layers: Sequence[Layer]) -> Iterator[Explained]:
    """All settings in the order of their definition.

    Args:
        layers: what the settings were made of, the strongest first.
    """
    for path in paths(Settings):
        origin = next((layer.origin for layer in layers if layer.holds(path)), "default")
        yield Explained(".".join(path), variable(path), _shown(value_at(settings, path)), origin)


def unknown_variables() -> list[str]:
    """Variables that look like settings and are none: most likely misspelt."""
    known = {variable(path) for path in paths(Settings)} | {variable(path[:1]) for path in paths(Settings)}
    return sorted(
        name
        for name, value in os.environ.items()
        if value and name.upper().startswith(_PREFIX) and name.upper() not in known | _NO_SETTINGS
    )


def _shown(value: object) -> Shown:
    if isinstance(value, SecretStr):
        return _MASK
    if isinstance(value, tuple):
        return [str(entry) for entry in value]
    if value is None or isinstance(value, int | float):
        return value
    return _without_credentials(str(value))


def _without_credentials(text: str) -> str:
    """An address without its user and password."""
    try:
        userinfo, separator, _ = urlsplit(text).netloc.rpartition("@")
    except ValueError:
        return text
    return text.replace(f"{userinfo}{separator}", f"{_MASK}@", 1) if separator else text
