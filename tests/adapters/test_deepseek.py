"""The DeepSeek-OCR-style API, with the bodies that its clients send."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sending import b64, turned

from papers import HEADING, report
from quire.api.adapters.deepseek_form import Question
from quire.api.adapters.deepseek_markdown import illustrated
from quire.errors import CapabilityMissing
from running import FakeServer, Server

TAG = re.compile(r"<\|ref\|>(.*?)<\|/ref\|><\|det\|>(.*?)<\|/det\|>")
GROUNDED = "<image>\n<|grounding|>Convert the document to markdown."
JSON_ENDPOINTS = ["/ocr", "/document-to-markdown", "/parse-figure", "/locate-text"]


def places(result: str) -> list[tuple[str, list[list[int]]]]:
    """As clients of the model find them."""
    return [(name, ast.literal_eval(boxes)) for name, boxes in TAG.findall(result)]


def post(server: Server, path: str, **body: Any) -> dict[str, Any]:
    answer = server.http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told.keys() == {"success", "result", "error", "metadata"}
    assert told["success"] is True
    assert told["metadata"]["engine"] == "ppocr"
    return told


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param({}, id="none"),
        pytest.param({"prompt": ""}, id="an empty one"),
        pytest.param({"prompt": None}, id="null"),
        pytest.param({"prompt": "<image>\nFree OCR. "}, id="with its mark"),
        pytest.param({"prompt": "free ocr"}, id="in small letters"),
    ],
)
def test_free_ocr_is_the_text(reading: Server, scan: bytes, prompt: dict[str, Any]) -> None:
    told = post(reading, "/ocr", image_base64=b64(scan), **prompt)

    assert told["result"] == "Quire reads pages"
    assert told["metadata"]["prompt"] == (prompt.get("prompt") or "<image>\nFree OCR.")
    assert told["metadata"]["output_path"] is None


@pytest.mark.parametrize("path", ["/document-to-markdown", "/upload-ocr"])
def test_markdown_has_what_its_clients_look_for(reading: Server, path: str) -> None:
    if path == "/upload-ocr":
        told = reading.http.post(path, params={"task": "markdown"}, files={"file": ("a.pdf", report())}).json()
    else:
        told = post(reading, path, image_base64=f"data:application/pdf;base64,{b64(report())}")

    [(name, [[x0, y0, x1, y1]])] = places(told["result"])
    assert told["result"].startswith(f"# {HEADING}\n\nThe harbour")
    assert "<tr><td>Albatross</td><td>4</td><td>120 kg</td></tr>" in told["result"]
    assert name == "image"
    assert (x0, y0, x1, y1) == pytest.approx((118, 520, 509, 747), abs=5)
    assert told["metadata"]["prompt"] == GROUNDED


def test_a_prompt_for_places_has_those_of_all_blocks(reading: Server) -> None:
    told = post(reading, "/ocr", image_base64=b64(report()), prompt=GROUNDED)

    assert [name for name, _ in places(told["result"])] == ["title", "text", "table", "image"]
    assert TAG.sub("", told["result"]).strip().startswith(f"# {HEADING}")


def test_tasks_have_the_names_that_the_service_gave_them(reading: Server, scan: bytes) -> None:
    body = {"image_base64": b64(scan), "text_to_locate": "reads"}
    names = {path: post(reading, path, **body)["metadata"]["task"] for path in JSON_ENDPOINTS}

    assert names == {path: path.strip("/") for path in JSON_ENDPOINTS}


def test_text_of_a_page_is_never_a_mark() -> None:
    said = "<|ref|>image<|/ref|><|det|>[[0, 0, 9, 9]]<|/det|>"
    page = {"markdown": said, "figures": [], "tables": [{"markdown": said, "html": "<td>a</td>"}]}

    assert not TAG.search(illustrated(page | {"tables": []}))
    assert illustrated(page) == "<td>a</td>"


def test_a_figure_has_its_labels(reading: Server, scan: bytes) -> None:
    told = post(reading, "/parse-figure", image_base64=b64(scan))

    assert "- Quire reads pages" in told["result"]


def test_every_line_has_its_place(reading: Server, scan: bytes) -> None:
    told = post(reading, "/ocr", image_base64=b64(scan), prompt="<image>\n<|grounding|>OCR this image.")

    [(text, [box])] = places(told["result"])
    assert text == "Quire reads pages"
    assert box == pytest.approx([67, 360, 614, 659], abs=45)


def test_a_text_is_located_in_thousandths_and_in_pixels(reading: Server, scan: bytes) -> None:
    told = post(reading, "/locate-text", image_base64=b64(scan), text_to_locate="reads")
    asked = post(reading, "/ocr", image_base64=b64(scan), prompt="<image>\nLocate <|ref|>reads<|/ref|> in the image.")

    [(text, [box])] = places(told["result"])
    [match] = told["metadata"]["matches"]
    assert (text, told["metadata"]["search_text"]) == ("reads", "reads")
    assert match["boxes"][0] == pytest.approx([225, 72, 366, 132], abs=10)
    assert box == pytest.approx([edge * 999 / size for edge, size in zip(match["boxes"][0], [900, 200] * 2)], abs=3)  # noqa: B905
    assert asked["result"] == told["result"]


def test_a_text_on_a_turned_page_is_located_where_it_stands_in_the_image(reading: Server, scan: bytes) -> None:
    told = post(reading, "/locate-text", image_base64=b64(turned(scan)), text_to_locate="reads")

    [match] = told["metadata"]["matches"]
    assert (match["width"], match["height"]) == (200, 900)
    assert match["boxes"][0] == pytest.approx([68, 225, 128, 366], abs=10)


def test_a_text_that_is_not_there_has_no_place(reading: Server, scan: bytes) -> None:
    told = post(reading, "/locate-text", image_base64=b64(scan), text_to_locate="zebra")

    assert (told["result"], told["metadata"]["matches"]) == ("", [])


@pytest.mark.parametrize("where", ["form", "query"])
@pytest.mark.parametrize("task", ["ocr", "markdown", "figure"])
def test_a_file_is_read_by_task(reading: Server, scan: bytes, task: str, where: str) -> None:
    fields: dict[str, Any] = {"data": {"task": task}} if where == "form" else {"params": {"task": task}}
    answer = reading.http.post("/upload-ocr", files={"file": ("page.png", scan, "image/png")}, **fields)

    told = answer.json()
    assert "Quire reads pages" in told["result"]
    assert (told["metadata"]["task"], told["metadata"]["filename"]) == (task, "page.png")


def test_a_pdf_is_read_page_by_page(reading: Server, pdf: Any) -> None:
    told = reading.http.post("/upload-ocr", files={"file": ("two.pdf", pdf(2))}).json()

    assert told["result"] == "This is page number 1\n\n<--- Page Split --->\n\nThis is page number 2"


@pytest.mark.parametrize(
    ("sizes", "warned"),
    [
        pytest.param({}, False, id="none"),
        *(pytest.param({"base_size": size, "image_size": size, "crop_mode": False}, True, id=f"{size}")
          for size in (512, 640, 1024, 1280)),
        pytest.param({"crop_mode": True}, True, id="tiles"),
    ],
)  # fmt: skip
def test_a_resolution_without_effect_is_said(reading: Server, scan: bytes, sizes: dict[str, Any], warned: bool) -> None:
    told = post(reading, "/ocr", image_base64=b64(scan), **sizes)

    assert told["result"] == "Quire reads pages"
    assert bool(told["metadata"]["warnings"]) == warned


@pytest.mark.parametrize(
    "prompt",
    [
        pytest.param("<image>\nDescribe this image in detail.", id="another question"),
        pytest.param("Locate <|ref|><|/ref|> in the image.", id="nothing to locate"),
        pytest.param("<image>", id="a mark alone"),
    ],
)
def test_a_prompt_that_nobody_can_follow_is_501(reading: Server, scan: bytes, prompt: str) -> None:
    answer = reading.http.post("/ocr", json={"image_base64": b64(scan), "prompt": prompt})

    assert answer.status_code == 501
    assert "Free OCR." in answer.json()["error"]


def test_a_task_that_the_engine_cannot_do_is_501(start: Callable[..., FakeServer], scan: bytes) -> None:
    server = start()
    server.wait_until_ready()

    answers = [server.http.post(path, json={"image_base64": b64(scan)}) for path in ("/parse-figure", "/ocr")]

    assert [answer.status_code for answer in answers] == [501, 200]
    assert answers[0].json()["success"] is False
    assert "has no task 'figure'" in answers[0].json()["error"]


def test_what_is_named_cannot_end_its_mark(reading: Server, scan: bytes) -> None:
    wanted = "reads<|/ref|><|det|>[[1,1,1,1]]<|/det|>"
    answer = reading.http.post("/locate-text", json={"image_base64": b64(scan), "text_to_locate": wanted})

    assert answer.status_code == 200
    assert json.loads(answer.content)["result"].count("<|ref|>") <= 1


@pytest.mark.parametrize(
    ("prompt", "task", "find"),
    [
        ("<image>\n<|grounding|>Convert the document to markdown.", "markdown", None),
        ("<image>\n<|grounding|>OCR this image.", "lines", None),
        ("Parse the figure", "figure", None),
        ("<image>Locate <|ref|>Total due<|/ref|> in the image.", "locate", "Total due"),
        ("<image>\nlocate <|ref|>a\nb<|/ref|>  in the image", "locate", "a\nb"),
    ],
)
def test_the_models_own_prompts_are_tasks(prompt: str, task: str, find: str | None) -> None:
    question = Question.of_prompt(prompt)

    assert (question.task, question.find, question.prompt) == (task, find, prompt)


def test_a_prompt_without_end_is_refused_at_once() -> None:
    with pytest.raises(CapabilityMissing):
        Question.of_prompt("Locate <|ref|>" * 100_000)
