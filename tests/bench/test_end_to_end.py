"""The benchmark on the real engine, with as few and as small documents as will do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from quire import Reader, open_reader
from quire.bench import run_accuracy
from quire.bench.contest import Sample, figures, hold
from quire.bench.drawing.pdfs import born_digital_pdf
from quire.bench.drawing.sparse import receipt
from quire.bench.efficiency import measure_use
from quire.bench.manifest import load_manifest
from quire.bench.memory import draw_documents
from quire.bench.processes import run_module
from quire.bench.robustness import examine
from quire.bench.samples import folder_samples
from quire.bench.scored import score_folder, summaries
from quire.errors import DocumentNotFound, InvalidOption


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with closing(open_reader()) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A receipt with lines, a PDF with text, and two documents to be robust about."""
    page = receipt(2)
    pdf, texts = born_digital_pdf(2)
    cv2.imwrite(str(tmp_path / "receipt.png"), page.pixels)
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((40, 40, 3), 255, np.uint8))
    (tmp_path / "text.pdf").write_bytes(pdf)
    (tmp_path / "nothing.pdf").touch()
    lines = [{"text": line.text, "box": list(line.box)} for line in page.lines]
    (tmp_path / "receipt.json").write_text(json.dumps({"lines": lines, "text": page.text}))
    (tmp_path / "text.txt").write_text("\f".join(texts))
    rows = [
        {
            "path": "receipt.png",
            "kind": "pages",
            "gt": "receipt.json",
            "gt_type": "lines",
            "gt_quality": "manual",
        },
        {"path": "text.pdf", "kind": "pdfs", "gt": "text.txt", "gt_type": "text", "gt_quality": "manual"},
        {"path": "gone.pdf", "kind": "pdfs", "gt": "text.txt", "gt_type": "text", "gt_quality": "manual"},
        {"path": "nothing.pdf", "kind": "robustness", "gt": None, "expect": "refuse"},
        {"path": "blank.png", "kind": "robustness", "gt": None, "expect": "read"},
    ]
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_documents_are_read_and_scored_and_one_that_cannot_be_read_counts_as_empty(
    folder: Path, reader: Reader
) -> None:
    rows = [row for row in load_manifest(folder) if row.scorable]
    drawn, text, gone = score_folder(rows, reader)
    assert drawn.tally.summary()["CER"] < 0.02  # type: ignore[operator]
    assert drawn.tally.summary()["detR"] > 0.7  # type: ignore[operator]
    assert text.tally.summary()["CER"] < 0.01  # type: ignore[operator]
    assert (gone.error, gone.document, gone.tally.missing) == ("document_not_found", None, 1)
    figures = summaries([drawn, text, gone])
    assert list(figures) == ["pages", "pdfs", "all"]
    assert figures["pdfs"]["CER"] == pytest.approx(0.5, abs=0.01)


def test_a_run_writes_its_figures_and_its_predictions(folder: Path, tmp_path: Path) -> None:
    out, predictions = tmp_path / "made" / "figures.json", tmp_path / "predictions.jsonl"
    result = run_accuracy(folder, kinds=["pages"], predictions=predictions, out=out)
    assert json.loads(out.read_text()) == json.loads(json.dumps(result))
    (line,) = predictions.read_text().splitlines()
    assert set(json.loads(line)) == {"path", "text", "lines", "tables"}
    assert result["machine"]["cores"] >= 1


def test_kinds_that_are_not_there_are_refused(folder: Path) -> None:
    with pytest.raises(InvalidOption, match="pages, pdfs"):
        run_accuracy(folder, kinds=["receipts"])


def test_robustness_expects_what_the_manifest_says(folder: Path) -> None:
    verdicts = [examine(row) for row in load_manifest(folder) if row.kind == "robustness"]
    assert [(verdict.outcome, verdict.passed) for verdict in verdicts] == [("refused", True), ("read", True)]
    assert verdicts[0].code == "empty_document"
    assert all(verdict.peak_rss_bytes > 10_000_000 for verdict in verdicts)


def test_a_contest_times_those_that_run_and_says_why_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    page = receipt(2)
    samples = [Sample(page.pixels, page.text)]
    contest = hold(["tesseract", "quire"], {"drawn": samples}, rounds=2)
    assert contest.skipped == {"tesseract": "the command `tesseract` is not installed"}
    assert len(contest.rounds["drawn"]["quire"]) == 2
    result = figures(samples, contest.rounds["drawn"])
    assert list(result) == ["quire"]
    assert result["quire"]["cer"] < 0.02
    assert result["quire"]["peak_rss_bytes"] > 50_000_000


def test_the_networks_work_is_counted_and_fits_into_the_time_there_was() -> None:
    use = measure_use([receipt(2).pixels], repeats=2)
    assert use.pages == 2
    assert use.work.runs > 2
    assert use.work.flops > 10**9
    assert 0 < use.network_share <= 1
    assert use.flops_per_s > 0


def test_a_folder_s_samples_come_from_its_manifest_or_are_its_images(folder: Path) -> None:
    (listed,) = folder_samples(folder, 5)
    assert listed.truth is not None
    (folder / "manifest.jsonl").unlink()
    assert [sample.truth for sample in folder_samples(folder, 5)] == [None, None]
    with pytest.raises(DocumentNotFound, match="no page images"):
        folder_samples(folder / "made", 5)


def test_the_memory_child_reads_as_many_pages_as_asked_and_says_how_large_it_was(tmp_path: Path) -> None:
    draw_documents(tmp_path, variants=1)
    for path in tmp_path.glob("*-0.*"):
        if not path.name.startswith("text"):
            path.unlink()
    ended = run_module("quire.bench.memory_child", [str(tmp_path), "51"], timeout_s=60, memory_bytes=4 * 10**9)
    sample, last = map(json.loads, ended.output.splitlines())
    assert sample["pages"] == 51
    assert last["peak_rss_bytes"] >= sample["rss_bytes"] > 10_000_000
