"""Where the servers of a vision-language model are, by the settings."""

from __future__ import annotations

from quire.engines.registry import FAMILIES
from quire.engines.vlm.config import MOST_TRIES, VlmConfig
from quire.settings import Settings


def vlm_config(settings: Settings) -> VlmConfig:
    """What engines and page workers are told; the key is in it, in the clear."""
    vlm = settings.vlm
    return VlmConfig(
        urls=vlm.urls,
        model=vlm.model,
        api_key=vlm.api_key.get_secret_value() if vlm.api_key else None,
        in_flight=vlm.in_flight,
        timeout_s=vlm.timeout_s,
        resolution=vlm.resolution,
        generic_file=vlm.generic_file,
    )


def model_time_s(settings: Settings) -> float:
    """What a page may take longer where a model is asked, which may be three times: it ends its questions itself."""
    return MOST_TRIES * settings.vlm.timeout_s if settings.engine in FAMILIES else 0.0
