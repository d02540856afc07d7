"""Which tasks are not tried again, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest

from quire.errors import PageQuarantined, PageTimeout
from quire.options import ReadOptions
from quire.workers.quarantine import Quarantine
from quire.workers.tasks import DocumentRef, OpenTask, PageTask, RenderTask, Task

DOCUMENT = DocumentRef(Path("a"), "a" * 64, "a.pdf")
TASK = PageTask(DOCUMENT, 3, ReadOptions())


def test_a_task_that_was_given_up_stays_so_whatever_its_document_is_called() -> None:
    quarantine = Quarantine()
    quarantine.check(TASK)
    quarantine.add(TASK, PageTimeout("too slow"))
    for again in (TASK, PageTask(DocumentRef(Path("b"), "a" * 64, "b.pdf"), 3, ReadOptions(pages="3"))):
        with pytest.raises(PageTimeout, match="too slow"):
            quarantine.check(again)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(PageTask(DOCUMENT, 4, ReadOptions()), id="another page"),
        pytest.param(PageTask(DocumentRef(Path("a"), "b" * 64, "a.pdf"), 3, ReadOptions()), id="another document"),
        pytest.param(PageTask(DOCUMENT, 3, ReadOptions(language="en")), id="other options"),
        pytest.param(OpenTask(DOCUMENT, ReadOptions()), id="opening the document"),
        pytest.param(RenderTask(DOCUMENT, 3, ReadOptions(), 100, None), id="drawing the page"),
    ],
)
def test_what_differs_is_not_given_up_with_it(other: Task[object]) -> None:
    quarantine = Quarantine()
    quarantine.add(TASK, PageQuarantined("broken"))
    quarantine.check(other)


def test_after_an_hour_a_task_has_another_chance() -> None:
    now = [1000.0]
    quarantine = Quarantine(clock=lambda: now[0])
    quarantine.add(TASK, PageQuarantined("broken"))
    now[0] += 3599
    with pytest.raises(PageQuarantined):
        quarantine.check(TASK)
    now[0] += 2
    quarantine.check(TASK)
    assert len(quarantine) == 0


def test_the_oldest_are_forgotten_when_there_are_many() -> None:
    quarantine = Quarantine()
    for number in range(1, 10_003):
        quarantine.add(PageTask(DOCUMENT, number, ReadOptions()), PageQuarantined("broken"))
    assert len(quarantine) == 10_000
    quarantine.check(PageTask(DOCUMENT, 2, ReadOptions()))
    with pytest.raises(PageQuarantined):
        quarantine.check(PageTask(DOCUMENT, 3, ReadOptions()))
