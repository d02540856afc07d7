"""Commands of the documentation run as they stand, but for addresses: of the server, and of documents in the web."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from doc_blocks import PAGES, Block, blocks

from answering import WebServer
from calls import WEBHOOK_SECRET
from commanding import environment
from running import Server

PROGRAMS = {
    "sh": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-c"],
    "js": ["node", "--input-type=module", "-e"],
}
ALL = [*blocks(*PROGRAMS)]
RUN = [block for block in ALL if not block.not_run and not block.serves]

MODEL_SERVER = "it needs a model server"
NOT_RUN = {
    "README.md": ["it sets up the environment that the tests run in"],
    "CONTRIBUTING.md": ["they set up environments, and take minutes", "they take minutes"],
    "docs/accuracy.md": ["it takes twenty minutes, and needs documents with known text"],
    "docs/engines.md": [MODEL_SERVER, MODEL_SERVER, "it needs root", MODEL_SERVER],
    "docs/models.md": ["it needs the internet", "it needs the internet"],
    "docs/moving/docling-serve.md": ["it needs docling and langchain-docling"],
    "docs/operations.md": [MODEL_SERVER, "it takes minutes"],
    "docs/reliability.md": ["it takes minutes", "it takes minutes", MODEL_SERVER],
}


def test_what_does_not_run_is_listed_here() -> None:
    found = defaultdict(list)
    for block in ALL:
        if block.not_run:
            found[block.page].append(block.not_run)

    assert found == NOT_RUN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_stand_in_fences(page: Path) -> None:
    outside = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)

    assert re.findall(r"\n\n {4}.*", outside) == []


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.name)
def test_commands_run(block: Block, reading: Server, web: WebServer, library: Path, tmp_path: Path) -> None:
    for program in ("curl", "jq", "node", "tesseract"):
        if re.search(rf"\b{program}\b", block.text + PROGRAMS[block.kind][0]) and not shutil.which(program):
            pytest.skip(f"`{program}` is not installed")
    folder = tmp_path / "documents"
    shutil.copytree(library, folder)
    before = {*folder.rglob("*")}

    done = subprocess.run(
        [*PROGRAMS[block.kind], _addressed(block.text, reading, web)],
        cwd=folder,
        env=_environment(tmp_path, reading),
        capture_output=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout or {*folder.rglob("*")} - before


def _addressed(text: str, reading: Server, web: WebServer) -> str:
    local = re.sub(r"http://(localhost|127\.0\.0\.1):(8000|5001)", _address(reading), text)
    return local.replace("https://example.org/", web.url()).replace("qk_…", "qk_a")


def _environment(home: Path, reading: Server) -> dict[str, str]:
    """That of somebody who has `quire` on the PATH, for whom curl fails where the server answers an error."""
    (home / ".curlrc").write_text("fail-with-body\n")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return environment(
        HOME=str(home),
        PATH=path,
        QUIRE_DATA_DIR=str(home / "data"),
        QUIRE_CLIENT_SERVER=_address(reading),
        QUIRE_JOBS__WEBHOOK_SECRET=WEBHOOK_SECRET,
    )


def _address(server: Server) -> str:
    return str(server.http.base_url).rstrip("/")
