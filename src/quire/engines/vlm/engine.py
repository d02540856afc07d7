"""An engine whose pages are read by a vision-language model on another server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Final

from quire.engines.base import Engine, EngineInfo, PageReading
from quire.engines.vlm.checked import checked
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import MOST_TRIES
from quire.engines.vlm.families.base import Family
from quire.engines.vlm.parsing.parsed import Parsed
from quire.engines.vlm.requests import ModelRequest
from quire.engines.vlm.serving import vllm_command
from quire.errors import Cancelled, EngineFailed, EngineStartError, UnknownLanguage
from quire.options import GroundMode, ReadOptions
from quire.release import version
from quire.sources.base import PageImage

_VERSION: Final = "1"
"""Part of the engine's version: raise it whenever the code reads differently."""

_TEMPERATURES: Final = (0.1, 0.3, 0.6, 1.0)
_NOT_IN_VERSIONS: Final = re.compile(r"[^\w.]+", re.ASCII)
_FAULTS: Final = {
    "repetition": "the model repeated itself",
    "length": "the model's answer was cut off at its greatest length",
    "invalid": "the model's answer had not the form it should have",
}


@dataclass(frozen=True, slots=True)
class _Try:
    """One answer, the temperature it was made at, and what is wrong with it: a key of `_FAULTS`, or None."""

    temperature: float
    parsed: Parsed
    fault: str | None


@dataclass(slots=True)
class VlmEngine:
    """A family of models behind a client, and an engine that steps in when the model fails on a page.

    A model that loops, is cut off or answers nonsense is asked again at higher temperatures; then the fallback reads
    the page. Each of these steps is a warning of the page.
    """

    family: Family
    client: ModelClient
    fallback: Engine | None = None

    @property
    def info(self) -> EngineInfo:
        server = self.client.info
        models = "".join(f"+{_NOT_IN_VERSIONS.sub('_', name)}" for name in server.models)
        runtime = f"vllm {server.vllm_version}" if server.vllm_version else "openai-compatible server"
        return EngineInfo(
            name=self.family.name,
            version=f"{version()}.{_VERSION}{models}",
            tasks=tuple(self.family.tasks),
            languages=tuple(self.family.languages),
            runtime=f"{runtime} (remote)",
            pages_at_once=self.client.pages_at_once,
            dpi=self.family.dpi,
        )

    @property
    def concurrency(self) -> int:
        return self.client.in_flight_limit

    def start(self) -> None:
        """Meets the model servers and starts the fallback.

        Raises:
            EngineError: no server answers, or the fallback cannot start.
        """
        try:
            self.client.start()
        except EngineStartError as exc:
            command = vllm_command(self.family.serving, self.client.config.model, self.client.config.urls)
            raise type(exc)(f"{exc.detail}; for this engine: `{command}`" if command else exc.detail) from exc
        if self.fallback is not None:
            self.fallback.start()

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        """Reads one page; see `Engine.read`.

        Raises:
            Cancelled: `stop` was set.
            UnknownLanguage: the family does not know the language.
            EngineFailed: no server answers, or nothing usable came and there is no fallback.
            Overloaded: the servers are busy.
        """
        self._require(options)
        started = time.monotonic()
        tries: list[_Try] = []
        for request in _warmer(self.family.request(image, options)):
            tries.append(self._try(request, image, stop))
            if tries[-1].fault is None:
                reading = _reading(image, options, tries, tries[-1], time.monotonic() - started)
                return self._checked(reading, image, options, stop)
        if self.fallback is not None:
            return self._rescued(self.fallback, image, options, stop, tries)
        return _reading(image, options, tries, _least_bad(tries), time.monotonic() - started)

    def close(self) -> None:
        self.client.close()
        if self.fallback is not None:
            self.fallback.close()

    def _require(self, options: ReadOptions) -> None:
        self.info.require(options)
        if options.language not in ("auto", *self.family.languages):
            raise UnknownLanguage(
                f"the engine '{self.family.name}' does not know the language '{options.language}': use 'auto'"
            )

    def _try(self, request: ModelRequest, image: PageImage, stop: Event | None) -> _Try:
        answer = self.client.complete(request, stop)
        parsed = self.family.parse(answer.text, request, image.width, image.height)
        fault = answer.finish_reason if answer.finish_reason != "stop" else None if parsed.valid else "invalid"
        return _Try(request.sampling.temperature, parsed, fault)

    def _checked(self, reading: PageReading, image: PageImage, options: ReadOptions, stop: Event | None) -> PageReading:
        if options.ground is GroundMode.NEVER or self.fallback is None:
            return reading
        return checked(reading, image, options, self.fallback, stop)

    def _rescued(
        self, fallback: Engine, image: PageImage, options: ReadOptions, stop: Event | None, tries: Sequence[_Try]
    ) -> PageReading:
        if stop is not None and stop.is_set():
            raise Cancelled("whoever asked has left")
        known = options.language in ("auto", *fallback.info.languages)
        reading = fallback.read(image, options if known else options.model_copy(update={"language": "auto"}), stop)
        instead = f"the page was read by {fallback.info.name} instead"
        return replace(reading, warnings=(*_steps(tries), instead, *reading.warnings))


def _warmer(request: ModelRequest) -> Iterator[ModelRequest]:
    """The question, and again at rising temperatures."""
    own = request.sampling.temperature
    yield request
    for temperature in [each for each in _TEMPERATURES if each > own][: MOST_TRIES - 1]:
        yield replace(request, sampling=replace(request.sampling, temperature=temperature))


def _steps(tries: Sequence[_Try]) -> Iterator[str]:
    """What went wrong, one sentence a try: stable, and without a word of the page."""
    for each in tries:
        if each.fault is not None:
            yield f"{_FAULTS[each.fault]} (temperature {each.temperature:g})"


def _least_bad(tries: Sequence[_Try]) -> _Try:
    """What to show where nobody steps in.

    Raises:
        EngineFailed: none of the answers holds anything.
    """
    found = next((each for each in tries if each.parsed.lines or each.parsed.tables or each.parsed.figures), None)
    if found is None:
        raise EngineFailed("the model gave no usable answer for the page: read it with the engine 'ppocr'")
    return found


def _reading(
    image: PageImage, options: ReadOptions, tries: Sequence[_Try], chosen: _Try, seconds: float
) -> PageReading:
    parsed = chosen.parsed
    return PageReading(
        width=image.width,
        height=image.height,
        rotation=0,
        skew_degrees=0.0,
        language=options.language,
        lines=parsed.lines,
        warnings=(*_steps(tries), *parsed.warnings),
        timings={"model": seconds},
        blocks=parsed.blocks,
        tables=parsed.tables,
        figures=parsed.figures,
    )
