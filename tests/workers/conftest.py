"""What tests of workers share: one pool for all that leave their workers whole, as each start takes half a second."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from crew import config, until
from reportlab.pdfgen.canvas import Canvas

from quire.workers.pool import WorkerPool


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", autouse=True)
def importable() -> Iterator[None]:
    """Worker processes find the faulty engine."""
    folders = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, folders)))
        yield


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """Where the faulty engine leaves its marks."""
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def shared_marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the engine of the shared pool leaves its marks."""
    return tmp_path_factory.mktemp("marks")


@pytest.fixture(scope="module")
async def shared_pool(shared_marks: Path, importable: None) -> AsyncIterator[WorkerPool]:
    """Two workers; pages from 101 on have faults that no worker breaks of."""
    faults = "fail@101,bug@102,warn@103,unknown-language@104,log@105,wait@111,wait@112,wait@113,wait@114,wait@115"
    pool = WorkerPool(config(shared_marks, faults, processes=2))
    async with pool.running():
        await until(lambda: pool.free() == pool.size)
        yield pool


@pytest.fixture
def locked_pdf() -> bytes:
    """A PDF of one page that opens with "open sesame"."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200), encrypt="open sesame")
    canvas.drawString(20, 100, "behind the door")
    canvas.save()
    return file.getvalue()
