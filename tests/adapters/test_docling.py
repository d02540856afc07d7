"""docling-serve: the requests of Open WebUI and of docling's own client, which LangChain uses, as recorded."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from zipfile import ZipFile

import pytest
from sending import b64

from answering import Answer, WebServer
from papers import BODY, HEADING, HEIGHT_PT, ROWS, WIDTH_PT, report
from quire.release import version
from running import Server

CONTENTS = {"md_content", "json_content", "html_content", "text_content", "doctags_content"}


def source(data: bytes, name: str = "a.pdf") -> dict[str, str]:
    return {"kind": "file", "base64_string": b64(data), "filename": name}


def converted(server: Server, data: bytes, **options: Any) -> dict[str, Any]:
    answer = server.http.post("/v1/convert/source", json={"sources": [source(data)], "options": options})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()["document"]
    return document


def test_open_webuis_request(reading: Server, pdf: Callable[[int], bytes]) -> None:
    answer = reading.http.post(
        "/v1/convert/file",
        files={"files": ("/app/backend/data/uploads/a.pdf", pdf(2), "application/pdf")},
        data={"image_export_mode": "placeholder", "do_ocr": "True", "ocr_lang": ["en", "de"], "table_mode": "accurate"},
        headers={"X-Api-Key": "any"},
    )
    found = answer.json()

    assert found["status"] == "success"
    assert found["document"]["md_content"] == "This is page number 1\n\nThis is page number 2"
    assert found["document"].keys() == {"filename", *CONTENTS}
    assert found["document"]["filename"] == "a.pdf"
    assert (found["errors"], found["timings"], found["metadata"]) == ([], {}, {"engine": "ppocr"})
    assert found["processing_time"] > 0


def test_open_webui_parts_the_pages_itself(reading: Server, pdf: Callable[[int], bytes]) -> None:
    answer = reading.http.post(
        "/v1/convert/file",
        files={"files": ("a.pdf", pdf(3), "application/pdf")},
        data={"image_export_mode": "placeholder", "md_page_break_placeholder": "\f", "to_formats": ["md", "json"]},
    )
    document = answer.json()["document"]
    texts = [page.strip() for page in document["md_content"].split("\f")]
    numbers = [item["prov"][0]["page_no"] for item in document["json_content"]["texts"]]

    assert dict(zip(numbers, texts, strict=True)) == {n: f"This is page number {n}" for n in (1, 2, 3)}


def test_doclings_own_client(reading: Server, pdf: Callable[[int], bytes]) -> None:
    """It asks for artifacts first, and for a web socket; without either it goes on."""
    files = {"files": ("a.pdf", pdf(3), "application/pdf")}
    options: dict[str, Any] = {"to_formats": ["md", "json"], "page_range": ["1", "9"]}
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    artifacts = options | {"target_type": "presigned_url"}
    refused = reading.http.post("/v1/convert/file/async", files=files, data=artifacts)
    inbody = options | {"target_type": "inbody"}
    task = reading.http.post("/v1/convert/file/async", files=files, data=inbody).json()["task_id"]

    assert refused.status_code == 400
    assert "artifact storage to be configured" in refused.json()["detail"]
    assert reading.http.get(f"/v1/status/ws/{task}", params={"api_key": "any"}, headers=upgrade).status_code == 404
    assert "upgrade" not in reading.log
    assert reading.http.get(f"/v1/status/poll/{task}", params={"wait": 5.0}).json()["task_status"] == "success"
    assert [*reading.http.get(f"/v1/result/{task}").json()["document"]["json_content"]["pages"]] == ["1", "2", "3"]


@pytest.mark.parametrize("key", ["sources", "http_sources"])
def test_sources_at_addresses(reading: Server, web: WebServer, pdf: Callable[[int], bytes], key: str) -> None:
    web.answers["/a.pdf"] = Answer(pdf(1), headers={"Content-Type": "application/pdf"})
    body = {
        "options": {"to_formats": ["md", "json"], "image_export_mode": "placeholder", "from_formats": ["pdf", "image"]},
        key: [{"kind": "http", "url": web.url("/a.pdf")}],
        "target": {"kind": "inbody"},
    }
    document = reading.http.post("/v1/convert/source", json=body).json()["document"]

    assert document["md_content"] == "This is page number 1"
    assert document["json_content"]["schema_name"] == "DoclingDocument"
    assert document["html_content"] is document["text_content"] is None


def test_a_task_from_start_to_end(reading: Server, pdf: Callable[[int], bytes]) -> None:
    asked = {"to_formats": ["text", "md"], "md_page_break_placeholder": "<!-- next -->"}
    task = reading.http.post("/v1/convert/file/async", files={"files": ("a.pdf", pdf(2))}, data=asked).json()
    polled = reading.http.get(f"/v1/status/poll/{task['task_id']}", params={"wait": 20}).json()
    document = reading.http.get(f"/v1/result/{task['task_id']}").json()["document"]

    assert task.keys() == {"task_id", "task_type", "task_status", "task_position", "task_meta", "error_message"}
    assert task["task_type"] == "convert"
    assert polled | {"task_status": "", "task_position": None} == task | {"task_status": "", "task_position": None}
    assert polled["task_status"] == "success"
    assert document["md_content"] == "This is page number 1\n\n<!-- next -->\n\nThis is page number 2"
    assert document["text_content"] == "This is page number 1\n\nThis is page number 2"
    assert document["json_content"] is None


def test_a_task_that_fails_says_why(reading: Server) -> None:
    task = reading.http.post("/v1/convert/source/async", json={"sources": [source(b"just words")]}).json()["task_id"]

    polled = reading.http.get(f"/v1/status/poll/{task}?wait=20").json()
    result = reading.http.get(f"/v1/result/{task}")
    assert polled["task_status"] == "failure"
    assert (result.status_code, result.json()) == (415, {"detail": polled["error_message"]})


def test_a_task_has_no_result_before_its_end(start: Callable[..., Any], numbered: Callable[[int], bytes]) -> None:
    server = start(page_s=1.0)
    server.wait_until_ready()
    task = server.http.post("/v1/convert/file/async", files={"files": numbered(2)}).json()

    assert task["task_status"] in {"pending", "started"}
    result = server.http.get(f"/v1/result/{task['task_id']}")
    assert (result.status_code, result.json()["detail"].startswith("Task result not found")) == (404, True)


def test_the_docling_document(reading: Server) -> None:
    document = converted(reading, report(), to_formats=["json"], image_export_mode="embedded")["json_content"]
    texts = {item["text"]: item for item in document["texts"]}
    [table] = document["tables"]
    [picture] = document["pictures"]

    assert document["origin"]["mimetype"] == "application/pdf"
    assert document["pages"]["1"]["size"] == pytest.approx({"width": WIDTH_PT, "height": HEIGHT_PT}, abs=0.5)
    assert texts[HEADING]["label"] in {"title", "section_header"}
    assert texts[" ".join(BODY)]["label"] == "text"
    [place] = texts[HEADING]["prov"]
    box = place["bbox"]
    assert (place["page_no"], place["charspan"], box["coord_origin"]) == (1, [0, len(HEADING)], "BOTTOMLEFT")
    assert box["l"] == pytest.approx(72, abs=3)
    assert box["b"] < 720 < box["t"]
    assert [[cell["text"] for cell in row] for row in table["data"]["grid"]] == [[*row] for row in ROWS]
    assert picture["image"]["uri"].startswith("data:image/png;base64,")
    assert {ref["$ref"] for ref in document["body"]["children"]} == {
        item["self_ref"] for kind in ("texts", "tables", "pictures") for item in document[kind]
    }


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        pytest.param({}, "<!-- image -->", id="a placeholder, unless something else is asked for"),
        pytest.param({"image_export_mode": "embedded"}, "![Image](data:image/png;base64,", id="the picture"),
        pytest.param({"image_export_mode": "referenced"}, "![Figure](p1-f1.png)", id="its name"),
        pytest.param({"image_export_mode": "embedded", "include_images": False}, "<!-- image -->", id="no images"),
    ],
)
def test_what_stands_for_a_figure(reading: Server, options: dict[str, Any], shown: str) -> None:
    assert shown in converted(reading, report(), **options)["md_content"]


def test_html_holds_its_pictures(reading: Server) -> None:
    html = converted(reading, report(), to_formats=["html"], image_export_mode="embedded")["html_content"]

    assert "<td>Albatross</td>" in html
    assert 'src="data:image/png;base64,' in html


def test_some_pages_and_their_own_text_or_not(reading: Server, pdf: Callable[[int], bytes]) -> None:
    assert converted(reading, pdf(3), page_range=[2, 3])["md_content"].count("page number") == 2
    assert converted(reading, pdf(3), page_range=[3, 2**63 - 1])["md_content"] == "This is page number 3"
    assert converted(reading, pdf(3), page_range=[1, 20])["md_content"].count("page number") == 3
    assert converted(reading, pdf(1), force_ocr=True)["md_content"] == "This is page number 1"
    assert converted(reading, pdf(1), to_formats=None, page_range=None)["md_content"] == "This is page number 1"
    assert converted(reading, pdf(1), do_ocr=False)["md_content"] == "This is page number 1"


@pytest.mark.parametrize("way", ["several", "zip"])
def test_several_documents_are_an_archive(reading: Server, pdf: Callable[[int], bytes], scan: bytes, way: str) -> None:
    files = [("files", ("a.pdf", pdf(1))), ("files", ("b.png", scan)), ("files", ("c.txt", b"no document"))]
    data = {"to_formats": ["md", "text"]} | ({"target_type": "zip"} if way == "zip" else {})
    answer = reading.http.post("/v1/convert/file", files=files[: 1 if way == "zip" else 3], data=data)

    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="converted_docs.zip"'
    with ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert archive.read("a.md") == b"This is page number 1"
    assert names == (["a.md", "a.txt"] if way == "zip" else ["a.md", "a.txt", "b.md", "b.txt"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({}, 400, id="nothing"),
        pytest.param({"sources": []}, 400, id="no sources"),
        pytest.param({"sources": "x"}, 400, id="no list"),
        pytest.param({"sources": ["x"]}, 400, id="no object"),
        pytest.param({"sources": [{"kind": "s3", "endpoint": "x"}]}, 400, id="another kind"),
        pytest.param({"sources": [{"url": "http://10.0.0.1/", "headers": {"a": "b"}}]}, 400, id="headers"),
        pytest.param({"sources": [{"url": "http://10.0.0.1/"}]}, 400, id="a way inside"),
        pytest.param({"sources": [{"base64_string": "!", "filename": "a"}]}, 422, id="no base64"),
        pytest.param({"sources": [source(b"")]}, 422, id="an empty file"),
        pytest.param({"sources": [source(b"words")]}, 415, id="no document"),
        pytest.param({"sources": [source(b"x")] * 10_001}, 400, id="10,001 documents"),
        pytest.param({"sources": [source(b"x")], "options": {"to_formats": ["doctags"]}}, 501, id="doctags"),
        pytest.param({"sources": [source(b"x")], "options": {"to_formats": ["x"]}}, 400, id="no format"),
        pytest.param({"sources": [source(b"x")], "options": {"to_formats": []}}, 400, id="no formats"),
        pytest.param({"sources": [source(b"x")], "options": {"page_range": [3, 1]}}, 400, id="pages backwards"),
        pytest.param({"sources": [source(b"x")], "options": {"page_range": "x"}}, 400, id="no pages"),
        pytest.param({"sources": [source(report())], "options": {"page_range": [2, 9]}}, 400, id="no such pages"),
        pytest.param({"sources": [source(b"x")], "options": {"do_picture_description": True}}, 501, id="descriptions"),
        pytest.param({"sources": [source(b"x")], "target": {"kind": "s3"}}, 400, id="another target"),
        pytest.param({"sources": [source(b"x")], "callbacks": [{"url": "https://x.test"}]}, 501, id="callbacks"),
    ],
)
def test_bad_requests_have_the_error_shape(reading: Server, body: dict[str, Any], status: int) -> None:
    answer = reading.http.post("/v1/convert/source", json=body)

    assert (answer.status_code, answer.json().keys()) == (status, {"detail"}), answer.text
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("task", ["x", "x.e30", "x.W10", "é.é", "x.%00"])
def test_unknown_tasks(reading: Server, task: str) -> None:
    for path in (f"/v1/status/poll/{task}", f"/v1/result/{task}"):
        answer = reading.http.get(path)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Task not found."})


def test_whether_it_is_ready_and_which_release_it_is(reading: Server) -> None:
    assert reading.http.get("/ready").json() == {"status": "ok"}
    assert reading.http.get("/version").json() == {"quire": version()}
