"""Settings that belong together; two underscores part a group from its setting: `QUIRE_CACHE__DISK_BYTES`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from quire.settings.values import Address, Addresses, Networks, Origins, Rate, Words


class Group(BaseModel):
    """A group of settings, immutable; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class WorkerSettings(Group):
    """How long one page worker may take, and how much memory."""

    page_timeout_s: float = Field(default=120.0, gt=0, description="Time for one page; then its worker is replaced.")
    recycle_after_pages: int = Field(default=2000, ge=1, description="Pages after which a worker is replaced.")
    recycle_rss_bytes: int = Field(default=1_500_000_000, ge=1, description="Memory at which it is replaced when idle.")
    kill_rss_bytes: int = Field(default=4_000_000_000, ge=1, description="Memory at which it is ended at once.")
    drain_timeout_s: float = Field(default=30.0, ge=0, description="Time for pages in work when the server stops.")

    @model_validator(mode="after")
    def _recycled_before_killed(self) -> Self:
        if self.recycle_rss_bytes > self.kill_rss_bytes:
            raise ValueError("recycle_rss_bytes must not be more than kill_rss_bytes")
        return self


class JobSettings(Group):
    """Jobs: how much may wait, how long results are kept, who is told."""

    max_unfinished: int = Field(default=10_000, ge=1, description="Jobs that may be unfinished; more get 429.")
    max_documents: int = Field(default=1000, ge=1, le=100_000, description="Documents of one job.")
    ttl_s: float = Field(default=86_400.0, gt=0, description="How long a job's results are kept.")
    max_ttl_s: float = Field(default=604_800.0, gt=0, description="The longest that a caller may ask for.")
    storage_bytes: int = Field(default=20_000_000_000, ge=1, description="Disk for documents; as much for results.")
    webhook_secret: SecretStr | None = Field(
        default=None, min_length=16, description="Signs webhooks; unsigned without it."
    )

    @model_validator(mode="after")
    def _kept_as_long_as_allowed(self) -> Self:
        if self.ttl_s > self.max_ttl_s:
            raise ValueError("ttl_s must not be more than max_ttl_s")
        return self


class CacheSettings(Group):
    """Pages that were read before; 0 turns a tier off."""

    memory_bytes: int = Field(default=64_000_000, ge=0, description="Memory for pages.")
    disk_bytes: int = Field(default=2_000_000_000, ge=0, description="Disk for pages, in the data folder.")


class UrlSettings(Group):
    """Documents and webhooks at addresses that callers name."""

    allow_networks: Networks = Field(default=(), description="Private networks that may be reached.")
    timeout_s: float = Field(default=60.0, gt=0, description="Time for one download.")


class VlmSettings(Group):
    """Servers of a vision-language model, for the engines that ask one."""

    urls: Addresses = Field(
        default=("http://127.0.0.1:8001",), description="Servers of the same model; pages go where least is to do."
    )
    model: str | None = Field(default=None, min_length=1, description="Its name there; the first listed when absent.")
    api_key: SecretStr | None = Field(default=None, min_length=1, description="Key that the servers ask for.")
    in_flight: int | None = Field(
        default=None, ge=1, le=4096, description="Most pages that a server has at once; by its own figures when absent."
    )
    timeout_s: float = Field(default=120.0, gt=0, description="Time for one answer; a page may need three.")
    resolution: Literal["tiny", "small", "base", "large", "gundam"] = Field(
        default="gundam", description="How large DeepSeek-OCR's pages are; vLLM knows gundam alone, others are shrunk."
    )
    generic_file: Path | None = Field(default=None, description="TOML that describes the engine generic's model.")
    start: bool = Field(default=False, description="Start vLLM at the first of the addresses, and keep it running.")
    program: str = Field(default="vllm", min_length=1, description="vLLM's command, by name or path.")
    serve_args: Words = Field(default=(), description="Arguments for `vllm serve` besides those it gets anyway.")
    start_timeout_s: float = Field(default=1800.0, gt=0, description="Time for the model to be fetched and loaded.")


class PpStructureSettings(Group):
    """Where PP-StructureV3 runs, for the engine of that name."""

    runner: Literal["serving", "local"] = Field(
        default="serving", description="serving asks a PaddleX server; local runs the package paddleocr."
    )
    url: Address = Field(default="http://127.0.0.1:8080", description="The PaddleX server.")
    pipeline: Path | None = Field(default=None, description="YAML of the pipeline; its publishers' when absent.")
    timeout_s: float = Field(default=120.0, gt=0, description="Time that the server has for one page.")
    in_flight: int = Field(default=2, ge=1, le=256, description="Most pages that one process sends it at once.")


class TesseractSettings(Group):
    """Where Tesseract is, for the engine of that name."""

    command: str = Field(default="tesseract", min_length=1, description="The program, by name or path.")
    tessdata_dir: Path | None = Field(default=None, description="Folder with its languages; its own when absent.")
    languages: str | None = Field(
        default=None, min_length=1, description="What language=auto stands for, as 'de+en'; English when absent."
    )
    timeout_s: float = Field(default=100.0, gt=0, description="Time for one run of the program.")


class OutputSettings(Group):
    """What `POST /ocr` keeps of each document: its text and its page images."""

    dir: Path | None = Field(default=None, description="Folder for them; nothing is kept when absent.")
    quality: int = Field(default=90, ge=1, le=100, description="Quality of the page images, JPEG.")


class AccessSettings(Group):
    """Who may use the server, and how much."""

    auth: Literal["auto", "none", "required"] = Field(
        default="auto", description="auto asks for keys once there are any."
    )
    allow_public_without_keys: bool = Field(default=False, description="Listen beyond loopback though nobody is asked.")
    default_rate: Rate | None = Field(default=None, description="Requests of a key that names no rate.")
    default_quota: Rate | None = Field(default=None, description="Pages of a key that names no quota.")
    jwt_jwks_url: str | None = Field(default=None, pattern="^https?://", description="Where tokens' public keys are.")
    jwt_issuer: str | None = Field(default=None, min_length=1, description="Issuer that tokens must name.")
    jwt_audience: str | None = Field(default=None, min_length=1, description="Audience that tokens must name.")
    cors_origins: Origins = Field(default=(), description="Web pages that may call from a browser.")

    @model_validator(mode="after")
    def _tokens_are_checked_fully(self) -> Self:
        # A token that the same issuer made for another service must not open this one.
        given = {self.jwt_jwks_url is None, self.jwt_issuer is None, self.jwt_audience is None}
        if len(given) > 1:
            raise ValueError("jwt_jwks_url, jwt_issuer and jwt_audience go together: set all three or none")
        return self
