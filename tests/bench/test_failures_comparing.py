"""Two entrants held against each other, and what is refused before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_engines import CountingEngine
from quire.bench.entrants import Entrant, opened
from quire.bench.failures import FailureReport
from quire.bench.failures.comparing import comparison
from quire.bench.failures.runs import wrongness
from quire.bench.scoring.tally import Tally
from quire.errors import CapabilityMissing, InvalidOption
from quire.reader import Reader


def test_documents_are_won_lost_or_tied_and_the_interval_holds_the_difference() -> None:
    found = comparison([-0.2, -0.1, -0.3, 0.05, 0.0, 0.0004])
    assert (found.documents, found.wins, found.losses, found.ties) == (6, 3, 1, 2)
    assert found.difference == pytest.approx(-0.0916, abs=1e-4)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.difference < found.high
    assert found == comparison([-0.2, -0.1, -0.3, 0.05, 0.0, 0.0004])


def test_two_documents_have_no_interval() -> None:
    assert comparison([-0.2, 0.1]).to_dict() == {
        "documents": 2,
        "wins": 1,
        "losses": 1,
        "ties": 0,
        "difference": pytest.approx(-0.05),
        "low": None,
        "high": None,
    }


@pytest.mark.parametrize(
    ("tally", "share"),
    [
        pytest.param(Tally(text_documents=1, character_rates=0.25, tokens=4, tokens_read=4, facts=9), 0.25, id="text"),
        pytest.param(Tally(relations=4, relations_read=4, relations_shared=3), 0.25, id="tables"),
        pytest.param(Tally(facts=4, facts_met=3), 0.25, id="facts"),
        pytest.param(Tally(documents=1), 0.0, id="nothing"),
    ],
)
def test_how_badly_a_document_was_read_is_told_by_what_its_truth_has(tally: Tally, share: float) -> None:
    assert wrongness(tally).share == pytest.approx(share)


def test_entrants_are_written_with_or_without_a_mode() -> None:
    assert Entrant.of("dots") == Entrant("dots", None)
    assert Entrant.of("dots:layout") == Entrant("dots", "layout")
    assert [Entrant.of(name).name for name in ("dots", "dots:layout")] == ["dots", "dots:layout"]


def test_an_engine_that_cannot_be_had_stops_all_before_anything_is_read() -> None:
    engine = CountingEngine()

    def open_engine(name: str) -> Reader:
        if name != "counting":
            raise CapabilityMissing("there is no such engine")
        return Reader(engine)

    with pytest.raises(CapabilityMissing), opened([Entrant("counting"), Entrant("other")], open_engine):
        pytest.fail("nothing is to be read")
    assert (engine.begun, engine.closed) == ([], True)


@pytest.mark.parametrize(
    ("entrants", "error"),
    [
        pytest.param(["counting", "counting:text"], CapabilityMissing, id="a mode of an engine without modes"),
        pytest.param(["counting", "counting"], InvalidOption, id="an engine against itself"),
        pytest.param(["counting:region"], InvalidOption, id="a mode that needs an area"),
    ],
)
def test_modes_that_cannot_be_compared_are_refused(entrants: list[str], error: type[Exception]) -> None:
    with pytest.raises(error), opened([Entrant.of(name) for name in entrants], lambda _: Reader(CountingEngine())):
        pytest.fail("nothing is to be read")


def test_two_modes_of_one_engine_share_a_reader() -> None:
    engine = CountingEngine()
    engine.info = engine.info.__class__("counting", "1", ("text",), ("en",), "none", modes={"a": "", "b": ""})
    with opened([Entrant("counting", "a"), Entrant("counting", "b")], lambda _: Reader(engine)) as (first, second):
        assert first is second


@pytest.mark.parametrize("worst", [0, 51])
def test_a_report_shows_at_least_one_document_and_not_all_there_are(worst: int) -> None:
    with pytest.raises(InvalidOption, match="worst"):
        FailureReport(Path("report.html"), worst)
