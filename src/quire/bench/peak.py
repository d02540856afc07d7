"""What the machine can do at most: bfloat16 matrix products, measured the way the networks are run."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from quire.runtimes.openvino import import_openvino

_SIDE: Final = 2048
_CHAINED: Final = 4
"""Products in one run, so that converting its input does not count for much."""
_FLOPS_A_RUN: Final = 2 * _SIDE**3 * _CHAINED


def matrix_peak(streams: int, runs: int = 6) -> float:
    """Floating-point operations a second of chained 2048² products on all streams at once.

    Raises:
        RuntimeMissing: OpenVINO is not installed.
    """
    compiled = _compiled(streams)
    requests = [compiled.create_infer_request() for _ in range(streams)]
    block = np.full((_SIDE, _SIDE), 0.01, np.float32)
    with ThreadPoolExecutor(streams) as pool:
        list(pool.map(lambda request: request.infer([block]), requests))
        started = time.perf_counter()
        list(pool.map(lambda request: [request.infer([block]) for _ in range(runs)], requests))
        wall_s = time.perf_counter() - started
    return _FLOPS_A_RUN * runs * streams / wall_s


def _compiled(streams: int) -> Any:
    openvino = import_openvino()
    from openvino import opset13 as ops

    given = ops.parameter([_SIDE, _SIDE], np.float32)
    product = given
    for place in range(_CHAINED):
        weights = np.random.default_rng(place).normal(0, 0.02, (_SIDE, _SIDE)).astype(np.float32)
        product = ops.matmul(product, ops.constant(weights), False, False)
    model = openvino.Model([product], [given], "peak")
    config = {
        "INFERENCE_PRECISION_HINT": "bf16",
        "INFERENCE_NUM_THREADS": str(streams),
        "NUM_STREAMS": str(streams),
        "ENABLE_CPU_PINNING": "NO",
    }
    return openvino.Core().compile_model(model, "CPU", config)
