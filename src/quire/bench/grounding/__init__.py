"""How well grounding tells lies from the page: true texts of drawn pages with known lies in them, real readings.

Two sets of pages, and 200 lies in each set a round. What recognition misread counts against grounding: to a user, a
flag that is wrong is wrong, whoever erred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from quire.bench import machine, report
from quire.bench.drawing import seeded
from quire.bench.drawing.vocabulary import words
from quire.bench.grounding.judging import judge
from quire.bench.grounding.pages import Twice, dense, structured
from quire.bench.grounding.perturbing import perturbed, truly
from quire.errors import InvalidOption
from quire.grounding import ground
from quire.reader import Reader

_LIES_A_SET: Final = 200
_LIES: Final = ("insert", "swap", "digit", "loop")
_SETS: Final[dict[str, Callable[[Reader, int], list[Twice]]]] = {"dense": dense, "structured": structured}


def measure_grounding(documents: int, rounds: int, out: Path | None) -> dict[str, Any]:
    """See `quire.bench.run_grounding`."""
    from quire import open_reader

    if documents < 1 or rounds < 1:
        raise InvalidOption("options 'documents' and 'rounds': must be at least 1")
    result: dict[str, Any] = {
        "machine": machine.describe(),
        "options": {"documents": documents, "rounds": rounds, "lies_a_set": _LIES_A_SET},
    }
    with closing(open_reader()) as reader:
        result["sets"] = {name: figures(draw(reader, documents), rounds) for name, draw in _SETS.items()}
    _show(result["sets"])
    report.save(result, out)
    return result


def figures(pages: Sequence[Twice], rounds: int) -> dict[str, Any]:
    """Precision and recall of both sorts of flags, right boxes, time, and the score of pages with and without lies."""
    counts: Counter[str] = Counter()
    for seed in range(rounds):
        random = seeded(seed)
        share = -(-_LIES_A_SET // len(pages))
        for page in pages:
            told = perturbed(truly(page.written), share, random, words("en"))
            counts += judge(told, page.recognised.lines)
    return {"pages": len(pages), **_rates(counts), "scores": _scores(pages), "counts": dict(sorted(counts.items()))}


def _rates(counts: Mapping[str, int]) -> dict[str, Any]:
    flagged = sum(counts[f"{lie} flagged"] for lie in _LIES)
    unflagged = sum(counts[f"{lie} unflagged"] for lie in _LIES)
    true = counts["wrongly unsupported"] + counts["box right"] + counts["box wrong"]
    return {
        "unsupported": {
            "precision": _share(flagged, counts["wrongly unsupported"]),
            "wrong_in_1000_words": 1000 * counts["wrongly unsupported"] / true if true else None,
            "recall": _share(flagged, unflagged),
            **{f"recall_{lie}": _share(counts[f"{lie} flagged"], counts[f"{lie} unflagged"]) for lie in _LIES},
        },
        "missing": {
            "precision": _share(counts["missing flagged"], counts["wrongly missing"]),
            "recall": _share(counts["missing flagged"], counts["missing unflagged"]),
        },
        "boxes_right": _share(counts["box right"], counts["box wrong"]),
        "ms_per_500_words": counts["microseconds"] / 1000 * 500 / counts["words"],
    }


def _share(right: int, wrong: int) -> float | None:
    return right / (right + wrong) if right + wrong else None


def _scores(pages: Sequence[Twice]) -> dict[str, float]:
    """Of true pages the lowest, and of pages told of another page the highest."""
    said = [truly(page.written).said for page in pages]
    own = [ground(text, page.recognised.lines).grounding.score for text, page in zip(said, pages, strict=True)]
    other = [
        ground(text, page.recognised.lines).grounding.score
        for text, page in zip([*said[1:], said[0]], pages, strict=True)
    ]
    return {"true_page_least": min(own), "other_page_most": max(other) if len(pages) > 1 else 0.0}


def _show(sets: Mapping[str, Mapping[str, Any]]) -> None:
    header = [
        "pages",
        "unsupported P",
        "wrong ‰",
        "R",
        "missing P",
        "R",
        "boxes",
        "ms/500 words",
        "true ≥",
        "other ≤",
    ]
    rows = [
        [
            name,
            one["unsupported"]["precision"],
            one["unsupported"]["wrong_in_1000_words"],
            one["unsupported"]["recall"],
            *one["missing"].values(),
            one["boxes_right"],
            one["ms_per_500_words"],
            *one["scores"].values(),
        ]
        for name, one in sets.items()
    ]
    report.show("Grounding: lies among true words, found and wrongly found", header, rows)


__all__ = ["figures", "measure_grounding"]
