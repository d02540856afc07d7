"""What a block says, out of what the pipeline joined and the lines that it saw."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from quire.document import BlockKind, Line
from quire.document.flow import joined
from quire.engines.vlm.parsing.flowing import flowing
from quire.engines.vlm.parsing.inline import formula

_KEPT_BREAKS: Final = frozenset({"code", "figure"})
_MOST_LINES: Final = 500


def block_text(kind: BlockKind, content: str, lines: Sequence[Line]) -> str:
    """The text of a block that is no table; that of its lines where the pipeline says nothing.

    Args:
        content: as the pipeline joined the lines.
        lines: in reading order.
    """
    texts = [line.strip() for line in _unglued(content, lines).split("\n") if line.strip()]
    if kind == "formula":
        return formula("\n".join(texts or [line.text for line in lines]))
    if kind in ("title", "heading"):
        return " ".join(texts or [line.text for line in lines])
    if texts or kind in _KEPT_BREAKS:
        return "\n".join(texts or [line.text for line in lines])
    return flowing([line.text for line in lines])


def _unglued(content: str, lines: Sequence[Line]) -> str:
    """The content with the spaces that the pipeline leaves out where a line ends with a full stop or a comma."""
    start = 0
    for line, following in pairwise(lines[:_MOST_LINES]):
        glued = line.text + following.text
        place = content.find(glued, start)
        if place >= 0:
            start = place + len(line.text)
            content = content[:place] + joined(line.text, following.text) + content[place + len(glued) :]
    return content
