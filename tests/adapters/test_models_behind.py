"""Adapted APIs with the model of their family behind them: it is asked as its users ask it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sending import b64

from answering import Answer, WebServer, web_server
from running import Server, quire_serve

LAYOUT = [
    {"bbox": [56, 28, 840, 84], "category": "Title", "text": "# On pages"},
    {"bbox": [56, 112, 840, 140], "category": "List-item", "text": "- one"},
    {"bbox": [56, 150, 840, 190], "category": "Table", "text": "<table><tr><td>1</td><td>2</td></tr></table>"},
]
FOUND = "<|ref|>reads<|/ref|><|det|>[[250, 360, 407, 660]]<|/det|>"


class Model:
    """A model server whose answer each test writes."""

    def __init__(self, web: WebServer, server: Server) -> None:
        self._web = web
        self.http = server.http

    def says(self, text: str) -> None:
        event = {"choices": [{"delta": {"content": text}, "finish_reason": None}]}
        end = {"choices": [{"delta": {"content": ""}, "finish_reason": "stop"}]}
        body = f"data: {json.dumps(event)}\n\ndata: {json.dumps(end)}\n\ndata: [DONE]\n\n".encode()
        self._web.answers["/v1/chat/completions"] = Answer(body, headers={"content-type": "text/event-stream"})

    @property
    def asked(self) -> str:
        """The last prompt."""
        bodies = [request.body for request in self._web.requests if request.body]
        content = json.loads(bodies[-1])["messages"][-1]["content"]
        return "".join(part.get("text", "") for part in content)


def model(engine: str, folder: Path) -> Iterator[Model]:
    with web_server() as web:
        web.answers["/v1/models"] = Answer(b'{"data": [{"id": "talker", "max_model_len": 20000}]}')
        web.answers["/health"] = Answer()
        variables = {
            "QUIRE_VLM__URLS": web.url(""),
            "QUIRE_WORKERS": "1",
            "QUIRE_CACHE__MEMORY_BYTES": "0",
            "QUIRE_CACHE__DISK_BYTES": "0",
        }
        with quire_serve(folder, "--engine", engine, **variables) as server:
            yield Model(web, server)


@pytest.fixture(scope="module")
def dots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    yield from model("dots", tmp_path_factory.mktemp("dots"))


@pytest.fixture(scope="module")
def deepseek(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    yield from model("deepseek", tmp_path_factory.mktemp("deepseek"))


@pytest.fixture
def process(dots: Model, scan: bytes) -> Callable[..., Any]:
    """The elements that a request to `/process` answers."""

    def elements(**body: Any) -> Any:
        told = dots.http.post("/process", json={"image": b64(scan)} | body).json()
        assert told["metadata"] == {"engine": "dots"}, told
        return json.loads(told["result"])

    return elements


def test_dots_is_asked_for_layout_and_text(dots: Model, process: Callable[..., Any]) -> None:
    dots.says(json.dumps(LAYOUT))

    found = process(prompt_mode="prompt_layout_all_en")

    assert "all layout elements" in dots.asked.lower()
    assert [one["category"] for one in found] == ["Title", "List-item", "Table"]
    assert [one["text"].partition("<tr>")[0] for one in found] == ["# On pages", "- one", "<table><tbody>"]
    assert found[0]["bbox"] == pytest.approx([56, 28, 840, 84], abs=5)


def test_dots_is_asked_for_layout_alone(dots: Model, process: Callable[..., Any]) -> None:
    dots.says(json.dumps([{"bbox": one["bbox"], "category": one["category"]} for one in LAYOUT]))

    found = process(prompt_mode="prompt_layout_only_en")

    assert "do not output the corresponding text" in dots.asked.lower()
    assert [one.keys() for one in found] == [{"bbox", "category"}] * len(found)
    assert "Title" in [one["category"] for one in found]


def test_dots_is_asked_for_the_text_of_an_area(dots: Model, process: Callable[..., Any]) -> None:
    dots.says("reads")

    found = process(prompt_mode="prompt_grounding_ocr", bbox=[224, 56, 392, 140])

    assert "Bounding Box" in dots.asked
    assert found == [{"bbox": [224, 56, 392, 140], "category": "Text", "text": "reads"}]


def test_who_steps_in_for_the_model_is_named_and_knows_the_area_too(dots: Model, scan: bytes) -> None:
    dots.says("the same words again " * 2000)
    body = {"image": b64(scan), "prompt_mode": "prompt_grounding_ocr", "bbox": [212, 0, 376, 200]}

    told = dots.http.post("/process", json=body).json()

    assert told["metadata"] == {"engine": "ppocr"}
    assert [one["text"] for one in json.loads(told["result"])] == ["reads"]


@pytest.mark.parametrize(
    ("path", "body", "asked"),
    [
        ("/ocr", {}, "Free OCR."),
        ("/ocr", {"prompt": "<image>\nParse the figure."}, "Parse the figure."),
        ("/parse-figure", {}, "Parse the figure."),
        ("/document-to-markdown", {}, "<|grounding|>Convert the document to markdown."),
    ],
)
def test_deepseek_is_asked_as_its_users_ask(
    deepseek: Model, scan: bytes, path: str, body: dict[str, str], asked: str
) -> None:
    deepseek.says("A bar for each year.")

    told = deepseek.http.post(path, json={"image_base64": b64(scan)} | body).json()

    assert deepseek.asked == asked
    assert told["result"] == "A bar for each year."
    assert told["metadata"]["engine"] == "deepseek"


def test_deepseek_says_itself_where_a_text_is(deepseek: Model, scan: bytes) -> None:
    deepseek.says(FOUND)

    told = deepseek.http.post("/locate-text", json={"image_base64": b64(scan), "text_to_locate": "reads"}).json()

    assert deepseek.asked == "Locate <|ref|>reads<|/ref|> in the image."
    assert told["result"] == FOUND
    assert told["metadata"]["matches"][0]["boxes"] == [[225, 72, 367, 132]]


@pytest.mark.parametrize(
    ("sizes", "warnings"),
    [
        pytest.param({"base_size": 1024, "image_size": 640, "crop_mode": True}, 0, id="as the server asks"),
        pytest.param({"base_size": 512, "image_size": 512, "crop_mode": False}, 1, id="less"),
        pytest.param({"base_size": 1000}, 1, id="a size without a name"),
    ],
)
def test_a_resolution_that_the_server_does_not_ask_for_is_said(
    deepseek: Model, scan: bytes, sizes: dict[str, Any], warnings: int
) -> None:
    deepseek.says("text")

    told = deepseek.http.post("/ocr", json={"image_base64": b64(scan)} | sizes).json()

    assert len(told["metadata"]["warnings"]) == warnings
