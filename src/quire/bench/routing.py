"""Which pages the rule of `strategy=balanced` sends to a model, and whether these are the ones that read badly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from quire.bench import machine, report
from quire.bench.manifest import Row, load_manifest, load_truth, select
from quire.bench.scored import options_for
from quire.bench.scoring.text import normalized, shared, tokens
from quire.cascade import Plan, planned
from quire.cascade.planning import LEAST_CONFIDENCE, MOST_DOUBTFUL, SURE
from quire.document import Document
from quire.errors import InvalidOption, QuireError
from quire.layout import Structure
from quire.options import ReadOptions, Strategy
from quire.reader import Reader

_BAD: Final = 0.9
"""F1 of words below which a page counts as read badly."""

_PDFS: Final = frozenset({"pdfs", "robustness"})
_DOUBT: Final = frozenset({"confidence", "doubtful_letters"})


@dataclass(frozen=True, slots=True)
class _Routed:
    """One page: how well it was read, and what was planned for it."""

    f1: float
    plan: Plan

    @property
    def doubted(self) -> bool:
        return any(reason.rule in _DOUBT or reason.rule == "nothing_read" for reason in self.plan.reasons)


def measure_routing(data_dir: Path, limit: int | None, out: Path | None) -> dict[str, Any]:
    """See `quire.bench.run_routing`."""
    from quire import open_reader

    rows = [row for row in load_manifest(data_dir) if row.scorable and row.truth and row.kind not in _PDFS]
    if not rows:
        raise InvalidOption("the folder has no image with a text to score: pass another one")
    with closing(open_reader()) as reader:
        routed = [
            (row.kind, found)
            for row in report.progress(select(rows, limit=limit), "routing")
            if (found := _routed(row, reader)) is not None
        ]
    kinds = sorted({kind for kind, _ in routed})
    result = {
        "machine": machine.describe(),
        "thresholds": {"least_confidence": LEAST_CONFIDENCE, "most_doubtful": MOST_DOUBTFUL, "sure": SURE},
        "kinds": {kind: _figures([one for own, one in routed if own == kind]) for kind in kinds}
        | {"all": _figures([one for _, one in routed])},
    }
    _show(result["kinds"])
    report.save(result, out)
    return result


def _routed(row: Row, reader: Reader) -> _Routed | None:
    """None for a document of several pages, without text, or that cannot be read."""
    truth = load_truth(row).text
    if not truth:
        return None
    try:
        document = reader.read(row.path, options_for(row, "auto", force_ocr=True), name=row.name)
    except QuireError:
        return None
    if len(document.pages) != 1:
        return None
    (page,) = document.pages
    structure = Structure(page.lines, page.blocks, page.tables, page.figures)
    return _Routed(_f1(truth, document), planned(ReadOptions(strategy=Strategy.BALANCED), structure))


def _f1(truth: str, document: Document) -> float:
    true, read = (tokens(normalized(text, ignore_case=True)) for text in (truth, document.text))
    return 2 * shared(true, read) / max(1, len(true) + len(read))


def _figures(routed: Sequence[_Routed]) -> dict[str, Any]:
    bad = [one for one in routed if one.f1 < _BAD]
    sent = [one for one in routed if one.doubted]
    both = sum(1 for one in sent if one.f1 < _BAD)
    rules = Counter(reason.rule for one in routed for reason in one.plan.reasons)
    decisions = Counter(one.plan.decision for one in routed)
    return {
        "pages": len(routed),
        **{decision: decisions[decision] for decision in ("kept", "blocks", "page")},
        "blocks_asked_for": sum(len(one.plan.blocks) for one in routed),
        "doubted": len(sent),
        "doubted_and_bad": both,
        "bad": len(bad),
        "f1_of_doubted": _mean([one.f1 for one in sent]),
        "f1_of_others": _mean([one.f1 for one in routed if not one.doubted]),
        "rules": dict(sorted(rules.items())),
    }


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _show(kinds: dict[str, dict[str, Any]]) -> None:
    names = [name for name in kinds["all"] if name != "rules"]
    rows = [[kind, *(figures[name] for name in names)] for kind, figures in kinds.items()]
    report.show("Pages for a model, by the rule of strategy=balanced", ["kind", *names], rows)
