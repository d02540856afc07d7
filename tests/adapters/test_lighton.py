"""The LightOnOCR-style API: documents in forms, and what is kept of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from quire.api.adapters.kept import folder_name
from running import FakeServer, Server

BREAK = "\n\n--- Page Break ---\n\n"
Start = Callable[..., FakeServer]


def test_pages_are_joined_in_order(reading: Server, pdf: Callable[[int], bytes]) -> None:
    answer = reading.http.post("/ocr", files={"file": ("notes.pdf", pdf(3), "application/pdf")})

    told = answer.json()
    assert answer.status_code == 200
    assert told["filename"] == "notes.pdf"
    assert told["text"] == BREAK.join(f"This is page number {number}" for number in (1, 2, 3))
    assert told["processing_time"] > 0
    assert told["metadata"]["engine"] == "ppocr"


def test_an_image_is_a_page(reading: Server, scan: bytes) -> None:
    assert reading.http.post("/ocr", files={"file": ("a.png", scan)}).json()["text"] == "Quire reads pages"


@pytest.mark.parametrize(
    ("files", "status"),
    [
        pytest.param({"file": ("a.pdf", b"")}, 422, id="an empty file"),
        pytest.param({"file": ("a.pdf", b"%PDF-1.7 broken")}, 422, id="a damaged PDF"),
        pytest.param({"file": ("a.docx", b"text")}, 415, id="no document"),
        pytest.param({"document": ("a.pdf", b"%PDF")}, 400, id="another field"),
        pytest.param([("file", ("a.pdf", b"%PDF")), ("file", ("b.pdf", b"%PDF"))], 400, id="two files"),
    ],
)
def test_what_cannot_be_read_has_the_error_shape(reading: Server, files: Any, status: int) -> None:
    answer = reading.http.post("/ocr", files=files)

    assert answer.status_code == status, answer.text
    assert answer.json()["detail"] != ""


def test_a_form_that_is_broken_has_the_error_shape(reading: Server) -> None:
    answer = reading.http.post("/ocr", content=b"x", headers={"content-type": "multipart/form-data"})

    assert answer.status_code == 400
    assert answer.json()["detail"] != ""


def send(server: Server, name: str, content: bytes) -> dict[str, Any]:
    answer = server.http.post("/ocr", files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_text_and_page_images_are_kept(start: Start, pdf: Callable[[int], bytes], tmp_path: Path) -> None:
    server = start(OUTPUT_DIR=str(tmp_path), SAVE_QUALITY="60")
    server.wait_until_ready()

    told = send(server, "../notes.final.pdf", pdf(2))

    folder = tmp_path / "notes.final"
    assert files_in(tmp_path) == [
        "notes.final/images/image_0000.jpeg",
        "notes.final/images/image_0001.jpeg",
        "notes.final/result.txt",
    ]
    assert (folder / "result.txt").read_text() == told["text"]
    with Image.open(folder / "images" / "image_0001.jpeg") as image:
        assert (image.format, image.size) == ("JPEG", (833, 556))  # 300 × 200 points at 200 dpi

    send(server, "notes.final.pdf", pdf(1))
    assert files_in(folder) == ["images/image_0000.jpeg", "result.txt"]


def test_images_have_the_resolution_and_quality_that_are_set(
    start: Start, pdf: Callable[[int], bytes], tmp_path: Path
) -> None:
    sizes = []
    for quality in (20, 95):
        server = start(OUTPUT_DIR=str(tmp_path), SAVE_QUALITY=str(quality), PDF_DPI="72")
        server.wait_until_ready()
        send(server, "a.pdf", pdf(1))
        content = (tmp_path / "a" / "images" / "image_0000.jpeg").read_bytes()
        assert Image.open(io.BytesIO(content)).size == (300, 200)
        sizes.append(len(content))

    assert sizes[0] < sizes[1]


def test_a_disk_that_fails_costs_nobody_the_answer(start: Start, pdf: Callable[[int], bytes], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, where a folder should be")
    server = start(OUTPUT_DIR=str(tmp_path / "taken"))
    server.wait_until_ready()

    told = send(server, "a.pdf", pdf(1))

    assert told["text"] == "This is page number 1"
    assert "not all was kept" in told["metadata"]["warnings"][0]
    assert str(tmp_path) not in str(told)


def test_a_page_that_fails_keeps_its_place(start: Start, numbered: Callable[[int], bytes], tmp_path: Path) -> None:
    server = start(fault="run@2", OUTPUT_DIR=str(tmp_path))
    server.wait_until_ready()

    told = send(server, "three.tif", numbered(3))

    assert told["text"] == f"page 1{BREAK}{BREAK}page 3"
    assert [error["page"] for error in told["metadata"]["errors"]] == [2]
    assert files_in(tmp_path / "three" / "images") == ["image_0000.jpeg", "image_0002.jpeg"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("report.pdf", "report"),
        ("../../etc/passwd", "passwd"),
        ("..", "document"),
        (".bashrc", "bashrc"),
        ("-rf.pdf", "rf"),
        ('a:b*c?"<>|\x00.pdf', "a_b_c______"),
        ("Übersicht 2024 (neu).pdf", "Übersicht 2024 (neu)"),
        ("发票.pdf", "发票"),
        ("", "document"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_name_is_a_harmless_folder(name: str, folder: str) -> None:
    assert folder_name(name) == folder


def test_a_long_name_of_long_letters_fits_a_folder() -> None:
    assert len(folder_name("票" * 500).encode()) <= 200
