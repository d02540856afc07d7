"""What was read from a document, in the one form that scorers take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quire.bench.manifest import Row, Truth
from quire.bench.report import write_text
from quire.bench.scoring.boxes import score_lines
from quire.bench.scoring.facts import score_facts
from quire.bench.scoring.tables import score_tables
from quire.bench.scoring.tally import Tally
from quire.bench.scoring.text import score_text
from quire.document import Document

Prediction = Mapping[str, Any]
"""`{"path", "text" (form feed between pages), "lines": [{"text", "box"}], "tables": [html]}`."""


def prediction(row: Row, document: Document) -> Prediction:
    """The prediction that a document amounts to; a page that failed counts as an empty one."""
    texts = {page.number: page.text for page in document.pages}
    texts.update({failure.page: "" for failure in document.errors})
    return {
        "path": row.name,
        "text": "\f".join(texts[number] for number in sorted(texts)),
        "lines": [{"text": line.text, "box": line.box} for page in document.pages for line in page.lines],
        "tables": [table.html for page in document.pages for table in page.tables],
    }


def score(truth: Truth, read: Prediction | None, *, ignore_case: bool) -> Tally:
    """Counts one document; without a prediction it counts as read empty."""
    text, lines, tables = _parts(read)
    tally = Tally(documents=1, missing=int(read is None))
    if truth.text is not None:
        tally += score_text(truth.text, text, ignore_case=ignore_case)
    if truth.lines is not None:
        tally += score_lines(truth.lines, lines, ignore_case=ignore_case)
    if truth.tables:
        tally += score_tables(truth.tables, tables)
    return tally + score_facts(truth.facts, text)


def write_predictions(path: Path, predictions: Sequence[Prediction]) -> None:
    """Writes one JSON object a line.

    Raises:
        OutputError: the file cannot be written.
    """
    write_text(path, "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in predictions))


def _parts(read: Prediction | None) -> tuple[str, Sequence[Mapping[str, Any]], Sequence[str]]:
    if read is None:
        return "", (), ()
    return read.get("text") or "", read.get("lines") or (), read.get("tables") or ()
