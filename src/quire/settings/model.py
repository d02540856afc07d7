"""The settings of one server, and how they come together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from quire.errors import InvalidOption
from quire.limits import DEFAULT_LIMITS, Limits
from quire.settings.folders import default_data_dir
from quire.settings.groups import (
    AccessSettings,
    CacheSettings,
    JobSettings,
    OutputSettings,
    PpStructureSettings,
    TesseractSettings,
    UrlSettings,
    VlmSettings,
    WorkerSettings,
)
from quire.settings.layers import Layer, merge, read_layers
from quire.settings.refusals import describe, refuse_unknown


class Settings(BaseSettings):
    """Settings of one server process, immutable.

    The constructor takes values and nothing else; `load` looks at the environment and the file.
    """

    model_config = SettingsConfigDict(
        env_prefix="QUIRE_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
    )

    host: str = Field(default="127.0.0.1", description="Address to listen on; loopback unless told otherwise.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(default_factory=default_data_dir, description="Where jobs, uploads and the cache lie.")

    engine: str = Field(default="ppocr", description="Name of the engine that reads pages.")
    runtime: str = Field(default="auto", description="Inference library of the engine; auto takes the fastest.")
    threads: int | None = Field(default=None, ge=1, le=1024, description="CPU threads; all when absent.")
    streams: int | None = Field(default=None, ge=1, le=1024, description="Inferences computed side by side.")
    models_dir: Path | None = Field(default=None, description="Where downloaded models are kept.")
    models_mirror: str | None = Field(default=None, description="Address of a folder that models are downloaded from.")
    layout: Literal["auto", "geometry", "model"] = Field(
        default="auto", description="What finds a page's structure; auto takes the layout model where it was pulled."
    )

    dpi: float | None = Field(
        default=None, ge=36, le=1200, description="Resolution of PDF pages where a request names none."
    )

    vlm: VlmSettings = Field(default_factory=VlmSettings, description="Servers of a vision-language model.")
    ppstructure: PpStructureSettings = Field(
        default_factory=PpStructureSettings, description="Where PP-StructureV3 runs."
    )
    tesseract: TesseractSettings = Field(default_factory=TesseractSettings, description="Where Tesseract is.")

    limits: Limits = Field(default=DEFAULT_LIMITS, description="What one document may cost.")
    queue_size: int = Field(
        default=64, ge=1, le=10_000, description="Requests that may be inside with documents; one more gets 429."
    )
    upload_timeout_s: float = Field(default=300.0, gt=0, description="Time for a request's body to arrive.")
    start_wait_s: float = Field(default=20.0, ge=0, description="How long a request waits for the engine to load.")
    shutdown_timeout_s: int = Field(default=30, ge=0, description="Time for running requests to finish.")

    workers: int | None = Field(
        default=None, ge=1, le=1024, description="Page workers; by cores and memory when absent."
    )
    worker: WorkerSettings = Field(default_factory=WorkerSettings, description="What one page worker may take.")
    jobs: JobSettings = Field(default_factory=JobSettings, description="What may wait and how long it is kept.")
    cache: CacheSettings = Field(default_factory=CacheSettings, description="Pages that were read before.")
    urls: UrlSettings = Field(default_factory=UrlSettings, description="Addresses that callers name.")
    output: OutputSettings = Field(default_factory=OutputSettings, description="Results that are kept as files.")
    access: AccessSettings = Field(default_factory=AccessSettings, description="Who may use the server, and how much.")

    log_format: Literal["console", "json"] = Field(default="console", description="How log lines look.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level shown.")

    @field_validator("limits")
    @classmethod
    def _positive(cls, limits: Limits) -> Limits:
        if any(getattr(limits, field.name) < 1 for field in fields(limits)):
            raise ValueError("every limit must be at least 1")
        return limits

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values only: `layers` reads the other sources, so that each value's origin is known."""
        return (init_settings,)

    @classmethod
    def load(cls, *, config: Path | None = None, **overrides: Any) -> Self:
        """Settings from overrides that are not None, then the environment, then the file, then the defaults.

        Args:
            config: the TOML file; the one that QUIRE_CONFIG names when absent, else `quire.toml` if there is one.

        Raises:
            InvalidOption: a value is not allowed or has no setting; the message names where it stands, never
                the value.
        """
        return cls.of(read_layers(cls, config=config, overrides=overrides))

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> Self:
        """Settings from layers, the strongest first.

        Raises:
            InvalidOption: as `load`.
        """
        refuse_unknown(layers, cls)
        try:
            return cls(**merge(layers))
        except ValidationError as exc:
            raise InvalidOption(describe(exc, layers)) from exc
