"""PP-StructureV3 on a server of PaddleX: `POST /layout-parsing`, one page a request."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
from collections.abc import Mapping
from threading import Event
from typing import Any, Final

import httpx

from quire.engines.loop_thread import LoopThread
from quire.engines.ppstructure.config import PpStructureConfig
from quire.engines.ppstructure.replies import TryAgain, check_health, page_result, refuse
from quire.engines.vlm.images import ImageRule, encode
from quire.errors import EngineFailed, EngineStartError, InvalidOption, Overloaded
from quire.sources.base import PageImage

_PATH: Final = "/layout-parsing"
_KEEPALIVE_S: Final = 4.0
"""Below the five seconds after which uvicorn closes a connection: a request must not meet its end."""

_CONNECT_S: Final = 5.0
_HEALTH_S: Final = 10.0
_MOST_TRIES: Final = 4
_BACKOFF_S: Final = 0.3
_MOST_BYTES: Final = 32_000_000
_UNWANTED: Final = {"visualize": False, "returnMarkdownImages": False}
"""Pictures that would make the answer many times as large."""


class ServingRunner:
    """Asks one server, from any number of threads."""

    runtime = "paddlex serving (remote)"

    def __init__(self, config: PpStructureConfig) -> None:
        self._config = config
        self._http = _connect(config)
        self._loop = LoopThread("quire-ppstructure", self._meet, self._http.aclose)
        self._slots = asyncio.Semaphore(config.in_flight)

    @property
    def version(self) -> str:
        """The server does not tell its models: another address may have others."""
        return hashlib.sha256(self._config.url.encode()).hexdigest()[:8]

    @property
    def pages_at_once(self) -> int:
        return self._config.in_flight

    def start(self) -> None:
        """Meets the server.

        Raises:
            EngineStartError: it does not answer, or is not well; the message names the remedy.
        """
        self._loop.start()

    def parse(self, image: PageImage, asked: Mapping[str, Any], stop: Event | None = None) -> object:
        """What the pipeline says of a page: `prunedResult`, as it came.

        Args:
            asked: by the names of `switches`.
            stop: once it is set, the request is closed within 0.2 seconds.

        Raises:
            Cancelled: `stop` was set, or the engine was closed.
            Overloaded: the server is busy for longer than it is worth trying.
            EngineFailed: it does not answer, or not in time, or refuses the page.
        """
        return page_result(self._loop.call(self._ask(_body(image, asked)), stop))

    def close(self) -> None:
        """Ends requests in flight. The runner cannot be started again."""
        self._loop.close()

    async def _meet(self) -> None:
        try:
            answer = await self._http.get("/health", timeout=_HEALTH_S)
        except httpx.HTTPError as exc:
            raise EngineStartError(
                f"no PaddleX server answers at {self._config.url}: start one (`paddlex --serve --pipeline "
                "PP-StructureV3 --port 8080`), correct `ppstructure.url`, or set `ppstructure.runner` to local"
            ) from exc
        check_health(answer.status_code, answer.content)

    async def _ask(self, body: bytes) -> bytes:
        async with self._slots:
            try:
                async with asyncio.timeout(self._config.timeout_s):
                    return await self._tries(body)
            except TimeoutError as exc:
                raise EngineFailed(
                    f"the PaddleX server did not answer within {self._config.timeout_s:g} s: raise "
                    "`ppstructure.timeout_s`, or lower `ppstructure.in_flight` and the number of workers"
                ) from exc

    async def _tries(self, body: bytes) -> bytes:
        busy = False
        for tries in range(_MOST_TRIES):
            if tries:
                # Jitter, so that those who failed together do not come back together; no secret hangs on it.
                await asyncio.sleep(_BACKOFF_S * 2**tries * random.uniform(0.5, 1.0))  # noqa: S311
            try:
                return await self._once(body)
            except TryAgain as exc:
                busy = exc.busy
        if busy:
            raise Overloaded("the PaddleX server is busy: try again later", retry_after_s=10.0)
        raise EngineFailed("the PaddleX server failed again and again: look into its log")

    async def _once(self, body: bytes) -> bytes:
        headers = {"content-type": "application/json"}
        try:
            async with self._http.stream("POST", _PATH, content=body, headers=headers) as answer:
                content = await _collect(answer)
        except httpx.HTTPError as exc:
            raise TryAgain() from exc
        refuse(answer.status_code, content)
        return content


def _connect(config: PpStructureConfig) -> httpx.AsyncClient:
    """Pooled connections. Proxies of the environment are left aside: the server is near."""
    try:
        return httpx.AsyncClient(
            base_url=config.url.rstrip("/"),
            timeout=httpx.Timeout(config.timeout_s, connect=min(_CONNECT_S, config.timeout_s), pool=None),
            limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEPALIVE_S),
            verify=config.url.startswith("https"),
            trust_env=False,
        )
    except httpx.InvalidURL as exc:
        raise InvalidOption("`ppstructure.url` must look like 'http://host:8080': correct it") from exc


def _body(image: PageImage, asked: Mapping[str, Any]) -> bytes:
    page = base64.b64encode(encode(image, ImageRule()).data).decode("ascii")
    return json.dumps({"file": page, "fileType": 1, **_UNWANTED, **{_camel(k): v for k, v in asked.items()}}).encode()


def _camel(name: str) -> str:
    """The API's name of a setting: "layout_nms" is "layoutNms" there."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


async def _collect(answer: httpx.Response) -> bytes:
    parts, size = [], 0
    async for chunk in answer.aiter_bytes():
        parts.append(chunk)
        size += len(chunk)
        if size > _MOST_BYTES:
            raise EngineFailed("the PaddleX server's answer is too large: ask for a lower dpi")
    return b"".join(parts)
