"""Connectionist temporal classification, greedy (Graves 2006): class probabilities by column → characters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Characters:
    """What was read on one strip, character by character.

    Attributes:
        texts: one entry a character.
        confidences: (N,) float32, 0 to 1: the highest probability among the character's columns.
        columns: (N, 2) int64: first column and the one after the last, of the network's T output columns.
        spaces: (T,) float32: how likely each column holds a space, whatever was read there.
    """

    texts: tuple[str, ...]
    confidences: NDArray[np.float32]
    columns: NDArray[np.int64]
    spaces: NDArray[np.float32]

    @cached_property
    def text(self) -> str:
        return "".join(self.texts)

    @cached_property
    def confidence(self) -> float:
        """Mean over the characters; 0 when nothing was read."""
        return float(self.confidences.mean()) if len(self.texts) else 0.0


def decode(probabilities: NDArray[np.float32], characters: tuple[str, ...]) -> Characters:
    """Best class of each column, repeats joined, blanks (class 0) dropped.

    Args:
        probabilities: (T, classes), rows sum to 1.
        characters: what each class stands for; the last is the space.
    """
    best, peaks = probabilities.argmax(axis=1), probabilities.max(axis=1)
    return collapse(best, peaks, probabilities[:, -1], characters)


def collapse(
    best: NDArray[np.int64],
    peaks: NDArray[np.float32],
    spaces: NDArray[np.float32],
    characters: tuple[str, ...],
) -> Characters:
    """Characters from the best class (T,) of each column, its probability (T,) and that of a space (T,)."""
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    classes = best[starts]
    kept = classes != 0
    if not kept.any():
        return Characters((), np.empty(0, np.float32), np.empty((0, 2), np.int64), spaces)
    highest = np.maximum.reduceat(peaks, starts)
    return Characters(
        tuple(characters[index] for index in classes[kept]),
        highest[kept].astype(np.float32),
        np.stack([starts, ends], axis=1)[kept],
        spaces,
    )
