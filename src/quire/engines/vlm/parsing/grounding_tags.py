"""DeepSeek-OCR's text with places: `<|ref|>what<|/ref|><|det|>[[x0, y0, x1, y1]]<|/det|>` and what it says there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from quire.document import BlockKind
from quire.engines.vlm.parsing.inline import formula, plain, without_marks
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.pieces import Piece, ToBox
from quire.engines.vlm.parsing.understood import Understood
from quire.geometry import Box, bounds

_NUMBER: Final = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
_LABELS: Final[dict[str, BlockKind | None]] = {
    "title": "title", "sub_title": "heading", "subtitle": "heading", "text": None, "list": None, "paragraph": None,
    "image": "figure", "figure": "figure", "chart": "figure", "table": "table", "equation": "formula",
    "formula": "formula", "table_caption": "caption", "image_caption": "caption", "figure_caption": "caption",
    "caption": "caption", "table_footnote": "footnote", "footnote": "footnote", "page_footnote": "footnote",
    "header": "header", "footer": "footer", "page_number": "page_number", "code": "code", "aside_text": None,
    "ref_text": None, "reference": None,
}  # fmt: skip
_MAX_BOXES: Final = 2_000
HALF: Final = "a place that the model named has no box: the end of the page may be missing"


class Tag(NamedTuple):
    """What a tag names, its boxes, and the text up to the next tag; `whole` unless it was cut off."""

    name: str
    boxes: list[Box]
    text: str
    whole: bool


def parse_grounding_tags(text: str, to_box: ToBox) -> Understood:
    """Sections where the tags name kinds of blocks; lines where they name what stands there, as a search answers."""
    before, tags = tags_of(text, to_box)
    pieces = [*parse_markdown(before)]
    for tag in tags:
        pieces.extend(_pieces(tag))
    cut = bool(tags) and not tags[-1].whole
    return Understood(pieces, (HALF,) if cut else (), valid=not cut)


def tags_of(text: str, to_box: ToBox) -> tuple[str, list[Tag]]:
    """The text before the first tag, and the tags."""
    before, *rest = text.split("<|ref|>")
    return before, [_tag(one, to_box) for one in rest]


def _tag(text: str, to_box: ToBox) -> Tag:
    name, named, rest = text.partition("<|/ref|>")
    _, placed, rest = rest.partition("<|det|>") if named else ("", "", rest)
    places, ended, said = rest.partition("<|/det|>") if placed else ("", "", rest)
    numbers = [float(number) for number in _NUMBER.findall(places)[: 4 * _MAX_BOXES]]
    boxes = [to_box(*numbers[at : at + 4]) for at in range(0, len(numbers) - 3, 4)]
    return Tag(name.strip(), [box for box in boxes if box is not None], said, bool(ended))


def _pieces(tag: Tag) -> Iterator[Piece]:
    label = tag.name.lower().replace(" ", "_")
    if label not in _LABELS or not tag.whole:
        words = plain(tag.name)
        if words and tag.whole:
            yield from (Piece("paragraph", words, box) for box in tag.boxes)
        yield from parse_markdown(tag.text)
        return
    box = bounds(one.quad for one in tag.boxes) if tag.boxes else None
    yield from _section(_LABELS[label], tag.text, box)


def _section(kind: BlockKind | None, text: str, box: Box | None) -> Iterator[Piece]:
    found = parse_markdown(text)
    if kind == "figure":
        yield Piece("figure", box=box)
        yield from found
    elif kind == "formula":
        yield Piece("formula", formula(without_marks(text)), box)
    elif kind is None or kind == "table" or not found:
        yield from (replace(piece, box=box) for piece in found)
    else:
        words = plain("\n".join(piece.text for piece in found))
        yield Piece(kind, words, box, level=found[0].level or 1 if kind == "heading" else None)
