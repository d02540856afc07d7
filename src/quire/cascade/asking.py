"""Asks a model for what was planned, and makes one page of its answers and of what was read before."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import Final

from quire.cascade.compose import composed, named, part_of
from quire.cascade.planning import Plan, readable
from quire.document import Block, Cost, Grounding, Line, Routing
from quire.engines.base import Asked, ModelEngine, PageReading
from quire.errors import EngineFailed, Overloaded
from quire.geometry import Box, Point, bounds
from quire.grounding import boxed_blocks, boxed_tables, ground
from quire.layout import Structure
from quire.options import GroundMode, ReadOptions, Strategy, Task
from quire.sources.base import PageImage

_MARGIN: Final = 0.006
"""Of the page's longer side, around a block that is cut out: letters must not touch the edge."""

_OF_THEIR_OWN: Final = frozenset({"table", "list", "figure", "formula", "code"})
"""Kinds of blocks whose text has a form that a plain paragraph has not."""

_UNASKED: Final = "the model could not be asked: what text recognition read was kept"
_KEPT: Final = "the model gave no usable answer for a block: what text recognition read was kept"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the cascade made of a page.

    Attributes:
        engine: name of the one that most of the page comes from.
        warnings, timings: in addition to those of the first reading.
    """

    structure: Structure
    engine: str
    routing: Routing | None = None
    grounding: Grounding | None = None
    warnings: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


def carried_out(
    plan: Plan, engine: ModelEngine, options: ReadOptions, image: PageImage, structure: Structure, number: int
) -> Outcome:
    """The page as it is after the model was asked.

    Args:
        image: the page as it stands upright.
        structure: what text recognition made of it.
        number: of the page, 1-based.

    Raises:
        Cancelled: whoever asked has left.
        EngineFailed, Overloaded: no server answers, and the strategy is not "balanced".
        UnknownLanguage: neither knows the language.
    """
    kept = Routing(options.strategy, "kept", plan.reasons)
    unasked = Outcome(structure, engine.first.info.name, kept)
    if plan.decision == "kept":
        return unasked
    start = time.perf_counter()
    ask = _blocks if plan.blocks else _page
    try:
        asked = ask(plan, engine, options, image, structure, number)
    except (EngineFailed, Overloaded):
        if options.strategy is not Strategy.BALANCED:
            raise
        return replace(unasked, warnings=(_UNASKED,))
    return replace(asked, timings={"model": time.perf_counter() - start})


def _page(
    plan: Plan, engine: ModelEngine, options: ReadOptions, image: PageImage, structure: Structure, number: int
) -> Outcome:
    # What is asked of the page is done with its text, which is borne out first.
    asked = engine.ask(image, options.model_copy(update={"task": Task.TEXT}))
    said, first = asked.reading, engine.first.info.name
    routing = Routing(options.strategy, "page", plan.reasons, cost=asked.cost)
    if said is None:
        return Outcome(structure, first, replace(routing, decision="kept"), warnings=asked.instead(first))
    whole = Structure(said.lines, said.blocks, said.tables, named(said.figures, number))
    warnings = (*asked.steps, *said.warnings)
    name = engine.info.name
    return _grounded(Outcome(whole, name, routing, warnings=warnings), options, structure.lines, range(len(said.lines)))


def _blocks(
    plan: Plan, engine: ModelEngine, options: ReadOptions, image: PageImage, structure: Structure, number: int
) -> Outcome:
    wanted = {place: structure.blocks[place] for place in plan.blocks}
    boxes = {place: _with_margin(block, image) for place, block in wanted.items()}
    answers = engine.ask_blocks(image, [(boxes[place], block.kind) for place, block in wanted.items()], options)
    found = dict(zip(wanted, answers, strict=True))
    woven = _Woven()
    for place in range(len(structure.blocks)):
        old, answer = part_of(structure, place), found.get(place)
        if answer is not None and answer.reading is not None and answer.reading.blocks:
            woven.add_asked(_like(old.blocks[0], old, answer.reading), boxes[place])
        else:
            woven.add_kept(old)
    asked = [answer for answer in answers if answer is not None]
    routing = Routing(options.strategy, plan.decision, plan.reasons, tuple(sorted(woven.blocks)), _cost(asked))
    name = engine.info.name if plan.decision == "page" and woven.blocks else engine.first.info.name
    outcome = Outcome(composed(woven.parts, number), name, routing, warnings=_warnings(asked))
    return _grounded(outcome, options, structure.lines, woven.lines)


class _Woven:
    """Parts of a page in their order, and which blocks and lines of the whole are the model's."""

    def __init__(self) -> None:
        self.parts: list[tuple[Structure, Point]] = []
        self.blocks: set[int] = set()
        self.lines: set[int] = set()
        self._before = (0, 0)

    def add_kept(self, part: Structure) -> None:
        self._add(part, (0.0, 0.0))

    def add_asked(self, part: Structure, box: Box) -> None:
        blocks, lines = self._before
        self.blocks.update(range(blocks, blocks + len(part.blocks)))
        self.lines.update(range(lines, lines + len(part.lines)))
        # Parts are cut out at whole pixels.
        self._add(part, (float(int(box.x0)), float(int(box.y0))))

    def _add(self, part: Structure, corner: Point) -> None:
        self.parts.append((part, corner))
        self._before = (self._before[0] + len(part.blocks), self._before[1] + len(part.lines))


def _with_margin(block: Block, image: PageImage) -> Box:
    margin = _MARGIN * max(image.width, image.height)
    x0, y0, x1, y1 = bounds([block.box])
    return Box(max(0.0, x0 - margin), max(0.0, y0 - margin), x1 + margin, y1 + margin)


def _like(block: Block, old: Structure, said: PageReading) -> Structure:
    """What the model says of a block, as what it is on the page: layout knows more of that than its text alone."""
    blocks, tables = said.blocks, said.tables
    if len(blocks) == 1 and {blocks[0].kind, block.kind}.isdisjoint(_OF_THEIR_OWN):
        blocks = (replace(block, box=blocks[0].box, text=blocks[0].text, lines=blocks[0].lines),)
    if len(tables) == 1 and old.tables:
        tables = (replace(tables[0], caption=old.tables[0].caption or tables[0].caption),)
    return Structure(said.lines, blocks, tables, said.figures)


def _grounded(outcome: Outcome, options: ReadOptions, seen: Sequence[Line], lines: Collection[int]) -> Outcome:
    """The outcome, borne out by what was seen; what is not the model's stays as it is.

    Args:
        lines: those of the model.
    """
    never = options.ground is GroundMode.NEVER
    if never or (options.ground is GroundMode.AUTO and not readable(seen)):
        return outcome
    said = outcome.structure
    found = ground(said.lines, seen, said.blocks)
    own = [bool(block.lines) and block.lines[0] in lines for block in said.blocks]
    of_tables = {block.table for block, is_own in zip(said.blocks, own, strict=True) if is_own}
    boxed, tables = boxed_blocks(found, said.blocks), boxed_tables(found, said.blocks, said.tables)
    structure = replace(
        said,
        lines=tuple(found.lines[place] if place in lines else line for place, line in enumerate(said.lines)),
        blocks=tuple(new if is_own else old for new, old, is_own in zip(boxed, said.blocks, own, strict=True)),
        tables=tuple(tables[place] if place in of_tables else table for place, table in enumerate(said.tables)),
    )
    return replace(outcome, structure=structure, grounding=found.grounding)


def _cost(asked: Sequence[Asked]) -> Cost:
    return reduce(add, (each.cost for each in asked), Cost())


def _warnings(asked: Sequence[Asked]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for each in asked:
        own = each.steps if each.reading is None else (*each.steps, *each.reading.warnings)
        found.update(dict.fromkeys(own))
        if each.reading is None:
            found[_KEPT] = None
    return tuple(found)
