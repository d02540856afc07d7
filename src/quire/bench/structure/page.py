"""The figures of structure as Markdown, for the documentation: bars, peers, and where peers are better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from quire.bench.report import write_text
from quire.errors import DocumentNotFound

START: Final = "<!-- figures of quire bench structure -->"
END: Final = "<!-- end of figures -->"


class _Bar(NamedTuple):
    """One figure: where it stands in the result, and what is wanted; "" where it is only reported."""

    name: str
    path: tuple[str, ...]
    bar: str = ""


_BARS: Final = (
    _Bar("reading order, NID: all documents of the folder", ("order", "folder"), "≥ 0.93"),
    _Bar("– page images (`layout`)", ("order", "layout")),
    _Bar("– pages in columns", ("order", "columns")),
    _Bar("– `pdfs` with truth", ("order", "pdfs")),
    _Bar("– drawn documents, born digital", ("order", "drawn PDFs")),
    _Bar("– drawn documents, scanned", ("order", "drawn scans")),
    _Bar("characters wrong, `pages`", ("characters", "pages"), "≤ 0.01"),
    _Bar("characters wrong, `rotated`", ("characters", "rotated"), "≤ 0.02"),
    _Bar("tables, born digital (ICDAR 2013): cell adjacency F1", ("tables", "PDFs", "f1"), "≥ 0.85"),
    _Bar("– TEDS", ("tables", "PDFs", "teds")),
    _Bar("tables, images (PubTabNet): cell adjacency F1", ("tables", "images", "f1"), "≥ 0.60"),
    _Bar("– TEDS", ("tables", "images", "teds")),
    _Bar("tables in page images: cell adjacency F1", ("tables", "page images", "f1")),
    _Bar("tables, drawn, born digital: cell adjacency F1", ("tables", "drawn PDFs", "f1")),
    _Bar("tables, drawn, scanned: cell adjacency F1", ("tables", "drawn scans", "f1")),
    _Bar("headings, drawn, born digital: F1", ("headings", "drawn PDFs", "f1"), "≥ 0.85"),
    _Bar("headings, drawn, scanned: F1", ("headings", "drawn scans", "f1"), "≥ 0.85"),
    _Bar("olmOCR unit tests met, pixels alone", ("facts", "share"), "≥ 0.80"),
    _Bar("layout and export, share of a recognised page's time", ("cost", "share"), "≤ 0.08"),
    _Bar("measures of quality, seconds a page", ("cost", "quality_s"), "≤ 0.010"),
)

_COLUMNS: Final = (
    ("order, born-digital", "nid"),
    ("order, images", "nid"),
    ("tables, born-digital", "f1"),
    ("tables, born-digital", "teds"),
    ("tables, images", "f1"),
    ("tables, images", "teds"),
)
_NAMES: Final = {"nid": "NID", "f1": "F1", "teds": "TEDS"}


def markdown(result: Mapping[str, Any]) -> str:
    """On what was measured, two tables, and the names of the peers that are better somewhere."""
    parts = [_measured_on(result), "\n".join(_bars(result))]
    if "peers" in result:
        parts += ["\n".join(_peers(result["peers"])), "\n".join(_better(result["peers"]))]
    return "\n\n".join(parts)


def update(page: Path, result: Mapping[str, Any]) -> None:
    """Puts the figures between the page's marks.

    Raises:
        DocumentNotFound: there is no such page, or it has no marks.
        OutputError: it cannot be written.
    """
    try:
        before, rest = page.read_text(encoding="utf-8").split(START)
        _, after = rest.split(END)
    except (OSError, ValueError) as exc:
        raise DocumentNotFound(f"{page.name} has no place for figures: it needs '{START}' and '{END}'") from exc
    write_text(page, f"{before}{START}\n\n{markdown(result)}\n\n{END}{after}")


def _measured_on(result: Mapping[str, Any]) -> str:
    machine, options = result["machine"], result["options"]
    few = f" At most {options['limit']} documents of each kind." if options["limit"] else ""
    return f"On {machine['cores']} cores ({machine['cpu']}), {options['drawn']} drawn documents.{few}"


def _bars(result: Mapping[str, Any]) -> Iterator[str]:
    yield "| figure | bar | measured |"
    yield "|---|---|---|"
    for name, path, bar in _BARS:
        yield f"| {name} | {bar} | {_written(_at(result, path))} |"


def _peers(peers: Mapping[str, Any]) -> Iterator[str]:
    yield f"| reader | {' | '.join(f'{title}: {_NAMES[key]}' for title, key in _COLUMNS)} | seconds a page |"
    yield f"|---|{'---|' * (len(_COLUMNS) + 1)}"
    for reader in _readers(peers):
        cells = [_written(_at(peers, (title, reader, key))) for title, key in _COLUMNS]
        times = [f"{by[reader]['page_s']:.2f}" for by in peers.values() if "page_s" in by.get(reader, {})]
        yield f"| {reader} | {' | '.join(cells)} | {', '.join(times) or '–'} |"


def _better(peers: Mapping[str, Any]) -> Iterator[str]:
    found = False
    for title, key in _COLUMNS:
        own = _at(peers, (title, "quire", key))
        ahead = [name for name in _readers(peers) if (_at(peers, (title, name, key)) or 0) > (own or 0)]
        if ahead:
            found = True
            yield f"- Better than Quire in {title} ({_NAMES[key]}): {', '.join(ahead)}."
    if not found:
        yield "- None of them was better than Quire in any column."


def _readers(peers: Mapping[str, Any]) -> Sequence[str]:
    return [*dict.fromkeys(reader for by_reader in peers.values() for reader in by_reader)]


def _at(values: Mapping[str, Any], path: Sequence[str]) -> float | None:
    found: Any = values
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, int | float) else None


def _written(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
