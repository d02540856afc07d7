"""Settings from the environment and from arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from quire.errors import InvalidOption
from quire.limits import Limits
from quire.settings import Settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QUIRE_{name.upper()}", raising=False)


def test_the_server_listens_on_loopback_unless_told_otherwise() -> None:
    settings = Settings.load()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_variables_set_plain_and_nested_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_PORT", "9000")
    monkeypatch.setenv("QUIRE_MODELS_DIR", "weights")
    monkeypatch.setenv("QUIRE_LIMITS__MAX_BYTES", "1000")

    settings = Settings.load()

    assert settings.port == 9000
    assert settings.models_dir == Path("weights")
    assert settings.limits == Limits(max_bytes=1000)


def test_an_argument_wins_over_its_variable_unless_it_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_PORT", "9000")

    assert Settings.load(port=9001, host=None).port == 9001
    assert Settings.load(port=None).port == 9000


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_THREADS", "")

    assert Settings.load().threads is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param("QUIRE_PORT", "70000", id="a port that does not exist"),
        pytest.param("QUIRE_THREADS", "0", id="no threads"),
        pytest.param("QUIRE_QUEUE_SIZE", "many", id="a word for a number"),
        pytest.param("QUIRE_LOG_FORMAT", "xml", id="an unknown log format"),
        pytest.param("QUIRE_LIMITS__MAX_BYTES", "s3cret", id="a word for a nested number"),
    ],
)
def test_a_bad_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(InvalidOption) as caught:
        Settings.load()

    assert variable in caught.value.detail
    assert value not in caught.value.detail


@pytest.mark.parametrize("value", ["-1", "0"])
def test_limits_must_allow_something(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("QUIRE_LIMITS__MAX_PAGES", value)

    with pytest.raises(InvalidOption, match="every limit must be at least 1"):
        Settings.load()


def test_a_variable_that_is_no_json_where_json_is_due_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIRE_LIMITS", "{broken")

    with pytest.raises(InvalidOption, match="QUIRE_LIMITS__"):
        Settings.load()
