"""`quire` in processes of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from commanding import Run, commands_in


@pytest.fixture
def quire(tmp_path: Path) -> Run:
    """Runs `quire ARGUMENTS…` in a fresh folder."""
    return commands_in(tmp_path)
