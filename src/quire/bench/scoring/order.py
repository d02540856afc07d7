"""Whether a text is in reading order: NID, the normalised indel similarity of two texts."""

from __future__ import annotations

from quire.bench.extras import missing_extra
from quire.bench.scoring.text import normalized


def order_score(truth: str, read: str) -> float:
    """1 minus the letters put in and left out, of all letters of both; 1 for two empty texts.

    Letters that were moved count twice, so a column in the wrong place costs what it holds. Case and page ends
    do not count.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    try:
        from rapidfuzz.distance import Indel
    except ImportError as exc:
        raise missing_extra(exc) from exc
    return Indel.normalized_similarity(_plain(truth), _plain(read))


def _plain(text: str) -> str:
    return " ".join(normalized(text, ignore_case=True).split())
