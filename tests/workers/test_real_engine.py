"""Real pages, read by the real engine in another process as in this one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crew import stored, text

from quire.engines.base import Engine
from quire.options import ReadOptions
from quire.reader import Reader
from quire.workers.config import WorkerConfig
from quire.workers.pool import WorkerPool
from sheets import LETTER, image_file, pdf_file, pdf_picture, pdf_text, sheet

pytestmark = pytest.mark.anyio


async def test_a_worker_reads_what_the_reader_reads(tmp_path: Path, engine: Engine) -> None:
    content = pdf_file(pdf_text(*LETTER), pdf_picture(sheet(), 0, 0, 400, 250))
    document, options = stored(tmp_path, content, "letter.pdf"), ReadOptions()
    here = Reader(engine).read(content, options, name="letter.pdf").to_dict()
    pool = WorkerPool(WorkerConfig(runtime="openvino", threads=2))
    async with pool.running():
        info = await pool.ready(60)
        opened = await pool.open(document, options)
        pages = [json.loads((await pool.read_page(document, number, options)).content) for number in opened.numbers]
        image = await pool.read_page(stored(tmp_path, image_file(sheet())), 1, options)
        png = await pool.render(document, 2, options, max_side_px=500, overlay=json.dumps(pages[1]).encode())
    assert info == engine.info
    assert dict(opened.head) == {name: here[name] for name in opened.head}
    assert [page["text"] for page in pages] == [page["text"] for page in here["pages"]]
    assert [page["source"] for page in pages] == ["text_layer", "ocr"]
    assert "Invoice 4071" in text(image)
    assert png.startswith(b"\x89PNG")
