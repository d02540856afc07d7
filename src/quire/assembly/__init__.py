"""A reader by the settings; the command line and the server both start here."""

from __future__ import annotations

from quire.assembly.models import ppstructure_config, tesseract_config, vlm_config
from quire.library import open_reader
from quire.reader import Reader
from quire.settings import Settings


def load_reader(settings: Settings) -> Reader:
    """A reader with the engine that the settings name, started.

    Raises:
        QuireError: there is no such engine or runtime, or it cannot start.
    """
    return open_reader(
        settings.engine,
        runtime=settings.runtime,
        threads=settings.threads,
        streams=settings.streams,
        models_dir=settings.models_dir,
        layout=settings.layout,
        vlm=vlm_config(settings),
        ppstructure=ppstructure_config(settings),
        tesseract=tesseract_config(settings),
        limits=settings.limits,
    )
