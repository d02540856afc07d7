"""The engines whose pages a model on another server reads, by name of the family."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from quire.engines.base import Engine
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.engine import VlmEngine
from quire.engines.vlm.families.base import Family
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.engines.vlm.families.generic import Generic, GenericModel
from quire.engines.vlm.families.lightonocr import LightOnOcr
from quire.engines.vlm.families.paddleocr_vl import PaddleOcrVl
from quire.errors import InvalidOption

_log = logging.getLogger(__name__)

_FAMILIES: Final[Mapping[str, Callable[[VlmConfig], Family]]] = {
    "lightonocr": lambda _: LightOnOcr(),
    "dots": lambda _: Dots(),
    "deepseek": lambda config: DeepSeekOcr(config.resolution),
    "paddleocr-vl": lambda _: PaddleOcrVl(),
    "generic": lambda config: _generic(config.generic_file),
}


def create_vlm(name: str, config: VlmConfig, first: Engine) -> VlmEngine:
    """An engine, not started.

    Args:
        name: one of `quire.engines.registry.FAMILIES`.
        first: reads letter by letter beside the model.

    Raises:
        InvalidOption: the file that describes the model of the family "generic" cannot be used.
    """
    chosen = family(name, config)
    if "resolution" in chosen.notes:
        _log.warning("resolution: %s", chosen.notes["resolution"])
    return VlmEngine(chosen, ModelClient(config), first)


def family(name: str, config: VlmConfig) -> Family:
    """The family of that name, a key of the registry.

    Raises:
        InvalidOption: as `create_vlm`.
    """
    return _FAMILIES[name](config)


def _generic(path: Path | None) -> Family:
    if path is None:
        return Generic()
    try:
        return Generic(GenericModel(**tomllib.loads(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise InvalidOption("the file that `vlm.generic_file` names cannot be read as TOML: correct it") from exc
    except ValidationError as exc:
        wrong = ", ".join(sorted({".".join(map(str, error["loc"]))[:40] for error in exc.errors()}))
        raise InvalidOption(f"the file that `vlm.generic_file` names is wrong in: {wrong}") from exc
