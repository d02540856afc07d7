"""Saves pages of a job until it is killed, and says of each that it is saved: `saving_child.py STORE FOLDER JOB`."""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from stores import STORES, page

from quire.jobs.store import JobStore

SIDE_BY_SIDE = 8


async def main(kind: str, folder: str, job_id: str) -> None:
    numbers = count(1)

    async def save(store: JobStore) -> None:
        for number in numbers:
            if await store.save_page(job_id, 0, page(number)):
                print(number, flush=True)

    async with STORES[kind](Path(folder)) as store:
        await asyncio.gather(*(save(store) for _ in range(SIDE_BY_SIDE)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
