"""What every engine offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Protocol

from quire.document import Block, Figure, Grounding, Line, Table
from quire.errors import CapabilityMissing
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

    def require(self, options: ReadOptions) -> None:
        """Refuses what the engine cannot be asked for.

        Raises:
            CapabilityMissing: it does not know the task.
        """
        if options.task not in self.tasks:
            raise CapabilityMissing(
                f"the engine '{self.name}' has no task '{options.task}': use one of {', '.join(self.tasks)}"
            )

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "tasks": list(self.tasks),
            "languages": list(self.languages),
            "runtime": self.runtime,
            "models": dict(self.models),
            "notes": dict(self.notes),
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
        grounding: how far a second reading bears this one out, where that was asked for.
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
    grounding: Grounding | None = None


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
