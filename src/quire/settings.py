"""What the server is told from outside: the environment (`QUIRE_*`), overridden by command-line options.

Only composition roots (the command line, the API's app factory) read this; everything else takes arguments.
Nested values are written with two underscores: `QUIRE_LIMITS__MAX_BYTES`.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from quire.errors import InvalidOption
from quire.limits import DEFAULT_LIMITS, Limits

_PREFIX = "QUIRE_"


class Settings(BaseSettings):
    """Settings of one server process, immutable."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_nested_delimiter="__", env_ignore_empty=True, frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on; loopback unless told otherwise.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")

    engine: str = Field("ppocr", description="Name of the engine that reads pages.")
    runtime: str = Field("auto", description="Inference library of the engine; auto takes the fastest.")
    threads: int | None = Field(None, ge=1, le=1024, description="CPU threads; all when absent.")
    streams: int | None = Field(None, ge=1, le=1024, description="Inferences computed side by side.")
    models_dir: Path | None = Field(None, description="Where downloaded models are kept.")
    models_mirror: str | None = Field(None, description="Address of a folder that models are downloaded from.")

    limits: Limits = Field(DEFAULT_LIMITS, description="What one document may cost.")
    documents_at_once: int = Field(4, ge=1, le=256, description="Documents being read at the same time.")
    queue_size: int = Field(32, ge=0, le=10_000, description="Requests that may wait; one more gets 429.")
    upload_timeout_s: float = Field(300.0, gt=0, description="Time for a request's body to arrive.")
    start_wait_s: float = Field(20.0, ge=0, description="How long a request waits for the engine to load.")
    shutdown_timeout_s: int = Field(30, ge=0, description="Time for running requests to finish.")

    log_format: Literal["console", "json"] = Field("console", description="How log lines look.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level shown.")

    @field_validator("limits")
    @classmethod
    def _positive(cls, limits: Limits) -> Limits:
        if any(getattr(limits, field.name) < 1 for field in fields(limits)):
            raise ValueError("every limit must be at least 1")
        return limits

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Settings from the environment; overrides that are not None win.

        Raises:
            InvalidOption: a value is not allowed; the message names each variable, never its value.
        """
        try:
            return cls(**{name: value for name, value in overrides.items() if value is not None})
        except ValidationError as exc:
            raise InvalidOption(_describe(exc)) from exc
        except SettingsError as exc:
            raise InvalidOption(
                "a QUIRE_* variable cannot be parsed: write nested values like QUIRE_LIMITS__MAX_PAGES=100"
            ) from exc


def _describe(exc: ValidationError) -> str:
    sentences = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False):
        path = [str(part) for part in error["loc"]]
        variable = _PREFIX + "__".join(path).upper()
        sentences.append(f"setting '{'.'.join(path)}' ({variable}): {error['msg'].lower()}")
    return "; ".join(sentences)
