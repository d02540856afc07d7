"""A server that begins to read a page and never ends by itself: `python doomed_server.py MARKS FAULTS DOCUMENT`.

Writes the process id of its worker to its standard output.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from quire.options import ReadOptions
from quire.workers.config import WorkerConfig
from quire.workers.pool import WorkerPool
from quire.workers.tasks import DocumentRef


async def main(marks: Path, faults: str, path: Path) -> None:
    config = WorkerConfig(engine=faults, models_dir=marks, engine_factory="faulty_engine:create")
    pool = WorkerPool(config)
    async with pool.running():
        await pool.ready(60)
        print(pool.stats().workers[0].pid, flush=True)
        await pool.read_page(DocumentRef(path, path.name, "scan.tif"), 1, ReadOptions())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
