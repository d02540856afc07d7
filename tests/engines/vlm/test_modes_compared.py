"""Two ways of asking a model, compared on documents with truth."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from talking_server import Manner, TalkingServer

from quire import open_reader
from quire.bench import run_accuracy
from quire.engines.vlm.config import VlmConfig


def test_each_mode_asks_in_its_way_and_both_are_scored(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "page.png"), np.full((200, 300, 3), 255, np.uint8))
    (tmp_path / "page.txt").write_text("read: Free OCR.")
    row = {"path": "page.png", "kind": "pages", "gt": "page.txt", "gt_type": "text", "gt_quality": "manual"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row))
    with TalkingServer(Manner(context=20_000)) as server:
        result = run_accuracy(
            tmp_path,
            engine="deepseek:text",
            against="deepseek:markdown",
            open_engine=partial(open_reader, vlm=VlmConfig(urls=(server.url,))),
            report=tmp_path / "report.html",
        )
    asked = [part["text"] for one in server.manner.asked for part in one["messages"][-1]["content"] if "text" in part]
    assert len({*asked}) == 2
    assert (result["entrant"], result["against"]["entrant"]) == ("deepseek:text", "deepseek:markdown")
    assert result["comparison"]["all"]["wins"] == 1
    assert "deepseek:text against deepseek:markdown" in (tmp_path / "report.html").read_text()
