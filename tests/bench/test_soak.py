"""The soak: its documents, its slopes and picture, and a short one on the real server."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quire.bench import run_soak
from quire.bench.soak.documents import PAGES_A_ROUND, Mix, Sheet
from quire.bench.soak.plot import to_svg
from quire.bench.soak.rounds import Findings
from quire.bench.soak.watch import SERVER, Sample, server_slope, to_csv, workers_slope
from quire.errors import InvalidOption

SHEET = Sheet("0-text.pdf", "text.pdf", b"", 3)


def growing(process: str, life: int, first_page: int, last_page: int, start: int, a_page: int) -> list[Sample]:
    """A process that has `start` bytes at its first page, and grows evenly."""
    return [
        Sample(pages, pages / 10, process, life, start + a_page * (pages - first_page))
        for pages in range(first_page, last_page + 1, 100)
    ]


def page(number: int, text: str = "as ever") -> dict[str, object]:
    return {"number": number, "text": text}


def test_rounds_have_so_many_pages_and_no_document_twice() -> None:
    mix = Mix()
    sheets = [sheet for turn in range(2) for sheet in mix.documents(turn)]
    assert sum(sheet.pages or 0 for sheet in sheets) == 2 * PAGES_A_ROUND
    assert len({sheet.content for sheet in sheets}) == len({sheet.name for sheet in sheets}) == len(sheets)
    assert any(sheet.pages is None for sheet in sheets)


def test_the_server_s_growth_counts_from_when_it_is_warm() -> None:
    taken = growing(SERVER, 0, 100, 2000, 10**6, 50_000) + growing(SERVER, 0, 2100, 5000, 10**8, 700)
    assert server_slope(taken[20:]) == pytest.approx(700)
    assert server_slope(taken[:10]) is None


def test_the_workers_growth_is_seen_through_their_ends() -> None:
    first = growing("worker 1", 0, 100, 3000, 5 * 10**8, 300)
    second = growing("worker 1", 1, 3100, 6000, 5 * 10**8, 300)
    other = growing("worker 2", 0, 100, 6000, 6 * 10**8, 300)
    assert workers_slope(first + second + other) == pytest.approx(2 * 300)
    assert workers_slope(first[:3]) is None


@pytest.mark.parametrize(
    ("document", "lost", "doubled", "changed"),
    [
        pytest.param({"pages": [page(1), page(2), page(3)]}, 0, 0, 0, id="all there"),
        pytest.param({"pages": [page(1), page(3)]}, 1, 0, 0, id="one is missing"),
        pytest.param({"pages": [page(1), page(2), page(2), page(3)]}, 0, 1, 0, id="one came twice"),
        pytest.param({"pages": [page(1), page(2), page(3, "other")]}, 0, 0, 1, id="one says something else"),
        pytest.param(None, 3, 0, 0, id="nothing came"),
    ],
)
def test_pages_are_checked(document: dict[str, object] | None, lost: int, doubled: int, changed: int) -> None:
    findings = Findings()
    findings.whole(SHEET, {"pages": [page(1), page(2), page(3)]})
    findings.whole(SHEET, document)
    assert (findings.lost, findings.doubled, findings.changed) == (lost, doubled, changed)
    assert findings.pages == 6


def test_a_broken_document_that_is_not_refused_is_a_surprise() -> None:
    findings = Findings()
    findings.broken(SHEET, 422)
    findings.broken(SHEET, 500)
    assert (findings.refused, findings.surprises) == (1, ["text.pdf: status 500"])


def test_the_picture_has_a_line_for_each_life_and_a_mark_for_each_kill() -> None:
    taken = growing(SERVER, 0, 100, 900, 10**8, 0) + growing("worker 1", 0, 100, 400, 5 * 10**8, 10)
    taken += growing("worker 1", 1, 500, 900, 5 * 10**8, 10)
    root = ElementTree.fromstring(to_svg(taken, [450]))
    assert len(root.findall("{*}polyline")) == 3
    assert len(root.findall("{*}path[@stroke='#dc2626']")) == 1


def test_a_short_soak_loses_nothing_and_writes_what_it_saw(tmp_path: Path) -> None:
    out, table, plot = tmp_path / "soak.json", tmp_path / "soak.csv", tmp_path / "soak.svg"
    result = run_soak(PAGES_A_ROUND, out, table, plot)
    assert (result["pages"], result["lost"], result["doubled"]) == (PAGES_A_ROUND, 0, 0)
    assert result["refused"] > 0
    assert json.loads(out.read_text()) == json.loads(json.dumps(result))
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert {row["pages"] for row in rows} == {str(PAGES_A_ROUND)}
    assert SERVER in {row["process"] for row in rows}
    assert plot.read_text().startswith("<svg")


def test_too_few_pages_are_refused() -> None:
    with pytest.raises(InvalidOption, match="at least 100"):
        run_soak(PAGES_A_ROUND - 1)


def test_a_table_has_a_row_for_each_sample() -> None:
    assert (
        to_csv([Sample(100, 2.25, SERVER, 0, 10**8)])
        == "pages,seconds,process,life,rss_bytes\n100,2.2,server,0,100000000\n"
    )
