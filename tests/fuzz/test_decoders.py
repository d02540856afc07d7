"""Spoiled documents of every kind give pages or errors of ours: nothing else comes out, and no process dies of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from decoder import Decoder, Fault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import spoiled
from seeds import SEEDS

# Hypothesis counts the start of the process among an example's time.
QUICK = settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=20_000)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    process = Decoder()
    yield process
    process.close()


@pytest.mark.parametrize("kind", SEEDS)
def test_a_whole_document_is_decoded(decoder: Decoder, kind: str) -> None:
    assert [decoder.drawn(document) > 0 for document in SEEDS[kind]] == [True] * len(SEEDS[kind])


@pytest.mark.parametrize("kind", SEEDS)
@QUICK
@given(data=st.data())
def test_a_spoiled_document_is_decoded_or_refused(decoder: Decoder, kind: str, data: st.DataObject) -> None:
    decoder.drawn(data.draw(spoiled(SEEDS[kind])))


@pytest.mark.soak
@pytest.mark.parametrize("kind", SEEDS)
@LONG
@given(data=st.data())
def test_spoiled_documents_are_decoded_or_refused_for_long(decoder: Decoder, kind: str, data: st.DataObject) -> None:
    decoder.drawn(data.draw(spoiled(SEEDS[kind])))


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        pytest.param("import os; os.abort()", "died with status -6", id="a crash"),
        pytest.param("""print('{"peak_bytes": 1, "leak": "KeyError", "drawn": 0}')""", "KeyError", id="another error"),
        pytest.param("""print('{"peak_bytes": 9e9, "leak": null, "drawn": 1}')""", "bytes", id="too much memory"),
    ],
)
def test_a_fault_of_the_process_is_noticed(tmp_path: Path, program: str, fault: str) -> None:
    (tmp_path / "broken.py").write_text(f"import sys; sys.stdin.buffer.read(4); sys.stderr.close(); {program}")
    broken = Decoder(tmp_path / "broken.py")

    with pytest.raises(Fault, match=fault):
        broken.drawn(b"%PDF-1.7")
    broken.close()
