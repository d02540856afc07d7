"""Findings as a table for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quire.doctor.finding import Finding

_MARKS: Final = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "missing": ("–", "dim")}


def to_dict(findings: Iterable[Finding]) -> dict[str, Any]:
    """The findings as JSON types, in their order."""
    return {"findings": [finding.to_dict() for finding in findings]}


def render(findings: Sequence[Finding], console: Console) -> None:
    """Prints the findings, each remedy under what it remedies."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        mark, style = _MARKS[finding.status]
        found = Text(finding.found)
        if finding.remedy:
            found.append(f"\n{finding.remedy}", style="italic")
        table.add_row(Text(mark, style=style), Text(finding.name), found)
    console.print(table)
