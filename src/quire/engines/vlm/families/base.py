"""What is special to a family of models: how it is asked, and how its answers are understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.requests import ModelRequest
from quire.options import ReadOptions
from quire.sources.base import PageImage


@dataclass(frozen=True, slots=True)
class Serving:
    """How vLLM serves the family.

    Attributes:
        models: names on the Hugging Face hub, the one to recommend first.
        flags: arguments for `vllm serve MODEL`, besides address and port.
        logits_processors: what must be loaded, or fields of the requests are silently ignored.
        max_num_seqs: requests that a replica works on at once, where the family wants fewer than vLLM's default.
    """

    models: tuple[str, ...]
    flags: tuple[str, ...]
    logits_processors: tuple[str, ...] = ()
    max_num_seqs: int | None = None


class Family(Protocol):
    """One family of models. Immutable: it may be used from several threads at once."""

    @property
    def name(self) -> str: ...

    @property
    def tasks(self) -> tuple[str, ...]:
        """Values of the option `task` that it knows."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Values that the option `language` may take, besides "auto"; the model is not told."""
        ...

    @property
    def dpi(self) -> float | None:
        """Resolution that pages are best rendered at; None for the usual."""
        ...

    @property
    def modes(self) -> Mapping[str, str | None]:
        """Ways of asking and their prompts; None where the image is all."""
        ...

    @property
    def serving(self) -> Serving: ...

    def request(self, image: PageImage, options: ReadOptions, mode: str | None = None) -> ModelRequest:
        """The question for one upright page.

        Args:
            mode: one of `modes`; by the task when absent.

        Raises:
            InvalidOption: there is no such mode.
        """
        ...

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """The answer to `request`, for a page `width` × `height` pixels large. Total: it raises nothing."""
        ...
