"""Where values come from: one layer for each origin, so that every value can be traced."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsError

from quire.errors import InvalidOption
from quire.settings.aliases import honoured

CONFIG_VARIABLE: Final = "QUIRE_CONFIG"
_DEFAULT_FILE: Final = "quire.toml"
_MAX_FILE_BYTES: Final = 1_000_000

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """Values of one origin.

    Attributes:
        origin: "command line", "environment", "environment (PORT)" for another service's name of a setting, or the
            name of the file.
        values: as they were written; groups are mappings.
    """

    origin: str
    values: Values

    def holds(self, path: Sequence[str]) -> bool:
        """Whether there is a value or a group at the path."""
        found: Any = self.values
        for part in path:
            if not isinstance(found, Mapping) or part not in found:
                return False
            found = found[part]
        return True

    def place(self, path: Sequence[str]) -> str:
        """Where in this layer the setting stands, for people: its option, its variable, or its file."""
        if self.origin == "command line":
            return "--" + "-".join(path).replace("_", "-")
        return variable(path) if self.origin == "environment" else self.origin


def variable(path: Sequence[str]) -> str:
    """The variable of a setting: `QUIRE_LIMITS__MAX_PAGES`."""
    return "QUIRE_" + "__".join(path).upper()


def read_layers(cls: type[BaseSettings], *, config: Path | None, overrides: Values) -> tuple[Layer, ...]:
    """The layers that there are, the strongest first; an override that is None is not there.

    Raises:
        InvalidOption: the file or a variable cannot be read.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    file = _file(config)
    return (
        Layer("command line", given),
        Layer("environment", _environment(cls)),
        *(Layer(f"environment ({' '.join(found.names)})", found.values) for found in honoured(cls)),
        *((Layer(file.name, _toml(file)),) if file else ()),
    )


def merge(layers: Sequence[Layer]) -> dict[str, Any]:
    """All values in one mapping: a stronger layer's value replaces a weaker one's, setting by setting."""
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        _lay_over(merged, layer.values)
    return merged


def _lay_over(below: dict[str, Any], values: Values) -> None:
    for name, value in values.items():
        if isinstance(value, Mapping):
            group = below.get(name)
            below[name] = dict(group) if isinstance(group, Mapping) else {}
            _lay_over(below[name], value)
        else:
            below[name] = value


def _environment(cls: type[BaseSettings]) -> Values:
    try:
        return EnvSettingsSource(cls)()
    except SettingsError as exc:
        raise InvalidOption(
            "a QUIRE_* variable cannot be parsed: write nested values like QUIRE_LIMITS__MAX_PAGES=100"
        ) from exc


def _file(config: Path | None) -> Path | None:
    named = config or os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    default = Path(_DEFAULT_FILE)
    return default if default.is_file() else None


def _toml(path: Path) -> Values:
    """What the file holds.

    Raises:
        InvalidOption: there is no such file, it is too large, or it is no TOML.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
        if len(content) > _MAX_FILE_BYTES:
            raise InvalidOption(f"the configuration file {path.name} is too large: it may have 1 MB")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as exc:
        reason = (exc.strerror or "unreadable").lower()
        raise InvalidOption(
            f"the configuration file {path.name} cannot be read ({reason}): "
            f"check --config and {CONFIG_VARIABLE}, and the file's permissions"
        ) from exc
    except ValueError as exc:
        raise InvalidOption(f"the configuration file {path.name} is no TOML: {_syntax(exc)}") from exc


def _syntax(exc: ValueError) -> str:
    if isinstance(exc, UnicodeDecodeError):
        return "it must be UTF-8"
    return str(exc).lower()
