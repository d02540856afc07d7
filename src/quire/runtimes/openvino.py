"""OpenVINO on the CPU: the default runtime on x86, where it uses AMX and AVX-512 in bfloat16.

Two ways to load a network. A dynamic one takes any shape; the first run of each new shape builds kernels for it
(60 to 600 ms). A static one is compiled anew for each shape and runs about a tenth faster (a quarter for the
detector, whose element-wise operations only then fuse); at most `MAX_SHAPES` are kept, the least used goes first.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quire.errors import EngineStartError, RuntimeMissing

MAX_SHAPES = 24


class OpenVinoRuntime:
    """Loads networks for the CPU.

    Args:
        threads: CPU threads in all; the cores this process may use when absent.
        streams: runs that proceed at once, each on `threads / streams` threads; one a thread when absent, since
            two streams of one thread do more than one stream of two.
    """

    name = "openvino"
    device = "cpu"

    def __init__(self, *, threads: int | None = None, streams: int | None = None) -> None:
        try:
            import openvino
        except ImportError as exc:
            raise RuntimeMissing(
                "the openvino package is not installed: `pip install openvino`, or choose runtime 'onnxruntime'"
            ) from exc
        self.threads = threads or available_cores()
        self.streams = min(streams or self.threads, self.threads)
        self.version = str(openvino.__version__)
        self._core = openvino.Core()

    def load(self, model: Path | Any, *, static: bool = False) -> OpenVinoSession | StaticOpenVinoSession:
        """Loads a network from an ONNX file or an in-memory `onnx.ModelProto`.

        Raises:
            EngineStartError: it cannot be read or compiled.
        """
        try:
            graph = self._core.read_model(model if isinstance(model, Path) else model.SerializeToString())
            if static:
                return StaticOpenVinoSession(self, graph)
            return OpenVinoSession(self.compile(graph))
        except RuntimeError as exc:
            raise EngineStartError("OpenVINO cannot load the network: pull the model again") from exc

    def compile(self, graph: Any) -> Any:
        """The graph compiled for this runtime's threads and streams."""
        return self._core.compile_model(
            graph,
            "CPU",
            {
                "INFERENCE_NUM_THREADS": str(self.threads),
                "NUM_STREAMS": str(self.streams),
                # Processor-rate precision: bfloat16 where the CPU has it, else float32.
                "EXECUTION_MODE_HINT": "PERFORMANCE",
                # Pinning would nail two servers on one machine to the same cores.
                "ENABLE_CPU_PINNING": "NO",
            },
        )

    def reshaped(self, graph: Any, shapes: Mapping[str, tuple[int, ...]]) -> Any:
        """A compiled copy of the graph with fixed input shapes."""
        copy = graph.clone()
        copy.reshape({name: list(shape) for name, shape in shapes.items()})
        return self.compile(copy)


class OpenVinoSession:
    """One compiled network; each calling thread has an infer request of its own."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self._outputs = [port.get_any_name() for port in compiled.outputs]
        self._local = local()

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Outputs by name; they belong to the caller."""
        request = getattr(self._local, "request", None)
        if request is None:
            request = self._local.request = self._compiled.create_infer_request()
        request.infer(dict(inputs), share_inputs=True)
        return {
            name: np.array(request.get_output_tensor(index).data) for index, name in enumerate(self._outputs)
        }


class StaticOpenVinoSession:
    """One network, compiled once for each input shape that comes."""

    def __init__(self, runtime: OpenVinoRuntime, graph: Any) -> None:
        self._runtime = runtime
        self._graph = graph
        self._sessions: OrderedDict[tuple[tuple[int, ...], ...], OpenVinoSession] = OrderedDict()
        self._lock = Lock()

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Outputs by name; they belong to the caller."""
        return self._session(inputs).run(inputs)

    def _session(self, inputs: Mapping[str, NDArray[Any]]) -> OpenVinoSession:
        key = tuple(inputs[name].shape for name in sorted(inputs))
        with self._lock:
            session = self._sessions.get(key)
            if session is None:
                shapes = {name: value.shape for name, value in inputs.items()}
                session = OpenVinoSession(self._runtime.reshaped(self._graph, shapes))
                self._sessions[key] = session
                while len(self._sessions) > MAX_SHAPES:
                    self._sessions.popitem(last=False)
            self._sessions.move_to_end(key)
            return session


def available_cores() -> int:
    """Cores this process may use: the smaller of its CPU affinity and its container's CPU quota."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        if quota != "max":
            cores = min(cores, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass
    return cores
