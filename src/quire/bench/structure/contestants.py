"""Peers at work, each in its own process, with a time limit on every document."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import Any, Final

from quire.bench.structure import peer_child
from quire.bench.structure.environments import python_of
from quire.bench.structure.subjects import Subject
from quire.errors import CapabilityMissing

_START_S: Final = 60.0
PAGE_LIMIT_S: Final = 60.0


@dataclass(slots=True)
class Run:
    """What a peer made of some documents.

    Attributes:
        answers: by the document's name; see `peer_child`.
        failures: why others have none.
        page_s: seconds a page, over all documents.
        version: of its package, where it has one.
    """

    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    page_s: float = 0.0
    version: str | None = None


def run_peer(name: str, environment: str | None, subjects: Sequence[Subject]) -> Run:
    """Lets a peer read documents one after the other; one that takes too long is stopped and counts as not read.

    Raises:
        CapabilityMissing: the peer cannot run here.
    """
    run, waiting, spent_s = Run(), list(subjects), 0.0
    python = python_of(environment)
    while waiting:
        with _started(name, python) as child:
            run.version = _answer(child, _START_S).get("version")
            while waiting and child.poll() is None:
                subject = waiting.pop(0)
                started = time.perf_counter()
                _take(child, subject, run)
                spent_s += time.perf_counter() - started
    run.page_s = spent_s / max(1, sum(subject.pages for subject in subjects))
    return run


def _take(child: subprocess.Popen[bytes], subject: Subject, run: Run) -> None:
    """One document; ends the child when it takes too long or breaks."""
    try:
        _ask(child, subject.path)
        run.answers[subject.name] = _answer(child, PAGE_LIMIT_S * subject.pages)
    except (CapabilityMissing, OSError) as exc:
        run.failures[subject.name] = str(exc) or type(exc).__name__
        _end(child)


def _ask(child: subprocess.Popen[bytes], path: Path) -> None:
    if child.stdin:
        child.stdin.write(f"{path.resolve()}\n".encode())
        child.stdin.flush()


def _answer(child: subprocess.Popen[bytes], limit_s: float) -> Mapping[str, Any]:
    """The child's next line.

    Raises:
        CapabilityMissing: there is none in time, or it says that something failed.
    """
    if child.stdout is None or not select([child.stdout], [], [], limit_s)[0]:
        raise CapabilityMissing(f"took longer than {limit_s:.0f} s")
    line = child.stdout.readline()
    if not line:
        raise CapabilityMissing("its process died")
    answer: Mapping[str, Any] = json.loads(line)
    if "error" in answer:
        raise CapabilityMissing(answer["error"])
    return answer


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kills the child and the programs that it runs."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


@contextmanager
def _started(name: str, python: Path) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(  # noqa: S603 - our own file
        [str(python), peer_child.__file__, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        _end(child)
