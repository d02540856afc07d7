"""Tables of GitHub's Markdown: cells parted by bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from quire.engines.vlm.parsing.grids import RawCell, grid_of
from quire.engines.vlm.parsing.inline import plain
from quire.engines.vlm.parsing.pieces import Grid

_BAR: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = frozenset("|:- \t")


def is_pipe_table(lines: Sequence[str], at: int) -> bool:
    """Whether a table begins here: a head and its rule, or two rows framed in bars."""
    if "|" not in lines[at] or at + 1 >= len(lines):
        return False
    return _is_rule(lines[at + 1]) or (_is_framed(lines[at]) and _is_framed(lines[at + 1]))


def pipe_table(lines: Sequence[str], at: int) -> tuple[Grid | None, int]:
    """The table that begins at `at`, and the index of the line after it."""
    end = at
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        end += 1
    rows = lines[at:end]
    headed = len(rows) > 1 and _is_rule(rows[1])
    return grid_of(
        [_cells(row, header=headed and not place) for place, row in enumerate(rows) if not _is_rule(row)]
    ), end


def _is_rule(line: str) -> bool:
    return "-" in line and "|" in line and set(line) <= _RULE


def _is_framed(line: str) -> bool:
    line = line.strip()
    return len(line) > 2 and line.startswith("|") and line.endswith("|")


def _cells(line: str, *, header: bool) -> list[RawCell]:
    line = line.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [RawCell(plain(cell), header=header) for cell in _BAR.split(line)]
