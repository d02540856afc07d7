"""Pages drawn from a seed, with their exact truth. The same seed gives the same pixels and the same text."""

from __future__ import annotations

from random import Random


def seeded(seed: int) -> Random:
    """The random numbers of a seed; they decide about looks, never about secrets."""
    return Random(seed)  # noqa: S311
