"""Everything there is to measure of the client, against one server, in one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from quire.bench import machine, report
from quire.bench.model.ending import measure_cancel, measure_loops
from quire.bench.model.questions import endless, fitting, of_length, questions
from quire.bench.model.throughput import measure_alone, measure_throughput
from quire.engines.registry import FAMILIES
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.requests import ModelRequest
from quire.errors import InvalidOption

_PAGES: Final = 24
_ALONE: Final = 8
_LEAVING: Final = 12
_REPEATS: Final = 5


def measure_model(
    url: str,
    engine: str,
    modes: Sequence[str],
    folder: Path | None,
    requests: int,
    in_flight: int,
    rounds: int,
    tokens: int | None,
    out: Path | None,
) -> dict[str, Any]:
    """See `quire.bench.run_model`."""
    if engine not in FAMILIES:
        raise InvalidOption(f"option 'engine': use one of {', '.join(FAMILIES)}")
    if min(requests, in_flight, rounds, 1 if tokens is None else tokens) < 1:
        raise InvalidOption("options 'requests', 'in_flight', 'rounds' and 'tokens': must be at least 1")
    requested = questions(engine, modes, folder, _PAGES)
    with closing(ModelClient(VlmConfig(urls=(url,), in_flight=in_flight))) as client:
        client.start()
        asked = [fitting(each, client.info.max_model_len) for each in requested]
        result = {"machine": machine.describe(), **_server(client, engine), **_setting(modes, folder, tokens)}
        result |= _figures(client, asked, requests, in_flight, rounds, tokens)
    _show(result)
    report.save(result, out)
    return result


def _figures(
    client: ModelClient, asked: list[ModelRequest], requests: int, in_flight: int, rounds: int, tokens: int | None
) -> dict[str, Any]:
    """All parts; loops only where the model itself decides how long its answers are."""
    timed = asked if tokens is None else [of_length(each, tokens) for each in asked]
    found = {
        "throughput": measure_throughput(client, list(islice(cycle(timed), requests)), in_flight, rounds),
        "alone": measure_alone(client, timed[:_ALONE]),
        "cancel": measure_cancel(client, list(islice(cycle(asked), min(in_flight, _LEAVING))), _REPEATS),
    }
    return found if tokens else found | {"loops": measure_loops(client, [endless(each) for each in asked])}


def _server(client: ModelClient, engine: str) -> dict[str, Any]:
    known = client.info
    return {"engine": engine, "model": known.models[0], "vllm": known.vllm_version}


def _setting(modes: Sequence[str], folder: Path | None, tokens: int | None) -> dict[str, Any]:
    return {"modes": list(modes), "pages": "drawn receipts" if folder is None else "a folder", "fixed_tokens": tokens}


def _show(result: Mapping[str, Any]) -> None:
    throughput, alone, cancel = result["throughput"], result["alone"], result["cancel"]
    rows: list[list[object]] = [
        ["bare loop, requests/s", throughput["bare_per_s"]["median"], None],
        ["client, requests/s", throughput["client_per_s"]["median"], None],
        ["client ÷ bare loop", throughput["ratio"]["median"], "≥ 0.97"],
        ["bare loop, CPU ms a request", throughput["bare_cpu_s_a_request"]["median"] * 1e3, None],
        ["client, CPU ms a request", throughput["client_cpu_s_a_request"]["median"] * 1e3, None],
        ["same answers", throughput["same_answers"], None],
        ["one request alone, bare loop, s", alone["bare_s"], None],
        ["one request alone, client, s", alone["client_s"], None],
        [f"{cancel['requests']} callers leave: server free after, s (longest)", cancel["max_s"], "≤ 1"],
    ]
    if "loops" in result:
        loops = result["loops"]
        rows += [
            [f"{loops['answers']} endless answers: ended, tokens (median)", loops["median_tokens"], None],
            ["of them within 200 tokens", loops["within_200"], None],
        ]
    report.show(
        f"Client of {result['model']}, {throughput['in_flight']} in flight", ["figure", "measured", "bar"], rows
    )
