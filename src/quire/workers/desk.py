"""What a worker does with a request."""

from __future__ import annotations

import json
import logging
from threading import Event
from typing import Final

from quire.document import Document, Page
from quire.engines.base import Engine
from quire.errors import QuireError, TooManyBytes
from quire.exports import export
from quire.limits import Limits
from quire.pipeline import read_or_fail
from quire.sources.pages import select_pages
from quire.workers.frames import MAX_BODY_BYTES, Frame, compact_json
from quire.workers.picture import cut_out, draw
from quire.workers.shelf import Shelf
from quire.workers.stops import Stops
from quire.workers.tasks import DocumentRef, options_of
from quire.workers.wire_errors import to_header

_log = logging.getLogger(__name__)


class Desk:
    """Answers requests with a started engine. As many threads may ask at once as the engine takes pages."""

    def __init__(self, engine: Engine, limits: Limits, stops: Stops) -> None:
        self._engine = engine
        self._shelf = Shelf(limits)
        self._stops = stops

    def answer(self, request: Frame) -> Frame:
        """The answer, or what went wrong, under the request's number."""
        number = request.integer("task")
        with self._stops.of(number) as stop:
            answer = self._answer(request, stop)
        return Frame({**answer.header, "task": number}, answer.body)

    def _answer(self, request: Frame, stop: Event) -> Frame:
        try:
            return _ANSWERS[request.kind](self, request, stop)
        except QuireError as error:
            return Frame({"kind": "error"} | to_header(error))
        except Exception:  # noqa: BLE001 - one task's bug must not take the worker along
            _log.exception("the task '%s' failed", request.kind)
            return Frame({"kind": "error"} | to_header(QuireError("this failed unexpectedly: the log says why")))

    def _open(self, request: Frame, _stop: Event) -> Frame:
        document, options = DocumentRef.of(request), options_of(request)
        with self._shelf.source(document, options) as source:
            numbers = select_pages(options.pages, source.page_count)
            head = Document(
                name=document.name,
                mime=source.mime,
                sha256=document.sha256,
                pages_total=source.page_count,
                engine=self._engine.info.name,
                pages=(),
                metadata=source.metadata,
            )
        return Frame({"kind": "done"}, compact_json({"head": head.head(), "numbers": numbers}))

    def _page(self, request: Frame, stop: Event) -> Frame:
        options = options_of(request)
        with self._shelf.source(DocumentRef.of(request), options) as source:
            outcome = read_or_fail(source, request.integer("number"), self._engine, options, stop)
        read = outcome if isinstance(outcome, Page) else None
        facts = {
            "failed": read is None,
            "degraded": read is None or bool(read.warnings),
            "seconds": {} if read is None else dict(read.timings),
        }
        return Frame({"kind": "done"} | facts, compact_json(outcome.to_dict()))

    def _render(self, request: Frame, _stop: Event) -> Frame:
        options, figure = options_of(request), request.text("figure")
        with self._shelf.original(DocumentRef.of(request), options) as original:
            if figure:
                return Frame({"kind": "done"}, cut_out(original, figure, read=request.body))
            picture = draw(
                original,
                request.integer("number"),
                options,
                max_side_px=request.integer("max_side_px"),
                read=request.body,
                jpeg_quality=request.integer("jpeg_quality"),
            )
        return Frame({"kind": "done"}, picture)

    def _export(self, request: Frame, _stop: Event) -> Frame:
        with self._shelf.original(DocumentRef.of(request), options_of(request)) as original:
            file = export(request.text("format")).encode(Document.from_dict(json.loads(request.body)), original)
        if len(file) > MAX_BODY_BYTES:
            raise TooManyBytes(
                f"the file would have {len(file):,} bytes, {MAX_BODY_BYTES:,} can be sent: ask for fewer `pages`"
            )
        return Frame({"kind": "done"}, file)


_ANSWERS: Final = {"open": Desk._open, "page": Desk._page, "render": Desk._render, "export": Desk._export}
