"""Every endpoint of the adapted APIs that takes documents: how they are sent, and how errors look to its clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sending import b64

Shape = Callable[[Any], str]
AZURE = "/documentintelligence/documentModels/prebuilt-layout"


def detail(told: Any) -> str:
    """FastAPI's own."""
    assert told.keys() == {"detail"}
    found: str = told["detail"]
    return found


def flagged(told: Any) -> str:
    """DotsOCR's."""
    assert told.keys() == {"success", "error"}
    assert told["success"] is False
    found: str = told["error"]
    return found


def both(told: Any) -> str:
    """Of a path that two services share."""
    assert told.keys() == {"success", "result", "error", "detail"}
    assert (told["success"], told["result"], told["error"]) == (False, None, told["detail"])
    found: str = told["detail"]
    return found


def mistral(told: Any) -> str:
    """Mistral's; where a list of details is there, as its client wants it with 422, that says the same."""
    assert told["object"] == "error"
    assert isinstance(told["type"], str)
    assert [entry["msg"] for entry in told.get("detail", [])] in ([], [told["message"]])
    found: str = told["message"]
    return found


def azure(told: Any) -> str:
    """Azure's."""
    assert told.keys() == {"error"}
    assert isinstance(told["error"]["code"], str)
    found: str = told["error"]["message"]
    return found


@dataclass(frozen=True)
class Way:
    """An endpoint.

    Attributes:
        error: what it says in an error's JSON; fails where its clients would not find it.
        field: the form's field for files; None where JSON is taken.
        body: JSON around a document in base64.
        form: fields that it needs besides.
    """

    path: str
    error: Shape
    field: str | None = None
    body: Callable[[Any], dict[str, Any]] | None = None
    form: tuple[tuple[str, str], ...] = ()

    def send(self, http: httpx.Client, document: bytes, **fields: Any) -> httpx.Response:
        """The answer to a document with these fields besides."""
        if self.body is not None:
            return http.post(self.path, json=self.body(b64(document)) | fields)
        return http.post(self.path, files={self.field or "": ("a", document)}, data=dict(self.form) | fields)

    def __str__(self) -> str:
        return self.path.partition("?")[0]


def _image(document: Any) -> dict[str, Any]:
    return {"image_base64": document}


def _data_url(document: Any) -> Any:
    return f"data:application/pdf;base64,{document}" if isinstance(document, str) else document


NOW = (
    Way("/api/v1/ocr/process", detail, "file", form=(("language", "en"),)),
    Way("/api/v1/ocr/image", detail, "file"),
    Way("/api/v1/ocr/pdf", detail, "file"),
    Way("/ocr", both, "file"),
    Way("/upload-ocr", both, "file"),
    Way("/v1/convert/file", detail, "files"),
    Way("/process", flagged, body=lambda document: {"image": document}),
    Way("/ocr", both, body=_image),
    Way("/document-to-markdown", both, body=_image),
    Way("/parse-figure", both, body=_image),
    Way("/locate-text", both, body=lambda document: _image(document) | {"text_to_locate": "a"}),
    Way("/v1/convert/source", detail, body=lambda document: {"sources": [{"base64_string": document}]}),
    Way("/v1/ocr", mistral, body=lambda document: {"document": {"document_url": _data_url(document)}}),
)
"""Answer with what was read."""
LATER = (
    Way("/api/v1/ocr/process", detail, "file"),
    Way("/api/v1/jobs/submit", detail, "file"),
    Way("/v1/convert/file/async", detail, "files"),
    Way("/v1/convert/source/async", detail, body=lambda document: {"sources": [{"base64_string": document}]}),
    Way(f"{AZURE}:analyze", azure, body=lambda document: {"base64Source": document}),
)
"""Answer with a task."""
OTHERS = (
    Way("/v1/files", mistral, "file", form=(("purpose", "ocr"),)),
    Way("/api/v1/ocr/process-batch", detail, "files"),
)
"""Keep a document, or answer with each in its place."""
