"""OpenVINO on the CPU: the default runtime on x86, where it uses AMX and AVX-512 in bfloat16.

A network takes any shape; the first run of each new shape builds kernels for it (60 to 500 ms). A shape that
comes often is worth a compilation of its own, which runs a tenth faster (a quarter for the detector, whose
element-wise operations only then fuse) and costs 25 MB (50 for the detector): so there are few of them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quire.errors import EngineFailed, EngineStartError, RuntimeMissing
from quire.runtimes.base import ANY_SHAPES, Shapes
from quire.runtimes.machine import available_cores

InputShapes = tuple[tuple[str, tuple[int, ...]], ...]


def import_openvino() -> Any:
    """The library, without the telemetry that it would send at import unless told otherwise.

    Raises:
        RuntimeMissing: it is not installed.
    """
    # With this module absent OpenVINO takes its own stub that sends nothing.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino
    except ImportError as exc:
        raise RuntimeMissing(
            "the openvino package is not installed: `pip install openvino`, or choose runtime 'onnxruntime'"
        ) from exc
    return openvino


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
        openvino = import_openvino()
        self.threads = threads or available_cores()
        self.streams = min(streams or self.threads, self.threads)
        self.version = str(openvino.__version__)
        self._core = openvino.Core()

    def load(self, model: Path | Any, shapes: Shapes = ANY_SHAPES) -> OpenVinoSession:
        """Loads a network from an ONNX file or an in-memory `onnx.ModelProto`.

        Raises:
            EngineStartError: it cannot be read or compiled.
        """
        try:
            graph = self._core.read_model(model if isinstance(model, Path) else model.SerializeToString())
            return OpenVinoSession(self, graph, shapes)
        except RuntimeError as exc:
            raise EngineStartError("OpenVINO cannot load the network: pull the model again") from exc

    def compile(self, graph: Any, *, exact: bool = False) -> Any:
        """The graph compiled for this runtime's threads and streams.

        Args:
            exact: in float32.
        """
        precision = {"INFERENCE_PRECISION_HINT": "f32"} if exact else {}
        return self._core.compile_model(
            graph,
            "CPU",
            precision
            | {
                "INFERENCE_NUM_THREADS": str(self.threads),
                "NUM_STREAMS": str(self.streams),
                # Processor-rate precision: bfloat16 where the CPU has it, else float32.
                "EXECUTION_MODE_HINT": "PERFORMANCE",
                # Pinning would nail two servers on one machine to the same cores.
                "ENABLE_CPU_PINNING": "NO",
            },
        )

    def reshaped(self, graph: Any, shapes: Mapping[str, tuple[int, ...]], *, exact: bool = False) -> Any:
        """A compiled copy of the graph with fixed input shapes."""
        copy = graph.clone()
        copy.reshape({name: list(shape) for name, shape in shapes.items()})
        return self.compile(copy, exact=exact)


class OpenVinoSession:
    """One network for any shape, with compilations of their own for the shapes that come most."""

    def __init__(self, runtime: OpenVinoRuntime, graph: Any, shapes: Shapes) -> None:
        self._runtime = runtime
        self._graph = graph
        self._after = shapes.specialise_after
        self._most = shapes.most_special
        self._exact = shapes.exact
        self._any_shape = _Compiled(runtime.compile(graph, exact=self._exact))
        self._special: dict[InputShapes, _Compiled] = {}
        self._runs: Counter[InputShapes] = Counter()
        self._lock = Lock()

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Outputs by name; they belong to the caller.

        Raises:
            EngineFailed: the inputs do not fit the network, or memory ran out.
        """
        try:
            return self._compiled_for(inputs).run(inputs)
        except RuntimeError as exc:
            raise EngineFailed(
                "OpenVINO cannot run the network on this input: if memory is short, use fewer streams"
            ) from exc

    def _compiled_for(self, inputs: Mapping[str, NDArray[Any]]) -> _Compiled:
        if self._after is None:
            return self._any_shape
        shapes = tuple(sorted((name, value.shape) for name, value in inputs.items()))
        with self._lock:
            if shapes not in self._special and self._is_worth_it(shapes):
                compiled = self._runtime.reshaped(self._graph, dict(shapes), exact=self._exact)
                self._special[shapes] = _Compiled(compiled)
            return self._special.get(shapes, self._any_shape)

    def _is_worth_it(self, shapes: InputShapes) -> bool:
        """Counts a run; whether the shape has come often enough, and there is room for it."""
        if len(self._special) >= self._most or self._after is None:
            return False
        self._runs[shapes] += 1
        return self._runs[shapes] > self._after


class _Compiled:
    """One compilation; each calling thread has an infer request of its own."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._outputs = [port.get_any_name() for port in model.outputs]
        self._local = local()

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        request = getattr(self._local, "request", None)
        if request is None:
            request = self._local.request = self._model.create_infer_request()
        request.infer(dict(inputs), share_inputs=True)
        return {name: np.array(request.get_output_tensor(index).data) for index, name in enumerate(self._outputs)}
