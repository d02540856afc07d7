"""How much of the machine Quire uses: time inside its networks, and their speed beside the peak."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quire.bench.peak import matrix_peak
from quire.bench.peers.own import Quire
from quire.bench.recorder import RecordingRuntime, Work
from quire.engines.ppocr.engine import PPOcrEngine
from quire.models.store import ModelStore
from quire.runtimes.openvino import OpenVinoRuntime


@dataclass(frozen=True, slots=True)
class Use:
    """One reading of pages on all streams.

    Attributes:
        wall_s: seconds that it took.
    """

    pages: int
    streams: int
    wall_s: float
    work: Work

    @property
    def network_share(self) -> float:
        """Seconds inside networks over those that all streams had; the rest is other work."""
        return self.work.network_s / (self.wall_s * self.streams)

    @property
    def flops_per_s(self) -> float:
        """Of all streams together, while they are inside networks."""
        return self.work.flops / (self.work.network_s / self.streams)


def measure_efficiency(pages: Sequence[NDArray[np.uint8]]) -> dict[str, Any]:
    """Figures of one use; the peak is the better of one measured before and one after."""
    streams = OpenVinoRuntime().streams
    before = matrix_peak(streams)
    use = measure_use(pages)
    peak = max(before, matrix_peak(streams))
    return {
        "streams": streams,
        "pages_per_s": use.pages / use.wall_s,
        "network_share": use.network_share,
        "gflop_a_page": use.work.flops / use.pages / 1e9,
        "network_tflops": use.flops_per_s / 1e12,
        "peak_tflops": peak / 1e12,
        "peak_share": use.flops_per_s / peak,
    }


def measure_use(pages: Sequence[NDArray[np.uint8]], repeats: int = 2) -> Use:
    """Reads pages (height, width, 3) uint8 BGR, after once to warm up, and notes what the networks do."""
    runtime = RecordingRuntime(OpenVinoRuntime())
    reader = Quire(PPOcrEngine(runtime, ModelStore()))
    reader.start()
    with ThreadPoolExecutor(reader.concurrency) as pool:
        list(pool.map(reader.read, pages))
        runtime.reset()
        started = time.perf_counter()
        list(pool.map(reader.read, [*pages] * repeats))
        wall_s = time.perf_counter() - started
    reader.close()
    return Use(len(pages) * repeats, runtime.streams, wall_s, runtime.work())
