"""Mistral OCR: its own client against a running server."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from mistralai.client import Mistral
from mistralai.client.errors import HTTPValidationError, SDKError
from mistralai.client.models import OCRResponse
from reportlab.pdfgen.canvas import Canvas
from sending import b64

from answering import Answer, WebServer
from papers import HEADING, ROWS, report
from running import Server

MODEL = "mistral-ocr-latest"
HEAD = "Harbour *office*, yearly report"
TEXT = "Line {} of day {}: the harbour was quiet before dawn, and seven boats had left at midnight."


@pytest.fixture(scope="module")
def client(reading: Server) -> Iterator[Mistral]:
    with Mistral(api_key="any", server_url=str(reading.http.base_url)) as opened:
        yield opened


def inline(data: bytes, mime: str = "application/pdf") -> str:
    return f"data:{mime};base64,{b64(data)}"


def read(client: Mistral, data: bytes, **options: Any) -> OCRResponse:
    return client.ocr.process(model=MODEL, document={"type": "document_url", "document_url": inline(data)}, **options)


def margined() -> bytes:
    """Three pages with the same head, and a foot that counts them."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(612, 792))
    for number in (1, 2, 3):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72, 760, HEAD)
        canvas.drawString(300, 30, f"Page {number} of 3")
        canvas.setFont("Helvetica", 12)
        for line in range(6):
            canvas.drawString(72, 700 - 15 * line, TEXT.format(line, number))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_upload_url_read_delete(client: Mistral, pdf: Callable[[int], bytes]) -> None:
    data = pdf(3)
    kept = client.files.upload(file={"file_name": "three pages.pdf", "content": data}, purpose="ocr")
    url = client.files.get_signed_url(file_id=kept.id, expiry=1).url
    by_url = client.ocr.process(model=MODEL, document={"type": "document_url", "document_url": url}, pages=[0, 2])
    by_id = client.ocr.process(model=MODEL, document={"type": "file", "file_id": kept.id}, pages="1-2")

    assert (kept.object, kept.filename, kept.size_bytes, kept.purpose) == ("file", "three pages.pdf", len(data), "ocr")
    assert [(page.index, page.markdown) for page in by_url.pages] == [
        (0, "This is page number 1"),
        (2, "This is page number 3"),
    ]
    assert [page.index for page in by_id.pages] == [1, 2]
    assert (by_url.model, by_url.usage_info.pages_processed, by_url.usage_info.doc_size_bytes) == (MODEL, 2, len(data))
    assert client.files.delete(file_id=kept.id).deleted
    with pytest.raises(SDKError, match="no such file"):
        client.ocr.process(model=MODEL, document={"type": "document_url", "document_url": url})


def test_an_uploaded_image_as_librechat_asks_for_it(reading: Server, client: Mistral, scan: bytes) -> None:
    kept = client.files.upload(file={"file_name": "a.png", "content": scan}, purpose="ocr")
    url = client.files.get_signed_url(file_id=kept.id).url
    asked = {"model": MODEL, "image_limit": 0, "include_image_base64": False}
    answer = reading.http.post("/v1/ocr", json=asked | {"document": {"type": "image_url", "image_url": url}})

    assert [page["markdown"] for page in answer.json()["pages"]] == ["Quire reads pages"]


def test_the_address_of_litellms_azure_ai(reading: Server, scan: bytes) -> None:
    document = {"type": "image_url", "image_url": inline(scan, "image/png")}
    answer = reading.http.post("/providers/mistral/azure/ocr", json={"model": MODEL, "document": document})

    assert [page["markdown"] for page in answer.json()["pages"]] == ["Quire reads pages"]


def test_files_are_listed_and_downloaded(client: Mistral, pdf: Callable[[int], bytes]) -> None:
    data = pdf(1)
    kept = client.files.upload(file={"file_name": "a.pdf", "content": data}, expiry=48)
    listed = client.files.list(page_size=1)

    assert [file.id for file in listed.data] == [kept.id]
    assert listed.total is not None
    assert client.files.retrieve(file_id=kept.id).signature == kept.signature
    assert client.files.download(file_id=kept.id).read() == data
    assert kept.expires_at == kept.created_at + 48 * 3600


def test_a_signed_url_needs_no_key_and_cannot_be_made_up(
    reading: Server, client: Mistral, pdf: Callable[[int], bytes]
) -> None:
    data = pdf(1)
    kept = client.files.upload(file={"file_name": "a.pdf", "content": data})
    url = client.files.get_signed_url(file_id=kept.id).url
    signature = url.partition("signature=")[2]
    other = client.files.upload(file={"file_name": "a.pdf", "content": data})

    assert reading.http.get(url).content == data
    for forged in (
        url.replace(signature, "0" * 64),
        url.replace("expires=", "expires=9"),
        url.replace(kept.id, other.id),
        url.replace(signature, "%C3%A9"),
    ):
        assert reading.http.get(forged).status_code == 404
        with pytest.raises(SDKError, match="signed URL"):
            client.ocr.process(model=MODEL, document={"type": "document_url", "document_url": forged})


def test_a_signed_url_is_known_under_any_name_of_the_server(client: Mistral, pdf: Callable[[int], bytes]) -> None:
    kept = client.files.upload(file={"file_name": "a.pdf", "content": pdf(1)})
    _, _, path = client.files.get_signed_url(file_id=kept.id).url.partition("/v1/")
    document = {"type": "document_url", "document_url": f"https://ocr.example.test/behind/a/proxy/v1/{path}"}

    assert client.ocr.process(model=MODEL, document=document).pages[0].markdown == "This is page number 1"  # type: ignore[arg-type]


@pytest.mark.parametrize("nested", [False, True], ids=["a string", "an object"])
def test_an_image(client: Mistral, scan: bytes, nested: bool) -> None:
    url = inline(scan, "image/png")
    found = client.ocr.process(
        model=MODEL,
        document={"type": "image_url", "image_url": {"url": url} if nested else url},
        confidence_scores_granularity="word",
    )
    [page] = found.pages

    assert page.markdown == "Quire reads pages"
    assert page.dimensions is not None
    assert (page.dimensions.dpi, page.dimensions.width, page.dimensions.height) == (150, 900, 200)
    assert page.confidence_scores
    words = page.confidence_scores.word_confidence_scores or []
    assert [(word.text, word.start_index) for word in words] == [("Quire", 0), ("reads", 6), ("pages", 12)]


def test_a_document_elsewhere(client: Mistral, web: WebServer, pdf: Callable[[int], bytes]) -> None:
    web.answers["/a.pdf"] = Answer(pdf(1), headers={"Content-Type": "application/pdf"})
    document = {"type": "document_url", "document_url": web.url("/a.pdf"), "document_name": "its.pdf"}

    assert client.ocr.process(model=MODEL, document=document).pages[0].markdown == "This is page number 1"  # type: ignore[arg-type]


def test_figures_have_boxes_and_pictures(client: Mistral) -> None:
    [page] = read(client, report(), include_image_base64=True).pages
    [image] = page.images

    assert "![img-0.png](img-0.png)" in page.markdown
    assert image.id == "img-0.png"
    assert (image.image_base64 or "").startswith("data:image/png;base64,iVBOR")
    assert None not in (image.top_left_x, image.bottom_right_x)
    assert (image.bottom_right_x or 0) - (image.top_left_x or 0) > (image.bottom_right_y or 0) - (image.top_left_y or 0)


@pytest.mark.parametrize("options", [{"image_limit": 0}, {"image_min_size": 5000}], ids=["none", "none so large"])
def test_figures_that_are_not_wanted_are_left_out(client: Mistral, options: dict[str, int]) -> None:
    [page] = read(client, report(), include_image_base64=True, **options).pages

    assert page.images == []
    assert "![" not in page.markdown


def test_tables_stand_in_the_markdown_or_apart(client: Mistral) -> None:
    [within] = read(client, report()).pages
    [apart] = read(client, report(), table_format="html").pages

    assert f"| {' | '.join(ROWS[1])} |" in within.markdown
    assert within.tables == []
    [table] = apart.tables or []
    assert f"[{table.id}]({table.id})" in apart.markdown
    assert (table.format_, "<td>Albatross</td>" in table.content) == ("html", True)


def test_heads_and_feet_stand_in_the_markdown_or_apart(client: Mistral) -> None:
    within = read(client, margined()).pages[1]
    apart = read(client, margined(), extract_header=True, extract_footer=True).pages[1]

    assert (within.header, within.footer) == (None, None)
    assert (apart.header, apart.footer) == (HEAD, "Page 2 of 3")
    assert apart.markdown.startswith("Line 0 of day 2")
    assert within.markdown == "\n\n".join((HEAD.replace("*", "\\*"), apart.markdown, "Page 2 of 3"))


def test_blocks_have_kinds_boxes_and_confidences(client: Mistral) -> None:
    [page] = read(client, report(), confidence_scores_granularity="block", table_format="markdown").pages
    blocks = {block.type: block for block in page.blocks or []}

    assert blocks.keys() >= {"title", "text", "table", "image"}
    assert blocks["title"].content == HEADING  # type: ignore[union-attr]
    assert blocks["title"].confidence_scores  # type: ignore[union-attr]
    assert blocks["table"].table_id == "tbl-0.md"  # type: ignore[union-attr]
    assert blocks["image"].image_id == "img-0.png"  # type: ignore[union-attr]


def test_the_async_client(reading: Server, scan: bytes) -> None:
    async def ask() -> str:
        async with Mistral(api_key="any", server_url=str(reading.http.base_url)) as opened:
            document = {"type": "image_url", "image_url": inline(scan, "image/png")}
            found = await opened.ocr.process_async(model=MODEL, document=document)  # type: ignore[arg-type]
            return found.pages[0].markdown

    assert asyncio.run(ask()) == "Quire reads pages"


def test_a_document_that_is_damaged_is_a_validation_error(client: Mistral) -> None:
    with pytest.raises(HTTPValidationError) as raised:
        read(client, b"%PDF-1.7 and no more")

    assert raised.value.data.detail
    assert raised.value.data.detail[0].type == "damaged_document"


PAGE = {"document_url": inline(b"x")}


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        pytest.param({}, 400, "invalid_request_error", id="no document"),
        pytest.param({"document": "x"}, 400, "invalid_request_error", id="a string"),
        pytest.param({"document": {}}, 400, "invalid_request_error", id="an empty document"),
        pytest.param({"document": {"document_url": 7}}, 400, "invalid_request_error", id="a number"),
        pytest.param({"document": PAGE | {"file_id": "x"}}, 400, "invalid_request_error", id="two documents"),
        pytest.param({"document": {"document_url": "data:,x"}}, 422, "invalid_request_error", id="no base64"),
        pytest.param({"document": PAGE}, 415, "invalid_request_error", id="no image"),
        pytest.param(
            {"document": {"document_url": "http://10.0.0.1/"}}, 400, "invalid_request_error", id="a way inside"
        ),
        pytest.param({"document": {"file_id": "x"}}, 404, "not_found_error", id="an unknown file"),
        pytest.param({"document": PAGE, "pages": []}, 400, "invalid_request_error", id="no pages"),
        pytest.param({"document": PAGE, "pages": [-1]}, 400, "invalid_request_error", id="a page before the first"),
        pytest.param({"document": PAGE, "pages": "x"}, 400, "invalid_request_error", id="pages that are none"),
        pytest.param({"document": PAGE, "table_format": "x"}, 400, "invalid_request_error", id="no table format"),
        pytest.param(
            {"document": PAGE, "bbox_annotation_format": {"type": "text"}}, 501, "api_error", id="annotations"
        ),
    ],
)
def test_bad_requests_have_the_error_shape(reading: Server, body: dict[str, Any], status: int, kind: str) -> None:
    answer = reading.http.post("/v1/ocr", json=body)
    told = answer.json()

    assert (answer.status_code, told["object"], told["type"]) == (status, "error", kind), answer.text
    assert told["message"]
    assert ("detail" in told) == (status == 422)


def test_a_page_that_is_not_there(client: Mistral, pdf: Callable[[int], bytes]) -> None:
    with pytest.raises(SDKError, match="there is no page 6"):
        read(client, pdf(2), pages=[5])


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"data": {"purpose": "ocr"}}, 415, id="no form with a file"),
        pytest.param({"files": {"other": b"x"}}, 400, id="another field"),
        pytest.param({"files": {"file": b"x"}, "data": {"expiry": "soon"}}, 400, id="no number"),
        pytest.param({"files": {"file": b"x" * 2_100_000}}, 413, id="too large"),
    ],
)
def test_bad_uploads_have_the_error_shape(reading: Server, sent: dict[str, Any], status: int) -> None:
    answer = reading.http.post("/v1/files", **sent)

    assert (answer.status_code, answer.json()["object"]) == (status, "error")


def test_unknown_files_have_the_error_shape(reading: Server) -> None:
    for method, path in (("GET", "x"), ("DELETE", "x"), ("GET", "x/url"), ("GET", "x/content")):
        answer = reading.http.request(method, f"/v1/files/{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "not_found_error")
    assert reading.http.get("/v1/files/x/url?expiry=1000").json()["code"] == "invalid_option"
