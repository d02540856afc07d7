"""How well pages become documents: reading order, tables, headings, facts; and what others make of the same pages.

One reading serves several figures; each part runs alone too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from quire.bench import machine, report
from quire.bench.drawing.structured import COUNT
from quire.bench.manifest import load_manifest, select
from quire.bench.structure.characters import measure_characters
from quire.bench.structure.cost import measure_cost
from quire.bench.structure.facts import measure_facts
from quire.bench.structure.headings import measure_headings, measure_kinds
from quire.bench.structure.material import Figures, Material
from quire.bench.structure.order import measure_order
from quire.bench.structure.page import update
from quire.bench.structure.peers import measure_peers
from quire.bench.structure.readings import Readings
from quire.bench.structure.show import show
from quire.bench.structure.subjects import drawn_subjects
from quire.bench.structure.tables import measure_tables
from quire.errors import InvalidOption

PARTS: Final[dict[str, Callable[[Material], Figures]]] = {
    "order": measure_order,
    "characters": measure_characters,
    "tables": measure_tables,
    "headings": measure_headings,
    "kinds": measure_kinds,
    "facts": measure_facts,
    "cost": measure_cost,
}


def measure_structure(
    data_dir: Path,
    *,
    only: Sequence[str] | None,
    with_peers: bool,
    limit: int | None,
    drawn: int,
    page: Path | None,
    out: Path | None,
) -> dict[str, Any]:
    """See `quire.bench.run_structure`."""
    from quire import open_reader

    names = _parts(only)
    rows = select([row for row in load_manifest(data_dir) if row.scorable], limit=limit)
    result: dict[str, Any] = {"machine": machine.describe(), "options": {"limit": limit, "drawn": drawn}}
    with closing(open_reader()) as reader, drawn_subjects(drawn) as documents:
        material = Material(rows, documents, Readings(reader))
        for name in names:
            result[name] = PARTS[name](material)
        if with_peers:
            result["peers"] = measure_peers(material)
    show(result)
    report.save(result, out)
    if page is not None:
        update(page, result)
    return result


def _parts(only: Sequence[str] | None) -> list[str]:
    unknown = [name for name in only or () if name not in PARTS]
    if unknown:
        raise InvalidOption(f"option 'only': there is no '{unknown[0]}'; choose among {', '.join(PARTS)}")
    return [name for name in PARTS if not only or name in only]


__all__ = ["COUNT", "PARTS", "measure_structure"]
