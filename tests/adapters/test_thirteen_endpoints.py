"""The service with thirteen endpoints: each of them, with bodies as its users send them."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from math import ceil, floor
from pathlib import Path
from typing import Any

import httpx
import pytest

from answering import Answer, WebServer
from quire.document import Document
from running import FakeServer, Server

PROCESS = "/api/v1/ocr/process"


def ended(http: httpx.Client, job: str) -> dict[str, Any]:
    """A job's status once it has ended."""
    while (told := http.get(f"/api/v1/jobs/{job}/status").json())["status"] in ("pending", "processing"):
        time.sleep(0.02)
    found: dict[str, Any] = told
    return found


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"language": "en"}, id="a language"),
        pytest.param({"output_format": "json"}, id="an output format"),
        pytest.param({"strategy": "speed"}, id="a strategy"),
        pytest.param({"language": "english", "output_format": "json", "strategy": "balanced"}, id="all three"),
    ],
)
def test_a_form_that_asks_for_output_is_answered_with_the_document(
    reading: Server, scan: bytes, form: dict[str, str]
) -> None:
    response = reading.http.post(PROCESS, files={"file": ("scan.png", scan)}, data=form)

    value = response.json()
    assert response.status_code == 200
    assert value["metadata"].pop("engine") == "ppocr"
    document = Document.from_dict(value)
    assert (document.name, document.mime) == ("scan.png", "image/png")
    assert "Quire reads pages" in document.text


def test_the_document_has_the_names_of_the_service_as_well(reading: Server, scan: bytes) -> None:
    response = reading.http.post(PROCESS, files={"file": ("scan.png", scan)}, data={"output_format": "json"})

    value = response.json()
    [page] = value["pages"]
    [line] = page["lines"]
    [region] = page["regions"]
    xs, ys = zip(*line["box"], strict=True)
    assert (value["status"], value["request_id"]) == ("completed", response.headers["x-request-id"])
    assert (value["total_regions"], value["average_confidence"]) == (1, line["confidence"])
    assert (value["regions"], value["language_detected"]) == ([region], page["language"])
    assert (page["page_number"], region["text"]) == (1, "Quire reads pages")
    assert region["confidence"] == line["confidence"]
    assert [region["bbox"][name] for name in ("x1", "y1", "x2", "y2")] == [
        floor(min(xs)),
        floor(min(ys)),
        ceil(max(xs)),
        ceil(max(ys)),
    ]


def test_text_comes_as_text(reading: Server, pdf: Callable[[int], bytes]) -> None:
    value = reading.http.post(PROCESS, files={"file": pdf(2)}, data={"output_format": "text"}).json()

    assert [page.strip() for page in value["text"].split("\f")] == ["This is page number 1", "This is page number 2"]
    assert (value["total_regions"], value["metadata"]) == (2, {"engine": "ppocr"})
    assert "pages" not in value


@pytest.mark.parametrize(
    ("output_format", "said"), [("markdown", "\n\nQuire reads pages\n"), ("html", "<!DOCTYPE html>")]
)
def test_the_text_may_be_marked_up(reading: Server, scan: bytes, output_format: str, said: str) -> None:
    response = reading.http.post(PROCESS, files={"file": scan}, data={"output_format": output_format})

    assert said in response.json()["text"]


def test_text_may_keep_the_layout(reading: Server, pdf: Callable[[int], bytes]) -> None:
    form = {"output_format": "text", "preserve_layout": "true"}

    response = reading.http.post(PROCESS, files={"file": pdf(2)}, data=form)

    native = reading.http.post("/v1/read", files={"file": pdf(2)}, data={"format": "layout"})
    assert response.json()["text"] == native.text


def test_structured_has_blocks_and_tables_and_no_lines(reading: Server, scan: bytes) -> None:
    value = reading.http.post(PROCESS, files={"file": scan}, data={"output_format": "structured"}).json()

    [page] = value["pages"]
    assert "Quire reads pages" in " ".join(block["text"] for block in page["blocks"])
    assert {"tables", "figures", "markdown"} <= page.keys()
    assert "lines" not in page
    assert value["metadata"]["engine"] == "ppocr"


@pytest.mark.parametrize("name", ["min_confidence", "confidence_threshold"])
def test_lines_of_less_confidence_are_left_out(reading: Server, scan: bytes, name: str) -> None:
    value = reading.http.post(PROCESS, files={"file": scan}, data={"output_format": "json", name: "1"}).json()

    assert value["pages"][0]["lines"] == []


@pytest.mark.parametrize("name", ["enhance", "enhance_image"])
def test_enhancement_can_be_turned_off(reading: Server, scan: bytes, name: str) -> None:
    value = reading.http.post(PROCESS, files={"file": scan}, data={"language": "en", name: "false"}).json()

    assert value["pages"][0]["quality"]["enhancements"] == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF"])
def test_every_kind_of_image_is_read(reading: Server, images: Callable[[str], bytes], kind: str) -> None:
    response = reading.http.post("/api/v1/ocr/image", files={"file": images(kind)}, data={"output_format": "text"})

    assert response.json()["text"].strip() == "Quire reads pages"


@pytest.mark.parametrize(
    ("form", "pages"),
    [
        pytest.param({"pages": "2"}, [2], id="a page"),
        pytest.param({"page_range": "1,3-4"}, [1, 3, 4], id="ranges"),
        pytest.param({"start_page": "2", "end_page": "3"}, [2, 3], id="first and last"),
        pytest.param({"start_page": "3"}, [3, 4], id="first alone"),
        pytest.param({"end_page": "1"}, [1], id="last alone"),
        pytest.param({}, [1, 2, 3, 4], id="all"),
    ],
)
def test_a_pdf_is_read_in_part(
    reading: Server, pdf: Callable[[int], bytes], form: dict[str, str], pages: list[int]
) -> None:
    value = reading.http.post("/api/v1/ocr/pdf", files={"file": pdf(4)}, data=form).json()

    assert [page["number"] for page in value["pages"]] == pages


@pytest.mark.parametrize("name", ["url", "image_url"])
def test_a_document_is_fetched(reading: Server, web: WebServer, scan: bytes, name: str) -> None:
    web.answers["/scan.png"] = Answer(scan)

    response = reading.http.post("/api/v1/ocr/url", json={name: web.url("/scan.png"), "output_format": "text"})

    assert response.json()["text"].strip() == "Quire reads pages"


def test_a_batch_has_an_answer_for_each_file(reading: Server, scan: bytes, pdf: Callable[[int], bytes]) -> None:
    files = [("files", ("a.png", scan)), ("files", ("b.txt", b"nothing")), ("files", ("c.pdf", pdf(1)))]

    value = reading.http.post("/api/v1/ocr/process-batch", files=files, data={"output_format": "text"}).json()

    first, second, third = value["results"]
    assert (value["total"], value["successful"], value["failed"]) == (3, 2, 1)
    assert (value["total_images"], value["status"]) == (3, "completed")
    assert (first["filename"], first["file_name"], first["success"]) == ("a.png", "a.png", True)
    assert (first["status"], first["pages"], first["text"]) == ("completed", 1, "Quire reads pages")
    assert first["result"]["text"] == "Quire reads pages\n"
    assert (second["success"], second["status"], second["code"]) == (False, "failed", "unsupported_format")
    assert (third["filename"], third["result"]["text"].strip()) == ("c.pdf", "This is page number 1")


def test_a_batch_of_more_files_than_the_operator_allows_is_refused(reading: Server) -> None:
    files = [("files", (f"{number}.txt", b"x")) for number in range(4)]

    response = reading.http.post("/api/v1/ocr/process-batch", files=files)

    assert response.status_code == 400
    assert "at most 3 files" in response.json()["detail"]


def test_a_job_is_submitted_watched_and_fetched(reading: Server, scan: bytes) -> None:
    submitted = reading.http.post("/api/v1/jobs/submit", files={"file": ("scan.png", scan)})
    job = submitted.json()["job_id"]
    status = ended(reading.http, job)
    result = reading.http.get(f"/api/v1/jobs/{job}/result").json()

    assert submitted.status_code == 202
    assert submitted.json()["status"] == "pending"
    assert reading.http.get(submitted.json()["status_url"]).json() == status
    assert reading.http.get(submitted.json()["result_url"]).json() == result
    assert (status["status"], status["progress"], status["error"]) == ("completed", 100, None)
    assert status["completed_at"] >= status["started_at"] >= status["created_at"]
    assert result["metadata"]["engine"] == "ppocr"
    assert "Quire reads pages" in result["result"]["pages"][0]["text"]
    assert result["regions"] == result["result"]["regions"]


def test_a_job_of_a_document_at_an_address(reading: Server, web: WebServer, scan: bytes) -> None:
    web.answers["/scan.png"] = Answer(scan)
    form = {"image_url": web.url("/scan.png"), "output_format": "text"}

    # As `requests.post(url, data=…, files=…)`: a form of several parts without a file.
    sent = reading.http.post("/api/v1/jobs/submit", files={name: (None, value) for name, value in form.items()})
    job = sent.json()["job_id"]
    ended(reading.http, job)

    assert reading.http.get(f"/api/v1/jobs/{job}/result").json()["text"] == "Quire reads pages\n"


def test_a_job_of_several_documents_has_a_list_in_the_format_that_was_asked_for(
    reading: Server, scan: bytes, pdf: Callable[[int], bytes]
) -> None:
    files = [("files", ("a.png", scan)), ("files", ("b.pdf", pdf(1))), ("files", ("c.txt", b"nothing"))]
    job = reading.http.post("/api/v1/jobs/submit", files=files, data={"output_format": "text"}).json()["job_id"]
    ended(reading.http, job)

    told = reading.http.get(f"/api/v1/jobs/{job}/result").json()
    structured = reading.http.get(f"/api/v1/jobs/{job}/result", params={"output_format": "structured"}).json()["result"]

    assert [error["filename"] for error in told["errors"]] == ["c.txt"]
    assert [entry["text"].strip() for entry in told["result"]] == ["Quire reads pages", "This is page number 1"]
    assert [document["name"] for document in structured] == ["a.png", "b.pdf"]


def test_a_job_that_has_not_ended_says_so(start: Callable[..., FakeServer], numbered: Any) -> None:
    http = start(page_s=30).http
    job = http.post("/api/v1/jobs/submit", files={"file": numbered(2)}).json()["job_id"]

    response = http.get(f"/api/v1/jobs/{job}/result")

    assert response.status_code == 202
    assert response.json()["status"] in ("pending", "processing")
    assert int(response.headers["retry-after"]) > 0


def test_a_failed_job_answers_with_its_error(reading: Server) -> None:
    job = reading.http.post("/api/v1/jobs/submit", files={"file": b"hello, this is text"}).json()["job_id"]
    status = ended(reading.http, job)
    result = reading.http.get(f"/api/v1/jobs/{job}/result")

    assert status["status"] == "failed"
    assert result.status_code == 415
    assert result.json() == {"detail": status["error"]}


def test_health_readiness_and_figures(reading: Server) -> None:
    health, ready, gpu, stats, metrics = (
        reading.http.get(f"/api/v1/{name}") for name in ("health", "ready", "gpu/status", "stats", "metrics")
    )

    assert health.json()["status"] == "healthy"
    assert health.json()["services"]["ocr"]["status"] == "up"
    assert {"ready": True, "models_loaded": True, "status": "ready"}.items() <= ready.json().items()
    assert {"gpu_available", "message"} <= ready.json().keys()
    assert {"available", "device_count", "devices", "device_name", "memory", "utilization"} <= gpu.json().keys()
    assert {"pages", "jobs", "cache"} <= stats.json().keys()
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "quire_pages_total" in metrics.text


def test_a_server_that_still_loads_is_neither_healthy_nor_ready(start: Callable[..., FakeServer]) -> None:
    http = start(start_s=30).http

    health, ready = (http.get(f"/api/v1/{name}") for name in ("health", "ready"))

    assert (health.status_code, ready.status_code) == (503, 503)
    assert (health.json()["healthy"], health.json()["model_loaded"]) == (False, False)
    assert ready.json()["ready"] is False
    assert "loading" in ready.json()["detail"]


def test_one_health_answers_the_clients_of_all_services(reading: Server) -> None:
    value = reading.http.get("/health").json()

    assert {"status", "healthy", "model_loaded", "cuda_available", "gpu_name"} <= value.keys()
    assert (value["status"], value["healthy"], value["model_loaded"]) == ("healthy", True, True)


@pytest.mark.parametrize(
    ("path", "request_", "status"),
    [
        pytest.param(PROCESS, {"data": {"strategy": "magic"}, "files": {"file": b"x"}}, 400, id="an unknown strategy"),
        pytest.param(
            PROCESS, {"data": {"output_format": "docx"}, "files": {"file": b"x"}}, 400, id="an unknown format"
        ),
        pytest.param(PROCESS, {"data": {"language": "en"}, "files": {"file": b""}}, 422, id="an empty file"),
        pytest.param(PROCESS, {"data": {"language": "en"}, "files": {"file": b"text"}}, 415, id="a text file"),
        pytest.param(
            PROCESS, {"data": {"language": "en"}, "files": {"file": b"x" * 2_500_000}}, 413, id="a large file"
        ),
        pytest.param("/api/v1/ocr/image", {"files": {"file": b"%PDF-1.7\nnothing"}}, 422, id="a damaged PDF"),
        pytest.param("/api/v1/ocr/image", {"files": {"image": b"x"}}, 400, id="another field"),
        pytest.param(
            "/api/v1/ocr/image",
            {"data": {"min_confidence": "7"}, "files": {"file": b"x"}},
            400,
            id="confidence above 1",
        ),
        pytest.param(
            "/api/v1/ocr/pdf",
            {"data": {"start_page": "3", "end_page": "2"}, "files": {"file": b"x"}},
            400,
            id="backwards",
        ),
        pytest.param("/api/v1/ocr/pdf", {"data": {"start_page": "zero"}, "files": {"file": b"x"}}, 400, id="no number"),
        pytest.param("/api/v1/ocr/url", {"json": {}}, 400, id="no address"),
        pytest.param("/api/v1/ocr/url", {"json": {"url": 7}}, 400, id="a number as address"),
        pytest.param("/api/v1/ocr/url", {"json": ["url"]}, 400, id="a list"),
        pytest.param("/api/v1/ocr/url", {"json": {"url": "http://10.0.0.1/a.pdf"}}, 400, id="a private network"),
        pytest.param("/api/v1/ocr/url", {"json": {"url": "file:///etc/passwd"}}, 400, id="a file of the server"),
        pytest.param(
            "/api/v1/ocr/url", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, id="no JSON"
        ),
        pytest.param("/api/v1/ocr/url", {"files": {"file": b"x"}}, 415, id="a form in place of JSON"),
        pytest.param("/api/v1/ocr/process-batch", {"data": {"language": "en"}}, 415, id="a batch of nothing"),
        pytest.param("/api/v1/jobs/submit", {"json": {}}, 415, id="a job of nothing"),
    ],
)
def test_a_bad_request_is_told_as_its_clients_expect(
    reading: Server, path: str, request_: dict[str, Any], status: int
) -> None:
    response = reading.http.post(path, **request_)

    assert response.status_code == status, response.text
    assert response.json().keys() == {"detail"}
    assert isinstance(response.json()["detail"], str)


def test_an_unknown_language_is_refused(reading: Server, scan: bytes) -> None:
    response = reading.http.post(PROCESS, files={"file": scan}, data={"language": "tlh"})

    assert (response.status_code, response.json().keys()) == (400, {"detail"})


def test_a_pdf_is_no_image_and_an_image_no_pdf(reading: Server, scan: bytes, pdf: Callable[[int], bytes]) -> None:
    no_image = reading.http.post("/api/v1/ocr/image", files={"file": pdf(1)})
    no_pdf = reading.http.post("/api/v1/ocr/pdf", files={"file": scan})

    assert (no_image.status_code, no_pdf.status_code) == (415, 415)
    assert "/api/v1/ocr/pdf" in no_image.json()["detail"]
    assert "/api/v1/ocr/image" in no_pdf.json()["detail"]


@pytest.mark.parametrize("path", ["status", "result"])
def test_an_unknown_job_is_404(reading: Server, path: str) -> None:
    response = reading.http.get(f"/api/v1/jobs/none/{path}")

    assert (response.status_code, response.json().keys()) == (404, {"detail"})


def test_a_bug_has_the_shape_of_an_error_too(start: Callable[..., FakeServer], numbered: Any) -> None:
    response = start(fault="bug").http.post(PROCESS, files={"file": numbered(1)}, data={"language": "en"})

    assert (response.status_code, response.json().keys()) == (500, {"detail"})
    assert "secret" not in response.text


def test_curl_lines_of_its_users_work(reading: Server, scan: bytes, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(scan)
    address = f"{reading.http.base_url}".rstrip("/") + PROCESS
    command = [
        "curl",
        "-s",
        "-X",
        "POST",
        address,
        "-F",
        "file=@scan.png",
        "-F",
        "language=en",
        "-F",
        "output_format=json",
    ]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=True)

    assert "Quire reads pages" in json.loads(done.stdout)["pages"][0]["text"]
