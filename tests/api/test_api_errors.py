"""What clients are told when something is wrong: RFC 9457, a stable code, the table's status, a remedy."""

from __future__ import annotations

import io
import socket
import struct
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image

from quire.error_table import EDGES
from running import FakeServer, Server

MEMBERS = {"type", "title", "status", "detail", "code", "request_id"}


def _check(response: httpx.Response, code: str, remedy: str) -> None:
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["code"] == code
    assert response.status_code == problem["status"] == EDGES[code].http_status
    assert problem.keys() == MEMBERS
    assert problem["type"] == f"urn:quire:error:{code}"
    assert problem["request_id"] == response.headers["x-request-id"]
    assert remedy in problem["detail"]


def _giant_png() -> bytes:
    """A few bytes that claim 100,000 × 100,000 pixels."""
    size = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", size), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _cut_jpeg() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((400, 400), 80).save(file, "JPEG")
    return file.getvalue()[:200]


@pytest.mark.parametrize(
    ("form", "code", "remedy"),
    [
        pytest.param({"colour": "red"}, "invalid_option", "unknown option 'colour'", id="an unknown field"),
        pytest.param({"strem": "true"}, "invalid_option", "'strem': did you mean 'stream'?", id="a slip of the pen"),
        pytest.param({"strategy": "magic"}, "invalid_option", "'speed', 'balanced'", id="an unknown strategy"),
        pytest.param({"dpi": "9999"}, "invalid_option", "less than or equal to 1200", id="too fine a resolution"),
        pytest.param({"format": "docx"}, "invalid_option", "use one of text, json", id="an unknown format"),
        pytest.param(
            {"format": "text", "stream": "true"},
            "invalid_option",
            "leave `format` out",
            id="a stream of text",
        ),
        pytest.param({"pages": ["1", "2"]}, "invalid_option", "given twice", id="a field given twice"),
        pytest.param({"pages": "one"}, "invalid_page_range", "", id="pages that are no numbers"),
        pytest.param({"pages": "7"}, "page_out_of_range", "", id="a page beyond the last"),
        pytest.param({"language": "tlh"}, "unknown_language", "", id="a language that no model reads"),
        pytest.param({"engine": "other"}, "capability_missing", "leave `engine` out", id="an engine not loaded"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    server: Server, scan: bytes, form: dict[str, Any], code: str, remedy: str
) -> None:
    _check(server.http.post("/v1/read", files={"file": scan}, data=form), code, remedy)


@pytest.mark.parametrize(
    ("content", "code", "remedy"),
    [
        pytest.param(b"", "empty_document", "", id="an empty file"),
        pytest.param(b"hello, this is text", "unsupported_format", "", id="a text file"),
        pytest.param(b"%PDF-1.7\nnothing of the kind", "damaged_document", "", id="a PDF in name only"),
        pytest.param(_giant_png(), "too_many_pixels", "", id="a picture that claims ten gigapixels"),
        pytest.param(b"x" * 2_500_000, "too_many_bytes", "", id="a file above the limit"),
    ],
)
def test_what_cannot_be_read_is_refused(server: Server, content: bytes, code: str, remedy: str) -> None:
    _check(server.http.post("/v1/read", files={"file": content}), code, remedy)


def test_a_picture_cut_short_is_a_problem_of_the_client(server: Server) -> None:
    response = server.http.post("/v1/read", files={"file": _cut_jpeg()})

    assert response.json()["code"] in ("damaged_document", "page_damaged")
    assert response.status_code == 422


def test_a_pdf_without_pages_is_refused(server: Server, pdf_without_pages: bytes) -> None:
    response = server.http.post("/v1/read", files={"file": pdf_without_pages})

    assert response.json()["code"] in ("no_pages", "damaged_document")
    assert response.status_code == 422


def test_too_many_pages_are_refused(server: Server, pdf: Callable[[int], bytes]) -> None:
    _check(server.http.post("/v1/read", files={"file": pdf(31)}), "too_many_pages", "")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        pytest.param("", "password_required", id="without a password"),
        pytest.param("wrong", "wrong_password", id="with a wrong password"),
    ],
)
def test_an_encrypted_pdf_is_refused(server: Server, encrypted_pdf: bytes, password: str, code: str) -> None:
    response = server.http.post("/v1/read", files={"file": encrypted_pdf}, data={"password": password})

    _check(response, code, "password")


@pytest.mark.parametrize(
    ("body", "code", "remedy"),
    [
        pytest.param(
            {"json": {"url": "http://127.0.0.1/"}}, "url_refused", "public address", id="a URL that leads home"
        ),
        pytest.param({"json": {"base64": "no base64!"}}, "damaged_document", "RFC 4648", id="base64 that is none"),
        pytest.param({"json": {"base64": 7}}, "invalid_option", "`base64`", id="a number as document"),
        pytest.param({"json": {}}, "invalid_option", "`base64`", id="no document in JSON"),
        pytest.param({"json": [1]}, "invalid_option", "not an object", id="a JSON list"),
        pytest.param({"data": {"format": "text"}}, "unsupported_format", "multipart/form-data", id="a plain form"),
        pytest.param({}, "unsupported_format", "multipart/form-data", id="no body"),
        pytest.param({"files": {"document": b"x"}}, "invalid_option", "`file`", id="a file in another field"),
        pytest.param({"files": [("file", b"x"), ("file", b"y")]}, "invalid_option", "at most 1", id="two files"),
        pytest.param({"files": {"x": (None, "y")}}, "invalid_option", "`file`", id="a form without a file"),
        pytest.param(
            {"files": {"file": b"x", "pages": (None, "1" * 70_000)}},
            "invalid_option",
            "short",
            id="a giant field",
        ),
    ],
)
def test_a_body_without_a_document_is_refused(server: Server, body: dict[str, Any], code: str, remedy: str) -> None:
    _check(server.http.post("/v1/read", **body), code, remedy)


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        pytest.param("application/json", b"{broken", id="JSON cut short"),
        pytest.param("application/json", b"\xff\xfe\x00", id="JSON in no encoding"),
        pytest.param("application/json", b"[" * 100_000, id="JSON nested too deeply"),
        pytest.param("multipart/form-data", b"--x--", id="a form without its boundary"),
        pytest.param("multipart/form-data; boundary=x", b"garbage", id="a form of garbage"),
        pytest.param("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n", id="a part without a name"),
    ],
)
def test_a_malformed_body_is_refused(server: Server, content_type: str, content: bytes) -> None:
    response = server.http.post("/v1/read", content=content, headers={"Content-Type": content_type})

    _check(response, "invalid_option", "")


def test_a_body_that_declares_too_much_is_refused_before_it_is_sent(server: Server) -> None:
    answer = _exchange(
        server,
        b"POST /v1/read HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"too_many_bytes" in answer


def test_a_body_of_unknown_length_is_refused_once_it_is_too_long(server: Server) -> None:
    chunk = b"%x\r\n%s\r\n" % (65_536, b"x" * 65_536)
    answer = _exchange(
        server,
        b"POST /v1/read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/json\r\n\r\n" + chunk * 60,
    )

    assert answer.startswith(b"HTTP/1.1 413 ")


def _exchange(server: Server, request: bytes) -> bytes:
    """Sends a request that never ends and returns the answer's beginning."""
    host, port = server.http.base_url.host, server.http.base_url.port
    assert port is not None
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer or b"}" not in answer:
            answer += connection.recv(65_536)
        return answer


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        pytest.param("GET", "/v1/nothing", 404, "not_found", id="a path that is not served"),
        pytest.param("GET", "/v1/read", 405, "method_not_allowed", id="a method that is not served"),
    ],
)
def test_what_is_not_served_is_a_problem_too(server: Server, method: str, path: str, status: int, code: str) -> None:
    response = server.http.request(method, path)

    assert response.status_code == status
    assert response.json()["code"] == code
    assert response.json().keys() == MEMBERS


@pytest.mark.parametrize(
    ("fault", "code", "remedy"),
    [
        pytest.param("engine", "engine_start_failed", "restart the server", id="an engine that breaks"),
        pytest.param("run", "engine_failed", "use fewer streams", id="a run that fails"),
        pytest.param("bug", "internal_error", "log", id="a defect"),
        pytest.param("start", "model_missing", "quire models pull x", id="an engine that does not start"),
    ],
)
def test_a_fault_of_the_server_says_what_its_owner_can_do(
    start_fake: Callable[..., FakeServer], scan: bytes, fault: str, code: str, remedy: str
) -> None:
    server = start_fake(fault=fault)

    response = server.http.post("/v1/read", files={"file": scan})

    _check(response, code, remedy)
    assert "secret" not in response.text


def test_an_upload_that_stalls_is_ended(start_fake: Callable[..., FakeServer]) -> None:
    server = start_fake(QUIRE_UPLOAD_TIMEOUT_S="0.2")

    answer = _exchange(
        server,
        b"POST /v1/read HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\nContent-Type: application/json\r\n\r\n{",
    )

    assert answer.startswith(b"HTTP/1.1 499 ")
    assert b"QUIRE_UPLOAD_TIMEOUT_S" in answer or b"took longer" in answer


def test_no_document_text_is_logged(server: Server, scan: bytes) -> None:
    server.http.post("/v1/read", files={"file": ("private.png", scan)}, data={"password": "hush"})

    assert "Quire reads pages" not in server.log
    assert "hush" not in server.log
    assert "private" not in server.log
