"""Which parts of a page a model is asked for.

The thresholds were measured (`quire bench routing`): of 109 scans with true texts, letters, forms, receipts, papers,
slides, handwriting and scripts that PP-OCR reads poorly, the rules of doubt send 28. 23 of these read badly (F1 of
words below 0.9), which is 72 % of all that do; what is sent reads with 0.54 in the mean, what is kept with 0.95.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from quire.document import Block, Decision, Line, Reason
from quire.engines.base import ModelEngine
from quire.layout import Structure
from quire.options import GroundMode, ReadOptions, Strategy

LEAST_CONFIDENCE: Final = 0.97
"""Mean of a page's lines, weighted by their length."""

MOST_DOUBTFUL: Final = 0.05
"""Share of letters in lines that were read with less than `SURE`, of a page or a block."""

SURE: Final = 0.9

_WHOLE_PAGE: Final = 0.5
"""Where more of the letters than this are wanted, one question for the page is cheaper than one for each block."""

_UNREADABLE: Final = 0.3
"""Share of doubtful letters above which a reading bears nothing out: the script is one that it does not know."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a model is asked for.

    Attributes:
        blocks: indices of blocks, where they are asked for one by one; empty where the page is asked for as one.
    """

    decision: Decision
    reasons: tuple[Reason, ...] = ()
    blocks: tuple[int, ...] = ()


def comes_first(engine: ModelEngine, options: ReadOptions) -> bool:
    """Whether text recognition reads a page before the model is asked, if it is asked at all."""
    if options.mode is not None or (options.strategy is None and options.task in engine.info.own_tasks):
        return False
    return options.strategy is not None or options.ground is GroundMode.ALWAYS or engine.by_blocks


def planned(options: ReadOptions, structure: Structure, *, known: bool = True, by_blocks: bool = False) -> Plan:
    """What the model is asked for on a page that text recognition has read.

    Args:
        structure: of the page as it was read.
        known: whether text recognition knows the language that was asked for.
        by_blocks: see `ModelEngine`.
    """
    match options.strategy:
        case Strategy.SPEED:
            return Plan("kept")
        case Strategy.BALANCED:
            reasons, wanted = _balanced(structure) if known else ((Reason("language"),), None)
            if not reasons or wanted is not None:
                return Plan("blocks" if reasons else "kept", reasons, wanted or ())
        case _:
            reasons = (Reason("asked"),)
    every = tuple(place for place, block in enumerate(structure.blocks) if _is_text(block))
    return Plan("page", reasons, every if by_blocks else ())


def readable(lines: Sequence[Line]) -> bool:
    """Whether text recognition made enough sense of a page to judge what others say of it."""
    return bool(lines) and _doubtful(lines) <= _UNREADABLE


def _balanced(structure: Structure) -> tuple[tuple[Reason, ...], tuple[int, ...] | None]:
    """Why the model is asked, if it is, and for which blocks; None for the page as one."""
    if not structure.lines:
        return (Reason("nothing_read"),), None
    doubts = tuple(_doubts(structure.lines))
    wanted = {*_hard(structure), *(_doubtful_blocks(structure) if doubts else ())}
    reasons = (*doubts, *_kinds(structure))
    letters = sum(len(block.text) for block in structure.blocks)
    mostly = sum(len(structure.blocks[place].text) for place in wanted) > _WHOLE_PAGE * letters
    as_one = mostly or (bool(reasons) and not wanted)
    return reasons, None if as_one else tuple(sorted(wanted))


def _doubts(lines: Sequence[Line]) -> Iterator[Reason]:
    letters = sum(len(line.text) for line in lines)
    confidence = sum(line.confidence * len(line.text) for line in lines) / letters if letters else 1.0
    if confidence < LEAST_CONFIDENCE:
        yield Reason("confidence", confidence, LEAST_CONFIDENCE)
    if (share := _doubtful(lines)) > MOST_DOUBTFUL:
        yield Reason("doubtful_letters", share, MOST_DOUBTFUL)


def _doubtful(lines: Sequence[Line]) -> float:
    """Share of letters that stand in lines which were read with doubt."""
    letters = sum(len(line.text) for line in lines)
    return sum(len(line.text) for line in lines if line.confidence < SURE) / letters if letters else 0.0


def _doubtful_blocks(structure: Structure) -> Iterator[int]:
    for place, block in enumerate(structure.blocks):
        if _is_text(block) and _doubtful([structure.lines[line] for line in block.lines]) > MOST_DOUBTFUL:
            yield place


def _hard(structure: Structure) -> Iterator[int]:
    """Blocks whose text is not all that there is to them."""
    return (place for place, block in enumerate(structure.blocks) if block.kind in ("table", "formula"))


def _kinds(structure: Structure) -> Iterator[Reason]:
    kinds = {block.kind for block in structure.blocks}
    if "table" in kinds:
        yield Reason("table")
    if "formula" in kinds:
        yield Reason("formula")


def _is_text(block: Block) -> bool:
    return block.kind != "figure"
