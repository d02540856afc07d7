"""An engine for one page: what it is asked ends when whoever wants the page has left."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from quire.document import BlockKind
from quire.engines.base import Asked, Engine, EngineInfo, ModelEngine, PageReading
from quire.engines.with_layout import EngineWithLayout
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage


def stoppable(engine: Engine, stop: Event | None) -> Engine:
    """The same engine; all its readings know the event."""
    if stop is None:
        return engine
    if isinstance(engine, EngineWithLayout):
        return engine.around(lambda inner: _Stoppable(inner, stop))
    if isinstance(engine, ModelEngine):
        return _StoppableModel(engine, stop)
    return _Stoppable(engine, stop)


class _Stoppable:
    def __init__(self, engine: Engine, stop: Event) -> None:
        self._engine = engine
        self._stop = stop
        self.concurrency = engine.concurrency

    @property
    def info(self) -> EngineInfo:
        return self._engine.info

    def start(self) -> None:
        self._engine.start()

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        return self._engine.read(image, options, stop or self._stop)

    def close(self) -> None:
        self._engine.close()


class _StoppableModel(_Stoppable):
    def __init__(self, engine: ModelEngine, stop: Event) -> None:
        super().__init__(engine, stop)
        self._model = engine
        self.first = stoppable(engine.first, stop)
        self.by_blocks = engine.by_blocks

    def ask(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> Asked:
        return self._model.ask(image, options, stop or self._stop)

    def ask_blocks(
        self, image: PageImage, blocks: Sequence[tuple[Box, BlockKind]], options: ReadOptions, stop: Event | None = None
    ) -> list[Asked | None]:
        return self._model.ask_blocks(image, blocks, options, stop or self._stop)
