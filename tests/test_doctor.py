"""The doctor tells what is there and what is not, and survives whatever it meets."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from quire import doctor
from quire.doctor import machine, storage
from quire.doctor.finding import Finding
from quire.models import catalog
from quire.models.store import ModelStore


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quire")
    return doctor.examine(store=ModelStore(folder / "models"), data_dir=folder / "data")


def named(findings, name):
    (finding,) = (finding for finding in findings if finding.name == name)
    return finding


@pytest.mark.parametrize(
    "name",
    [
        "Python",
        "CPU",
        "CPU features",
        "memory",
        "container limits",
        "runtime openvino",
        "runtime onnxruntime",
        "engine ppocr",
        "format AVIF",
        "format JPEG 2000",
        "format HEIC",
        "tesseract",
        "models folder",
        "data folder",
    ],
)
def test_it_looks_at(findings, name):
    assert named(findings, name).found


@pytest.mark.parametrize("entry", catalog.entries(), ids=lambda entry: entry.name)
def test_every_model_is_here_or_has_a_command_that_fetches_it(findings, entry):
    finding = named(findings, f"model {entry.name}")
    assert finding.status == "ok" or f"`quire models pull {entry.name}`" in finding.remedy


def test_whatever_is_not_well_has_a_remedy(findings):
    assert all(finding.remedy for finding in findings if finding.status != "ok")


def test_the_default_engine_can_start_here(findings):
    assert named(findings, "engine ppocr").status == "ok"


def test_it_changes_nothing(tmp_path):
    doctor.examine(store=ModelStore(tmp_path / "models"), data_dir=tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_the_findings_are_json(findings):
    written = json.loads(json.dumps(doctor.to_dict(findings)))
    assert written["findings"][0] == findings[0].to_dict()
    assert len(written["findings"]) == len(findings)


def test_the_table_shows_every_finding_and_remedy():
    out = StringIO()
    shown = [
        Finding("one", "ok", "works"),
        Finding("two", "missing", "not here", "get [bold] it"),
        Finding("three", "warning", "odd", "mend it"),
    ]
    doctor.render(shown, Console(file=out, width=80))
    assert [line.strip() for line in out.getvalue().splitlines()] == [
        "✓  one    works",
        "–  two    not here",
        "get [bold] it",
        "!  three  odd",
        "mend it",
    ]


def test_a_bare_machine_is_described_and_no_exception_escapes(tmp_path):
    absent = ["openvino", "onnxruntime", "onnx", "PIL", "PIL.features", "rapidocr", "pillow_heif", "pynvml"]
    program = (
        f"import json, sys; sys.modules.update(dict.fromkeys({absent!r}))\n"
        "from quire import doctor; print(json.dumps(doctor.to_dict(doctor.examine())))"
    )
    environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(Path(doctor.__file__).parents[2])}
    finished = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    )
    status = {finding["name"]: finding["status"] for finding in json.loads(finished.stdout)["findings"]}
    for name in ("runtime openvino", "runtime onnxruntime", "engine ppocr", "tesseract"):
        assert status[name] == "missing"
    assert status["model ppocrv6-det-small"] == "missing"
    assert status["formats"] == "warning"


def test_a_damaged_model_is_a_warning(tmp_path):
    store = ModelStore(tmp_path)
    entry = catalog.entry("ppocrv5-rec-thai")
    store.path(entry).write_bytes(b"damaged")
    finding = named(list(storage.models(store)), "model ppocrv5-rec-thai")
    assert (finding.status, finding.found) == ("warning", "damaged")


def test_a_file_in_the_place_of_a_folder_is_a_warning(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"")
    (finding,) = storage.folder("data folder", path / "data")
    assert finding.status == "warning"


@pytest.mark.parametrize(
    ("flags", "status", "found"),
    [
        pytest.param("flags : fpu avx2 avx512f avx512_vnni avx512_bf16 amx_bf16", "ok", "bfloat16", id="AMX"),
        pytest.param("flags : fpu sse4_2 avx2", "ok", "float32 on 256-bit", id="AVX2 alone"),
        pytest.param("Features : fp asimd", "ok", "float32 on 128-bit", id="ARM"),
        pytest.param("flags : fpu sse4_2", "warning", "slowly", id="an old processor"),
        pytest.param("", "ok", "does not tell", id="an empty description"),
    ],
)
def test_the_vector_units_of(tmp_path, flags, status, found):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor : 0\nmodel name : Drawn\n{flags}\n\nprocessor : 1\nmodel name : Second\n")
    model, features = machine.cpu(cpuinfo)
    assert model.found.startswith("Drawn")
    assert features.status == status
    assert found in features.found


def test_a_system_that_describes_no_processor(tmp_path):
    _, features = machine.cpu(tmp_path / "absent")
    assert features.status == "ok"
