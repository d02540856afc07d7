"""A database of keys and quotas in a folder of its own, and a clock that tests turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from turned_clock import Clock

from quire.access import AccessDatabase, KeyStore


@pytest.fixture
def clock() -> Clock:
    """Half past noon, 2026-01-01."""
    return Clock(1_767_270_600.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "access.db"


@pytest.fixture
def database(path: Path) -> Iterator[AccessDatabase]:
    opened = AccessDatabase(path)
    yield opened
    opened.close()


@pytest.fixture
def keys(database: AccessDatabase, clock: Clock) -> KeyStore:
    return KeyStore(database, now=clock)
