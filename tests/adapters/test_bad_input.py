"""Whatever is wrong with a request, every adapted API tells it in the shape that its clients look for."""

from __future__ import annotations

import struct
import time
import zlib
from typing import Any, Final

import httpx
import pytest
from sending import b64
from ways_in import AZURE, LATER, NOW, OTHERS, Way

from commanding import pdf
from running import Server

JSON: Final = "application/json"
FORM: Final = "multipart/form-data; boundary=a"
MISSING: Final = "11111111-2222-3333-4444-555555555555"


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 3.6 thousand million pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


BAD: Final = {
    "an empty file": (b"", 422),
    "a text": (b"hello, this is text", 415),
    "a PDF in name only": (b"%PDF-1.7\nnothing of the kind", 422),
    "a PDF with a password": (pdf(1, "secret"), 422),
    "an image bomb": (bomb(), 413),
    "a large file": (b"%PDF-1.7" + bytes(2_100_000), 413),
}
BODIES: Final = {
    "nothing as JSON": (b"", JSON),
    "half an object": (b"{", JSON),
    "a list": (b"[]", JSON),
    "null": (b"null", JSON),
    "an empty object": (b"{}", JSON),
    "a tower of lists": (b"[" * 100_000, JSON),
    "a number without end": (b'{"a": ' + b"9" * 5000 + b"}", JSON),
    "no UTF-8": (b'{"image": "\xff"}', JSON),
    "nothing as a form": (b"", FORM),
    "a form of nothing": (b"--a--\r\n", FORM),
    "a form without a file": (b'--a\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--a--\r\n', FORM),
    "a file in another field": (
        b'--a\r\nContent-Disposition: form-data; name="x"; filename="a"\r\n\r\nx\r\n--a--\r\n',
        FORM,
    ),
    "half a form": (b"--a\r\nContent-Disp", FORM),
    "a form without boundary": (b"x", "multipart/form-data"),
    "a web form": (b"image=x&file=y", "application/x-www-form-urlencoded"),
    "bytes": (b"x", "application/octet-stream"),
}
WRONG: Final[list[Any]] = [None, 7, True, [], ["x"], {}, "%%%", "é", "data:,x"]
"""No document in base64."""


def told(way: Way, answer: httpx.Response) -> str:
    """What an error says."""
    assert 400 <= answer.status_code < 500 or answer.status_code == 501, answer.text
    assert answer.headers["x-request-id"]
    return way.error(answer.json())


def of(path: str) -> Way:
    return next(way for way in (*NOW, *OTHERS, *LATER) if way.path == path)


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("way", NOW, ids=str)
def test_a_document_that_cannot_be_read(reading: Server, way: Way, bad: str) -> None:
    document, status = BAD[bad]

    answer = way.send(reading.http, document)

    assert told(way, answer)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("way", "body"),
    [
        pytest.param(way, body, id=f"{way} {body}")
        for way in (*NOW, *LATER, *OTHERS)
        for body, (_, media_type) in BODIES.items()
        # To Azure's any other body is itself a document.
        if media_type == JSON or not way.path.startswith(AZURE)
    ],
)
def test_a_body_that_cannot_be_understood(reading: Server, way: Way, body: str) -> None:
    content, media_type = BODIES[body]

    answer = reading.http.post(way.path, content=content, headers={"content-type": media_type})

    assert told(way, answer)
    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("way", [way for way in (*NOW, *LATER) if way.body], ids=str)
def test_a_document_of_another_type(reading: Server, way: Way, wrong: Any) -> None:
    assert way.body is not None

    answer = reading.http.post(way.path, json=way.body(wrong))

    assert told(way, answer)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("bad", [name for name in BAD if name != "a large file"])
@pytest.mark.parametrize("way", LATER, ids=str)
def test_a_task_of_a_document_that_cannot_be_read(reading: Server, way: Way, bad: str) -> None:
    answer = way.send(reading.http, BAD[bad][0])
    assert answer.is_success, answer.text

    while not (ended := outcome(reading.http, way, answer)):
        time.sleep(0.02)

    assert ended


def outcome(http: httpx.Client, way: Way, answer: httpx.Response) -> str:
    """Why the task failed, where its clients look; empty until it has ended."""
    if way.path.startswith(AZURE):
        found = http.get(answer.headers["operation-location"]).json()
        return "" if found["status"] in ("notStarted", "running") else str(found["error"]["message"])
    sent = answer.json()
    if "job_id" in sent:
        job = http.get(f"/api/v1/jobs/{sent['job_id']}/status").json()
        return "" if job["status"] in ("pending", "processing") else told(way, http.get(sent["result_url"]))
    if way.path.startswith("/v1/convert"):
        task = http.get(f"/v1/status/poll/{sent['task_id']}").json()["task_status"]
        return "" if task in ("pending", "started") else told(way, http.get(f"/v1/result/{sent['task_id']}"))
    task = http.get(f"/api/v1/ocr/results/{sent['task_id']}").json()
    return str(task["result"]["error"]) if task["status"] == "FAILURE" else ""


NUMBERS: Final = ("x", "-1", "1e999", "nan", "inf", "9" * 400)
FORM_FIELDS: Final = {
    "dpi": (*NUMBERS, "0"),
    "min_confidence": NUMBERS,
    "start_page": (*NUMBERS, "0", "1.5"),
    "end_page": (*NUMBERS, "0"),
    "pages": ("x", "0", "9" * 30, "1-" + "9" * 30, "3-1", "1," * 5000, ",", "-"),
    "strategy": ("magic",),
    "output_format": ("docx",),
    "language": ("tlh", "x" * 50, "\x00"),
    "enhance": ("maybe",),
}
SIZES: Final[tuple[Any, ...]] = ("x", -1, 0, 1e300, 10**30, [1], {}, "nan")
BOXES: Final[tuple[Any, ...]] = (
    *([1, 2, 3], [1, 2, 3, 4, 5], [9, 2, 3, 4], ["a"] * 4, [None] * 4, "all", 7, {}),
    *([0, 0, 1e308, 1e308], [-1, 0, 5, 5], [0, 0, 0, 0], [10**30] * 4, [5000, 5000, 6000, 6000]),
)
FIELDS: Final[dict[str, dict[str, tuple[Any, ...]]]] = {
    **dict.fromkeys(("/api/v1/ocr/process", "/api/v1/ocr/image"), FORM_FIELDS),
    "/upload-ocr": {"task": ("poem", "OCR")},
    "/process": {
        "prompt_mode": ("prompt_general", 7, [], {}, "prompt_grounding_ocr"),
        "bbox": ([1, 2, 3, 4], "x", 7),
        "temperature": ("hot", -1, 1e300, [1]),
        "top_p": ("x", 0, 7, {}),
        "max_tokens": ("x", 0, [1]),
    },
    "/document-to-markdown": {"base_size": SIZES, "image_size": SIZES, "crop_mode": ("maybe", 7, [1], {})},
    "/parse-figure": {"base_size": SIZES},
    "/locate-text": {"text_to_locate": (7, [], {}, " ", "x" * 600, None), "image_size": SIZES},
    "/v1/convert/source": {
        "options": ("x", 7, [1], {"to_formats": "x"}, {"to_formats": ["pdf"]}, {"page_range": [2, 1]}, {"do_ocr": "x"},
                    {"page_range": [0, 1]}, {"document_timeout": -1}, {"image_export_mode": "x"}),
        "target": ("x", 7, {"kind": "s3"}),
        "sources": ("x", 7, [], ["x"], [{}], [{"url": 7}], [{"kind": "s3"}]),
    },
    "/v1/ocr": {
        "pages": ("x", [-1], [10**30], ["x"], {}, 7),
        "table_format": ("x", 7),
        "image_limit": ("x", -1, [1]),
        "image_min_size": ("x", -1),
        "confidence_scores_granularity": ("x",),
        "include_image_base64": ("x", []),
    },
}  # fmt: skip
CASES: Final = [
    pytest.param(of(path), name, value, id=f"{path} {name}={value!r:.40}")
    for path, fields in FIELDS.items()
    for name, values in fields.items()
    for value in values
]


@pytest.mark.parametrize(("way", "name", "value"), CASES)
def test_a_field_with_a_wrong_value(reading: Server, scan: bytes, way: Way, name: str, value: Any) -> None:
    answer = way.send(reading.http, scan, **{name: value})

    assert told(way, answer)
    assert answer.status_code == 400


@pytest.mark.parametrize("bbox", BOXES, ids=lambda bbox: f"{bbox!r:.40}")
def test_an_area_that_is_none(reading: Server, scan: bytes, bbox: Any) -> None:
    way = of("/process")

    answer = way.send(reading.http, scan, prompt_mode="prompt_grounding_ocr", bbox=bbox)
    batch = reading.http.post(
        "/process", json={"images": [b64(scan)], "prompt_mode": "prompt_grounding_ocr", "bbox": bbox}
    ).json()

    assert "bbox" in told(way, answer)
    assert batch["success"] is False


def test_more_images_than_there_may_be(reading: Server, scan: bytes) -> None:
    images = reading.http.post("/process", json={"images": [b64(scan)[:100]] * 10_001})
    files = reading.http.post("/api/v1/ocr/process-batch", files=[("files", (f"{n}.png", scan)) for n in range(9)])

    assert "10,001" in told(of("/process"), images)
    assert "at most 3" in told(of("/api/v1/ocr/process-batch"), files)


@pytest.mark.parametrize(
    ("method", "path", "way"),
    [
        *(("GET", f"/api/v1/jobs/{MISSING}/{what}", LATER[1]) for what in ("status", "result")),
        *(("GET", f"/v1/{what}/{MISSING}", LATER[2]) for what in ("status/poll", "result")),
        *(("GET", f"{AZURE}/analyzeResults/{MISSING}{what}", LATER[4]) for what in ("", "/pdf", "/figures/1.1")),
        *(("GET", f"/v1/files/{MISSING}{what}", OTHERS[0]) for what in ("", "/url", "/content")),
        ("DELETE", f"/v1/files/{MISSING}", OTHERS[0]),
    ],
)
@pytest.mark.parametrize("id_", [MISSING, "x", "%00", "9" * 500])
def test_an_id_that_nobody_was_given(reading: Server, method: str, path: str, way: Way, id_: str) -> None:
    answer = reading.http.request(method, path.replace(MISSING, id_))

    assert told(way, answer)
    assert answer.status_code == 404


@pytest.mark.parametrize("id_", [MISSING, "x", "%00", "9" * 500])
def test_a_task_that_nobody_was_given_has_failed(reading: Server, id_: str) -> None:
    answer = reading.http.get(f"/api/v1/ocr/results/{id_}")

    assert (answer.status_code, answer.json()["status"]) == (404, "FAILURE")
    assert answer.json()["result"].keys() == {"error"}
