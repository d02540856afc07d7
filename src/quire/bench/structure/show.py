"""The figures of structure as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from quire.bench import report

_IN_THE_FILE: Final = frozenset({"documents", "precision", "recall", "wanted", "tables"})


def show(result: Mapping[str, Any]) -> None:
    """Prints one table of the figures, and one for each contest with peers."""
    report.show("Structure", ["figure", "value"], _rows(result))
    for title, by_peer in result.get("peers", {}).items():
        names = [name for name in ("nid", "f1", "teds", "page_s", "failed") if name in by_peer["quire"]]
        rows = [
            [peer, *(figures.get(name) for name in names), figures.get("skipped", "")]
            for peer, figures in by_peer.items()
        ]
        report.show(f"Peers: {title}", ["peer", *names, "not run"], rows)


def _rows(result: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for part in ("order", "characters", "tables", "headings", "kinds", "facts", "cost"):
        yield from _flat(part, result.get(part, {}))


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Figures by the path that leads to them; details stay in the file."""
    if not isinstance(value, Mapping):
        yield name, value
        return
    for key, inner in value.items():
        if key not in _IN_THE_FILE:
            yield from _flat(f"{name}: {key}", inner)
