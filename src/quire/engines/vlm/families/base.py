"""What is special to a family of models: how it is asked, and how its answers are understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from quire.document import BlockKind
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.requests import ModelRequest
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


NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of asking a model.

    Attributes:
        says: what the answer holds, for people who choose one.
        prompt: None where the image is all.
    """

    says: str
    prompt: str | None


@dataclass(frozen=True, slots=True)
class Serving:
    """How vLLM serves the family.

    Attributes:
        models: names on the Hugging Face hub, the one to recommend first.
        flags: arguments for `vllm serve MODEL`, besides address and port.
        logits_processors: what must be loaded, or fields of the requests are silently ignored.
    """

    models: tuple[str, ...]
    flags: tuple[str, ...]
    logits_processors: tuple[str, ...] = ()


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
    def by_blocks(self) -> bool:
        """Whether pages are read best by their blocks, one question each."""
        ...

    @property
    def modes(self) -> Mapping[str, Mode]:
        """Ways of asking, by the values of the option `mode`; the first is for whole pages."""
        ...

    @property
    def modes_of_tasks(self) -> Mapping[str, str]:
        """Modes that answer a task by themselves; what they answer is no reading of the page."""
        ...

    @property
    def notes(self) -> Mapping[str, str]:
        """See `EngineInfo.notes`."""
        ...

    @property
    def variant(self) -> str:
        """Tells configurations apart that are answered differently: a word, empty where there is but one."""
        ...

    @property
    def serving(self) -> Serving: ...

    def request(self, image: PageImage, options: ReadOptions) -> ModelRequest:
        """The question for one upright page, asked as `mode_of` says.

        Raises:
            InvalidOption: the options do not fit this page.
        """
        ...

    def block_request(self, crop: PageImage, kind: BlockKind) -> ModelRequest | None:
        """The question for one block, cut out of its page; None for a kind that is not read."""
        ...

    def parse(self, text: str, request: ModelRequest, width: int, height: int) -> Parsed:
        """The answer to `request`, for a page `width` × `height` pixels large. Total: it raises nothing."""
        ...


def mode_of(family: Family, options: ReadOptions) -> str:
    """The mode that is asked for: by name (`EngineInfo.require` has seen that it exists), by the task, or the first.

    No model looks for a regular expression: the page is read then, and searched afterwards.
    """
    by_task = None if options.find_regex else family.modes_of_tasks.get(options.task)
    return options.mode or by_task or next(iter(family.modes))
