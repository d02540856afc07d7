"""The server's view of one worker process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Literal, Self, TypeVar

from pydantic import TypeAdapter, ValidationError

from quire.engines.base import EngineInfo
from quire.errors import EngineStartError
from quire.workers.config import WorkerConfig
from quire.workers.frames import Frame, FrameError
from quire.workers.process import WorkerProcess
from quire.workers.tasks import Task
from quire.workers.wire_errors import from_frame

T = TypeVar("T")
Loss = Literal["ended", "deadline", "silence", "memory", "protocol", "stopped"]
"""Why a worker is gone: it ended by itself or was killed from outside; its task took too long; no heartbeat came;
it grew too large; it sent nonsense; the pool let it go."""

_log = logging.getLogger(__name__)

_LOG_LINES_A_TASK: Final = 100
_LEAST_PAGES_BEFORE_RECYCLING: Final = 20
"""An engine that is large from the start must not be replaced after every page."""

_INFO = TypeAdapter(EngineInfo)


class WorkerLost(Exception):
    """The worker is gone, and with it the tasks that it had in hand."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(loss)
        self.loss = loss


@dataclass(eq=False, slots=True)
class _InHand:
    """A task that the worker has; its result is done before the worker is where whoever asked no longer waits."""

    task: Task[Any]
    result: asyncio.Future[Any]
    limit: asyncio.TimerHandle


class Worker:
    """One worker process, from `start` to `end`, for one event loop.

    Attributes:
        info: of its engine.
        pages: tasks that it finished.
        rss_bytes: as it last said.
        loss: why it is gone; None while it is there.
        retiring: it takes no further task.
        changed: set when it is lost, or worn out and should be replaced.
    """

    info: EngineInfo

    def __init__(self, process: WorkerProcess, config: WorkerConfig, on_free: Callable[[Worker], None]) -> None:
        self.pages = 0
        self.rss_bytes = 0
        self.loss: Loss | None = None
        self.retiring = False
        self.changed = asyncio.Event()
        self._config = config
        self._on_free = on_free
        self._process = process
        self._messages = 0
        self._log_lines = 0
        self._started: asyncio.Future[EngineInfo] = asyncio.get_running_loop().create_future()
        self._in_hand: dict[int, _InHand] = {}
        self._numbers = count(1)
        self._alone = False
        self._watchers = [asyncio.create_task(self._listen())]

    @classmethod
    async def start(cls, config: WorkerConfig, on_free: Callable[[Worker], None]) -> Self:
        """A worker whose engine is loaded.

        Args:
            on_free: called with the worker whenever it has finished a task.

        Raises:
            QuireError: the engine cannot be started.
        """
        worker = cls(await WorkerProcess.spawn(config), config, on_free)
        try:
            await worker._engine()
        except BaseException:
            await worker.end()
            raise
        return worker

    async def _engine(self) -> None:
        try:
            async with asyncio.timeout(self._config.start_timeout_s):
                self.info = await self._started
        except TimeoutError:
            raise EngineStartError(
                f"the engine did not load within {self._config.start_timeout_s:g} seconds: "
                "`quire doctor` says what this machine offers"
            ) from None
        except WorkerLost as lost:
            raise EngineStartError(
                f"a page worker was lost while it loaded the engine ({lost.loss}): the log of the server says why"
            ) from None
        self._watchers.append(asyncio.create_task(self._watch()))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def busy(self) -> bool:
        return bool(self._in_hand)

    @property
    def usable(self) -> bool:
        """Whether it may be given a task now."""
        return not (self.loss or self.retiring or self._alone) and len(self._in_hand) < self.info.pages_at_once

    @property
    def end_said(self) -> str:
        """How the process ended, for the log."""
        return self._process.end

    def submit(self, task: Task[T], timeout_s: float, *, alone: bool) -> asyncio.Future[T]:
        """Gives the worker a task; it must be usable. Cancelling the future does not stop the worker.

        Args:
            alone: it gets no other task until it is done with this one.

        The future raises `WorkerLost`, or the `QuireError` that the worker met.
        """
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()
        # Whoever asked may have left: an error that nobody waits for is not worth a word.
        result.add_done_callback(_look_at_error)
        number, self._log_lines, self._alone = next(self._numbers), 0, alone
        request = task.request()
        self._process.send({**request.header, "task": number}, request.body)
        self._in_hand[number] = _InHand(task, result, loop.call_later(timeout_s, self._too_late, number))
        return result

    def forget(self, result: asyncio.Future[Any]) -> None:
        """Tells the worker that nobody waits for this any more; it has the task in hand until it says otherwise."""
        for number, held in self._in_hand.items():
            if held.result is result and not self.loss:
                self._process.send({"kind": "stop", "task": number})

    def lose(self, loss: Loss) -> None:
        """Kills the worker; its task fails. Does nothing when it is lost already."""
        if self.loss:
            return
        self.loss = loss
        self._process.kill()
        if not self._started.done():
            self._started.set_exception(WorkerLost(loss))
            _look_at_error(self._started)
        for number in [*self._in_hand]:
            self._settle(number, WorkerLost(loss))
        self.changed.set()

    async def end(self) -> None:
        """Kills the worker, if it is still there, and waits for its process to be gone."""
        self.lose("stopped")
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.wait(self._watchers)
        await self._process.gone()

    async def idle(self) -> None:
        """Waits until the tasks in hand are done or lost; their deadlines are the limit."""
        if self._in_hand:
            await asyncio.wait([held.result for held in self._in_hand.values()])

    async def _listen(self) -> None:
        try:
            while not self.loss:
                self._take(await self._process.receive())
        except (asyncio.IncompleteReadError, OSError):
            self.lose("ended")
        except FrameError:
            _log.exception("page worker %d sent nonsense", self.pid)
            self.lose("protocol")

    async def _watch(self) -> None:
        """Counts beats rather than time: while the server itself stands still, nobody is to blame."""
        missed_s = 0.0
        while missed_s < self._config.silence_s:
            before = self._messages
            await asyncio.sleep(self._config.heartbeat_s)
            missed_s = 0.0 if self._messages > before else missed_s + self._config.heartbeat_s
        self.lose("silence")

    def _take(self, frame: Frame) -> None:
        self._messages += 1
        self.rss_bytes = frame.integer("rss")
        match frame.kind:
            case "beat":
                pass
            case "log":
                self._repeat(frame)
            case "ready":
                self._is_ready(frame)
            case "failed":
                self._has_failed(frame)
            case "done" | "error":
                self._has_answered(frame)
            case _:
                raise FrameError("a message of no known kind")
        if self.rss_bytes > self._config.kill_rss_bytes:
            self.lose("memory")

    def _repeat(self, frame: Frame) -> None:
        self._log_lines += 1
        if self._log_lines <= _LOG_LINES_A_TASK:
            _log.log(frame.integer("level"), "page worker %d: %s", self.pid, frame.text("text"))

    def _is_ready(self, frame: Frame) -> None:
        try:
            info = _INFO.validate_json(frame.body)
        except ValidationError as exc:
            raise FrameError("the engine does not say what it is") from exc
        if not self._started.done():
            self._started.set_result(info)

    def _has_failed(self, frame: Frame) -> None:
        if not self._started.done():
            self._started.set_exception(from_frame(frame))

    def _has_answered(self, frame: Frame) -> None:
        number = frame.integer("task")
        held = self._in_hand.get(number)
        if held is None:
            raise FrameError("an answer that nobody asked for")
        answer = from_frame(frame) if frame.kind == "error" else held.task.result(frame)
        self.pages += 1
        self._settle(number, answer)
        if self._worn_out():
            self.changed.set()
        self._on_free(self)

    def _too_late(self, number: int) -> None:
        """A task took too long. It alone is to blame: others in hand go on, while it gets some time to give up."""
        held = self._in_hand[number]
        if len(self._in_hand) == 1 or held.result.done():
            self.lose("deadline")
            return
        self._process.send({"kind": "stop", "task": number})
        held.limit = asyncio.get_running_loop().call_later(self._config.silence_s, self._too_late, number)
        held.result.set_exception(WorkerLost("deadline"))

    def _settle(self, number: int, answer: Any) -> None:
        held = self._in_hand.pop(number)
        self._alone = False
        held.limit.cancel()
        result = held.result
        if result.done():
            return
        if isinstance(answer, Exception):
            result.set_exception(answer)
        else:
            result.set_result(answer)

    def _worn_out(self) -> bool:
        large = self.rss_bytes > self._config.recycle_rss_bytes and self.pages >= _LEAST_PAGES_BEFORE_RECYCLING
        return large or self.pages >= self._config.recycle_after_pages


def _look_at_error(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()
