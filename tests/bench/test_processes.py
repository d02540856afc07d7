"""Children within limits, and the verdicts on what they did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quire.bench.processes import peak_rss_bytes, run_module
from quire.bench.robustness import Outcome, Verdict

MODULES = {
    "quick": "print('done')",
    "sleeper": "import time; time.sleep(60)",
    "eater": "import time; block = bytearray(300_000_000); time.sleep(60)",
    "crasher": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
}


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in MODULES.items():
        (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize(
    ("module", "timeout_s", "end", "code"),
    [
        pytest.param("quick", 30, "exit", 0, id="one that ends by itself"),
        pytest.param("sleeper", 0.3, "time", -9, id="one that takes too long is stopped"),
        pytest.param("eater", 30, "memory", -9, id="one that grows too large is stopped"),
        pytest.param("crasher", 30, "exit", -11, id="one that crashes shows its signal"),
    ],
)
def test_a_child(module: str, timeout_s: float, end: str, code: int) -> None:
    ended = run_module(module, [], timeout_s=timeout_s, memory_bytes=200_000_000)
    assert (ended.end, ended.code) == (end, code)


@pytest.mark.usefixtures("modules")
def test_what_a_child_writes_comes_back() -> None:
    assert run_module("quick", [], timeout_s=30, memory_bytes=10**9).output.strip() == "done"


def test_the_peak_of_this_process_includes_what_it_once_had() -> None:
    block = bytearray(50_000_000)
    with_block = peak_rss_bytes()
    del block
    # Linux counts the pages of threads apart and adds them up now and then: the figure is a little off.
    assert peak_rss_bytes() >= with_block - 5_000_000 > 50_000_000


@pytest.mark.parametrize(
    ("expect", "outcome", "passed"),
    [
        ("read", "read", True),
        ("read", "partial", False),
        ("read", "refused", False),
        ("refuse", "refused", True),
        ("refuse", "read", False),
        ("either", "read", True),
        ("either", "partial", True),
        ("either", "refused", True),
        ("either", "crashed", False),
        ("either", "too slow", False),
        ("either", "too large", False),
    ],
)
def test_verdict(expect: str, outcome: Outcome, passed: bool) -> None:
    verdict = Verdict("a.png", expect, outcome, None, 1.0, 10**8)  # type: ignore[arg-type]
    assert verdict.passed is passed
    assert json.loads(json.dumps(verdict.to_dict()))["passed"] is passed
