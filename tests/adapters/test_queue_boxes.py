"""Boxes of the queue-style API lie where the text was drawn: pixels at 144 dpi of a PDF, an image's own of an image."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from quire.api.adapters.detections import detections
from running import Server

WIDTH_PT, HEIGHT_PT = 595, 842
PX_PER_PT = 2
NEAR_PX = 3
HELVETICA = (0.931, -0.225)
"""How far its letters reach above and below the baseline, of its size: FontBBox in Adobe's AFM."""
ROWS = (
    ("Invoice number 4071 dated today", 72, 720, 18),
    ("The harbour was quiet before dawn", 72, 600, 12),
    ("Total amount payable: 1,284.50", 300, 480, 10),
    ("Please pay within thirty days", 140, 200, 14),
)


def drawn() -> bytes:
    """A PDF with the rows as text."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH_PT, HEIGHT_PT))
    for text, x, baseline, size in ROWS:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, baseline, text)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def picture(dpi: int) -> Image.Image:
    return pdfium.PdfDocument(drawn())[0].render(scale=dpi / 72).to_pil()


def scanned() -> bytes:
    """The same page as nothing but a picture, in a PDF."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH_PT, HEIGHT_PT))
    canvas.drawImage(ImageReader(picture(200)), 0, 0, WIDTH_PT, HEIGHT_PT)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def read(server: Server, name: str, content: bytes) -> list[dict[str, Any]]:
    task = server.http.post("/api/v1/ocr/process", files={"file": (name, content)}).json()["task_id"]
    while (found := server.http.get(f"/api/v1/ocr/results/{task}").json())["status"] in ("PENDING", "STARTED"):
        time.sleep(0.05)
    assert found["status"] == "SUCCESS", found
    lines: list[dict[str, Any]] = found["result"]["detections"]
    return sorted(lines, key=lambda line: line["box"][0][1])


def ink(page: Image.Image, baseline_px: float, size_px: float) -> tuple[float, float, float, float]:
    """Where the letters of a row are on the page: left, top, right, bottom."""
    top = round(baseline_px - 1.1 * size_px)
    band = np.asarray(page.convert("L"))[top : round(baseline_px + 0.5 * size_px)] < 128
    columns, rows = np.flatnonzero(band.any(axis=0)), np.flatnonzero(band.any(axis=1))
    return columns[0], top + rows[0], columns[-1] + 1, top + rows[-1] + 1


def test_lines_of_a_text_layer_are_where_they_were_drawn_at_144_dpi(reading: Server) -> None:
    found = read(reading, "drawn.pdf", drawn())

    for (text, x, baseline, size), line in zip(ROWS, found, strict=True):
        left, right = PX_PER_PT * x, PX_PER_PT * (x + stringWidth(text, "Helvetica", size))
        top, bottom = (PX_PER_PT * (HEIGHT_PT - baseline - size * part) for part in HELVETICA)
        expected = [[left, top], [right, top], [right, bottom], [left, bottom]]
        assert line["text"] == text
        assert np.abs(np.subtract(line["box"], expected)).max() <= NEAR_PX
        assert line["page_number"] == 1


def test_lines_of_a_scan_are_where_their_ink_is_at_144_dpi(reading: Server) -> None:
    found = read(reading, "scanned.pdf", scanned())

    page = picture(72 * PX_PER_PT)
    for (text, _, baseline, size), line in zip(ROWS, found, strict=True):
        left, top, right, bottom = ink(page, PX_PER_PT * (HEIGHT_PT - baseline), PX_PER_PT * size)
        (x0, y0), (x1, _), (_, y1), _ = line["box"]
        assert line["text"] == text
        assert (x0, x1) == (pytest.approx(left, abs=NEAR_PX), pytest.approx(right, abs=NEAR_PX))
        # The detector leaves air above letters, less than a third of their size.
        assert top - PX_PER_PT * size / 3 <= y0 <= top + 1
        assert y1 == pytest.approx(bottom, abs=NEAR_PX)


@pytest.mark.parametrize(
    "quarter_turns", [0, 1, 2, 3], ids=["upright", "on its side", "upside down", "on its other side"]
)
def test_lines_of_an_image_are_in_its_own_pixels_whichever_way_it_lies(reading: Server, quarter_turns: int) -> None:
    page = picture(150).rotate(-90 * quarter_turns, expand=True)
    file = io.BytesIO()
    page.save(file, "PNG")

    found = read(reading, "page.png", file.getvalue())

    dark = np.asarray(page.convert("L")) < 128
    assert len(found) == len(ROWS)
    assert {line["text"] for line in found} == {text for text, *_ in ROWS}
    for line in found:
        xs, ys = zip(*line["box"], strict=True)
        assert dark[round(min(ys)) : round(max(ys)), round(min(xs)) : round(max(xs))].mean() > 0.05
    # Outside the boxes there is next to nothing.
    for line in found:
        xs, ys = zip(*line["box"], strict=True)
        dark[round(min(ys)) - 4 : round(max(ys)) + 4, round(min(xs)) - 4 : round(max(xs)) + 4] = False
    assert not dark.any()


def test_a_tilted_line_is_cut_along_its_own_direction() -> None:
    line = {
        "text": "two words",
        "box": [[10, 10], [110, 20], [109, 30], [9, 20]],
        "confidence": 0.9,
        "words": [
            {"box": [[20, 11], [60, 15], [59, 25], [19, 21]]},
            {"box": [[70, 16], [100, 19], [99, 29], [69, 26]]},
        ],
    }
    page = {"number": 3, "width": 200, "height": 100, "dpi": 72, "rotation": 0, "lines": [line]}

    [found] = detections({"mime": "application/pdf", "pages": [page]})

    assert found["page_number"] == 3
    assert np.abs(np.subtract(found["box"], [[38, 22], [200, 38], [198, 58], [36, 42]])).max() < 3
