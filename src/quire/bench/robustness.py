"""Documents that are damaged, hostile or odd: each is read in a process of its own, within 20 s and 2 GB."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from quire.bench import machine, report
from quire.bench.manifest import Expectation, Row, load_manifest
from quire.bench.processes import Ended, run_module
from quire.errors import InvalidOption

TIMEOUT_S: Final = 20.0
MEMORY_BYTES: Final = 2_000_000_000

Outcome = Literal["read", "partial", "refused", "crashed", "too slow", "too large"]

_ALLOWED: Final[dict[Expectation, tuple[Outcome, ...]]] = {
    "read": ("read",),
    "refuse": ("refused",),
    "either": ("read", "partial", "refused"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one document.

    Attributes:
        code: of the error where it was refused; None elsewhere.
        wall_s: seconds from the start of the process to its end.
    """

    name: str
    expect: Expectation
    outcome: Outcome
    code: str | None
    wall_s: float
    peak_rss_bytes: int

    @property
    def passed(self) -> bool:
        return self.outcome in _ALLOWED[self.expect]

    def to_dict(self) -> dict[str, Any]:
        return {
            "path": self.name,
            "expect": self.expect,
            "outcome": self.outcome,
            "code": self.code,
            "passed": self.passed,
            "wall_s": round(self.wall_s, 2),
            "peak_rss_bytes": self.peak_rss_bytes,
        }


def measure_robustness(data_dir: Path, out: Path | None) -> dict[str, Any]:
    """See `quire.bench.run_robustness`."""
    rows = [row for row in load_manifest(data_dir) if row.kind == "robustness"]
    if not rows:
        raise InvalidOption("the folder has no documents of kind robustness: pass one that has")
    verdicts = [examine(row) for row in report.progress(rows, "robustness")]
    result = {
        "machine": machine.describe(),
        "limits": {"timeout_s": TIMEOUT_S, "memory_bytes": MEMORY_BYTES},
        "passed": sum(verdict.passed for verdict in verdicts),
        "total": len(verdicts),
        "documents": [verdict.to_dict() for verdict in verdicts],
    }
    _show(verdicts)
    report.save(result, out)
    return result


def examine(row: Row, *, timeout_s: float = TIMEOUT_S, memory_bytes: int = MEMORY_BYTES) -> Verdict:
    """Reads one document in a child process."""
    arguments = [str(row.path.resolve())]
    ended = run_module("quire.bench.read_once", arguments, timeout_s=timeout_s, memory_bytes=memory_bytes)
    said = _said(ended)
    peak = max(ended.peak_rss_bytes, said.get("peak_rss_bytes", 0))
    outcome = "too large" if peak > memory_bytes else _outcome(ended, said)
    return Verdict(row.name, row.expect, outcome, said.get("code"), ended.wall_s, peak)


def _outcome(ended: Ended, said: dict[str, Any]) -> Outcome:
    if ended.end == "time":
        return "too slow"
    outcome: Outcome = said.get("outcome", "crashed")
    return outcome if ended.code == 0 else "crashed"


def _said(ended: Ended) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(ended.output.splitlines()[-1])
    except (ValueError, IndexError):
        return {}
    return said


def _show(verdicts: Sequence[Verdict]) -> None:
    header = ["document", "expected", "outcome", "code", "seconds", "peak MB", "passed"]
    rows = [
        [
            v.name,
            v.expect,
            v.outcome,
            v.code,
            f"{v.wall_s:.1f}",
            v.peak_rss_bytes // 10**6,
            "yes" if v.passed else "NO",
        ]
        for v in verdicts
    ]
    passed = sum(verdict.passed for verdict in verdicts)
    report.show(f"Robustness: {passed} of {len(verdicts)} as expected", header, rows)
