"""The examples of docs/client.md run as they stand, but for the server's address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commanding import pdf
from running import FakeServer

PAGE = Path(__file__).parents[2] / "docs/client.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(
    example: str,
    server: FakeServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "invoice.pdf").write_bytes(pdf(1))
    (tmp_path / "book.pdf").write_bytes(pdf(3))
    address = str(server.http.base_url).rstrip("/")

    exec(compile(example.replace("http://127.0.0.1:8000", address).replace("qk_…", "qk_a"), PAGE.name, "exec"), {})

    assert capsys.readouterr().err == ""


def test_the_examples_are_found() -> None:
    assert len(EXAMPLES) == 5
