"""Sends a round of documents, half of them one by one and half as a job, and checks every page that comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from quire.bench.server.client import Answer, BrokenExchange, Connection, packed, upload
from quire.bench.server.load import ANSWER_S
from quire.bench.soak.documents import Sheet
from quire.errors import EngineFailed

_CONNECTIONS: Final = 4
_WAIT_S: Final = 30


@dataclass(slots=True)
class Findings:
    """What came back so far.

    Attributes:
        pages: that were sent in whole documents.
        lost, doubled, changed: pages that did not come back, came twice, or say something else than at first.
        refused: broken documents that were refused, as they should be.
        surprises: documents, in words, that were treated otherwise than they should be; the first few.
    """

    pages: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    refused: int = 0
    surprises: list[str] = field(default_factory=list)
    _texts: dict[tuple[str, int], str] = field(default_factory=dict)

    def whole(self, sheet: Sheet, document: dict[str, Any] | None) -> None:
        """Takes what was read of a document that is not broken; None when nothing was."""
        pages = [] if document is None else document["pages"]
        numbers = [page["number"] for page in pages]
        wanted = sheet.pages or 0
        self.pages += wanted
        self.lost += len(set(range(1, wanted + 1)).difference(numbers))
        self.doubled += len(numbers) - len(set(numbers))
        for page in pages:
            first = self._texts.setdefault((sheet.base, page["number"]), page["text"])
            self.changed += page["text"] != first

    def broken(self, sheet: Sheet, status: int) -> None:
        """Takes the status that a broken document was answered with."""
        if 400 <= status < 500:
            self.refused += 1
        else:
            self.surprise(sheet, f"status {status}")

    def surprise(self, sheet: Sheet, what: str) -> None:
        if len(self.surprises) < 20:
            self.surprises.append(f"{sheet.base}: {what}")


async def run_round(port: int, sheets: Sequence[Sheet], findings: Findings) -> None:
    """Sends the documents and takes what comes back.

    Raises:
        EngineFailed: the server did not answer.
    """
    half = len(sheets) // 2
    waiting = iter(sheets[:half])
    try:
        async with asyncio.timeout(ANSWER_S), asyncio.TaskGroup() as group:
            group.create_task(_as_job(port, sheets[half:], findings))
            for _ in range(_CONNECTIONS):
                group.create_task(_one_by_one(port, waiting, findings))
    except (TimeoutError, ExceptionGroup) as exc:
        raise EngineFailed(
            "the server did not answer every request of the soak: its memory or its log says why"
        ) from exc


async def _one_by_one(port: int, waiting: Iterator[Sheet], findings: Findings) -> None:
    with Connection(port) as connection:
        for sheet in waiting:
            answer = await connection.ask(upload("/v1/read", (sheet.name, sheet.content), keep=True))
            if sheet.pages is None:
                findings.broken(sheet, answer.status)
            else:
                findings.whole(sheet, _json(answer) if answer.status == 200 else None)


async def _as_job(port: int, sheets: Sequence[Sheet], findings: Findings) -> None:
    with Connection(port) as connection:
        documents = [(sheet.name, sheet.content) for sheet in sheets]
        address = f"/v1/jobs/{_json(await connection.ask(upload('/v1/jobs', *documents)))['id']}"
        job = await _ended(connection, address)
        result = _json(await connection.ask(packed("GET", f"{address}/result?format=json")))
        await connection.ask(packed("DELETE", address))
    read = {document["name"]: document for document in result["documents"]}
    for sheet, state in zip(sheets, job["documents"], strict=True):
        if sheet.pages is not None:
            findings.whole(sheet, read.get(sheet.name))
        elif state["error"] is not None:
            findings.refused += 1
        else:
            findings.surprise(sheet, f"state {state['state']}")


async def _ended(connection: Connection, address: str) -> dict[str, Any]:
    while True:
        job = _json(await connection.ask(packed("GET", f"{address}?wait={_WAIT_S}")))
        if job["finished_at"] is not None:
            return job


def _json(answer: Answer) -> dict[str, Any]:
    if answer.status >= 400:
        raise BrokenExchange(f"status {answer.status}: {answer.body[:200].decode(errors='replace')}")
    found: dict[str, Any] = json.loads(answer.body)
    return found
