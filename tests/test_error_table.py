"""Every error has its edge behaviour, and every edge behaviour its error."""

from __future__ import annotations

import pytest

from quire.error_table import EDGES, EXIT_PARTIAL
from quire.errors import QuireError


def _tree(root: type[QuireError]) -> list[type[QuireError]]:
    return [root, *(found for child in root.__subclasses__() for found in _tree(child))]


CLASSES = [found for found in _tree(QuireError) if found.__module__ == "quire.errors"]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_an_error_class_has_a_status_and_an_exit_code(error: type[QuireError]) -> None:
    edge = EDGES[error.code]

    assert 400 <= edge.http_status <= 599
    assert 1 < edge.exit_code < 256
    assert edge.exit_code != EXIT_PARTIAL


@pytest.mark.parametrize("code", EDGES)
def test_a_code_of_the_table_belongs_to_an_error_class(code: str) -> None:
    assert code in {error.code for error in CLASSES}
