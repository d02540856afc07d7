"""What a job has read: while it runs, in every format, by page, as pictures."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops

from calls import create, ended, look, numbers, result, wait_until
from quire.exports import export
from running import FakeServer, Server

Numbered = Callable[..., bytes]


@pytest.fixture(scope="module")
def read(working: FakeServer, numbered: Numbered) -> Any:
    """A job of five pages that has ended."""
    return ended(working.http, create(working.http, numbered(5)))


def test_the_pages_that_are_done_can_be_had_while_the_job_runs(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, numbered(40))
    wait_until(lambda: look(working.http, job)["pages_done"], "a page")

    response = working.http.get(f"/v1/jobs/{job['id']}/result")
    page = working.http.get(f"/v1/jobs/{job['id']}/pages/{numbers(response.json())[0]}")
    later = working.http.get(f"/v1/jobs/{job['id']}/pages/40")
    working.http.delete(f"/v1/jobs/{job['id']}")

    assert response.headers["quire-job-state"] == "running"
    assert 1 <= len(response.json()["pages"]) < 40
    assert page.json() == response.json()["pages"][0]
    assert (later.status_code, later.json()["code"]) == (409, "result_not_ready")


@pytest.mark.parametrize(
    ("wanted", "mime", "start"),
    [
        pytest.param("text", "text/plain; charset=utf-8", "page 1\n\x0cpage 2", id="text"),
        pytest.param("markdown", "text/markdown; charset=utf-8", "<!-- page 1 -->", id="Markdown"),
        pytest.param("json", "application/json", '{"schema_version"', id="JSON"),
        pytest.param("ndjson", "application/x-ndjson", '{"document"', id="NDJSON"),
        pytest.param("layout", "text/plain; charset=utf-8", "page 1\n\x0cpage 2", id="text as it is laid out"),
        pytest.param("html", "text/html; charset=utf-8", "<!DOCTYPE html>", id="HTML"),
        pytest.param("hocr", "text/vnd.hocr+html; charset=utf-8", "<?xml", id="hOCR"),
        pytest.param("alto", "application/alto+xml", "<?xml", id="ALTO"),
        pytest.param("csv", "text/csv; charset=utf-8", "", id="CSV"),
        pytest.param("detections", "application/json", '[{"text": "page 1"', id="detections"),
    ],
)
def test_a_result_comes_in_any_format(working: FakeServer, read: Any, wanted: str, mime: str, start: str) -> None:
    response = working.http.get(f"/v1/jobs/{read['id']}/result", params={"format": wanted})

    assert response.headers["content-type"] == mime
    assert response.text.startswith(start)


@pytest.mark.parametrize(
    ("wanted", "mime", "start"),
    [
        pytest.param("pdf", "application/pdf", b"%PDF", id="searchable PDF"),
        pytest.param("xlsx", export("xlsx").mime, b"PK", id="workbook"),
        pytest.param("overlay", "image/png", b"\x89PNG", id="overlay of one page"),
    ],
)
def test_files_come_as_they_are(working: FakeServer, read: Any, wanted: str, mime: str, start: bytes) -> None:
    response = working.http.get(f"/v1/jobs/{read['id']}/result", params={"format": wanted, "pages": "2"})

    assert response.headers["content-type"] == mime
    assert response.content.startswith(start)


def test_a_searchable_pdf_is_drawn_by_a_worker_from_what_was_read(working: FakeServer, read: Any) -> None:
    file = working.http.get(f"/v1/jobs/{read['id']}/result", params={"format": "pdf", "pages": "2-3"}).content

    pdf = pypdfium2.PdfDocument(file)
    texts = [pdf[index].get_textpage().get_text_range() for index in range(len(pdf))]
    pdf.close()
    assert texts == ["page 2", "page 3"]


def test_an_overlay_of_several_pages_is_refused(working: FakeServer, read: Any) -> None:
    response = working.http.get(f"/v1/jobs/{read['id']}/result", params={"format": "overlay"})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_option")


def test_files_of_several_documents_come_as_a_zip(working: FakeServer, numbered: Numbered) -> None:
    job = ended(working.http, create(working.http, numbered(1), numbered(2)))
    response = working.http.get(f"/v1/jobs/{job['id']}/result", params={"format": "hocr"})

    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["1.hocr", "2.hocr"]
    assert response.headers["content-type"] == "application/zip"


def test_an_archive_says_which_of_its_files_could_not_be_written(working: FakeServer, numbered: Numbered) -> None:
    job = ended(working.http, create(working.http, numbered(1), numbered(2)))
    response = working.http.get(f"/v1/jobs/{job['id']}/result", params={"format": "overlay"})

    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.namelist() == ["1.png", "2.error.txt"]
        assert archive.read("2.error.txt").startswith(b"invalid_option: ")


@pytest.mark.parametrize("name", ["p1-f1", "p1-f1.png", "p99-f1", "nonsense"])
def test_a_figure_that_is_not_there_is_refused(working: FakeServer, read: Any, name: str) -> None:
    assert working.http.get(f"/v1/jobs/{read['id']}/figures/{name}").status_code == 400


def test_the_jobs_own_format_counts_when_the_request_names_none(working: FakeServer, numbered: Numbered) -> None:
    job = ended(working.http, create(working.http, numbered(1), format="text"))

    assert working.http.get(f"/v1/jobs/{job['id']}/result").text == "page 1\n"


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param("2-3", [2, 3], id="a range"),
        pytest.param("5,1", [1, 5], id="single pages, in the document's order"),
        pytest.param("-1", [5], id="the last page"),
    ],
)
def test_a_result_holds_the_pages_that_are_asked_for(
    working: FakeServer, read: Any, pages: str, expected: list[int]
) -> None:
    as_json = result(working.http, read, pages=pages)
    lines = working.http.get(f"/v1/jobs/{read['id']}/result", params={"pages": pages, "format": "ndjson"}).text

    assert numbers(as_json) == expected
    assert [json.loads(line)["page"]["number"] for line in lines.splitlines()[1:-1]] == expected


@pytest.mark.parametrize("wanted", ["json", "ndjson", "text"])
@pytest.mark.parametrize(
    ("pages", "code"),
    [
        pytest.param("9", "page_out_of_range", id="a page that is not there"),
        pytest.param("one", "invalid_page_range", id="nonsense"),
    ],
)
@pytest.mark.parametrize("documents", [pytest.param(1, id="one document"), pytest.param(2, id="two documents")])
def test_pages_that_cannot_be_had_are_refused(
    working: FakeServer, numbered: Numbered, documents: int, pages: str, code: str, wanted: str
) -> None:
    job = ended(working.http, create(working.http, *(numbered(2) for _ in range(documents))))

    response = working.http.get(f"/v1/jobs/{job['id']}/result", params={"pages": pages, "format": wanted})

    assert (response.status_code, response.json()["code"]) == (400, code)


def test_single_pages_are_told_apart_from_those_that_are_not_there(
    working: FakeServer, numbered: Numbered, read: Any
) -> None:
    some = ended(working.http, create(working.http, numbered(3), pages="2"))

    assert working.http.get(f"/v1/jobs/{read['id']}/pages/3").json()["lines"][0]["text"] == "page 3"
    for job, page in ((read, "6"), (some, "1"), (read, "3?document=1")):
        response = working.http.get(f"/v1/jobs/{job['id']}/pages/{page}")
        assert (response.status_code, response.json()["code"]) == (400, "page_out_of_range")


def test_a_page_is_drawn_upright_with_and_without_what_was_read(server: Server, scan: bytes) -> None:
    upright = Image.open(io.BytesIO(scan))
    file = io.BytesIO()
    upright.rotate(180).save(file, "PNG")
    job = ended(server.http, create(server.http, file.getvalue()))
    url = f"/v1/jobs/{job['id']}/pages/1"

    page = server.http.get(url).json()
    bare = _picture(server.http.get(f"{url}/image").content)
    drawn = _picture(server.http.get(f"{url}/image?overlay=true").content)
    small = _picture(server.http.get(f"{url}/image?max_side_px=300").content)

    assert "Quire reads pages" in page["text"]
    assert page["rotation"] == 180
    assert bare.size == drawn.size == upright.size == (page["width"], page["height"])
    assert ImageChops.difference(bare, upright.convert("RGB")).getbbox() is None
    assert ImageChops.difference(bare, drawn).getbbox() is not None
    assert small.size == (300, 67)


def _picture(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return image.convert("RGB")
