"""Where the servers of models and other programs are, by the settings."""

from __future__ import annotations

from quire.engines.ppstructure.config import PpStructureConfig
from quire.engines.registry import FAMILIES
from quire.engines.tesseract.config import TesseractConfig
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


def ppstructure_config(settings: Settings) -> PpStructureConfig:
    """What engines and page workers are told."""
    ppstructure = settings.ppstructure
    return PpStructureConfig(
        runner=ppstructure.runner,
        url=ppstructure.url,
        pipeline=ppstructure.pipeline,
        timeout_s=ppstructure.timeout_s,
        in_flight=ppstructure.in_flight,
    )


def tesseract_config(settings: Settings) -> TesseractConfig:
    """What engines and page workers are told."""
    tesseract = settings.tesseract
    return TesseractConfig(
        command=tesseract.command,
        tessdata_dir=tesseract.tessdata_dir,
        languages=tesseract.languages,
        timeout_s=tesseract.timeout_s,
    )


def model_time_s(settings: Settings) -> float:
    """What a page may take longer where a server is asked, a model up to three times: questions end by themselves."""
    if settings.engine == "ppstructure" and settings.ppstructure.runner == "serving":
        return settings.ppstructure.timeout_s
    return MOST_TRIES * settings.vlm.timeout_s if settings.engine in FAMILIES else 0.0
