"""Where the servers of a vision-language model are, by the settings."""

from __future__ import annotations

from quire.engines.vlm.config import VlmConfig
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
        generic_file=vlm.generic_file,
    )
