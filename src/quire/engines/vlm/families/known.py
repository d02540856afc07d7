"""The families by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from quire.engines.vlm.families.base import Family
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.engines.vlm.families.generic import Generic
from quire.engines.vlm.families.lightonocr import LightOnOcr
from quire.engines.vlm.families.paddleocr_vl import PaddleOcrVl
from quire.errors import CapabilityMissing

FAMILIES: Final[Mapping[str, Callable[[], Family]]] = MappingProxyType(
    {
        "lightonocr": LightOnOcr,
        "dots": Dots,
        "deepseek": DeepSeekOcr,
        "paddleocr-vl": PaddleOcrVl,
        "generic": Generic,
    }
)
"""What creates each with its defaults."""


def family(name: str) -> Family:
    """The family of that name, with its defaults.

    Raises:
        CapabilityMissing: there is none.
    """
    if name not in FAMILIES:
        raise CapabilityMissing(f"there is no family of models called '{name}': use one of {', '.join(FAMILIES)}")
    return FAMILIES[name]()
