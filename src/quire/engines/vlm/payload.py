"""The body of a chat completion."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from quire.engines.vlm.requests import ModelRequest

_PIECES: Final[Mapping[str, Any]] = MappingProxyType(
    {"stream_interval": 32, "stream_options": {"include_usage": True, "continuous_usage_stats": True}}
)
"""Thirty-two tokens an event, where vLLM is new enough, and how many there were so far.

Answers are streamed, so that a loop is seen as it begins. Events cost both sides, and few of them cost little. vLLM's
own `repetition_detection` sees patterns of tokens alone: it takes a table's empty cells for a loop, and no loop for one
that changes; and what it tries after every token keeps the engine itself busy.
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

    @property
    def vllm_only(self) -> dict[str, Any]:
        """Fields that other servers may refuse."""
        return {**_PIECES, **self.request.extra}

    def encode(self, model: str, max_tokens: int, *, strict: bool) -> bytes:
        """JSON for one server.

        The image is put in afterwards: base64 needs no escaping, and a JSON encoder would look at every letter.

        Args:
            strict: without the fields that only vLLM knows.
        """
        sampling = self.request.sampling
        fields: dict[str, Any] = {
            "model": model,
            "messages": self._messages(),
            "temperature": sampling.temperature,
            "max_tokens": max_tokens,
            "stream": True,
        }
        if sampling.top_p is not None:
            fields["top_p"] = sampling.top_p
        head, _, rest = json.dumps(fields if strict else fields | self.vllm_only).encode().partition(_PLACE.encode())
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
