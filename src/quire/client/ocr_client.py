"""The client of services that speak like DotsOCR's: `POST /process` with pictures in base64.

Scripts that were written for such a service's `OCRClient` run unchanged: parameters have its names, answers are handed
on as the service sent them, and whatever goes wrong on the way is an answer too, `{"success": false, "error": …}`. A
page that cannot be rendered is an error of `quire.errors`.
"""

from __future__ import annotations

import base64
import json
import weakref
from pathlib import Path
from typing import Any, Final

import httpx

from quire.client.failures import unanswered

Answer = dict[str, Any]
"""What the service answered."""

_DPI: Final = 200.0
_HEALTH_S: Final = 10.0
_ALL: Final = "prompt_layout_all_en"
_PROMPTS: Final = (_ALL, "prompt_layout_only_en", "prompt_ocr", "prompt_grounding_ocr")


class Health(Answer):
    """`healthy`, with what the service says, which is also its `details`, or the `error`; true where it is healthy."""

    def __bool__(self) -> bool:
        return self["healthy"] is True


class OCRClient:
    """Asks one service. Threads may share it.

    Args:
        process_url: where pictures are posted, such as http://127.0.0.1:8000/process.
        health_url: where it says how it is; `process_url` with "health" in place of "process" when None.
        timeout: seconds for an answer; None waits for ever.
        key: sent as a bearer token.
        transport: of httpx, in place of the network.
    """

    def __init__(
        self,
        process_url: str,
        health_url: str | None = None,
        timeout: float | None = 600.0,
        *,
        key: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._process_url = process_url
        self._health_url = health_url or process_url.replace("process", "health")
        self._http = httpx.Client(headers=headers, timeout=timeout, transport=transport)
        # The scripts never close it.
        weakref.finalize(self, self._http.close)

    def check_health(self) -> Health:
        """Whether the service is there and says nothing else than that it is healthy."""
        try:
            answer = self._http.get(self._health_url, timeout=_HEALTH_S)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            return Health(healthy=False, error=f"{self._health_url} does not answer: {exc}")
        details = _object(answer)
        if not answer.is_success or details is None or details.get("healthy", True) is not True:
            return Health(healthy=False, error=f"HTTP {answer.status_code}: {answer.text}")
        return Health(details | {"healthy": True, "details": details})

    def process_image(self, image_b64: str, prompt_mode: str = _ALL, **options: Any) -> Answer:
        """The answer for a picture in base64.

        Args:
            **options: of the service: bbox, temperature, top_p, max_tokens.
        """
        return self._process({"image": image_b64, "prompt_mode": prompt_mode, **options})

    def process_batch(self, images_b64: list[str], prompt_mode: str = _ALL, **options: Any) -> Answer:
        """The answer for several pictures; see `process_image`."""
        return self._process({"images": [*images_b64], "prompt_mode": prompt_mode, **options})

    def process_pdf_page(
        self, pdf_path: str | Path, page_num: int = 0, prompt_mode: str = _ALL, dpi: float = _DPI, **options: Any
    ) -> Answer:
        """The answer for page `page_num` (0-based) of a PDF, with what was sent; see `process_image`.

        Raises:
            QuireError: there is no such page, or it cannot be rendered.
        """
        image, size = self.pdf_page_to_base64(pdf_path, page_num, dpi)
        sent = {"pdf_path": str(pdf_path), "page_number": page_num, "image_size": size, "dpi": dpi}
        return _with(sent, self.process_image(image, prompt_mode, **options))

    def process_image_file(self, image_path: str | Path, prompt_mode: str = _ALL, **options: Any) -> Answer:
        """The answer for an image, with what was sent; see `process_image`.

        Raises:
            QuireError: it cannot be opened.
        """
        image, size = self.image_to_base64(image_path)
        sent = {"image_path": str(image_path), "image_size": size}
        return _with(sent, self.process_image(image, prompt_mode, **options))

    def pdf_page_to_base64(
        self, pdf_path: str | Path, page_num: int = 0, dpi: float = _DPI
    ) -> tuple[str, tuple[int, int]]:
        """Page `page_num` (0-based) of a PDF as a PNG in base64, and its width and height in pixels.

        Raises:
            QuireError: there is no such page, or it cannot be rendered.
        """
        # Decoders are loaded by those who render pages, and by nobody else.
        from quire.client.pdf_pages import rendered

        page = rendered(pdf_path, page_num + 1, dpi)
        return base64.b64encode(page.png).decode("ascii"), (page.width, page.height)

    def image_to_base64(self, image_path: str | Path) -> tuple[str, tuple[int, int]]:
        """An image as a PNG in base64, and its width and height; see `pdf_page_to_base64`."""
        return self.pdf_page_to_base64(image_path)

    def get_available_prompts(self) -> list[str]:
        """The prompt modes."""
        return [*_PROMPTS]

    def save_result(self, result: Any, output_file: str | Path) -> bool:
        """Writes what was read, of an answer for one picture its `result`; all else as JSON.

        Returns:
            Whether that was done: of a failure its error is written, and a file may refuse to be.
        """
        failed = isinstance(result, dict) and not result.get("success", True)
        try:
            Path(output_file).parent.mkdir(parents=True, exist_ok=True)
            Path(output_file).write_text(_content(result), encoding="utf-8")
        except OSError:
            return False
        return not failed

    def _process(self, body: Answer) -> Answer:
        try:
            answer = self._http.post(self._process_url, json=body)
        except httpx.RequestError as exc:
            return _failure(unanswered(exc).detail)
        except httpx.InvalidURL:
            return _failure("`process_url` is no URL: write it like http://127.0.0.1:8000/process")
        found = _object(answer)
        return _failure(f"HTTP {answer.status_code}: {answer.text}") if found is None else found


def _object(answer: httpx.Response) -> Answer | None:
    """The JSON object of an answer; None where it is none."""
    try:
        found = answer.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _with(sent: Answer, answer: Answer) -> Answer:
    return answer | sent if answer.get("success") else answer


def _failure(error: str) -> Answer:
    return {"success": False, "error": error}


def _content(result: Any) -> str:
    if isinstance(result, dict) and not result.get("success", True):
        return f"Error: {result.get('error', 'unknown')}"
    text = result.get("result", result) if isinstance(result, dict) else result
    return text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, indent=2)
