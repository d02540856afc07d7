"""POST /v1/read, as people use it, with the real engine."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from quire.document import Document
from running import Server


def test_a_picture_sent_as_form_is_read_with_boxes_inside_it(server: Server, scan: bytes) -> None:
    response = server.http.post("/v1/read", files={"file": ("scan.png", scan)})

    document = Document.from_dict(response.json())
    page = document.pages[0]
    assert response.headers["content-type"] == "application/json"
    assert (document.name, document.mime, document.pages_total) == ("scan.png", "image/png", 1)
    assert "Quire reads pages" in page.text
    assert all(0 <= x <= page.width and 0 <= y <= page.height for x, y in page.lines[0].box)
    assert [word.text for word in page.lines[0].words] == ["Quire", "reads", "pages"]


def test_the_same_picture_in_json_gives_the_same_text(server: Server, scan: bytes) -> None:
    body = {"base64": base64.b64encode(scan).decode(), "name": "from json", "words": False}

    value = server.http.post("/v1/read", json=body).json()

    assert value["name"] == "from json"
    assert "Quire reads pages" in value["pages"][0]["text"]
    assert value["pages"][0]["lines"][0]["words"] == []


@pytest.mark.parametrize("field", ["base64", "url"])
def test_a_data_url_is_itself_the_document(server: Server, scan: bytes, field: str) -> None:
    body = {field: f"data:image/png;base64,{base64.b64encode(scan).decode()}"}

    assert "Quire reads pages" in server.http.post("/v1/read", json=body).json()["pages"][0]["text"]


@pytest.mark.parametrize(
    ("form", "headers", "mime", "start"),
    [
        pytest.param({"format": "text"}, {}, "text/plain; charset=utf-8", "Quire reads", id="text by field"),
        pytest.param(
            {"format": "markdown"},
            {},
            "text/markdown; charset=utf-8",
            "<!-- page 1 -->",
            id="Markdown by field",
        ),
        pytest.param({"format": "ndjson"}, {}, "application/x-ndjson", '{"document"', id="NDJSON by field"),
        pytest.param({"stream": "true"}, {}, "application/x-ndjson", '{"document"', id="NDJSON by stream"),
        pytest.param({"format": "json"}, {"Accept": "text/plain"}, "application/json", "{", id="field over Accept"),
        pytest.param({}, {"Accept": "text/plain"}, "text/plain; charset=utf-8", "Quire reads", id="text by Accept"),
        pytest.param(
            {},
            {"Accept": "text/plain;q=0.2, text/markdown;q=0.9"},
            "text/markdown; charset=utf-8",
            "<!-- page 1 -->",
            id="what Accept likes best",
        ),
        pytest.param({}, {"Accept": "audio/ogg"}, "application/json", "{", id="JSON when Accept names nothing known"),
    ],
)
def test_the_answer_has_the_format_that_was_asked_for(
    server: Server, scan: bytes, form: dict[str, str], headers: dict[str, str], mime: str, start: str
) -> None:
    response = server.http.post("/v1/read", files={"file": scan}, data=form, headers=headers)

    assert response.status_code == 200
    assert response.headers["content-type"] == mime
    assert response.text.startswith(start)


def test_a_stream_tells_head_pages_and_counts(server: Server, pdf: Callable[[int], bytes]) -> None:
    response = server.http.post("/v1/read?stream=true", files={"file": pdf(3)}, data={"pages": "2-3"})

    rows = [json.loads(row) for row in response.text.splitlines()]
    assert rows[0]["document"]["pages_total"] == 3
    assert [row["page"]["number"] for row in rows[1:3]] == [2, 3]
    assert rows[3]["done"] == {"pages": 2, "errors": 0, "partial": False}


def test_options_may_come_as_fields_or_in_the_query(server: Server, pdf: Callable[[int], bytes]) -> None:
    file = {"file": pdf(3)}

    by_field = server.http.post("/v1/read", files=file, data={"pages": "-1", "format": "text"})
    by_query = server.http.post("/v1/read?pages=-1&format=text", files=file)

    assert by_field.text == by_query.text == "This is page number 3\n"


def test_an_encrypted_pdf_opens_with_its_password(server: Server, encrypted_pdf: bytes) -> None:
    form = {"password": "sesame", "format": "text"}

    assert "page number 1" in server.http.post("/v1/read", files={"file": encrypted_pdf}, data=form).text


def test_a_field_left_empty_counts_as_absent(server: Server, scan: bytes) -> None:
    form = {"pages": "", "dpi": "", "password": "", "format": "text"}

    assert server.http.post("/v1/read", files={"file": scan}, data=form).status_code == 200


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param("../../etc/passwd", "passwd", id="a path up"),
        pytest.param("C:\\folder\\scan.png", "scan.png", id="a Windows path"),
        pytest.param("Überweisung 2.png", "Überweisung 2.png", id="a name with umlauts"),
    ],
)
def test_a_files_name_is_shown_without_its_folders(server: Server, scan: bytes, sent: str, shown: str) -> None:
    assert server.http.post("/v1/read", files={"file": (sent, scan)}).json()["name"] == shown


def test_requests_side_by_side_get_their_own_documents(server: Server, pdf: Callable[[int], bytes]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    document = pdf(4)

    def read(number: int) -> str:
        return server.http.post(
            "/v1/read", files={"file": document}, data={"pages": str(number), "format": "text"}
        ).text

    with ThreadPoolExecutor(4) as threads:
        texts = list(threads.map(read, [1, 2, 3, 4] * 2))

    assert texts == [f"This is page number {number}\n" for number in [1, 2, 3, 4] * 2]
