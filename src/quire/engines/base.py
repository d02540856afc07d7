"""What every engine offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol, runtime_checkable

from quire.document import Block, BlockKind, Cost, Figure, Line, Match, Table
from quire.errors import CapabilityMissing, InvalidOption
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine is and can do.

    Attributes:
        version: changes whenever the engine's results may change: code, weights and runtime.
        tasks: values of the option `task` that it knows.
        notes: what a task means to this engine, where the name promises more.
        languages: the values that the option `language` may take, besides "auto".
        pages_at_once: how many pages one process should have in hand: 1 for an engine that computes here, more for one
            that mostly waits for others.
        dpi: resolution that it wants pages of PDFs in; None for the usual one.
        modes: values of the option `mode` and what each is for; none for an engine that is asked in one way.
        own_tasks: tasks that it answers by itself; all others are done with the pages that it reads.
    """

    name: str
    version: str
    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    runtime: str
    models: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    pages_at_once: int = 1
    dpi: float | None = None
    modes: Mapping[str, str] = field(default_factory=dict)
    own_tasks: tuple[str, ...] = ()

    def require(self, options: ReadOptions) -> None:
        """Refuses what the engine cannot be asked for.

        Raises:
            CapabilityMissing: it does not know the task, or has no modes.
            InvalidOption: it does not know the mode.
        """
        if options.task not in self.tasks:
            raise CapabilityMissing(
                f"the engine '{self.name}' has no task '{options.task}': use one of {', '.join(self.tasks)}"
            )

        if options.mode is not None and not self.modes:
            raise CapabilityMissing(f"the engine '{self.name}' has no modes: leave 'mode' out")
        if options.mode is not None and options.mode not in self.modes:
            raise InvalidOption(
                f"option 'mode': the engine '{self.name}' has no '{options.mode}': use one of {', '.join(self.modes)}"
            )

    def knows(self, language: str) -> bool:
        """Whether a reading may be asked for in this language."""
        return language in ("auto", *self.languages)

    def as_known(self, options: ReadOptions) -> ReadOptions:
        """The options for a reading that shall be had in any case: a language that is not known is found out."""
        return options if self.knows(options.language) else options.model_copy(update={"language": "auto"})

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "tasks": list(self.tasks),
            "languages": list(self.languages),
            "runtime": self.runtime,
            "models": dict(self.models),
            "notes": dict(self.notes),
            "modes": dict(self.modes),
        }


@dataclass(frozen=True, slots=True)
class PageReading:
    """What an engine saw on one page image, in pixels of the image after it was turned upright.

    Attributes:
        width, height: of the upright image, pixels.
        rotation: degrees clockwise (0, 90, 180, 270) by which the image was turned.
        skew_degrees: median tilt of the lines on the upright image, clockwise positive.
        lines: in no particular order; in reading order where there are blocks.
        blocks: of an engine that sees the layout itself: they refer to `lines`, `tables` and `figures` by position.
            Without blocks the layout is found by geometry.
        matches: places of a text that the engine itself looked for.
        answers: the task that the engine itself answered; None for a reading of the page.
        cost: of an engine that asks a model.
        read_by: name of the engine that stepped in for the one that was asked; None where it need not.
    """

    width: int
    height: int
    rotation: int
    skew_degrees: float
    language: str
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    matches: tuple[Match, ...] = ()
    answers: str | None = None
    cost: Cost | None = None
    read_by: str | None = None


class Engine(Protocol):
    """Reads page images. `read` may be called from several threads at once; `start` and `close` may not."""

    @property
    def info(self) -> EngineInfo: ...

    @property
    def concurrency(self) -> int:
        """How many concurrent `read` calls keep the hardware busy."""
        ...

    def start(self) -> None:
        """Loads the networks and warms them up.

        Raises:
            EngineStartError: it cannot start; the message names the remedy.
        """
        ...

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        """Reads one page.

        Args:
            stop: set when whoever asked has left: an engine that waits for others gives up soon.

        Raises:
            Cancelled: `stop` was set.
            UnknownLanguage: the engine has no vocabulary for `options.language`.
        """
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking a model came to.

    Attributes:
        reading: None where it gave nothing that could be used, however often it was asked.
        steps: what went wrong on the way, one sentence a try, stable and without a word of the page.
    """

    reading: PageReading | None
    steps: tuple[str, ...]
    cost: Cost

    def instead(self, name: str) -> tuple[str, ...]:
        """The steps, and that the engine of this name read the page in the end."""
        return (*self.steps, f"the page was read by {name} instead")


@runtime_checkable
class ModelEngine(Engine, Protocol):
    """An engine that asks a model, which may invent, beside one that reads letter by letter."""

    @property
    def first(self) -> Engine:
        """Reads before the model, bears it out, and steps in for it."""
        ...

    @property
    def by_blocks(self) -> bool:
        """Whether the model is best asked for the blocks of a page, one by one."""
        ...

    def ask(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> Asked:
        """The model's reading of an upright page.

        Raises:
            Cancelled: `stop` was set.
            EngineFailed, Overloaded: no server answers.
        """
        ...

    def ask_blocks(
        self, image: PageImage, blocks: Sequence[tuple[Box, BlockKind]], options: ReadOptions, stop: Event | None = None
    ) -> list[Asked | None]:
        """The model's readings of parts of an upright page, each in its own pixels; None for those that it does not.

        Raises:
            Cancelled, EngineFailed, Overloaded: as `ask`.
        """
        ...
