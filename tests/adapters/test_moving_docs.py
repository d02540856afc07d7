"""Commands of docs/moving run as they stand, but for the server's address: `sh` and `python` blocks, in a folder with
`scan.png` and `report.pdf`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from commanding import pdf
from running import Server

PAGES = sorted((Path(__file__).parents[2] / "docs/moving").glob("*.md"))
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAMS = {"sh": ["bash", "-eo", "pipefail", "-c"], "python": [sys.executable, "-c"]}
BLOCKS = [
    pytest.param(kind, text, id=f"{page.stem}, {kind} {number}")
    for page in PAGES
    for number, (kind, text) in enumerate(BLOCK.findall(page.read_text("utf-8")), start=1)
]


@pytest.mark.parametrize(("kind", "text"), BLOCKS)
def test_commands_run(reading: Server, scan: bytes, tmp_path: Path, kind: str, text: str) -> None:
    (tmp_path / "scan.png").write_bytes(scan)
    (tmp_path / "report.pdf").write_bytes(pdf(3))
    address = str(reading.http.base_url).rstrip("/")
    commands = text.replace("http://localhost:8000", address).replace("curl ", "curl --fail-with-body ")
    if kind == "python":
        pytest.importorskip("requests")

    done = subprocess.run([*PROGRAMS[kind], commands], cwd=tmp_path, capture_output=True, timeout=120)

    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout
