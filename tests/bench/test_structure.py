"""Structure measured from end to end, on as little as will do; and peers that answer, fail, and take too long."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from quire.bench import run_structure
from quire.bench.drawing import structured
from quire.bench.drawing.structured.templates.form import form
from quire.bench.drawing.structured.templates.invoice import invoice
from quire.bench.drawing.structured.templates.letter import letter
from quire.bench.structure import contestants, peer_child
from quire.bench.structure.contestants import run_peer
from quire.bench.structure.page import END, START, markdown, update
from quire.bench.structure.subjects import Subject
from quire.errors import CapabilityMissing, DocumentNotFound, InvalidOption

RESULT: dict[str, Any] = {
    "machine": {"cpu": "a fast one", "cores": 2},
    "options": {"limit": 5, "drawn": 4},
    "order": {"folder": 0.95},
    "tables": {"PDFs": {"f1": 0.5}},
    "peers": {
        "order, born-digital": {
            "quire": {"nid": 0.9, "page_s": 0.5},
            "other": {"nid": 0.95, "page_s": 0.1},
            "absent": {"skipped": "not installed"},
        }
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An invoice with a true table and text, and a letter with facts."""
    pdf, truth = invoice(2)
    (tmp_path / "invoice.pdf").write_bytes(pdf)
    (tmp_path / "letter.pdf").write_bytes(letter(2)[0])
    values = {"text": truth.body, "tables": [{"html": html} for html in truth.tables]}
    (tmp_path / "invoice.json").write_text(json.dumps(values))
    (tmp_path / "invoice.md").write_text("# Invoice\n\n## Terms of payment\n\nNothing.\n")
    facts = [{"type": "present", "text": "Yours sincerely"}, {"type": "present", "text": "Nowhere at all"}]
    (tmp_path / "letter.jsonl").write_text("".join(json.dumps(fact) + "\n" for fact in facts))
    rows = [
        {"path": "invoice.pdf", "kind": "tables", "gt": "invoice.json", "gt_type": "tables", "gt_quality": "manual"},
        {"path": "letter.pdf", "kind": "pdfs", "gt": None, "gt_type": "unit tests", "gt_tests.jsonl": "letter.jsonl"},
    ]
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_figures_come_from_the_folder_and_from_drawn_documents(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structured, "TEMPLATES", (letter,))  # the shortest to recognise
    out = tmp_path / "figures.json"
    result = run_structure(folder, only=["order", "tables", "headings", "kinds", "facts"], drawn=1, out=out)
    assert json.loads(out.read_text()) == json.loads(json.dumps(result))
    assert result["order"]["drawn scans"] > 0.5
    assert result["tables"]["PDFs"]["f1"] > 0.5
    assert result["tables"]["PDFs"]["tables"] == 1
    assert result["headings"]["drawn PDFs"]["wanted"] == 1
    assert result["headings"]["Markdown truth, text alone"]["wanted"] == 2
    assert result["kinds"]["drawn PDFs"]["paragraph"]["f1"] > 0.8
    assert result["kinds"]["drawn PDFs"]["figures by number"]["wanted"] == 0
    assert result["facts"]["share"] == 0.5


def test_parts_that_are_not_there_are_refused(folder: Path) -> None:
    with pytest.raises(InvalidOption, match="order, characters"):
        run_structure(folder, only=["everything"])


def test_figures_go_between_the_marks_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{START}\nold\n{END}\nAfter\n")
    update(page, RESULT)
    update(page, RESULT)
    assert page.read_text() == f"Before\n{START}\n\n{markdown(RESULT)}\n\n{END}\nAfter\n"
    page.write_text("No marks")
    with pytest.raises(DocumentNotFound, match="no place for figures"):
        update(page, RESULT)


def test_the_page_says_who_is_better() -> None:
    text = markdown(RESULT)
    assert "On 2 cores (a fast one), 4 drawn documents. At most 5 documents of each kind." in text
    assert "| reading order, NID: all documents of the folder | ≥ 0.93 | 0.950 |" in text
    assert "| other | 0.950 | – | – | – | – | – | 0.10 |" in text
    assert "- Better than Quire in order, born-digital (NID): other." in text


@pytest.fixture
def subjects(tmp_path: Path) -> list[Subject]:
    (tmp_path / "form.pdf").write_bytes(form(1)[0])
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    return [Subject("broken", tmp_path / "broken.pdf"), Subject("form", tmp_path / "form.pdf")]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_a_peer_reads_on_after_a_document_that_it_cannot_read(subjects: list[Subject]) -> None:
    run = run_peer("pdftotext", None, subjects)
    assert list(run.failures) == ["broken"]
    (text,) = run.answers["form"]["texts"]
    assert "Application" in text
    assert run.page_s > 0


def test_a_peer_that_takes_too_long_is_stopped(subjects: list[Subject], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contestants, "PAGE_LIMIT_S", 0.0)
    run = run_peer("pdftotext", None, subjects[1:])
    assert run.failures == {"form": "took longer than 0 s"}


def test_a_peer_that_is_not_installed_says_so(subjects: list[Subject]) -> None:
    with pytest.raises(CapabilityMissing, match="not installed"):
        run_peer("camelot lattice", None, subjects)


def test_rows_become_html_and_spanned_cells_are_empty() -> None:
    assert peer_child._html([["a<b", None], ["c", "d"]]) == (
        "<table><tr><td>a&lt;b</td><td></td></tr><tr><td>c</td><td>d</td></tr></table>"
    )
