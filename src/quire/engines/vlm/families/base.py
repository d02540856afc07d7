"""What is special to a family of models: how it is asked, and how its answers are understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.requests import ModelRequest
from quire.errors import InvalidOption
from quire.models.languages import languages
from quire.options import ReadOptions, Task
from quire.sources.base import PageImage

ALL_TASKS: Final = tuple(task.value for task in Task)
"""Every task is done with a page that was read."""

EVERY_LANGUAGE: Final = tuple(language.code for language in languages())
"""For models of a hundred languages and more."""

COMMON_FLAGS: Final = (
    "--limit-mm-per-prompt",
    '{"image": 1}',
    "--mm-processor-cache-gb",
    "0",
    "--no-enable-prefix-caching",
)
"""For `vllm serve`: pages come once, so nothing of them is worth keeping."""


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
    def modes_of_tasks(self) -> Mapping[str, str]:
        """Modes that answer a task by themselves; what they answer is no reading of the page."""
        ...

    @property
    def serving(self) -> Serving: ...

    def request(self, image: PageImage, options: ReadOptions, mode: str | None = None) -> ModelRequest:
        """The question for one upright page.

        Args:
            mode: one of `modes`; the one that reads whole pages when absent.

        Raises:
            InvalidOption: there is no such mode.
        """
        ...

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """The answer to `request`, for a page `width` × `height` pixels large. Total: it raises nothing."""
        ...


def prompt_of(name: str, modes: Mapping[str, str | None], mode: str) -> str | None:
    """The prompt of one of a family's modes.

    Raises:
        InvalidOption: it has no such mode.
    """
    if mode not in modes:
        raise InvalidOption(f"the engine '{name}' cannot be asked for '{mode}': use one of {', '.join(modes)}")
    return modes[mode]
