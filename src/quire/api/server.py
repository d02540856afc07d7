"""uvicorn's server, which tells the application as soon as it is to end."""

from __future__ import annotations

from types import FrameType

import uvicorn
from fastapi import FastAPI


class Server(uvicorn.Server):
    """Serves one application; on a signal, ends what only waits for news: it would hold up the stop."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.stop_waiting()
        super().handle_exit(sig, frame)
