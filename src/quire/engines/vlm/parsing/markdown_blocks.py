"""Blocks of Markdown that one or a few lines make: each function says what begins at a line, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from quire.document import BlockKind
from quire.engines.vlm.parsing.html_tables import parse_html_table
from quire.engines.vlm.parsing.inline import plain
from quire.engines.vlm.parsing.pieces import Piece, ToBox
from quire.engines.vlm.parsing.pipe_tables import is_pipe_table, pipe_table

_HEADING: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([\w+-]*)")
_IMAGE: Final = re.compile(r"[ \t]*!\[([^\[\]\n]*)\]\([^()\n]*\)[ \t]*(\d[\d., \t]{0,60})?$")
_NUMBER: Final = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_NOTE: Final = re.compile(r"[ \t]*\[\^(\w{1,8})\]:[ \t]*(.*)")
_TAGGED: Final = re.compile(
    r"[ \t]*<(page_number|header|footer|center|caption|figcaption)>(.*)</\1>[ \t]*$", re.IGNORECASE
)
_TAGGED_KINDS: Final[dict[str, BlockKind]] = {"page_number": "page_number", "header": "header", "footer": "footer"}
_MATH: Final = re.compile(r"[ \t]*(\$\$|\\\[|\\begin\{((?:equation|align|gather|multline|eqnarray|displaymath)\*?)\})")
_GENERIC_NAMES: Final = frozenset({"", "image", "img", "figure", "picture", "photo", "chart"})
_MATH_LINES: Final = 60
_EQUATION_NUMBER: Final = 12


class Found(NamedTuple):
    """What begins at a line, and the index of the line after it."""

    pieces: list[Piece]
    end: int


def heading(lines: Sequence[str], at: int) -> Found | None:
    found = _HEADING.match(lines[at])
    if found is None:
        return None
    text = found[2].strip()
    closed = text.rstrip("#")
    if closed != text and (not closed or closed[-1] in " \t"):
        text = closed
    return Found([Piece("heading", " ".join(plain(text).split("\n")), level=min(3, max(1, len(found[1]) - 1)))], at + 1)


def is_top(line: str) -> bool:
    """Whether a heading is of the first level."""
    return line.lstrip(" ")[:2] not in ("##", "")


def fenced(lines: Sequence[str], at: int) -> tuple[str, list[str], int] | None:
    """The word after the fence, the lines inside, the index of the line after; it may reach to the last line."""
    found = _FENCE.match(lines[at])
    if found is None:
        return None
    end = at + 1
    while end < len(lines) and not (lines[end].strip().startswith(found[1]) and not lines[end].strip(" `~\t")):
        end += 1
    return found[2].lower(), [*lines[at + 1 : end]], end + 1


def rule(lines: Sequence[str], at: int) -> Found | None:
    """A line of dashes, which says nothing."""
    marks = "".join(lines[at].split())
    return Found([], at + 1) if len(marks) > 2 and marks[0] in "-*_=" and not marks.strip(marks[0]) else None


def image(lines: Sequence[str], at: int, to_box: ToBox | None) -> Found | None:
    """A picture, with its box where four numbers follow."""
    found = _IMAGE.match(lines[at])
    if found is None:
        return None
    numbers = [float(number) for number in _NUMBER.findall(found[2] or "")]
    box = to_box(*numbers) if to_box and len(numbers) == 4 else None
    name = plain(found[1])
    caption = [Piece("caption", name, box)] if name.lower() not in _GENERIC_NAMES else []
    return Found([Piece("figure", box=box), *caption], at + 1)


def html_table(lines: Sequence[str], at: int) -> Found | None:
    """A table in HTML; one without an end reaches to the first line after a gap that has no tag of a table."""
    if lines[at].lstrip()[:6].lower() != "<table":
        return None
    end, depth = at, 0
    while end < len(lines):
        line = lines[end].lower()
        depth += line.count("<table") - line.count("</table")
        end += 1
        if depth <= 0 or (end + 1 < len(lines) and not lines[end].strip() and not _in_table(lines[end + 1])):
            break
    grid = parse_html_table("\n".join(lines[at:end]))
    return Found([Piece("table", grid=grid)] if grid else _as_text(lines[at:end]), end)


def pipes(lines: Sequence[str], at: int) -> Found | None:
    if not is_pipe_table(lines, at):
        return None
    grid, end = pipe_table(lines, at)
    return Found([Piece("table", grid=grid)] if grid else _as_text(lines[at:end]), end)


def note(lines: Sequence[str], at: int) -> Found | None:
    """A footnote, up to the next gap."""
    found = _NOTE.match(lines[at])
    if found is None:
        return None
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _NOTE.match(lines[end]):
        end += 1
    text = plain("\n".join([found[2], *lines[at + 1 : end]]))
    return Found([Piece("footnote", f"{found[1]} {text}".strip())], end)


def tagged(lines: Sequence[str], at: int) -> Found | None:
    found = _TAGGED.match(lines[at])
    if found is None:
        return None
    return Found([Piece(_TAGGED_KINDS.get(found[1].lower(), "caption"), plain(found[2]))], at + 1)


def display_math(lines: Sequence[str], at: int) -> Found | None:
    """A formula of its own; None where it does not end soon, or text follows it."""
    found = _MATH.match(lines[at])
    if found is None:
        return None
    close = {"$$": "$$", "\\[": "\\]"}.get(found[1], f"\\end{{{found[2]}}}")
    start = found.start(1) + (len(found[1]) if found[2] is None else 0)
    for end in range(at, min(len(lines), at + _MATH_LINES)):
        place = lines[end].find(close, found.end() if end == at else 0)
        if place < 0:
            continue
        rest = lines[end][place + len(close) :].strip()
        if len(rest) > _EQUATION_NUMBER:
            return None
        own = [*lines[at:end], lines[end][: place + (len(close) if found[2] else 0)]]
        own[0] = own[0][start:]
        return Found([Piece("formula", " ".join(" ".join([*own, rest]).split()))], end + 1)
    return None


def _in_table(line: str) -> bool:
    return line.lstrip()[:4].lower() in ("<tr>", "<tr ", "<td>", "<td ", "<th>", "<th ", "</ta", "</tr", "</tb", "<tbo")


def _as_text(lines: Sequence[str]) -> list[Piece]:
    text = plain("\n".join(lines))
    return [Piece("paragraph", text)] if text else []
