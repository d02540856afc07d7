"""A folder of documents with truth: `manifest.jsonl`, one row a document, paths relative to the folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from quire.errors import DamagedDocument, DocumentNotFound

Expectation = Literal["read", "refuse", "either"]

_TRUSTED = ("manual", "text-layer")


@dataclass(frozen=True, slots=True)
class Row:
    """One document of the folder.

    Attributes:
        truth: file with the truth, JSON or plain text; None where there is none.
        truth_type: "lines" where boxes are complete; see the folder's own description.
        truth_quality: "manual", "text-layer" or "noisy".
        facts: file of olmOCR unit tests.
        expect: what reading it should end in.
    """

    path: Path
    name: str
    kind: str
    language: str
    truth: Path | None
    truth_type: str
    truth_quality: str | None
    facts: Path | None
    expect: Expectation

    @property
    def scorable(self) -> bool:
        """Whether it has a truth that can be trusted."""
        trusted = self.truth is not None and self.truth_quality in _TRUSTED
        return self.kind != "robustness" and (trusted or self.facts is not None)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a document really says; a part that the folder does not give is None or empty."""

    text: str | None
    lines: tuple[Mapping[str, Any], ...] | None
    tables: tuple[str, ...]
    facts: tuple[Mapping[str, Any], ...]


def load_manifest(data_dir: Path) -> list[Row]:
    """All rows of a folder.

    Raises:
        DocumentNotFound: the folder has no `manifest.jsonl`.
        DamagedDocument: the manifest or a row of it cannot be understood.
    """
    try:
        return [_row(data_dir, value) for value in _json_lines(data_dir / "manifest.jsonl")]
    except OSError as exc:
        raise DocumentNotFound("the folder has no readable manifest.jsonl: pass the folder that holds it") from exc
    except (KeyError, TypeError, ValueError) as exc:
        raise DamagedDocument("manifest.jsonl: each line must be an object with path, kind and gt") from exc


def select(rows: Iterable[Row], kinds: Sequence[str] | None = None, limit: int | None = None) -> list[Row]:
    """Rows of some kinds (all when absent), at most `limit` of each, in the folder's order."""
    counts: dict[str, int] = {}
    chosen = []
    for row in rows:
        counts[row.kind] = counts.get(row.kind, 0) + 1
        if (not kinds or row.kind in kinds) and (limit is None or counts[row.kind] <= limit):
            chosen.append(row)
    return chosen


def load_truth(row: Row) -> Truth:
    """The truth of a row.

    Raises:
        DocumentNotFound: a file that the manifest names is not there.
        DamagedDocument: it is there and cannot be understood.
    """
    try:
        values = _truth_values(row.truth)
        facts = tuple(_json_lines(row.facts)) if row.facts else ()
        lines = tuple(values["lines"]) if row.truth_type == "lines" and values.get("lines_complete", True) else None
        return Truth(values.get("text"), lines, tuple(table["html"] for table in values.get("tables") or ()), facts)
    except OSError as exc:
        raise DocumentNotFound(f"the truth of {row.name} is missing: complete the folder") from exc
    except (KeyError, TypeError, ValueError) as exc:
        raise DamagedDocument(f"the truth of {row.name} cannot be understood") from exc


def _truth_values(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".json":
        return {"text": content}
    values: dict[str, Any] = json.loads(content)
    return values


def _row(data_dir: Path, value: Mapping[str, Any]) -> Row:
    truth, facts = value["gt"], value.get("gt_tests.jsonl")
    return Row(
        path=data_dir / value["path"],
        name=value["path"],
        kind=value["kind"],
        language=value.get("language") or "auto",
        truth=data_dir / truth if truth else None,
        truth_type=value.get("gt_type") or "none",
        truth_quality=value.get("gt_quality"),
        facts=data_dir / facts if facts else None,
        expect=value.get("expect") or "read",
    )


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
