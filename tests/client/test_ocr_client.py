"""The client of services that speak like DotsOCR's, against a small one."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from commanding import pdf
from quire.client import OCRClient
from quire.errors import (
    AnswerNotUnderstood,
    DocumentNotFound,
    InvalidOption,
    OutputError,
    PageOutOfRange,
    ServerUnreachable,
)
from running import FakeServer


class _Service(BaseHTTPRequestHandler):
    """Answers with the size of each picture, in the service's shapes."""

    def do_GET(self) -> None:
        self._send(200, {"healthy": self.path == "/health"} if self.path != "/list" else [])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/list":
            self._send(200, [])
        elif body.get("prompt_mode", "prompt_ocr") != "prompt_ocr":
            self._send(400, {"success": False, "error": "no such mode"})
        elif "image" in body:
            self._send(200, {"success": True, "result": _element(body["image"])})
        else:
            results = [{"success": True, "result": _element(image)} for image in body["images"]]
            self._send(200, {"success": True, "results": results, "total_pages": len(results), "processing_time": 0.1})

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the test's output clean."""

    def _send(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _element(image: str) -> str:
    with Image.open(io.BytesIO(base64.b64decode(image))) as picture:
        return json.dumps([{"bbox": [0, 0, *picture.size], "category": "Text", "text": "ä"}])


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The address of the service."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.fixture
def client(service: str) -> OCRClient:
    return OCRClient(f"{service}/process", f"{service}/health")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A PDF of two pages, 300 x 200 points each."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(2))
    return path


def test_a_script_of_its_users_runs(client: OCRClient, document: Path, tmp_path: Path) -> None:
    assert client.check_health()

    result = client.process_pdf_page(str(document), 0)
    client.save_result(result, tmp_path / "out/page.json")
    images = [client.pdf_page_to_base64(str(document), page)[0] for page in range(2)]
    batch = client.process_batch(images)

    assert json.loads((tmp_path / "out/page.json").read_text("utf-8")) == result
    assert json.loads(result["result"])[0]["bbox"] == [0, 0, 833, 556]
    assert (batch["success"], batch["total_pages"], len(batch["results"])) == (True, 2, 2)


def test_pages_are_rendered_with_their_sizes(client: OCRClient, document: Path) -> None:
    image, size = client.pdf_page_to_base64(document, 1)

    with Image.open(io.BytesIO(base64.b64decode(image))) as picture:
        assert (picture.format, picture.size) == ("PNG", size)


def test_text_is_saved_as_it_is(client: OCRClient, tmp_path: Path) -> None:
    client.save_result("ä\n", tmp_path / "a.txt")
    client.save_result([{"text": "ä"}], tmp_path / "a.json")

    assert (tmp_path / "a.txt").read_text("utf-8") == "ä\n"
    assert "ä" in (tmp_path / "a.json").read_text("utf-8")
    with pytest.raises(OutputError):
        client.save_result("a", tmp_path)


def test_a_failure_is_handed_on_as_the_service_tells_it(client: OCRClient, document: Path) -> None:
    answer = client.process_pdf_page(document, 0, prompt_mode="prompt_dance")

    assert answer == {"success": False, "error": "no such mode"}


def test_what_cannot_be_rendered_is_not_sent(client: OCRClient, document: Path, tmp_path: Path) -> None:
    for number in (2, -1):
        with pytest.raises(PageOutOfRange):
            client.process_pdf_page(document, number)
    with pytest.raises(DocumentNotFound):
        client.process_pdf_page(tmp_path / "missing.pdf", 0)


@pytest.mark.parametrize("health", ["/list", "/ill", "\x00", "http://127.0.0.1:9/health"])
def test_a_service_that_is_not_healthy(service: str, health: str) -> None:
    client = OCRClient(service, health if health.startswith("http") else service + health)

    assert client.check_health() is False


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        pytest.param("http://127.0.0.1:9/process", ServerUnreachable, id="nobody there"),
        pytest.param("http://[::1/process", InvalidOption, id="no URL"),
        pytest.param(None, AnswerNotUnderstood, id="another service"),
    ],
)
def test_a_service_that_cannot_be_asked(service: str, url: str | None, kind: type[Exception]) -> None:
    client = OCRClient(url or f"{service}/list", service)

    with pytest.raises(kind):
        client.process_batch([])


def test_quire_is_such_a_service(server: FakeServer, document: Path) -> None:
    address = str(server.http.base_url).rstrip("/")
    client = OCRClient(f"{address}/process", f"{address}/health")

    assert client.check_health()
    single = client.process_pdf_page(document, 0)
    batch = client.process_batch([client.pdf_page_to_base64(document, page)[0] for page in range(2)])

    assert single["success"] is True
    assert (batch["total_pages"], batch["results"][0]["result"]) == (2, single["result"])
