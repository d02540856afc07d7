"""The body of a chat completion."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from quire.engines.vlm.requests import ModelRequest

REPETITION_FIELDS: Final = {
    "repetition_detection": {"min_pattern_size": 12, "max_pattern_size": 36, "min_count": 6},
}
"""vLLM ends an answer whose last tokens are one pattern six times.

Shorter patterns are caught as multiples. vLLM tries every size after every token, so few sizes are asked for: these
cost it 8 µs a token, measured on one Xeon core.
"""

_PLACE: Final = uuid4().hex
"""Stands for the image until the rest is JSON; no prompt holds it."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request whose image was encoded once, however often it is sent."""

    request: ModelRequest
    image_url: bytes

    @classmethod
    def of(cls, request: ModelRequest) -> Body:
        head = f"data:{request.image.mime};base64,".encode()
        return cls(request, head + base64.b64encode(request.image.data))

    def encode(self, model: str, max_tokens: int, *, stream: bool, vllm_only: dict[str, Any]) -> bytes:
        """JSON for one server.

        The image is put in afterwards: base64 needs no escaping, and a JSON encoder would look at every letter.
        """
        sampling = self.request.sampling
        fields: dict[str, Any] = {
            "model": model,
            "messages": self._messages(),
            "temperature": sampling.temperature,
            "max_tokens": max_tokens,
            "stream": stream,
        }
        if sampling.top_p is not None:
            fields["top_p"] = sampling.top_p
        head, _, rest = json.dumps(fields | vllm_only).encode().partition(_PLACE.encode())
        return head + self.image_url + rest

    def _messages(self) -> list[dict[str, Any]]:
        # The image first: templates keep the order, and the families were trained with it.
        content: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": _PLACE}}]
        if self.request.prompt is not None:
            content.append({"type": "text", "text": self.request.prompt})
        messages: list[dict[str, Any]] = [{"role": "user", "content": content}]
        if self.request.system is not None:
            messages.insert(0, {"role": "system", "content": self.request.system})
        return messages
