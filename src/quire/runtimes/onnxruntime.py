"""ONNX Runtime: any CPU, and NVIDIA GPUs through its CUDA and TensorRT providers.

On x86 CPUs it computes in float32 only, so that OpenVINO is faster there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from quire.errors import EngineFailed, EngineStartError, RuntimeMissing
from quire.runtimes.base import ANY_SHAPES, Array, Profile, Shapes
from quire.runtimes.machine import available_cores

Device = Literal["cpu", "cuda", "tensorrt", "auto"]

_PROVIDERS: Final = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
_GPU_STREAMS: Final = 2
_ERRORS_ONLY: Final = 3
_FATAL_ONLY: Final = 4


class OnnxRuntime:
    """Loads networks for a CPU or an NVIDIA GPU.

    Args:
        threads: CPU threads in all; the cores this process may use when absent.
        streams: runs that proceed at once, each on `threads / streams` threads; one a thread when absent, two
            on a GPU, so that one copies while the other computes.
        device: "auto" takes a GPU where CUDA works, else the CPU; TensorRT must be asked for, as its first
            start builds engines for minutes.
        trt_cache: folder where TensorRT keeps the engines it built; without it every start builds them anew.

    Raises:
        RuntimeMissing: ONNX Runtime is not installed, or its build or the machine's drivers lack the device.
    """

    name = "onnxruntime"

    def __init__(
        self,
        *,
        threads: int | None = None,
        streams: int | None = None,
        device: Device = "cpu",
        trt_cache: Path | None = None,
    ) -> None:
        self._library = _import()
        self.version = str(self._library.__version__)
        self.device: str = _choose(self._library, device)
        self.threads = threads or available_cores()
        usual = self.threads if self.device == "cpu" else _GPU_STREAMS
        self.streams = min(streams or usual, self.threads) if self.device == "cpu" else streams or usual
        self._trt_cache = trt_cache

    def load(self, model: Path | Any, shapes: Shapes = ANY_SHAPES) -> OnnxSession:
        """Loads a network from an ONNX file or an in-memory `onnx.ModelProto`.

        Args:
            shapes: TensorRT builds for its profiles; one outside of them costs a build of a minute. Other
                devices take any shape.

        Raises:
            EngineStartError: it cannot be read or compiled.
        """
        source = str(model) if isinstance(model, Path) else model.SerializeToString()
        try:
            session = self._library.InferenceSession(source, self._options(), providers=self._providers(shapes))
        # The library's exceptions have no base class of their own.
        except Exception as exc:
            raise EngineStartError(
                "ONNX Runtime cannot load the network: the file is damaged or needs a newer onnxruntime; "
                "pull the model again"
            ) from exc
        return OnnxSession(session)

    def _options(self) -> Any:
        options = self._library.SessionOptions()
        options.graph_optimization_level = self._library.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.intra_op_num_threads = max(1, self.threads // self.streams)
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        if self.streams > 1:
            # A thread that spins while it waits takes the core from another stream.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return options

    def _providers(self, shapes: Shapes) -> list[tuple[str, dict[str, Any]]]:
        cpu: tuple[str, dict[str, Any]] = (_PROVIDERS["cpu"], {})
        # An exhaustive search would time every algorithm anew for each shape of input.
        cuda = (_PROVIDERS["cuda"], {"cudnn_conv_algo_search": "HEURISTIC"})
        if self.device == "tensorrt":
            options = tensorrt_options(self._trt_cache, shapes.profiles) | {"trt_fp16_enable": not shapes.exact}
            return [(_PROVIDERS["tensorrt"], options), cuda, cpu]
        return [cuda, cpu] if self.device == "cuda" else [cpu]


class OnnxSession:
    """One loaded network."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._outputs = [output.name for output in session.get_outputs()]

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs by name; they belong to the caller.

        Raises:
            EngineFailed: the inputs do not fit the network, or memory ran out.
        """
        try:
            outputs = self._session.run(self._outputs, dict(inputs))
        # The library's exceptions have no base class of their own.
        except Exception as exc:
            raise EngineFailed(
                "ONNX Runtime cannot run the network on this input: if memory is short, use fewer streams"
            ) from exc
        return dict(zip(self._outputs, outputs, strict=True))


def tensorrt_options(cache: Path | None, profiles: Mapping[str, Profile]) -> dict[str, Any]:
    """Options of the TensorRT provider: half precision, pinned shapes, and engines kept in `cache`."""
    options: dict[str, Any] = {"trt_fp16_enable": True}
    if cache is not None:
        folder = str(cache)
        options |= {"trt_engine_cache_enable": True, "trt_engine_cache_path": folder}
        options |= {"trt_timing_cache_enable": True, "trt_timing_cache_path": folder}
    for bound, field in (("min", "smallest"), ("opt", "usual"), ("max", "largest")):
        if profiles:
            options[f"trt_profile_{bound}_shapes"] = ",".join(
                f"{name}:{'x'.join(map(str, getattr(profile, field)))}" for name, profile in profiles.items()
            )
    return options


def _import() -> Any:
    try:
        import onnxruntime
    except ImportError as exc:
        raise RuntimeMissing("the onnxruntime package is not installed: `pip install quire-ocr[onnxruntime]`") from exc
    return onnxruntime


def _choose(library: Any, device: Device) -> Literal["cpu", "cuda", "tensorrt"]:
    if device == "auto":
        return "cuda" if _works(library, "cuda") else "cpu"
    if device != "cpu" and not _works(library, device):
        raise RuntimeMissing(
            f"onnxruntime cannot use {device} here: install onnxruntime-gpu in the place of onnxruntime and "
            "the CUDA libraries it needs, or choose the device 'cpu'"
        )
    return device


def _works(library: Any, device: Literal["cuda", "tensorrt"]) -> bool:
    """Whether a session really gets the device: the library lists it even where drivers are missing."""
    provider = _PROVIDERS[device]
    if provider not in library.get_available_providers():
        return False
    options = library.SessionOptions()
    options.log_severity_level = _FATAL_ONLY
    try:
        session = library.InferenceSession(_identity_network(), options, providers=[provider])
    except Exception:  # noqa: BLE001 - whatever it says, the device is of no use
        return False
    return provider in session.get_providers()


def _identity_network() -> bytes:
    from onnx import TensorProto, helper

    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "probe", ends[:1], ends[1:])
    opsets = [helper.make_opsetid("", 17)]
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString())
