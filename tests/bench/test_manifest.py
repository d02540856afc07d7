"""Folders of documents with truth: what is read from them, chosen, and scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quire.bench.manifest import load_manifest, load_truth, select
from quire.bench.predictions import score
from quire.bench.scored import options_for
from quire.errors import DamagedDocument, DocumentNotFound
from quire.options import TextLayerMode


def row(path: str, **values: Any) -> dict[str, Any]:
    return {"path": path, "kind": "pages", "language": "en", "gt": None, "gt_type": "none"} | values


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [{"text": "one two", "box": [0, 0, 100, 20]}]
    (tmp_path / "a.json").write_text(json.dumps({"lines": lines, "text": "one two"}))
    (tmp_path / "b.txt").write_text("first\fsecond")
    (tmp_path / "c.json").write_text(json.dumps({"tables": [{"html": "<tr><td>a<td>b</tr>", "page": 1}]}))
    (tmp_path / "d.jsonl").write_text('{"type": "present", "text": "fox"}\n\n')
    rows = [
        row("a.png", gt="a.json", gt_type="lines", gt_quality="manual"),
        row("b.pdf", kind="pdfs", gt="b.txt", gt_type="text", gt_quality="text-layer", language="de"),
        row("c.pdf", kind="tables", gt="c.json", gt_type="tables", gt_quality="manual"),
        row("d.pdf", kind="pdfs", gt_type="unit tests", **{"gt_tests.jsonl": "d.jsonl"}),
        row("e.png", gt="b.txt", gt_type="text", gt_quality="noisy"),
        row("f.png", kind="robustness", expect="refuse"),
    ]
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(value) + "\n" for value in rows))
    return tmp_path


def test_rows_keep_their_order_and_only_trusted_truth_is_scored(folder: Path) -> None:
    rows = load_manifest(folder)
    assert [one.name for one in rows] == ["a.png", "b.pdf", "c.pdf", "d.pdf", "e.png", "f.png"]
    assert [one.name for one in rows if one.scorable] == ["a.png", "b.pdf", "c.pdf", "d.pdf"]
    assert rows[5].expect == "refuse"


def test_kinds_and_a_limit_for_each_of_them_choose_rows(folder: Path) -> None:
    rows = load_manifest(folder)
    assert [one.name for one in select(rows, ["pdfs", "tables"], 1)] == ["b.pdf", "c.pdf"]
    assert select(rows) == rows


def test_every_form_of_truth_is_understood(folder: Path) -> None:
    lines, text, tables, facts, *_ = (load_truth(one) for one in load_manifest(folder))
    assert lines.text == "one two"
    assert lines.lines is not None
    assert len(lines.lines) == 1
    assert (text.text, text.lines) == ("first\fsecond", None)
    assert tables.tables == ("<tr><td>a<td>b</tr>",)
    assert facts.facts == ({"type": "present", "text": "fox"},)


def test_a_perfect_prediction_scores_full_and_none_at_all_scores_nothing(folder: Path) -> None:
    truth = load_truth(load_manifest(folder)[0])
    perfect = score(truth, {"text": truth.text, "lines": truth.lines}, ignore_case=False).summary()
    empty = score(truth, None, ignore_case=False).summary()
    names = ["CER", "CERdoc", "WER", "BoW", "tokF1", "detP", "detR", "e2eF1"]
    assert [perfect[name] for name in names] == [0, 0, 0, 1, 1, 1, 1, 1]
    assert [empty[name] for name in names] == [1, 1, 1, 0, 0, 0, 0, 0]
    assert (perfect["missing"], empty["missing"]) == (0, 1)


def test_pixels_are_read_where_the_text_layer_is_the_truth_or_ocr_is_forced(folder: Path) -> None:
    manual, from_layer, *_ = load_manifest(folder)
    assert options_for(manual, "auto", force_ocr=False).text_layer is TextLayerMode.AUTO
    assert options_for(manual, "auto", force_ocr=True).text_layer is TextLayerMode.NEVER
    assert options_for(from_layer, "auto", force_ocr=False).text_layer is TextLayerMode.NEVER


def test_the_language_is_the_one_asked_for_or_the_document_s_own(folder: Path) -> None:
    document = load_manifest(folder)[1]
    assert options_for(document, "auto", force_ocr=False).language == "auto"
    assert options_for(document, "manifest", force_ocr=False).language == "de"


def test_a_folder_without_manifest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DocumentNotFound, match=r"manifest\.jsonl"):
        load_manifest(tmp_path)


@pytest.mark.parametrize("content", ["not json", "[1]", '{"kind": "pages"}'], ids=["no JSON", "a list", "no path"])
def test_a_damaged_manifest_is_a_clean_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.jsonl").write_text(content)
    with pytest.raises(DamagedDocument):
        load_manifest(tmp_path)


def test_a_missing_truth_is_a_clean_error_that_names_the_document(folder: Path) -> None:
    (folder / "a.json").unlink()
    with pytest.raises(DocumentNotFound, match=r"a\.png"):
        load_truth(load_manifest(folder)[0])
