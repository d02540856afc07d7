"""The report of what was misread, on the real engine and drawn documents."""

from __future__ import annotations

import base64
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from commanding import commands_in
from fake_engines import CountingEngine
from quire import Reader, open_reader
from quire.bench import run_accuracy
from quire.bench.drawing.pdfs import born_digital_pdf
from quire.error_table import EDGES
from sheets import LETTER, sheet

HOSTILE = '<script>alert("1")</script>'


class Report(HTMLParser):
    """What the tests ask of a report."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def every(self, tag: str, attribute: str) -> list[str]:
        return [
            attributes[attribute] or "" for name, attributes in self.tags if name == tag and attribute in attributes
        ]


def row(path: str, kind: str, gt: str | None, **values: Any) -> dict[str, Any]:
    return {"path": path, "kind": kind, "gt": gt, "gt_type": "text", "gt_quality": "manual"} | values


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Letters whose truths say more than stands on them, a PDF, facts, a table, and a file that is no document."""
    folder = tmp_path_factory.mktemp("documents")
    pdf, texts = born_digital_pdf(2)
    for name in ("right.png", "wrong.png", "facts.png", "table.png"):
        cv2.imwrite(str(folder / name), sheet())
    (folder / "two.pdf").write_bytes(pdf)
    (folder / "broken.png").write_bytes(b"this is no picture")
    (folder / "right.txt").write_text("\n".join(LETTER))
    (folder / "wrong.txt").write_text("\n".join([*LETTER, HOSTILE, "and more that nobody wrote"]))
    (folder / "two.txt").write_text(f"{texts[0]}\f{texts[1]} {HOSTILE}")
    (folder / "facts.jsonl").write_text(json.dumps({"type": "present", "text": HOSTILE}))
    (folder / "table.json").write_text(json.dumps({"tables": [{"html": "<tr><td>left<td>right</tr>"}]}))
    rows = [
        row("right.png", "letters", "right.txt"),
        row("wrong.png", "letters", "wrong.txt"),
        row("broken.png", "letters", "right.txt"),
        row("two.pdf", "pdfs", "two.txt"),
        row("facts.png", "facts", None, **{"gt_tests.jsonl": "facts.jsonl"}),
        row("table.png", "tables", "table.json", gt_type="tables"),
    ]
    (folder / "manifest.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    return folder


@pytest.fixture(scope="module")
def one(folder: Path) -> Report:
    path = folder / "made" / "one.html"
    run_accuracy(folder, report=path)
    return Report(path)


def counting_or_real(name: str) -> Reader:
    """The engine "counting" reads "page N" everywhere."""
    return Reader(CountingEngine()) if name == "counting" else open_reader(name)


@pytest.fixture(scope="module")
def two(folder: Path) -> tuple[Report, dict[str, Any]]:
    path = folder / "made" / "two.html"
    result = run_accuracy(
        folder, kinds=["letters", "facts"], against="counting", open_engine=counting_or_real, report=path, worst=1
    )
    return Report(path), result


def test_a_report_loads_nothing_runs_nothing_and_says_nothing_that_a_document_says_as_markup(
    one: Report, two: tuple[Report, dict[str, Any]]
) -> None:
    for report in (one, two[0]):
        tags = {tag for tag, _ in report.tags}
        assert not tags & {"script", "link", "iframe", "object", "embed", "form"}
        assert not [name for _, attributes in report.tags for name in attributes if name.startswith("on")]
        assert "default-src 'none'" in report.every("meta", "content")[0]
        assert all(source.startswith("data:image/jpeg;base64,") for source in report.every("img", "src"))
        assert {address.removeprefix("#") for address in report.every("a", "href")} <= {*report.every("article", "id")}
        assert HOSTILE not in report.text
    assert "alert(&quot;1&quot;)" in one.text


def test_documents_are_shown_by_kind_the_worst_first_and_those_without_fault_are_left_out(one: Report) -> None:
    names = one.every("article", "id")
    assert names == ["document-5", "document-3", "document-2", "document-4", "document-6"]
    assert "unsupported_format" in one.text
    assert "page 2 of 2, the worst" in one.text


def test_pictures_are_small_jpegs(one: Report) -> None:
    for source in one.every("img", "src"):
        data = np.frombuffer(base64.b64decode(source.partition(",")[2]), np.uint8)
        pixels = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert pixels is not None
        assert max(pixels.shape) <= 1100


def test_what_is_missing_and_what_does_not_hold_is_marked(one: Report) -> None:
    kinds = one.every("mark", "class")
    assert "missing" in kinds
    assert "missing gap" in kinds
    assert "facts that do not hold" in one.text
    assert "text missing" in one.text


def test_two_entrants_are_compared_and_the_documents_they_read_most_differently_shown(
    two: tuple[Report, dict[str, Any]],
) -> None:
    report, result = two
    assert result["against"]["entrant"] == "counting"
    assert result["against"]["kinds"]["letters"]["CER"] > result["kinds"]["letters"]["CER"]
    compared = result["comparison"]["letters"]
    assert (compared["documents"], compared["wins"], compared["losses"], compared["ties"]) == (3, 2, 0, 1)
    assert compared["difference"] < 0
    assert compared["low"] <= compared["difference"] <= compared["high"]
    assert report.every("article", "id") == ["document-1"]
    assert len(report.every("img", "src")) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--engine", "nothing"], "capability_missing", id="an engine that there is not"),
        pytest.param(["--engine", "dots:text"], "engine_start_failed", id="a model that no server has"),
    ],
)
def test_what_cannot_read_is_refused_by_the_command(
    tmp_path: Path, folder: Path, arguments: list[str], code: str
) -> None:
    report = tmp_path / "report.html"
    done = commands_in(tmp_path)(
        *("bench", "accuracy", "--data", str(folder), "--report", str(report), *arguments),
        QUIRE_VLM__URLS="http://127.0.0.1:9",
    )
    assert (done.returncode, done.stderr.endswith(f"({code})\n")) == (EDGES[code].exit_code, True)
    assert not report.exists()
