"""What the APIs of other services cost beyond the native one, on a page that the server has read before."""

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

_OK: Final = 200


async def measure_adapters(server: RunningServer, document: tuple[str, bytes], repeats: int) -> dict[str, float]:
    """Median seconds that each answer takes longer than the native one to the same question, asked in turn.

    Args:
        document: name and bytes of an image.
        repeats: of each pair of questions.
    """
    with Connection(server.port) as connection:
        pairs = _uploads(*document) | await _tasks(connection, document)
        return {name: await _longer(connection, *pair, repeats) for name, pair in pairs.items()}


async def _longer(connection: Connection, adapted: bytes, native: bytes, repeats: int) -> float:
    """The first pair fills the cache, and does not count."""
    differences = []
    for _ in range(repeats + 1):
        first, second = await ask(connection, adapted), await ask(connection, native)
        if (first.status, second.status) != (_OK, _OK):
            raise EngineFailed("the server did not answer every request: run `quire serve` to see why")
        differences.append(first.seconds - second.seconds)
    return median(differences[1:])


def _uploads(name: str, content: bytes) -> dict[str, tuple[bytes, bytes]]:
    """Adapted and native request, by what is asked."""
    encoded = base64.b64encode(content).decode()
    form, text = upload("/v1/read", (name, content), keep=True), _json("/v1/read", {"base64": encoded})
    return {
        "document": (upload("/api/v1/ocr/image", (name, content), keep=True), form),
        "structure": (upload("/api/v1/ocr/image?output_format=structured", (name, content), keep=True), form),
        "page breaks": (upload("/ocr", (name, content), keep=True), form),
        "categories": (_json("/process", {"image": encoded}), text),
        "prompt": (_json("/ocr", {"image_base64": encoded}), text),
        "markdown": (_json("/v1/ocr", {"document": {"image_url": f"data:image/jpeg;base64,{encoded}"}}), text),
        "conversion": (_json("/v1/convert/source", {"sources": [{"base64_string": encoded}]}), text),
    }


async def _tasks(connection: Connection, document: tuple[str, bytes]) -> dict[str, tuple[bytes, bytes]]:
    """Adapted and native request about a task that is done, by what is asked."""
    made = json.loads((await connection.ask(upload("/api/v1/ocr/process", document, keep=True))).body)
    task = made["task_id"]
    await connection.ask(packed("GET", f"/v1/jobs/{task}?wait=60"))
    native = packed("GET", f"/v1/jobs/{task}/result")
    paths = {
        "task": f"/api/v1/ocr/results/{task}",
        "analysis": f"/documentintelligence/documentModels/prebuilt-read/analyzeResults/{task}",
    }
    return {name: (packed("GET", path), native) for name, path in paths.items()}


def _json(path: str, body: Mapping[str, Any]) -> bytes:
    return packed("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
