"""A PaddleX server without networks: real HTTP, the fields and types of PaddleX 3.7's API, and an answer that is known.

It is stricter than PaddleX: a field that the API does not have, or of another type, is refused.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Literal, Self

import cv2
import numpy as np
import uvicorn
from pydantic import BaseModel, ConfigDict, StrictBool, StrictFloat, StrictInt, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Number = StrictFloat | StrictInt


class InferRequest(BaseModel):
    """The body of `POST /layout-parsing`, without what is of no use to Quire."""

    model_config = ConfigDict(extra="forbid")

    file: str
    fileType: Literal[0, 1]
    useDocOrientationClassify: StrictBool | None = None
    useDocUnwarping: StrictBool | None = None
    useTextlineOrientation: StrictBool | None = None
    useSealRecognition: StrictBool | None = None
    useTableRecognition: StrictBool | None = None
    useFormulaRecognition: StrictBool | None = None
    useChartRecognition: StrictBool | None = None
    useRegionDetection: StrictBool | None = None
    formatBlockContent: StrictBool | None = None
    layoutThreshold: Number | None = None
    layoutNms: StrictBool | None = None
    layoutUnclipRatio: Number | tuple[Number, Number] | None = None
    layoutMergeBboxesMode: str | None = None
    textDetLimitSideLen: StrictInt | None = None
    textDetLimitType: str | None = None
    textDetThresh: Number | None = None
    textDetBoxThresh: Number | None = None
    textDetUnclipRatio: Number | None = None
    textRecScoreThresh: Number | None = None
    sealDetLimitSideLen: StrictInt | None = None
    sealDetLimitType: str | None = None
    sealDetThresh: Number | None = None
    sealDetBoxThresh: Number | None = None
    sealDetUnclipRatio: Number | None = None
    sealRecScoreThresh: Number | None = None
    returnMarkdownImages: StrictBool = True
    visualize: StrictBool | None = None


@dataclass
class Manner:
    """How a server behaves, and what it saw.

    Attributes:
        result: `prunedResult` of every page.
        fails: statuses of the next answers, before it answers well.
        loaded: whether it has the models that are asked for.
        body: sent instead of an answer.
        sizes: (width, height) of the pages it was sent.
    """

    result: Any = field(default_factory=lambda: {"parsing_res_list": []})
    pause_s: float = 0.0
    fails: list[int] = field(default_factory=list)
    loaded: bool = True
    body: bytes | None = None
    health: dict[str, Any] = field(default_factory=lambda: {"logId": "1", "errorCode": 0, "errorMsg": "Healthy"})
    asked: list[InferRequest] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0


class PaddlexServer:
    """A server in a thread, for the length of a `with` block."""

    def __init__(self, manner: Manner) -> None:
        config = uvicorn.Config(_app(manner), port=0, log_level="critical", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()


def _app(manner: Manner) -> Starlette:
    async def health(_: Request) -> Response:
        return JSONResponse(manner.health)

    async def infer(request: Request) -> Response:
        try:
            asked = InferRequest.model_validate_json(await request.body())
        except ValidationError as exc:
            return _refusal(422, str(exc.errors(include_url=False, include_input=False)))
        manner.asked.append(asked)
        return await _answer(manner, asked, request)

    return Starlette(routes=[Route("/health", health), Route("/layout-parsing", infer, methods=["POST"])])


async def _answer(manner: Manner, asked: InferRequest, request: Request) -> Response:
    if manner.fails:
        return _refusal(manner.fails.pop(0), "Internal server error")
    if not manner.loaded:
        return _refusal(500, "the input params for model settings are invalid!")
    if manner.body is not None:
        return Response(manner.body, media_type="application/json")
    page = cv2.imdecode(np.frombuffer(base64.b64decode(asked.file), np.uint8), cv2.IMREAD_COLOR)
    manner.sizes.append((page.shape[1], page.shape[0]))
    manner.running += 1
    manner.most_running = max(manner.most_running, manner.running)
    try:
        left = await _left(manner, request)
    finally:
        manner.running -= 1
    return Response() if left else _page(manner, page.shape[1], page.shape[0])


async def _left(manner: Manner, request: Request) -> bool:
    """Whether whoever asked went away before the answer was due."""
    end = asyncio.get_running_loop().time() + manner.pause_s
    while asyncio.get_running_loop().time() < end:
        if await request.is_disconnected():
            return True
        await asyncio.sleep(0.01)
    return False


def _page(manner: Manner, width: int, height: int) -> Response:
    markdown = {"text": "", "isStart": True, "isEnd": True}
    result = {
        "layoutParsingResults": [{"prunedResult": manner.result, "markdown": markdown}],
        "dataInfo": {"width": width, "height": height, "type": "image"},
    }
    return JSONResponse({"logId": "1", "result": result, "errorCode": 0, "errorMsg": "Success"})


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"logId": "1", "errorCode": status, "errorMsg": message}, status)
