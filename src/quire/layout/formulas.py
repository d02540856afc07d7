"""Lines of displayed mathematics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from quire.layout.sheet import Row

_SIGN: Final = re.compile(r"[=+<>≤≥≠≈≡∼∝±×÷∂∇∑∏∫√∞∈∉⊂⊆∪∩∧∨∀∃→←⇒⇔↦⊗⊕^|{}\[\]α-ωΑ-Ω\u2061-\u2064\U0001d400-\U0001d7ff]")
_RELATION: Final = re.compile(r"[=≤≥≠≈≡<>∼∝→⇒⇔∈]")
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_NUMBERED: Final = re.compile(r"[(\[（]\s*[A-Z]?\d{1,3}(?:\.\d{1,3})*[a-z]?\s*[)\]）]$")
_MAX_LETTERS: Final = 400
_MIN_SIGNS: Final = 0.12
_FUNCTIONS: Final = frozenset(
    {"sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "argmax", "argmin", "where", "softmax"}
)


def is_formula(rows: Sequence[Row], left: float, right: float) -> bool:
    """Whether rows of a column say nothing but mathematics, set in from its edges.

    Args:
        left, right: edges of the column, pixels.
    """
    text = " ".join(row.text for row in rows).strip()
    if not text or len(text) > _MAX_LETTERS or not _RELATION.search(text):
        return False
    numbered = bool(_NUMBERED.search(text))
    body = _NUMBERED.sub("", text)
    set_in = min(row.x0 for row in rows) - left > 0.8 * rows[0].height
    short = numbered or right - max(row.x1 for row in rows) > 0.8 * rows[0].height
    words = [word for word in _WORD.findall(body) if word.lower() not in _FUNCTIONS]
    letters = len("".join(body.split())) or 1
    return set_in and short and len(words) <= 1 and len(_SIGN.findall(body)) >= _MIN_SIGNS * letters
