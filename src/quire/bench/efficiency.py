"""How much of the machine Quire uses: time inside its networks, and their speed beside the peak."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quire.bench.peak import matrix_peak
from quire.bench.peers.own import Quire
from quire.bench.recorder import RecordingRuntime
from quire.engines.ppocr.engine import PPOcrEngine
from quire.models.store import ModelStore
from quire.runtimes.openvino import OpenVinoRuntime


def measure_efficiency(pages: Sequence[NDArray[np.uint8]], repeats: int = 2) -> dict[str, Any]:
    """Reads pages (height, width, 3) uint8 BGR on all streams and notes what the networks do.

    Returns:
        `network_share`: seconds inside networks over those that all streams had; the rest is other work.
        `peak_share`: operations a second while inside networks over the peak of plain matrix products.
    """
    runtime = RecordingRuntime(OpenVinoRuntime())
    reader = Quire(PPOcrEngine(runtime, ModelStore()))
    reader.start()
    with ThreadPoolExecutor(reader.concurrency) as pool:
        list(pool.map(reader.read, pages))
        runtime.reset()
        peaks = [matrix_peak(runtime.streams)]
        started = time.perf_counter()
        list(pool.map(reader.read, [*pages] * repeats))
        wall_s = time.perf_counter() - started
    peaks.append(matrix_peak(runtime.streams))
    reader.close()
    work = runtime.work()
    achieved = work.flops / (work.network_s / runtime.streams)
    return {
        "streams": runtime.streams,
        "pages_per_s": len(pages) * repeats / wall_s,
        "network_share": work.network_s / (wall_s * runtime.streams),
        "gflop_a_page": work.flops / len(pages) / repeats / 1e9,
        "network_tflops": achieved / 1e12,
        "peak_tflops": max(peaks) / 1e12,
        "peak_share": achieved / max(peaks),
    }
