"""Variables of other OCR services are settings here, and those that cannot be are told of."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from quire.settings import Settings, read_layers
from quire.settings.aliases import ALIASES, WITHOUT_MEANING, not_honoured, resolution
from quire.settings.explain import explain
from quire.settings.layers import variable

NAMES = [*(name for alias in ALIASES for name in alias.names), *WITHOUT_MEANING]
DOCS = Path(__file__).parent.parent / "docs/configuration.md"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("QUIRE_") or name in NAMES]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def shown(name: str) -> tuple[Any, str]:
    """A setting's value, and where it comes from."""
    layers = read_layers(Settings, config=None, overrides={})
    row = next(row for row in explain(Settings.of(layers), layers) if row.name == name)
    return row.value, row.origin


@pytest.mark.parametrize(
    ("name", "value", "setting", "expected"),
    [
        ("DEFAULT_DPI", "120", "dpi", 120.0),
        ("PDF_DPI", "200", "dpi", 200.0),
        ("MAX_BATCH_SIZE", "50", "jobs.max_documents", 50),
        ("VLLM_URL", "http://vllm:8000", "vlm.urls", ["http://vllm:8000"]),
        ("VLLM_URL", "http://vllm:8000/v1/chat/completions", "vlm.urls", ["http://vllm:8000"]),
        ("MAX_CONCURRENT_REQUESTS", "8", "vlm.in_flight", 8),
        ("OUTPUT_DIR", "outputs", "output.dir", "outputs"),
        ("SAVE_QUALITY", "85", "output.quality", 85),
        ("MODEL_NAME", "deepseek-ai/DeepSeek-OCR", "vlm.model", "deepseek-ai/DeepSeek-OCR"),
        ("BASE_SIZE", "1024", "vlm.resolution", "gundam"),
        ("IMAGE_SIZE", "640", "vlm.resolution", "gundam"),
        ("CROP_MODE", "False", "vlm.resolution", "small"),
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("HOST", "localhost", "host", "localhost"),
        ("PORT", "9000", "port", 9000),
        ("MAX_WORKERS", "4", "workers", 4),
    ],
)
def test_a_variable_of_another_service_is_a_setting_and_shown_as_its_origin(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, setting: str, expected: Any
) -> None:
    monkeypatch.setenv(name, value)

    assert shown(setting) == (expected, f"environment ({name})")
    assert not_honoured(Settings) == []


def test_every_variable_of_another_service_is_documented() -> None:
    table = DOCS.read_text(encoding="utf-8").partition("## Variables of other services")[2]
    documented = re.findall(r"`([A-Z][A-Z_]+)`", table)

    assert [name for name in NAMES if name not in documented] == []
    assert [alias for alias in ALIASES if variable(alias.setting) not in documented] == []


def test_our_own_variable_wins_and_the_file_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("quire.toml").write_text("port = 1\nworkers = 1")
    monkeypatch.setenv("QUIRE_PORT", "2")
    monkeypatch.setenv("PORT", "3")
    monkeypatch.setenv("MAX_WORKERS", "3")

    assert shown("port") == (2, "environment")
    assert shown("workers") == (3, "environment (MAX_WORKERS)")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (("", "", ""), "gundam"),
        (("1024", "640", "true"), "gundam"),
        (("512", "512", "false"), "tiny"),
        (("640", "640", "0"), "small"),
        (("1024", "1024", "False"), "base"),
        (("1280", "1280", "no"), "large"),
    ],
)
def test_resolutions_have_the_names_that_their_publishers_gave_them(sizes: tuple[str, str, str], expected: str) -> None:
    assert resolution(*sizes) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("TENSORRT_PRECISION", "FP16", id="a precision"),
        pytest.param("GPU_MEMORY_BUFFER_MB", "500", id="a buffer"),
        pytest.param("HOST", "workstation", id="the name of the machine"),
        pytest.param("PORT", "tcp://10.0.0.1:80", id="a link of containers"),
        pytest.param("PORT", "70000", id="a port that there is not"),
        pytest.param("MAX_WORKERS", "auto", id="a word for a number"),
        pytest.param("BASE_SIZE", "2048", id="a size that no mode has"),
        pytest.param("CROP_MODE", "maybe", id="neither yes nor no"),
        pytest.param("VLLM_URL", "vllm:8000", id="an address without http"),
        pytest.param("VLLM_URL", " , ", id="no address"),
        pytest.param("SAVE_QUALITY", "101", id="more than the best"),
        pytest.param("DEFAULT_DPI", "12", id="too coarse"),
    ],
)
def test_what_cannot_be_honoured_is_told_and_starts_all_the_same(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    [warning] = not_honoured(Settings)

    assert warning.startswith(f"{name} has no effect: ")
    assert Settings.load() == Settings()


def test_of_two_names_of_one_setting_the_first_counts_and_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDF_DPI", "200")
    monkeypatch.setenv("DEFAULT_DPI", "120")

    assert shown("dpi") == (120.0, "environment (DEFAULT_DPI)")
    assert not_honoured(Settings) == ["PDF_DPI has no effect: DEFAULT_DPI is the same setting, dpi"]


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")

    assert Settings.load() == Settings()
    assert not_honoured(Settings) == []
