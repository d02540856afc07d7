"""The worker process: `python -m quire.workers.child FD`.

It takes requests from the server through the socket FD, as many at a time as its engine takes pages, and belongs to it
for life: it ends when the server does, however that ends. Signals that stop a server are ignored, as terminals and
service managers send them to all processes of a group: a page in flight is finished while the server drains, and the
server ends its workers itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import logging
import resource
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, Final, NoReturn

from pydantic import TypeAdapter

from quire.engines.base import Engine, EngineInfo
from quire.errors import EngineStartError, QuireError
from quire.workers.channel import Channel, LogToServer, leave
from quire.workers.config import WorkerConfig
from quire.workers.desk import Desk
from quire.workers.frames import Frame
from quire.workers.stops import Stops
from quire.workers.wire_errors import to_header

_log = logging.getLogger(__name__)

_DIE_WITH_PARENT: Final = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

_OOM_SCORE: Final = Path("/proc/self/oom_score_adj")
_OOM_RAISE: Final = 500


def main() -> NoReturn:
    """Loads the engine, says so, and answers requests until the server is gone."""
    _belong_to_server()
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    first = channel.receive()
    config = TypeAdapter(WorkerConfig).validate_json(first.body)
    _log_to(channel, first.integer("log_level"))
    requests: Queue[Frame] = Queue()  # The server sends no more than the engine takes.
    stops = Stops()
    Thread(target=_take_in, args=(channel, requests, stops), daemon=True).start()
    Thread(target=channel.beat, args=(config.heartbeat_s,), daemon=True).start()
    engine = _start(channel, config)
    desk = Desk(engine, config.limits, stops)
    channel.send(Frame({"kind": "ready"}, TypeAdapter(EngineInfo).dump_json(engine.info)))
    for _ in range(engine.info.pages_at_once - 1):
        Thread(target=_serve, args=(channel, requests, desk), daemon=True).start()
    _serve(channel, requests, desk)


def _serve(channel: Channel, requests: Queue[Frame], desk: Desk) -> NoReturn:
    while True:
        channel.send(desk.answer(requests.get()))


def _belong_to_server() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    faulthandler.enable()
    # A crash must not leave a document's content on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The closed socket tells as well, but not a process that is stuck in native code. (The parent, to Linux, is
        # the thread that started this process: the one that runs the server's event loop.)
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        _offer_to_oom_killer()


def _offer_to_oom_killer() -> None:
    """When memory is short, a page is lost rather than the server."""
    with contextlib.suppress(OSError, ValueError):
        own = int(_OOM_SCORE.read_text(encoding="ascii"))
        _OOM_SCORE.write_text(str(min(1000, own + _OOM_RAISE)), encoding="ascii")


def _log_to(channel: Channel, level: int) -> None:
    logging.basicConfig(handlers=[LogToServer(channel)], level=level, format="%(message)s", force=True)
    # A line for every question to a model server, and one a second for its load, would drown all others.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _take_in(channel: Channel, requests: Queue[Frame], stops: Stops) -> NoReturn:
    """Waits for requests, on a thread: the end of the server, and of a wish, is noticed while a page is read."""
    while True:
        frame = channel.receive()
        if frame.kind == "stop":
            stops.stop(frame.integer("task"))
        else:
            requests.put(frame)


def _start(channel: Channel, config: WorkerConfig) -> Engine:
    """The engine, started; without one this process ends, having said why."""
    try:
        engine = _create(config)
        engine.start()
        return engine
    except QuireError as error:
        _give_up(channel, error)
    except Exception:  # noqa: BLE001 - any failure is this engine's failure to start
        _log.exception("the engine could not be started")
        _give_up(channel, EngineStartError("the engine could not be started: the log says why"))


def _create(config: WorkerConfig) -> Engine:
    module, _, function = config.engine_factory.partition(":")
    engine: Any = getattr(import_module(module), function)(
        config.engine,
        runtime=config.runtime,
        threads=config.threads,
        streams=config.streams,
        models_dir=config.models_dir,
        layout=config.layout,
        vlm=config.vlm,
        ppstructure=config.ppstructure,
        tesseract=config.tesseract,
    )
    return engine  # type: ignore[no-any-return]


def _give_up(channel: Channel, error: QuireError) -> NoReturn:
    channel.send(Frame({"kind": "failed"} | to_header(error)))
    leave()


if __name__ == "__main__":
    main()
