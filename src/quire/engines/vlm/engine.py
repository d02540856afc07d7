"""An engine whose pages are read by a vision-language model on another server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event
from typing import Final

from quire.document import BlockKind, Cost
from quire.engines.base import Asked, Engine, EngineInfo, PageReading
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import MOST_TRIES
from quire.engines.vlm.crops import cropped, only
from quire.engines.vlm.families.base import Family
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.requests import ModelRequest
from quire.engines.vlm.serving import vllm_command
from quire.errors import Cancelled, EngineStartError, UnknownLanguage
from quire.geometry import Box
from quire.options import ReadOptions
from quire.release import version
from quire.sources.base import PageImage

_VERSION: Final = "2"
"""Part of the engine's version: raise it whenever the code reads differently."""

_TEMPERATURES: Final = (0.1, 0.3, 0.6, 1.0)
_BLOCKS_AT_ONCE: Final = 8
"""Of one page; other pages are asked for beside it."""

_NOT_IN_VERSIONS: Final = re.compile(r"[^\w.]+", re.ASCII)
_FAULTS: Final = {
    "repetition": "the model repeated itself",
    "length": "the model's answer was cut off at its greatest length",
    "invalid": "the model's answer had not the form it should have",
}


@dataclass(slots=True)
class VlmEngine:
    """A family of models behind a client, and an engine that reads letter by letter beside it.

    A model that loops, is cut off or answers nonsense is asked again at higher temperatures; then the other engine
    reads the page. Each of these steps is a warning of the page.

    Attributes:
        first: see `ModelEngine`.
    """

    family: Family
    client: ModelClient
    first: Engine

    @property
    def info(self) -> EngineInfo:
        server, first = self.client.info, self.first.info
        parts = (self.family.variant, *(_NOT_IN_VERSIONS.sub("_", name) for name in server.models), first.version)
        runtime = f"vllm {server.vllm_version}" if server.vllm_version else "openai-compatible server"
        return EngineInfo(
            name=self.family.name,
            version="+".join([f"{version()}.{_VERSION}", *filter(None, parts)]),
            tasks=tuple(self.family.tasks),
            languages=tuple(self.family.languages),
            runtime=f"{runtime} (remote)",
            models=first.models,
            notes=dict(self.family.notes),
            pages_at_once=self.client.pages_at_once,
            dpi=self.family.dpi,
            modes={name: mode.says for name, mode in self.family.modes.items()},
            own_tasks=tuple(self.family.modes_of_tasks),
        )

    @property
    def concurrency(self) -> int:
        return self.client.in_flight_limit

    @property
    def by_blocks(self) -> bool:
        return self.family.by_blocks

    def start(self) -> None:
        """Meets the model servers and starts the other engine.

        Raises:
            EngineError: no server answers, or the other engine cannot start.
        """
        try:
            self.client.start()
        except EngineStartError as exc:
            command = vllm_command(self.family.serving, self.client.config.model, self.client.config.urls)
            how = f"; for this engine: `{command}`, or `quire serve --start-vllm`" if command else ""
            raise type(exc)(f"{exc.detail}{how}") from exc
        self.first.start()

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        """The model's reading, or the other engine's where the model fails on the page; see `Engine.read`.

        Raises:
            Cancelled: `stop` was set.
            UnknownLanguage: the family does not know the language.
            EngineFailed: no server answers.
            Overloaded: the servers are busy.
        """
        asked = self.ask(image, options, stop)
        if asked.reading is not None:
            return replace(asked.reading, warnings=(*asked.steps, *asked.reading.warnings), cost=asked.cost)
        if stop is not None and stop.is_set():
            raise Cancelled("whoever asked has left")
        shown = image if options.box is None else only(image, options.box)
        first = self.first.info
        reading = self.first.read(shown, first.as_known(options), stop)
        warnings = (*asked.instead(first.name), *reading.warnings)
        return replace(reading, warnings=warnings, cost=asked.cost, read_by=first.name)

    def ask(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> Asked:
        """See `ModelEngine.ask`.

        Raises:
            Cancelled, EngineFailed, Overloaded, UnknownLanguage: as `read`.
        """
        info = self.info
        info.require(options)
        if not info.knows(options.language):
            raise UnknownLanguage(
                f"the engine '{self.family.name}' does not know the language '{options.language}': use 'auto'"
            )
        return self._asked(self.family.request(image, options), image, options, stop)

    def ask_blocks(
        self, image: PageImage, blocks: Sequence[tuple[Box, BlockKind]], options: ReadOptions, stop: Event | None = None
    ) -> list[Asked | None]:
        """See `ModelEngine.ask_blocks`; a few are asked for at once."""

        def one(block: tuple[Box, BlockKind]) -> Asked | None:
            crop = cropped(image, block[0])
            request = self.family.block_request(crop, block[1])
            return None if request is None else self._asked(request, crop, options, stop)

        with ThreadPoolExecutor(_BLOCKS_AT_ONCE, thread_name_prefix="quire-blocks") as pool:
            return list(pool.map(one, blocks))

    def close(self) -> None:
        self.client.close()
        self.first.close()

    def _asked(self, request: ModelRequest, image: PageImage, options: ReadOptions, stop: Event | None) -> Asked:
        steps: list[str] = []
        cost = Cost()
        started = time.monotonic()
        for each in _warmer(request):
            answer = self.client.complete(each, stop)
            cost += Cost(1, answer.tokens, answer.seconds)
            parsed = self.family.parse(answer.text, each, image.width, image.height)
            fault = answer.finish_reason if answer.finish_reason != "stop" else None if parsed.valid else "invalid"
            if fault is None:
                return Asked(_reading(image, options, parsed, time.monotonic() - started), tuple(steps), cost)
            steps.append(f"{_FAULTS[fault]} (temperature {each.sampling.temperature:g})")
        return Asked(None, tuple(steps), cost)


def _warmer(request: ModelRequest) -> Iterator[ModelRequest]:
    """The question, and again at rising temperatures."""
    own = request.sampling.temperature
    yield request
    for temperature in [each for each in _TEMPERATURES if each > own][: MOST_TRIES - 1]:
        yield replace(request, sampling=replace(request.sampling, temperature=temperature))


def _reading(image: PageImage, options: ReadOptions, parsed: Parsed, seconds: float) -> PageReading:
    return PageReading(
        width=image.width,
        height=image.height,
        rotation=0,
        skew_degrees=0.0,
        language=options.language,
        lines=parsed.lines,
        warnings=parsed.warnings,
        timings={"model": seconds},
        blocks=parsed.blocks,
        tables=parsed.tables,
        figures=parsed.figures,
        matches=parsed.matches,
        answers=parsed.answers,
    )
