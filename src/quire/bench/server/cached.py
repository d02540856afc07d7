"""Pages that the server has read before: how many requests for them it answers in a second, and what they cost."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from quire.bench.extras import missing_extra
from quire.bench.server.client import upload
from quire.bench.server.load import all_of, for_a_while, percentile
from quire.bench.server.process import RunningServer
from quire.errors import EngineFailed

_CONNECTIONS: Final = 8


async def measure_cached(server: RunningServer, documents: Mapping[str, bytes], seconds: float) -> dict[str, Any]:
    """Figures by document, for `seconds` each.

    Args:
        documents: of one page each; the name's suffix is the file's.
    """
    return {name: await _rate(server, name, document, seconds) for name, document in documents.items()}


async def _rate(server: RunningServer, name: str, document: bytes, seconds: float) -> dict[str, Any]:
    request = upload("/v1/read", (name, document), keep=True)
    await all_of(server.port, [request], 1)
    before, client_before, started = _cpu_s(server.pid), time.process_time(), time.perf_counter()
    done = await for_a_while(server.port, [request], _CONNECTIONS, seconds)
    wall_s, client_s = time.perf_counter() - started, time.process_time() - client_before
    event_loop_s, all_s = (after - earlier for after, earlier in zip(_cpu_s(server.pid), before, strict=True))
    if any(exchange.status != 200 for exchange in done):
        raise EngineFailed("the server did not answer every request from its cache: run `quire serve` to see why")
    return {
        "upload_bytes": len(document),
        "connections": _CONNECTIONS,
        "requests_per_s": len(done) / wall_s,
        "p99_s": percentile([exchange.seconds for exchange in done], 0.99),
        # One thread runs the event loop: where it is busy all the time, it is the limit.
        "event_loop_busy": event_loop_s / wall_s,
        "event_loop_s_a_request": event_loop_s / len(done),
        "server_cpu_s_a_request": all_s / len(done),
        "client_cpu_s_a_request": client_s / len(done),
    }


def _cpu_s(pid: int) -> tuple[float, float]:
    """CPU seconds of a process's main thread so far, and of all its threads."""
    try:
        import psutil
    except ImportError as exc:
        raise missing_extra(exc) from exc
    by_thread = {thread.id: thread.user_time + thread.system_time for thread in psutil.Process(pid).threads()}
    return by_thread.get(pid, 0.0), sum(by_thread.values())
