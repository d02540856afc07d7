"""The client of services that speak like DotsOCR's: `POST /process` with pictures in base64.

Scripts that were written for such a service's `OCRClient` run unchanged. Answers are handed on as the service sent
them, failures (`"success": false`) too; what cannot be asked at all is an error of `quire.errors`.
"""

from __future__ import annotations

import base64
import json
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx

from quire.client.failures import unanswered
from quire.client.results import parsed_json
from quire.errors import AnswerNotUnderstood, InvalidOption, OutputError

_DPI: Final = 200.0
_HEALTH_S: Final = 10.0


class OCRClient:
    """Asks one service. Threads may share it.

    Args:
        process_url: where pictures are posted, such as http://127.0.0.1:8000/process.
        health_url: where it says how it is, such as http://127.0.0.1:8000/health.
        timeout_s: for an answer; None waits for ever.
        key: sent as a bearer token.
        transport: of httpx, in place of the network.
    """

    def __init__(
        self,
        process_url: str,
        health_url: str,
        *,
        timeout_s: float | None = 600.0,
        key: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._process_url = process_url
        self._health_url = health_url
        self._http = httpx.Client(headers=headers, timeout=timeout_s, transport=transport)
        # The scripts never close it.
        weakref.finalize(self, self._http.close)

    def check_health(self) -> bool:
        """Whether the service is there and says that it is healthy."""
        try:
            answer = self._http.get(self._health_url, timeout=_HEALTH_S)
            body = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return False
        return answer.is_success and isinstance(body, dict) and body.get("healthy") is True

    def process_pdf_page(self, path: str | Path, page_num: int, **options: Any) -> dict[str, Any]:
        """The answer for page `page_num` (0-based) of a PDF.

        Args:
            **options: of the service: prompt_mode, bbox, temperature, top_p.

        Raises:
            QuireError: the page cannot be rendered, or the service cannot be asked.
        """
        image, _ = self.pdf_page_to_base64(path, page_num)
        return self._process({"image": image, **options})

    def process_batch(self, images: Sequence[str], **options: Any) -> dict[str, Any]:
        """The answer for several pictures, each in base64; see `process_pdf_page`."""
        return self._process({"images": [*images], **options})

    def pdf_page_to_base64(self, path: str | Path, i: int) -> tuple[str, tuple[int, int]]:
        """Page `i` (0-based) of a PDF as a PNG in base64, at 200 dpi, and its width and height in pixels.

        Raises:
            QuireError: there is no such page, or it cannot be rendered.
        """
        # Decoders are loaded by those who render pages, and by nobody else.
        from quire.client.pdf_pages import rendered

        page = rendered(path, i + 1, _DPI)
        return base64.b64encode(page.png).decode("ascii"), (page.width, page.height)

    def save_result(self, result: Any, path: str | Path) -> None:
        """Writes an answer, or a part of one: text as it is, all else as JSON.

        Raises:
            OutputError: the file cannot be written.
        """
        text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, indent=2)
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")
        except OSError as exc:
            raise OutputError(f"'{Path(path).name}' cannot be written: check the path and its permissions") from exc

    def _process(self, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = self._http.post(self._process_url, json=body)
        except httpx.RequestError as exc:
            raise unanswered(exc) from exc
        except httpx.InvalidURL as exc:
            raise InvalidOption("`process_url` is no URL: write it like http://127.0.0.1:8000/process") from exc
        found = parsed_json(answer.content)
        if not isinstance(found, dict):
            raise AnswerNotUnderstood(f"the service's answer (status {answer.status_code}) is no object: check its URL")
        return found
