"""How long is waited for a model server, and how often it is tried."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds.

    Attributes:
        start_s: for the model to load, which may have to be downloaded first.
        grace_s: from the signal to end until it is killed.
        restarts: in a row, before it is given up.
        first_pause_s, longest_pause_s: before the first of them, doubled for each further one, and the most.
        settled_s: a server that answered and lived for so long has its restarts counted from zero again.
        look_s: between two looks whether it answers.
        tell_s: between two lines of the log that say that it still loads.
    """

    start_s: float = 1800.0
    grace_s: float = 10.0
    restarts: int = 5
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0
    settled_s: float = 600.0
    look_s: float = 1.0
    tell_s: float = 10.0

    def pause_s(self, restart: int) -> float:
        """Before restart number `restart`, counted from 0."""
        return min(self.longest_pause_s, self.first_pause_s * 2.0**restart)
