"""Who read a page, why, and what it cost: for engines that ask a model on another server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Decision = Literal["kept", "blocks", "page"]
Rule = Literal["asked", "language", "nothing_read", "confidence", "doubtful_letters", "table", "formula"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that sent a page, or blocks of it, to the model.

    Attributes:
        rule: "asked": the strategy sends every page; "language": text recognition does not know it; "nothing_read":
            the page is not blank, and text recognition saw no text; "confidence": the mean, weighted by length, was
            below the threshold; "doubtful_letters": the share of letters in lines that were read with doubt was above
            it; "table", "formula": blocks of that kind.
        value, threshold: what was measured and its bound; None for rules that measure nothing.
    """

    rule: Rule
    value: float | None = None
    threshold: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "value": None if self.value is None else round(self.value, 4),
            "threshold": self.threshold,
        }


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model was made to do.

    Attributes:
        requests: questions, those asked again included.
        tokens: of all answers.
        seconds: from the first question to the last answer; of questions that ran at once, their sum.
    """

    requests: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.requests + other.requests, self.tokens + other.tokens, self.seconds + other.seconds)

    def to_dict(self) -> dict[str, Any]:
        return {"requests": self.requests, "tokens": self.tokens, "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True)
class Routing:
    """What became of a page between text recognition and a model.

    Attributes:
        strategy: as it was asked for; None where every page was the model's.
        decision: "kept": text recognition's reading stands; "blocks": some blocks are the model's; "page": all is.
        reasons: why the model was asked; none where it was not.
        blocks: indices of the page's blocks that the model wrote, of a page that was asked for block by block.
    """

    strategy: str | None
    decision: Decision
    reasons: tuple[Reason, ...] = ()
    blocks: tuple[int, ...] = ()
    cost: Cost = Cost()

    def to_dict(self) -> dict[str, Any]:
        return {
            "strategy": self.strategy,
            "decision": self.decision,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "blocks": list(self.blocks),
            "cost": self.cost.to_dict(),
        }
