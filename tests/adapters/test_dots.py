"""The DotsOCR-style API, with the bodies that its clients send."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image
from sending import b64, turned

from running import Server

MODES = ["prompt_layout_all_en", "prompt_layout_only_en", "prompt_ocr", "prompt_grounding_ocr"]


def process(server: Server, body: dict[str, Any]) -> httpx.Response:
    """As `requests.post(url, json=…)`."""
    return server.http.post("/process", json=body)


def elements(entry: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(entry["result"])
    return found


def test_an_image_becomes_elements_with_boxes_in_its_own_pixels(reading: Server, scan: bytes) -> None:
    told = process(reading, {"image": b64(scan), "prompt_mode": "prompt_layout_all_en"}).json()

    assert told["success"] is True
    assert told["metadata"] == {"engine": "ppocr"}
    [found] = elements(told)
    assert (found["category"], found["text"]) == ("Text", "Quire reads pages")
    assert found["bbox"] == pytest.approx([60, 72, 553, 132], abs=10)


def test_a_page_that_is_turned_to_be_read_has_boxes_as_it_was_sent(reading: Server, scan: bytes) -> None:
    [found] = elements(process(reading, {"image": b64(turned(scan))}).json())

    assert found["text"] == "Quire reads pages"
    assert found["bbox"] == pytest.approx([68, 60, 128, 553], abs=10)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_answers_a_string_of_json(reading: Server, scan: bytes, mode: str) -> None:
    bbox = {"bbox": [200, 0, 380, 200]} if mode == "prompt_grounding_ocr" else {}
    told = process(reading, {"image": b64(scan), "prompt_mode": mode} | bbox).json()

    texts = [element.get("text") for element in elements(told)]
    wanted = {"prompt_layout_only_en": None, "prompt_grounding_ocr": "reads"}
    assert texts == [wanted.get(mode, "Quire reads pages")]
    assert (told["prompt_mode"], told["bbox"]) == (mode, bbox.get("bbox"))


def test_a_data_url_is_an_image_as_well(reading: Server, scan: bytes) -> None:
    told = process(reading, {"image": f"data:image/png;base64,{b64(scan)}"}).json()

    assert elements(told)[0]["text"] == "Quire reads pages"


def test_a_batch_answers_each_image_as_it_would_be_alone(reading: Server, scan: bytes) -> None:
    told = process(
        reading, {"images": [b64(scan), b64(turned(scan))], "max_tokens": 1500, "temperature": 0.0, "top_p": 0.9}
    )
    alone = [process(reading, {"image": b64(image)}).json()["result"] for image in (scan, turned(scan))]

    batch = told.json()
    assert batch["success"] is True
    assert batch["total_pages"] == 2
    assert batch["processing_time"] > 0
    assert [entry["result"] for entry in batch["results"]] == alone
    assert [entry["page_number"] for entry in batch["results"]] == [0, 1]
    assert batch["warnings"] == [
        "temperature, top_p, max_tokens: without effect, since an engine samples as its publishers advise"
    ]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        pytest.param("not base64!", "damaged_document", id="no base64"),
        pytest.param("", "empty_document", id="empty"),
        pytest.param(b64(b"text"), "unsupported_format", id="no image"),
        pytest.param(b64(b"\x89PNG\r\n\x1a\n" + b"x" * 100), "damaged_document", id="half an image"),
    ],
)
def test_in_a_batch_a_bad_image_fails_alone(reading: Server, scan: bytes, bad: str, code: str) -> None:
    answer = process(reading, {"images": [b64(scan), bad, b64(scan)]})

    first, second, third = answer.json()["results"]
    assert answer.status_code == 200
    assert first["success"]
    assert third["success"]
    assert (second["success"], second["code"]) == (False, code)
    assert second["error"]
    assert "result" not in second


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"image": "x", "images": ["x"]}, id="one image and many"),
        pytest.param({"images": "x"}, id="a batch that is no list"),
        pytest.param({"images": ["x", None]}, id="a batch with a hole"),
        pytest.param({"images": []}, id="an empty batch"),
        pytest.param({"image": "eA==", "bbox": [1, 2, 3, 4]}, id="bbox without its mode"),
    ],
)
def test_a_body_that_contradicts_itself_is_refused(reading: Server, body: dict[str, Any]) -> None:
    answer = process(reading, body)

    assert answer.status_code == 400, answer.text
    assert answer.json().keys() == {"success", "error"}


def test_a_document_of_several_pages_is_refused(reading: Server, pdf: Any) -> None:
    answer = process(reading, {"image": b64(pdf(2))})

    assert answer.status_code == 415
    assert "each as an image" in answer.json()["error"]


def test_a_method_that_is_not_served_has_an_answer(reading: Server) -> None:
    assert reading.http.get("/process").status_code == 405


def test_an_empty_page_has_no_elements(reading: Server) -> None:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(file, "PNG")

    assert elements(process(reading, {"image": b64(file.getvalue())}).json()) == []
