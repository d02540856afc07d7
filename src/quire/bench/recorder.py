"""A runtime that notes what it runs: which network, at which input shapes, how often; and how busy it is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import onnx

from quire.bench.flops import count_flops
from quire.bench.shapes import Shape
from quire.runtimes.base import ANY_SHAPES, Array, Runtime, Session, Shapes

ShapeKey = tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What networks did.

    Attributes:
        runs: calls of all networks.
        flops: floating-point operations of all calls.
        network_s: seconds inside the networks, summed over the streams; waiting for one does not count.
    """

    runs: int
    flops: int
    network_s: float


class RecordingRuntime:
    """Wraps a runtime; `work` says what its sessions did since `reset`. As thread-safe as the runtime."""

    def __init__(self, inner: Runtime) -> None:
        self._inner = inner
        self._clock = _StreamClock(inner.streams)
        self._sessions: list[_RecordingSession] = []
        self.name, self.version = inner.name, inner.version
        self.device, self.streams = inner.device, inner.streams

    def load(self, model: Path | Any, shapes: Shapes = ANY_SHAPES) -> Session:
        """Loads a network; see `Runtime.load`."""
        session = _RecordingSession(model, self._inner.load(model, shapes), self._clock)
        self._sessions.append(session)
        return session

    def reset(self) -> None:
        """Forgets what was noted so far, as after a warm-up; call it while nothing runs."""
        self._clock.busy_s = 0.0
        for session in self._sessions:
            session.runs.clear()

    def work(self) -> Work:
        """What was done since the start or `reset`; call it while nothing runs.

        Raises:
            ValueError: the operations of a network cannot be counted.
        """
        runs = sum(session.runs.total() for session in self._sessions)
        return Work(runs, sum(session.flops() for session in self._sessions), self._clock.busy_s)


class _RecordingSession:
    def __init__(self, model: Path | Any, inner: Session, clock: _StreamClock) -> None:
        self.runs: Counter[ShapeKey] = Counter()
        self._model = model
        self._inner = inner
        self._clock = clock
        self._lock = Lock()

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        with self._lock:
            self.runs[tuple((name, tuple(value.shape)) for name, value in sorted(inputs.items()))] += 1
        with self._clock.running():
            return self._inner.run(inputs)

    def flops(self) -> int:
        model = onnx.load(str(self._model)) if isinstance(self._model, Path) else self._model
        return sum(times * count_flops(model, dict(key)) for key, times in self.runs.items())


class _StreamClock:
    """Adds up how long streams are busy: with more calls than streams, the surplus is waiting."""

    def __init__(self, streams: int) -> None:
        self.busy_s = 0.0
        self._streams = streams
        self._running = 0
        self._since_s = time.perf_counter()
        self._lock = Lock()

    @contextmanager
    def running(self) -> Iterator[None]:
        self._change(1)
        try:
            yield
        finally:
            self._change(-1)

    def _change(self, by: int) -> None:
        with self._lock:
            now_s = time.perf_counter()
            self.busy_s += min(self._running, self._streams) * (now_s - self._since_s)
            self._running += by
            self._since_s = now_s
