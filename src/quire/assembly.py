"""Puts a reader together from settings; the command line and the server both start here."""

from __future__ import annotations

from quire.engines import registry
from quire.reader import Reader
from quire.settings import Settings


def load_reader(settings: Settings) -> Reader:
    """A reader with the engine that the settings name, started.

    Raises:
        EngineError: there is no such engine, or it cannot start.
    """
    engine = registry.create(
        settings.engine,
        runtime=settings.runtime,
        threads=settings.threads,
        streams=settings.streams,
        models_dir=settings.models_dir,
    )
    engine.start()
    return Reader(engine, limits=settings.limits)
