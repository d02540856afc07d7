"""uvicorn's server, which tells the application as soon as it is to end."""

from __future__ import annotations

import gc
import os
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI


class Server(uvicorn.Server):
    """Serves one application. On a signal ends what only waits for news, which would hold up the stop; a second
    signal ends the process at once."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What there is by now stays: looking through it for garbage would stop all requests for a tenth of a second.
        gc.freeze()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            # Nothing is lost by that: jobs are on the disk, and the workers end with this process.
            os._exit(128 + sig)
        self._app.state.stop_waiting()
        super().handle_exit(sig, frame)
