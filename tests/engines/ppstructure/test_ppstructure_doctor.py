"""What `quire doctor` says of PP-StructureV3."""

from __future__ import annotations

from pathlib import Path

import pytest
from paddlex_server import Manner, PaddlexServer

from quire.doctor.finding import Finding
from quire.doctor.ppstructure import ppstructure
from quire.engines.ppstructure.config import PpStructureConfig


def findings(**config: object) -> tuple[Finding, Finding]:
    file, place = ppstructure(PpStructureConfig(**config))  # type: ignore[arg-type]
    return file, place


def test_a_server_that_is_well() -> None:
    with PaddlexServer(Manner()) as server:
        assert [finding.status for finding in findings(url=server.url)] == ["ok", "ok"]


def test_a_server_that_is_not_there_is_told_with_its_command() -> None:
    _, server = findings(url="http://127.0.0.1:9")
    assert (server.status, server.found) == ("missing", "http://127.0.0.1:9")
    assert server.remedy is not None
    assert "paddlex --serve" in server.remedy


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        pytest.param("use_table_recognition: True", "ok", "all of it holds", id="a file that holds"),
        pytest.param("use_tables: True", "warning", "use_tables: not honoured", id="a key that nobody knows"),
        pytest.param("pipeline_name: OCR", "warning", "cannot be used", id="another pipeline's file"),
    ],
)
def test_the_pipeline_file(tmp_path: Path, content: str, status: str, said: str) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text(content)
    file, _ = findings(runner="local", pipeline=path)
    assert (file.status, file.found) == (status, said)


def test_the_package_is_looked_for_where_it_is_wanted() -> None:
    _, package = findings(runner="local")
    assert package.name == "paddleocr"
    assert package.status == "ok" or "pip install" in (package.remedy or "")
