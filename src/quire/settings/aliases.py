"""Variables of other OCR services that mean a setting here: whoever moves keeps them.

Each is a layer of its own, below `QUIRE_*` and above the file. A value that cannot be honoured is left out and warned
of: such names are common ones, and another program's `PORT` must not keep this one from starting.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """What one variable, or several together, mean.

    Attributes:
        names: of the variables.
        setting: path of the setting that they are.
        convert: its value by theirs, "" for one that is absent. Raises ValueError or KeyError where it has none.
    """

    names: tuple[str, ...]
    setting: Path
    convert: Callable[..., Any] = str


@dataclass(frozen=True, slots=True)
class Honoured:
    """Variables that are there, as values of a layer."""

    names: tuple[str, ...]
    values: dict[str, Any]


_BOOLEANS: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
_PLAIN: Final = {512: "tiny", 640: "small", 1024: "base", 1280: "large"}
_TILED: Final = (1024, 640)


def resolution(base_size: str = "", image_size: str = "", crop_mode: str = "") -> str:
    """What DeepSeek-OCR's publishers call a resolution; what is absent is 1024, 640, with crops.

    Raises:
        ValueError, KeyError: it has no name.
    """
    base, image = int(base_size or _TILED[0]), int(image_size or _TILED[1])
    if not _BOOLEANS[crop_mode.lower() or "true"]:
        return _PLAIN[image]
    if (base, image) != _TILED:
        raise ValueError("no such tiling")
    return "gundam"


def _servers(addresses: str) -> list[str]:
    """Servers by their addresses, which may go on to a path of their API."""
    return [address.strip().partition("/v1")[0].rstrip("/") for address in addresses.split(",") if address.strip()]


def _listening(host: str) -> str:
    """An address to listen on: shells put the machine's name into HOST."""
    return host if host == "localhost" else str(ipaddress.ip_address(host))


ALIASES: Final = (
    Alias(("DEFAULT_DPI",), ("dpi",)),
    Alias(("PDF_DPI",), ("dpi",)),
    Alias(("MAX_BATCH_SIZE",), ("jobs", "max_documents")),
    Alias(("VLLM_URL",), ("vlm", "urls"), _servers),
    Alias(("MAX_CONCURRENT_REQUESTS",), ("vlm", "in_flight")),
    Alias(("OUTPUT_DIR",), ("output", "dir")),
    Alias(("SAVE_QUALITY",), ("output", "quality")),
    Alias(("MODEL_NAME",), ("vlm", "model")),
    Alias(("BASE_SIZE", "IMAGE_SIZE", "CROP_MODE"), ("vlm", "resolution"), resolution),
    Alias(("HOST",), ("host",), _listening),
    Alias(("PORT",), ("port",)),
    Alias(("MAX_WORKERS",), ("workers",)),
)

WITHOUT_MEANING: Final = {
    "TENSORRT_PRECISION": "engines choose the precision that reads as well as float32",
    "GPU_MEMORY_BUFFER_MB": "a model server keeps its own memory free: set its --gpu-memory-utilization",
}
"""Variables that no setting is like, and why."""


def honoured(cls: type[BaseModel]) -> list[Honoured]:
    """The aliases that are in the environment with a value that their setting takes; the first counts for each."""
    return [found for alias in ALIASES if (found := _read(cls, alias)) and not _rivals(cls, alias)]


def not_honoured(cls: type[BaseModel]) -> list[str]:
    """A sentence for each variable that is there and has no effect."""
    said = [f"{name} has no effect: {why}" for name, why in WITHOUT_MEANING.items() if os.environ.get(name)]
    for alias in ALIASES:
        names, setting = " ".join(filter(os.environ.get, alias.names)), ".".join(alias.setting)
        if names and _read(cls, alias) is None:
            said.append(f"{names} has no effect: it is nothing that the setting {setting} takes")
        elif names and (rivals := _rivals(cls, alias)):
            said.append(f"{names} has no effect: {' '.join(rivals[0].names)} is the same setting, {setting}")
    return said


def _rivals(cls: type[BaseModel], alias: Alias) -> list[Honoured]:
    """What stands before an alias and is the same setting."""
    before = ALIASES[: ALIASES.index(alias)]
    return [found for other in before if other.setting == alias.setting and (found := _read(cls, other))]


def _read(cls: type[BaseModel], alias: Alias) -> Honoured | None:
    given = [os.environ.get(name, "") for name in alias.names]
    if not any(given):
        return None
    try:
        value: Any = alias.convert(*given)
        for part in reversed(alias.setting):
            value = {part: value}
        cls(**value)
    except (ValueError, KeyError, ValidationError):
        return None
    return Honoured(tuple(filter(os.environ.get, alias.names)), value)
