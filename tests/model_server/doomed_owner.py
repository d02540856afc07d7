"""Keeps a model server running until it is killed itself: `python doomed_owner.py PROGRAM URL FOLDER`.

Says "ready" when the model server is.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from quire.engines.vlm.choice import family
from quire.engines.vlm.config import VlmConfig
from quire.model_server.launch import launch
from quire.model_server.patience import Patience
from quire.model_server.server import ModelServer


async def main(program: str, url: str, folder: Path) -> None:
    config = VlmConfig(urls=(url,))
    serving = family("lightonocr", config).serving
    planned = launch(serving, config, program=program, extra=(), log=folder / "doomed" / "vllm.log")
    server = ModelServer(planned, Patience(look_s=0.02), lambda event: None)
    async with server.running():
        await server.wait()
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
