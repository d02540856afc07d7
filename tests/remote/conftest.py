"""Servers that stand for the internet: they listen on loopback, which a test's guard allows or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from answering import WebServer, web_server


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running
