"""One page, from its source to `Page`."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from threading import Event

from quire.cascade import Outcome, carried_out, comes_first, named, planned
from quire.document import Page, PageFailure, Routing
from quire.engines.base import Engine, ModelEngine
from quire.engines.stoppable import stoppable
from quire.errors import EngineFailed, LimitExceeded, PageDamaged, QuireError
from quire.layout import Structure, analyse
from quire.options import ReadOptions, Strategy
from quire.pipeline.layers import text_layer
from quire.pipeline.recognised import recognised
from quire.pipeline.seen import Seen, blank
from quire.sources.base import Source, SourcePage

_log = logging.getLogger(__name__)


def read_or_fail(
    source: Source, number: int, engine: Engine, options: ReadOptions, stop: Event | None = None
) -> Page | PageFailure:
    """Reads page `number`; what says nothing about the document's other pages comes back as a failure.

    Args:
        stop: as in `Engine.read`.

    Raises:
        OptionError, EngineError: no page of the document can be read as it was asked for.
        Cancelled: the document was closed, or `stop` was set.
    """
    try:
        return read_page(source.page(number), stoppable(engine, stop), options, _bookmarks(source, number))
    except (PageDamaged, LimitExceeded, EngineFailed) as exc:
        return PageFailure(number, exc.code, exc.detail)
    except QuireError:
        raise
    except Exception:  # noqa: BLE001 - one page's bug must not take the others along
        _log.exception("page %d failed", number)
        return PageFailure(number, "internal_error", "the page could not be read: the log says why")


def _bookmarks(source: Source, number: int) -> tuple[tuple[str, int], ...]:
    return tuple((entry.title, entry.level) for entry in source.metadata.outline if entry.page == number)


def read_page(
    page: SourcePage, engine: Engine, options: ReadOptions, bookmarks: tuple[tuple[str, int], ...] = ()
) -> Page:
    """Reads one page.

    Args:
        bookmarks: titles of the document's outline that lead to this page, with their level from 1.

    Raises:
        PageDamaged: the page cannot be decoded.
        LimitExceeded: its image is larger than allowed.
        OptionError: the engine does not know the language.
        EngineFailed: the engine failed, or no model server answers.
    """
    start = time.perf_counter()
    # Layout needs the words even when the caller does not.
    full = options.model_copy(update={"words": True})
    asked = _Asked.of(engine, full)
    # Beside a model, text recognition reads what it can, also in languages that it does not know.
    plain = full if asked.letters is engine else asked.letters.info.as_known(full)
    seen = (
        blank(page, full)
        or text_layer(page, asked.letters, plain)
        or recognised(page, asked.reader, full if asked.reader is engine else plain, asked.dpi)
    )
    laid_out = time.perf_counter()
    structure = _structure(seen, page.number, bookmarks)
    timings = dict(seen.reading.timings) | {"layout": time.perf_counter() - laid_out}
    outcome = asked.completed(seen, structure, full, page.number)
    reading, structure = seen.reading, outcome.structure
    return Page(
        number=page.number,
        width=reading.width,
        height=reading.height,
        dpi=seen.view.dpi,
        rotation=reading.rotation,
        skew_degrees=reading.skew_degrees,
        source="text_layer" if seen.from_text_layer else "ocr",
        engine=outcome.engine,
        language=reading.language if full.language == "auto" else full.language,
        lines=structure.lines if options.words else tuple(replace(line, words=()) for line in structure.lines),
        blocks=structure.blocks,
        warnings=reading.warnings + outcome.warnings,
        timings=timings | dict(outcome.timings) | {"total": time.perf_counter() - start},
        tables=structure.tables,
        figures=structure.figures,
        links=seen.view.links,
        quality=seen.quality,
        matches=reading.matches,
        answers=reading.answers,
        grounding=outcome.grounding,
        routing=outcome.routing,
    )


def _structure(seen: Seen, number: int, bookmarks: tuple[tuple[str, int], ...]) -> Structure:
    reading = seen.reading
    if reading.blocks:
        return Structure(reading.lines, reading.blocks, reading.tables, named(reading.figures, number))
    return analyse(replace(seen.view, bookmarks=bookmarks), number)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who reads what.

    Attributes:
        reader: reads the page's image.
        letters: reads pictures beside a text layer: it gives every word a box of its own.
        model: what may be asked once the reader has read; None where nothing comes after it.
        dpi: resolution that suits whoever may see the page.
    """

    engine: Engine
    reader: Engine
    letters: Engine
    model: ModelEngine | None
    dpi: float | None

    @classmethod
    def of(cls, engine: Engine, options: ReadOptions) -> _Asked:
        if not isinstance(engine, ModelEngine):
            return cls(engine, engine, engine, None, engine.info.dpi)
        if not comes_first(engine, options):
            return cls(engine, engine, engine.first, None, engine.info.dpi)
        alone = options.strategy is Strategy.SPEED
        return cls(engine, engine.first, engine.first, engine, (engine.first if alone else engine).info.dpi)

    def completed(self, seen: Seen, structure: Structure, options: ReadOptions, number: int) -> Outcome:
        """The page with what a model adds to it."""
        if seen.from_text_layer:
            return Outcome(structure, "pdfium")
        if self.model is not None and seen.image is not None:
            known = self.model.first.info.knows(options.language)
            plan = planned(options, structure, known=known, by_blocks=self.model.by_blocks)
            return carried_out(plan, self.model, options, seen.image, structure, number)
        cost, by = seen.reading.cost, seen.reading.read_by or self.engine.info.name
        if cost is None:
            return Outcome(structure, by)
        return Outcome(structure, by, Routing(None, "kept" if seen.reading.read_by else "page", cost=cost))
