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
from quire.errors import DocumentNotFound, PageOutOfRange
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
    health = client.check_health()
    assert health["healthy"]
    assert health["details"] == {"healthy": True}

    result = client.process_pdf_page(pdf_path=str(document), page_num=0, prompt_mode="prompt_ocr", dpi=100)
    assert result.get("success")
    assert client.save_result(result, tmp_path / "out/page.json")
    images = [client.pdf_page_to_base64(str(document), page, dpi=100)[0] for page in range(2)]
    batch = client.process_batch(images_b64=images, prompt_mode="prompt_ocr")
    single = client.process_image(image_b64=images[0], prompt_mode="prompt_ocr", max_tokens=1000, temperature=0.0)

    assert json.loads((tmp_path / "out/page.json").read_text("utf-8")) == json.loads(result["result"])
    assert (result["image_size"], result["dpi"], result["page_number"]) == ((417, 278), 100, 0)
    assert (batch["success"], batch["total_pages"], len(batch["results"])) == (True, 2, 2)
    assert single["result"] == result["result"]
    assert "prompt_ocr" in client.get_available_prompts()


def test_the_health_url_is_found_where_none_is_given(service: str) -> None:
    assert OCRClient(f"{service}/process").check_health()["healthy"]


def test_pages_and_images_are_sent_with_their_sizes(client: OCRClient, document: Path, tmp_path: Path) -> None:
    image, size = client.pdf_page_to_base64(document, 1)
    (tmp_path / "a.png").write_bytes(base64.b64decode(image))

    with Image.open(tmp_path / "a.png") as picture:
        assert (picture.format, picture.size) == ("PNG", size) == ("PNG", (833, 556))
    assert client.image_to_base64(tmp_path / "a.png")[1] == size
    assert client.process_image_file(tmp_path / "a.png", "prompt_ocr")["image_size"] == size


def test_what_was_read_is_saved_and_a_failure_said(client: OCRClient, tmp_path: Path) -> None:
    assert client.save_result({"success": True, "result": "ä\n"}, tmp_path / "a.md")
    assert client.save_result([{"text": "ä"}], tmp_path / "a.json")
    assert not client.save_result({"success": False, "error": "no such mode"}, tmp_path / "b.md")
    assert not client.save_result("a", tmp_path)

    assert (tmp_path / "a.md").read_text("utf-8") == "ä\n"
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == [{"text": "ä"}]
    assert (tmp_path / "b.md").read_text("utf-8") == "Error: no such mode"


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

    found = client.check_health()

    assert not found
    assert found["healthy"] is False
    assert found["error"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("http://127.0.0.1:9/process", "cannot be asked", id="nobody there"),
        pytest.param("http://[::1/process", "is no URL", id="no URL"),
        pytest.param(None, "HTTP 200", id="another service"),
    ],
)
def test_a_service_that_cannot_be_asked_is_an_answer_that_says_so(service: str, url: str | None, said: str) -> None:
    client = OCRClient(url or f"{service}/list", service)

    answer = client.process_batch([])

    assert answer["success"] is False
    assert said in answer["error"]


def test_quire_is_such_a_service(server: FakeServer, document: Path) -> None:
    address = str(server.http.base_url).rstrip("/")
    client = OCRClient(f"{address}/process", f"{address}/health")

    assert client.check_health()["details"]["model_loaded"]
    single = client.process_pdf_page(document, 0)
    batch = client.process_batch([client.pdf_page_to_base64(document, page)[0] for page in range(2)])

    assert single["success"] is True
    assert (batch["total_pages"], batch["results"][0]["result"]) == (2, single["result"])
