"""Servers start and stop as the documentation starts them, but for ports."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from doc_blocks import Block, blocks

from running import Server

# Those that differ only in their port are one.
SERVERS = {re.sub(r"--port \d+", "", block.text): block for block in blocks("sh") if block.serves and not block.not_run}


@pytest.mark.parametrize("block", SERVERS.values(), ids=lambda block: block.name)
def test_servers_start_and_stop(block: Block, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = shlex.split(block.text)
    command = words.index("quire")
    variables = dict(word.split("=", 1) for word in words[:command])
    monkeypatch.chdir(library)
    # The last port counts.
    arguments = ["-m", *words[command:], "--port", "0"]
    modest = {"QUIRE_DATA_DIR": str(tmp_path / "data"), "QUIRE_WORKERS": "1"}

    server = Server(arguments, tmp_path / "server.log", **variables | modest)
    try:
        assert server.http.get("/healthz").status_code == 200
        assert server.stop() == 0, server.log
    finally:
        server.close()
