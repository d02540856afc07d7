"""Which pages serve several tasks out of the cache, and which are read anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from quire.cache import PageCache
from quire.document import Line, Page
from quire.engines.base import EngineInfo
from quire.geometry import Box
from quire.jobs.reading import DocumentReader, Request
from quire.jobs.scheduler import Lane, Scheduler
from quire.options import ReadOptions
from quire.workers.tasks import DocumentRef, OpenedDocument, PageRead

pytestmark = pytest.mark.anyio

DOCUMENT = DocumentRef(Path("a.png"), "0" * 64, "a.png")
TASKS: list[dict[str, Any]] = [{}, {"task": "locate", "find": "a"}, {"task": "locate", "find": "b"}, {"task": "figure"}]


@dataclass
class OneWorker:
    """Reads the same line from every page, and keeps the options that it was asked with."""

    info: EngineInfo
    asked: list[ReadOptions] = field(default_factory=list)
    size: int = 1

    async def ready(self, wait_s: float) -> EngineInfo:
        return self.info

    async def open(self, document: DocumentRef, options: ReadOptions) -> OpenedDocument:
        return OpenedDocument({"pages_total": 1}, (1,))

    async def read_page(self, document: DocumentRef, number: int, options: ReadOptions) -> PageRead:
        self.asked.append(options)
        lines = (Line("a b", Box(0, 0, 30, 10).quad, 0.9),)
        page = Page(number, 100, 100, None, 0, 0.0, "ocr", self.info.name, "en", lines, ())
        return PageRead(number, json.dumps(page.to_dict()).encode(), failed=False, degraded=False, seconds={})


@pytest.mark.parametrize(
    ("own_tasks", "readings"),
    [
        pytest.param((), 1, id="one reading for all"),
        pytest.param(("locate",), 3, id="one for each search, one for the rest"),
        pytest.param(("locate", "figure"), 4, id="one for each"),
    ],
)
async def test_pages_are_read_again_for_tasks_that_the_engine_answers(
    own_tasks: tuple[str, ...], readings: int
) -> None:
    worker = OneWorker(EngineInfo("m", "1", ("text", "locate", "figure"), ("en",), "none", own_tasks=own_tasks))
    reader = DocumentReader(worker, Scheduler(lambda: 1), PageCache(1_000_000, None, 0))
    for _ in range(2):
        for task in TASKS:
            request = Request(DOCUMENT, ReadOptions.of(**task), Lane("me", "job", True))
            assert [page.number async for page in reader.read(request, [1])] == [1]

    assert len(worker.asked) == readings
