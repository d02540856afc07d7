"""Engines that read the same documents, each asked in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Self

from quire.errors import InvalidOption
from quire.options import ReadOptions
from quire.reader import Reader

OpenEngine = Callable[[str], Reader]
"""A reader with the engine of that name, started."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """An engine, and the way in which it is asked where it knows several.

    Attributes:
        mode: the option of that name; None for the engine's own.
    """

    engine: str = "ppocr"
    mode: str | None = None

    @classmethod
    def of(cls, name: str) -> Self:
        """The entrant that people write as "dots", or as "dots:text" with its mode."""
        engine, _, mode = name.partition(":")
        return cls(engine, mode or None)

    @property
    def name(self) -> str:
        return f"{self.engine}:{self.mode}" if self.mode else self.engine

    @property
    def options(self) -> Mapping[str, str | None]:
        """What it adds to the options of a reading."""
        return {"engine": self.engine, "mode": self.mode}


@contextmanager
def opened(entrants: Sequence[Entrant], open_engine: OpenEngine) -> Iterator[list[Reader]]:
    """A reader for each entrant while the block lasts; those of one engine share it.

    Raises:
        InvalidOption: two entrants are the same, an engine does not know the mode, or it asks for more than a document.
        EngineError: there is no such engine, it cannot start, or has no modes. Nothing was read then.
    """
    if len({*entrants}) < len(entrants):
        raise InvalidOption("option 'against': name another engine or mode than `engine`")
    with ExitStack() as stack:
        readers: dict[str, Reader] = {}
        for entrant in entrants:
            if entrant.engine not in readers:
                readers[entrant.engine] = stack.enter_context(closing(open_engine(entrant.engine)))
            readers[entrant.engine].engine.info.require(ReadOptions.of(**entrant.options))
        yield [readers[entrant.engine] for entrant in entrants]
