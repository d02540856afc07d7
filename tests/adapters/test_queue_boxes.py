"""Boxes of the queue-style API lie where the ink is: pixels at 144 dpi of a PDF, an image's own of an image."""

from __future__ import annotations

import io
import math
import time
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from quire.geometry import Quad, rotate_quad, to_quad
from running import Server

WIDTH_PT, HEIGHT_PT = 595, 842
PX_PER_PT = 2
NEAR_PX = 3
ROWS = (
    ("Invoice number 4071 dated today", 72, 720, 18, "Helvetica"),
    ("see no more than one axe", 72, 660, 24, "Times-Roman"),
    ("The harbour was quiet before dawn", 72, 600, 12, "Courier"),
    ("Total amount payable: 1,284.50", 300, 480, 10, "Helvetica-Bold"),
    ("TOTAL OF ALL ITEMS", 100, 464, 9, "Helvetica"),
    ("Please pay within thirty days", 140, 200, 14, "Times-Italic"),
)


def drawn() -> bytes:
    """A PDF with the rows as text."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH_PT, HEIGHT_PT))
    for text, x, baseline, size, font in ROWS:
        canvas.setFont(font, size)
        canvas.drawString(x, baseline, text)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def picture(dpi: int) -> Image.Image:
    page: Image.Image = pdfium.PdfDocument(drawn())[0].render(scale=dpi / 72).to_pil()
    return page


def scanned(dpi: int) -> bytes:
    """The same page as nothing but a picture, in a PDF."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH_PT, HEIGHT_PT))
    canvas.drawImage(ImageReader(picture(dpi)), 0, 0, WIDTH_PT, HEIGHT_PT)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def png(page: Image.Image) -> bytes:
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def read(server: Server, name: str, content: bytes) -> list[dict[str, Any]]:
    task = server.http.post("/api/v1/ocr/process", files={"file": (name, content)}).json()["task_id"]
    while (found := server.http.get(f"/api/v1/ocr/results/{task}").json())["status"] in ("PENDING", "STARTED"):
        time.sleep(0.05)
    assert found["status"] == "SUCCESS", found
    lines: list[dict[str, Any]] = found["result"]["detections"]
    return sorted(lines, key=lambda line: line["box"][0][1])


Edges = NDArray[np.float64]


def inks(page: Image.Image) -> list[Edges]:
    """Left, top, right and bottom of each row's ink on a page at 144 dpi, from the top."""
    dark = np.asarray(page.convert("L")) < 128
    found = []
    for _, _, baseline, size, _ in ROWS:
        middle = PX_PER_PT * (HEIGHT_PT - baseline)
        top = round(middle - PX_PER_PT * size)
        band = dark[top : round(middle + PX_PER_PT * size / 3)]
        columns, rows = np.flatnonzero(band.any(axis=0)), np.flatnonzero(band.any(axis=1))
        found.append(np.array([columns[0], top + rows[0], columns[-1] + 1, top + rows[-1] + 1], float))
    return found


def edges(box: Quad) -> Edges:
    """Left, top, right and bottom of a box that is nearly level."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = box
    return np.array([ax + dx, ay + by, bx + cx, cy + dy]) / 2


def assert_at_ink(found: list[dict[str, Any]]) -> None:
    assert [line["text"] for line in found] == [text for text, *_ in ROWS]
    errors = [edges(line["box"]) - ink for line, ink in zip(found, inks(picture(72 * PX_PER_PT)), strict=True)]
    assert np.abs(errors).max() <= NEAR_PX, errors


def test_lines_of_a_text_layer_are_where_their_ink_is_at_144_dpi(reading: Server) -> None:
    found = read(reading, "drawn.pdf", drawn())

    assert_at_ink(found)
    assert {line["page_number"] for line in found} == {1}


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_lines_of_a_scan_are_where_their_ink_is_at_144_dpi(reading: Server, dpi: int) -> None:
    assert_at_ink(read(reading, "scanned.pdf", scanned(dpi)))


@pytest.mark.parametrize(
    "quarter_turns", [0, 1, 2, 3], ids=["upright", "on its side", "upside down", "on its other side"]
)
def test_lines_of_an_image_are_in_its_own_pixels_whichever_way_it_lies(reading: Server, quarter_turns: int) -> None:
    page = picture(72 * PX_PER_PT).rotate(-90 * quarter_turns, expand=True)

    found = read(reading, "page.png", png(page))

    for line in found:
        line["box"] = rotate_quad(to_quad(line["box"]), -quarter_turns, *page.size)
    assert_at_ink(sorted(found, key=lambda line: float(line["box"][0][1])))


def test_boxes_of_tilted_lines_are_tilted(reading: Server) -> None:
    page, degrees = picture(72 * PX_PER_PT), 2
    tilted = page.rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")

    found = read(reading, "tilted.png", png(tilted))

    middle = np.array(page.size) / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for line in found:
        line["box"] = to_quad((np.array(line["box"]) - middle) @ [[cos, -sin], [sin, cos]] + middle)
    assert_at_ink(sorted(found, key=lambda line: float(line["box"][0][1])))
