"""A server that begins to read a page and never ends by itself: `python doomed_server.py MARKS FAULTS DOCUMENT`.

Writes the process id of its worker to its standard output.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent))

from crew import LOAD_S, OPTIONS, config, pid

from quire.workers.pool import WorkerPool
from quire.workers.tasks import DocumentRef


async def main(marks: Path, faults: str, path: Path) -> None:
    pool = WorkerPool(config(marks, faults))
    async with pool.running():
        await pool.ready(LOAD_S)
        print(pid(pool), flush=True)
        await pool.read_page(DocumentRef(path, path.name, "scan.tif"), 1, OPTIONS)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
