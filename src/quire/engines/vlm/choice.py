"""The engines whose pages a model on another server reads, by name of the family."""

from __future__ import annotations

import tomllib
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

_FAMILIES: Final[dict[str, type[LightOnOcr] | type[Dots] | type[DeepSeekOcr] | type[PaddleOcrVl]]] = {
    "lightonocr": LightOnOcr,
    "dots": Dots,
    "deepseek": DeepSeekOcr,
    "paddleocr-vl": PaddleOcrVl,
}


def create_vlm(name: str, config: VlmConfig, fallback: Engine | None) -> VlmEngine:
    """An engine, not started.

    Args:
        name: one of `quire.engines.registry.FAMILIES`.
        fallback: reads the pages that the model fails on.

    Raises:
        InvalidOption: the file that describes the model of the family "generic" cannot be used.
    """
    return VlmEngine(family(name, config), ModelClient(config), fallback)


def family(name: str, config: VlmConfig) -> Family:
    """The family of that name, a key of the registry.

    Raises:
        InvalidOption: as `create_vlm`.
    """
    return _FAMILIES[name]() if name in _FAMILIES else _generic(config.generic_file)


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
