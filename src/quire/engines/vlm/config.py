"""Where the model servers are, and how they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

Resolution = Literal["tiny", "small", "base", "large", "gundam"]
"""How large DeepSeek-OCR's pages are."""

MOST_TRIES: Final = 3
"""How often a model is asked for the same page."""


@dataclass(frozen=True, slots=True)
class VlmConfig:
    """Settings of one model, served by one or more replicas.

    Attributes:
        urls: base addresses of OpenAI-compatible servers that all serve the same model, with or without "/v1".
        model: its name there; the first that a server lists when absent.
        api_key: sent as a bearer token.
        in_flight: most requests that a replica is given at once; found by its own figures when absent.
        timeout_s: for one answer, from the first try to the last token.
        resolution: of the family "deepseek".
        generic_file: TOML that describes the model of the family "generic": the fields of `GenericModel`.
    """

    urls: tuple[str, ...] = ("http://127.0.0.1:8001",)
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    in_flight: int | None = None
    timeout_s: float = 120.0
    resolution: Resolution = "gundam"
    generic_file: Path | None = None
