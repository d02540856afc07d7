"""Runtimes, and weights of tiny networks in a models folder, with a catalogue that knows them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from quire.models import catalog
from quire.models.store import ModelStore
from quire.runtimes.base import Runtime
from quire.runtimes.onnxruntime import OnnxRuntime
from quire.runtimes.openvino import OpenVinoRuntime

Install = Callable[..., ModelStore]


@pytest.fixture(params=[OpenVinoRuntime, OnnxRuntime], ids=["OpenVINO", "ONNX Runtime"], scope="session")
def runtime(request: pytest.FixtureRequest) -> Runtime:
    pytest.importorskip("openvino" if request.param is OpenVinoRuntime else "onnxruntime")
    made: Runtime = request.param(threads=1, streams=1)
    return made


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, onnx.ModelProto], tuple[catalog.ModelEntry, bytes]]:
    """Makes a network the published one of that name; its entry and its file."""
    known = {entry.name: entry for entry in catalog.entries()}
    monkeypatch.setattr(catalog, "_by_name", lambda: known)

    def published(name: str, network: onnx.ModelProto) -> tuple[catalog.ModelEntry, bytes]:
        content = network.SerializeToString()
        known[name] = replace(known[name], sha256=hashlib.sha256(content).hexdigest())
        return known[name], content

    return published


@pytest.fixture
def install(tmp_path: Path, publish: Callable[..., tuple[catalog.ModelEntry, bytes]]) -> Install:
    """Puts networks into a models folder: `install(layout, table)`."""
    store = ModelStore(tmp_path / "models")
    store.root.mkdir()

    def installed(layout: onnx.ModelProto | None = None, table: onnx.ModelProto | None = None) -> ModelStore:
        for name, network in (("pp-doclayoutv3", layout), ("slanet-plus", table)):
            if network is not None:
                entry, content = publish(name, network)
                store.path(entry).write_bytes(content)
        return store

    return installed
