"""`quire read` says of every page what the model says of it, letter by letter, with boxes where it gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lessons import BOXES, SHEETS
from servers import ModelServer

from commanding import Run
from quire.geometry import Box

pytestmark = pytest.mark.vllm

_NEARLY_PX = 0.5
"""Half a thousandth of a page is a seventh of a pixel; rounding to whole numbers adds to that."""


@pytest.mark.parametrize(
    ("engine", "mode", "boxed"),
    [
        pytest.param("lightonocr", "page", False, id="LightOnOCR, asked by the image alone"),
        pytest.param("dots", "layout-and-text", True, id="dots, JSON in pixels"),
        pytest.param("deepseek", "markdown", True, id="DeepSeek-OCR, tags in thousandths"),
        pytest.param("deepseek", "text", False, id="DeepSeek-OCR, free text"),
    ],
)
def test_every_page_is_as_the_model_says(
    quire: Run, tmp_path: Path, server: ModelServer, engine: str, mode: str, boxed: bool
) -> None:
    pages = read(quire, tmp_path, "--engine", engine, "--mode", mode, QUIRE_VLM__URLS=server.url)

    for sheet, page in zip(SHEETS, pages, strict=True):
        assert texts(page) == [("title", sheet.heading), ("paragraph", sheet.text)]
        assert (page["engine"], page["warnings"]) == (engine, [])
        if boxed:
            assert all(map(near, (block["box"] for block in page["blocks"]), BOXES))


def test_a_strict_server_is_asked_again_without_what_only_vllm_knows(
    quire: Run, tmp_path: Path, strict: ModelServer
) -> None:
    where = {"QUIRE_VLM__URLS": strict.url, "QUIRE_VLM__MODEL": strict.model}

    pages = read(quire, tmp_path, "--engine", "deepseek", "--mode", "text", **where)

    assert [texts(page) for page in pages] == [
        [("title", sheet.heading), ("paragraph", sheet.text)] for sheet in SHEETS
    ]
    assert "422 Unprocessable" in strict.log.read_text()


def read(quire: Run, folder: Path, *arguments: str, **variables: str) -> list[Any]:
    """The page of each sheet."""
    done = quire("read", ".", "-f", "json", "-o", "out", *arguments, **variables)
    assert done.returncode == 0, done.stderr
    return [json.loads((folder / "out" / f"{sheet.name}.json").read_text())["pages"][0] for sheet in SHEETS]


def texts(page: Any) -> list[tuple[str, str]]:
    return [(block["kind"], block["text"]) for block in page["blocks"]]


def near(found: Any, truth: Box) -> bool:
    return bool(np.abs(np.subtract(found, truth.quad)).max() <= _NEARLY_PX)
