"""Azure Document Intelligence: its own client against a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.ai.documentintelligence import DocumentIntelligenceClient
from azure.ai.documentintelligence.models import (
    AnalyzeDocumentRequest,
    AnalyzeOutputOption,
    AnalyzeResult,
    DocumentContentFormat,
)
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from pypdfium2 import PdfDocument
from sending import b64, turned

from answering import Answer, WebServer
from papers import BODY, HEADING, HEADING_AT_PT, HEIGHT_PT, ROWS, WIDTH_PT, report
from running import Server

MODELS = "/documentintelligence/documentModels"
BINARY = {"Content-Type": "application/octet-stream"}


@pytest.fixture(scope="module")
def client(reading: Server) -> Iterator[DocumentIntelligenceClient]:
    with DocumentIntelligenceClient(str(reading.http.base_url), AzureKeyCredential("any")) as opened:
        yield opened


@pytest.fixture(scope="module")
def analysed(client: DocumentIntelligenceClient) -> tuple[AnalyzeResult, str]:
    """The report with its layout, and the id of the result."""
    poller = client.begin_analyze_document("prebuilt-layout", body=report(), output=["pdf", "figures"])
    return poller.result(), poller.details["operation_id"]


def said(result: AnalyzeResult, spans: list[Any]) -> list[str]:
    return [result.content[span.offset : span.offset + span.length] for span in spans]


def test_pages_lines_and_words_are_typed_and_in_inches(analysed: tuple[AnalyzeResult, str]) -> None:
    result, _ = analysed
    [page] = result.pages

    assert (result.model_id, result.api_version, result.string_index_type) == (
        "prebuilt-layout",
        "2024-11-30",
        "textElements",
    )
    assert (page.page_number, page.unit, page.angle) == (1, "inch", 0)
    assert (page.width, page.height) == pytest.approx((WIDTH_PT / 72, HEIGHT_PT / 72), abs=0.01)
    heading = next(line for line in page.lines if line.content == HEADING)
    x, baseline = HEADING_AT_PT
    assert heading.polygon[0] == pytest.approx(x / 72, abs=0.05)
    assert heading.polygon[1] < (HEIGHT_PT - baseline) / 72 < heading.polygon[7]
    assert {word.content for word in page.words} >= {"harbour", "midnight", "Albatross", "120", "kg"}


def test_spans_are_what_they_say(analysed: tuple[AnalyzeResult, str]) -> None:
    result, _ = analysed
    [page] = result.pages

    assert [said(result, [word.span]) for word in page.words] == [[word.content] for word in page.words]
    assert [" ".join(said(result, line.spans)) for line in page.lines] == [line.content for line in page.lines]
    assert all(said(result, [part])[0].split() == paragraph.content.split()
               for paragraph in result.paragraphs for part in paragraph.spans)  # fmt: skip
    assert said(result, page.spans) == [result.content]


def test_the_layout_has_roles_tables_and_figures(analysed: tuple[AnalyzeResult, str]) -> None:
    result, _ = analysed
    [table] = result.tables
    [figure] = result.figures

    roles = {paragraph.content: paragraph.role for paragraph in result.paragraphs}
    assert roles[HEADING] in {"title", "sectionHeading"}
    assert " ".join(BODY) in roles
    assert (table.row_count, table.column_count) == (3, 3)
    cells = {(cell.row_index, cell.column_index): cell for cell in table.cells}
    assert [[cells[row, column].content for column in range(3)] for row in range(3)] == [[*row] for row in ROWS]
    assert all(said(result, cell.spans) == [cell.content] for cell in table.cells)
    assert {
        result.paragraphs[int(name.rpartition("/")[2])].content for cell in table.cells for name in cell.elements
    } == {text for row in ROWS for text in row}
    assert figure.id == "1.1"
    assert figure.bounding_regions[0].page_number == 1


def test_the_searchable_pdf_and_the_picture_of_a_figure(
    client: DocumentIntelligenceClient, analysed: tuple[AnalyzeResult, str]
) -> None:
    _, operation = analysed

    assert b"".join(client.get_analyze_result_pdf("prebuilt-layout", operation)).startswith(b"%PDF")
    assert b"".join(client.get_analyze_result_figure("prebuilt-layout", operation, "1.1")).startswith(b"\x89PNG")


def test_markdown_has_headings_and_tables(client: DocumentIntelligenceClient) -> None:
    result = client.begin_analyze_document("prebuilt-layout", body=report(), output_content_format="markdown").result()

    assert result.content_format == "markdown"
    assert f"# {HEADING}\n" in result.content
    assert "<td>Albatross</td>" in result.content
    assert "<figure>" in result.content
    assert all(said(result, [word.span]) == [word.content] for word in result.pages[0].words)


def test_what_paperless_ngx_does(client: DocumentIntelligenceClient, scan: bytes) -> None:
    poller = client.begin_analyze_document(
        model_id="prebuilt-read",
        body=AnalyzeDocumentRequest(bytes_source=scan),
        output_content_format=DocumentContentFormat.TEXT,
        output=[AnalyzeOutputOption.PDF],
        content_type="application/json",
    )
    poller.wait()
    pdf = b"".join(client.get_analyze_result_pdf("prebuilt-read", poller.details["operation_id"]))

    assert poller.result().content == "Quire reads pages"
    assert PdfDocument(pdf)[0].get_textpage().get_text_bounded().split() == ["Quire", "reads", "pages"]


@pytest.mark.parametrize("model", ["prebuilt-read", "prebuilt-layout"])
def test_a_body_in_base64(client: DocumentIntelligenceClient, scan: bytes, model: str) -> None:
    result = client.begin_analyze_document(model, AnalyzeDocumentRequest(bytes_source=scan)).result()

    assert result.content == "Quire reads pages"
    assert (result.pages[0].unit, result.pages[0].width, result.pages[0].height) == ("pixel", 900, 200)
    assert (result.tables is None) == (model == "prebuilt-read")


def test_a_url_and_some_of_its_pages(
    client: DocumentIntelligenceClient, web: WebServer, pdf: Callable[[int], bytes]
) -> None:
    web.answers["/a.pdf"] = Answer(pdf(3), headers={"Content-Type": "application/pdf"})
    request = AnalyzeDocumentRequest(url_source=web.url("/a.pdf"))
    result = client.begin_analyze_document(
        "prebuilt-read", request, pages="1,3", locale="en-US", features=["ocrHighResolution", "languages"]
    ).result()

    assert result.content == "This is page number 1\nThis is page number 3"
    assert [page.page_number for page in result.pages] == [1, 3]
    assert len(result.languages) == 2


def test_a_page_on_its_side_is_told_as_it_lies(client: DocumentIntelligenceClient, scan: bytes) -> None:
    [page] = client.begin_analyze_document("prebuilt-read", body=turned(scan)).result().pages

    assert (page.width, page.height) == (200, 900)
    assert abs(page.angle) == pytest.approx(90, abs=3)
    xs, ys = page.lines[0].polygon[::2], page.lines[0].polygon[1::2]
    assert max(ys) - min(ys) > 3 * (max(xs) - min(xs))


def test_the_async_client(reading: Server, scan: bytes) -> None:
    import asyncio

    from azure.ai.documentintelligence.aio import DocumentIntelligenceClient as AsyncClient
    from azure.core.pipeline.transport import AsyncioRequestsTransport

    async def analyse() -> str:
        endpoint, key = str(reading.http.base_url), AzureKeyCredential("any")
        async with AsyncClient(endpoint, key, transport=AsyncioRequestsTransport()) as opened:
            poller = await opened.begin_analyze_document("prebuilt-read", body=scan)
            result: AnalyzeResult = await poller.result()
            return result.content

    assert asyncio.run(analyse()) == "Quire reads pages"


def test_a_deleted_result_is_gone(client: DocumentIntelligenceClient, scan: bytes) -> None:
    poller = client.begin_analyze_document("prebuilt-read", body=scan)
    operation = poller.details["operation_id"]
    poller.result()
    client.delete_analyze_result("prebuilt-read", operation)

    with pytest.raises(ResourceNotFoundError, match="NotFound"):
        client.get_analyze_result_pdf("prebuilt-read", operation)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(b"just some words", "UnsupportedMediaType", id="no document"),
        pytest.param(b"", "InvalidRequest", id="an empty file"),
        pytest.param(b"%PDF-1.7 and no more", "InvalidRequest", id="a damaged PDF"),
    ],
)
def test_what_cannot_be_read_fails(client: DocumentIntelligenceClient, document: bytes, code: str) -> None:
    with pytest.raises(HttpResponseError) as raised:
        client.begin_analyze_document("prebuilt-read", body=document, content_type="application/octet-stream").result()

    assert raised.value.error is not None
    assert raised.value.error.code == code


@pytest.mark.parametrize(
    ("path", "sent", "status", "code"),
    [
        pytest.param("prebuilt-invoice:analyze", {"content": b"x"}, 404, "NotFound", id="a model that is not there"),
        pytest.param("prebuilt-read:analyze", {"json": {}}, 400, "InvalidRequest", id="no source"),
        pytest.param("prebuilt-read:analyze", {"json": [1]}, 400, "InvalidRequest", id="a list"),
        pytest.param("prebuilt-read:analyze", {"json": {"base64Source": 7}}, 400, "InvalidRequest", id="a number"),
        pytest.param("prebuilt-read:analyze", {"json": {"base64Source": "!"}}, 422, "InvalidRequest", id="no base64"),
        pytest.param(
            "prebuilt-read:analyze",
            {"json": {"base64Source": b64(b"x"), "urlSource": "http://x.test"}},
            400,
            "InvalidRequest",
            id="two sources",
        ),
        pytest.param(
            "prebuilt-read:analyze",
            {"json": {"base64Source": "eA==", "x": 1}},
            400,
            "InvalidRequest",
            id="a field more",
        ),
        pytest.param(
            "prebuilt-read:analyze", {"json": {"urlSource": "ftp://x.test/"}}, 400, "InvalidRequest", id="a strange URL"
        ),
        pytest.param(
            "prebuilt-read:analyze?features=barcodes", {"content": b"x"}, 501, "NotSupported", id="a feature not there"
        ),
        pytest.param("prebuilt-read:analyze?features=x", {"content": b"x"}, 400, "InvalidRequest", id="no feature"),
        pytest.param(
            "prebuilt-read:analyze?stringIndexType=x", {"content": b"x"}, 400, "InvalidRequest", id="no way to count"
        ),
        pytest.param(
            "prebuilt-read:analyze", {"content": b"x" * 2_100_000}, 413, "InvalidContentLength", id="too large"
        ),
    ],
)
def test_bad_requests_have_the_error_shape(
    reading: Server, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = reading.http.post(f"{MODELS}/{path}", headers=BINARY if "content" in sent else {}, **sent)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert answer.json()["error"]["message"]


def test_a_result_before_its_end_says_when_to_look(start: Callable[..., Any], numbered: Callable[[int], bytes]) -> None:
    server = start(page_s=1.0)
    server.wait_until_ready()
    asked = server.http.post(f"{MODELS}/prebuilt-read:analyze?outputContentFormat=markdown", content=numbered(3))
    place = asked.headers["operation-location"]
    found = server.http.get(place)

    assert (asked.status_code, asked.headers["retry-after"]) == (202, "1")
    assert "outputContentFormat=markdown" in place
    assert found.json()["status"] in {"notStarted", "running"}
    assert found.headers["retry-after"] == "1"
    assert server.http.get(place.partition("?")[0] + "/pdf").json()["error"]["innererror"]["code"] == "result_not_ready"
