"""What the APIs of other services cost beyond the native one, on pages that the server has read before."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from statistics import median
from typing import Any, Final

from quire.bench.server.client import Connection, packed, upload
from quire.bench.server.load import ask
from quire.bench.server.process import RunningServer
from quire.errors import EngineFailed

Pair = tuple[bytes, bytes]
"""Adapted and native request for the same."""

_OK: Final = 200
_WORD: Final = "the"


async def measure_adapters(
    server: RunningServer, documents: Mapping[str, bytes], repeats: int
) -> dict[str, dict[str, float]]:
    """Median seconds that each answer takes longer than the native one, asked in turn: by document, by answer.

    Args:
        documents: of one page each; the name's suffix is the file's.
        repeats: of each pair of questions.
    """
    found = {}
    with Connection(server.port) as connection:
        for name, content in documents.items():
            pairs = _uploads(name, content) | _texts(content) | await _tasks(connection, (name, content))
            found[name] = {answer: await _longer(connection, *pair, repeats) for answer, pair in pairs.items()}
    return found


async def _longer(connection: Connection, adapted: bytes, native: bytes, repeats: int) -> float:
    """The first pair fills the cache, and does not count."""
    differences = []
    for _ in range(repeats + 1):
        first, second = await ask(connection, adapted), await ask(connection, native)
        if (first.status, second.status) != (_OK, _OK):
            raise EngineFailed("the server did not answer every request: run `quire serve` to see why")
        differences.append(first.seconds - second.seconds)
    return median(differences[1:])


def _uploads(name: str, content: bytes) -> dict[str, Pair]:
    """Of documents in forms."""
    kind = "pdf" if name.endswith(".pdf") else "image"
    adapted = {
        "B: JSON": f"/api/v1/ocr/{kind}",
        "B: structured": f"/api/v1/ocr/{kind}?output_format=structured",
        "C: page breaks": "/ocr",
        "E: upload": "/upload-ocr",
    }
    native = upload("/v1/read", (name, content), keep=True)
    return {answer: (upload(path, (name, content), keep=True), native) for answer, path in adapted.items()} | {
        "B: text": (
            upload(f"/api/v1/ocr/{kind}?output_format=text", (name, content), keep=True),
            upload("/v1/read?format=text", (name, content), keep=True),
        )
    }


def _texts(content: bytes) -> dict[str, Pair]:
    """Of documents in base64."""
    encoded = base64.b64encode(content).decode()
    source, image = {"sources": [{"base64_string": encoded}]}, {"image_base64": encoded}
    document = {"document": {"document_url": f"data:application/octet-stream;base64,{encoded}"}}
    native = _json("/v1/read", {"base64": encoded})
    adapted = {
        "D: categories": _json("/process", {"image": encoded}),
        "E: text": _json("/ocr", image),
        "E: Markdown": _json("/document-to-markdown", image),
        "F: Markdown": _json("/v1/convert/source", source),
        "F: document": _json("/v1/convert/source", source | {"options": {"to_formats": ["json"]}}),
        "G: Markdown": _json("/v1/ocr", document),
        "G: words": _json("/v1/ocr", document | {"confidence_scores_granularity": "word"}),
    }
    return {answer: (request, native) for answer, request in adapted.items()} | {
        "E: places": (
            _json("/locate-text", image | {"text_to_locate": _WORD}),
            _json("/v1/read", {"base64": encoded, "task": "locate", "find": _WORD}),
        )
    }


async def _tasks(connection: Connection, document: tuple[str, bytes]) -> dict[str, Pair]:
    """Of a task that is done."""
    made = json.loads((await connection.ask(upload("/api/v1/ocr/process", document, keep=True))).body)
    task = made["task_id"]
    await connection.ask(packed("GET", f"/v1/jobs/{task}?wait=60"))
    native = packed("GET", f"/v1/jobs/{task}/result")
    models = "/documentintelligence/documentModels"
    paths = {
        "A: task": f"/api/v1/ocr/results/{task}",
        "B: job": f"/api/v1/jobs/{task}/result",
        "H: read": f"{models}/prebuilt-read/analyzeResults/{task}",
        "H: layout": f"{models}/prebuilt-layout/analyzeResults/{task}?outputContentFormat=markdown",
    }
    return {answer: (packed("GET", path), native) for answer, path in paths.items()}


def _json(path: str, body: Mapping[str, Any]) -> bytes:
    return packed("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
