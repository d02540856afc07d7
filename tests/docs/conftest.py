"""A server with the real engine, and a folder with the documents that the pages name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from doc_blocks import ROOT
from PIL import Image

from answering import Answer, WebServer, web_server
from calls import WEBHOOK_SECRET
from commanding import pdf, scan
from papers import report
from running import Server, quire_serve


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that the commands ask. It signs webhooks, and may reach this machine."""
    variables = {"QUIRE_JOBS__WEBHOOK_SECRET": WEBHOOK_SECRET, "QUIRE_URLS__ALLOW_NETWORKS": "127.0.0.0/8"}
    with quire_serve(tmp_path_factory.mktemp("reading"), **variables) as running:
        yield running


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents and files of settings that commands name, as they name them."""
    folder = tmp_path_factory.mktemp("library")
    contents = {
        **dict.fromkeys(("invoice.png", "scan.png", "letter.png", "scans/page.png"), scan("Total amount: 90")),
        **dict.fromkeys(("invoice.pdf", "paper.pdf", "input_pdfs/a.pdf"), report()),
        **dict.fromkeys(("book.pdf", "annex.pdf", "report.pdf", "scan.pdf"), pdf(3)),
        "key.txt": b"qk_a",
        "pages/a.png": scan("Total amount: 90"),
        "pages/a.txt": b"Total amount: 95",
        "pages/manifest.jsonl": _example("docs/accuracy.md", "json"),
        "quire.toml": _example("docs/configuration.md", "toml"),
        "pipeline.yaml": _example("docs/engines.md", "yaml"),
    }
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    with Image.open(folder / "scan.png") as image:
        image.save(folder / "scan.tif")
    return folder


def _example(page: str, kind: str) -> bytes:
    """The first file of that kind that a page shows."""
    found = re.search(rf"^```{kind}\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    return found[1].encode()


@pytest.fixture(scope="session")
def web(library: Path) -> Iterator[WebServer]:
    """A web server that has one of the documents, at any address that the pages name."""
    with web_server() as running:
        document = Answer((library / "report.pdf").read_bytes(), headers={"Content-Type": "application/pdf"})
        running.answers |= dict.fromkeys(("/a.pdf", "/b.pdf"), document)
        yield running
