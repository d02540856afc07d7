"""Single facts about a document's text, as olmOCR-bench writes them: present, absent, in this order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quire.bench.scoring.tally import Tally
from quire.bench.scoring.text import normalized


def score_facts(tests: Iterable[Mapping[str, Any]], read: str) -> Tally:
    """Counts the facts that hold, without regard to case; tests of tables and formulas are left out."""
    verdicts = [met for _, met in judged(tests, read)]
    return Tally(facts=len(verdicts), facts_met=sum(verdicts))


def judged(tests: Iterable[Mapping[str, Any]], read: str) -> list[tuple[Mapping[str, Any], bool]]:
    """The tests that count, and whether each is met."""
    text = normalized(read, ignore_case=True).replace("\f", " ")
    return [(test, met) for test in tests if (met := _holds(test, text)) is not None]


def _holds(test: Mapping[str, Any], text: str) -> bool | None:
    match test["type"]:
        case "present":
            return _plain(test["text"]) in text
        case "absent":
            return bool(text) and _plain(test["text"]) not in text
        case "order":
            first, last = text.find(_plain(test["before"])), text.rfind(_plain(test["after"]))
            return 0 <= first < last
        case _:
            return None


def _plain(text: str) -> str:
    return normalized(text, ignore_case=True)
