"""What a client does with a document that it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quire.client.following import PageRows, followed
from quire.client.results import parsed, parsed_json
from quire.client.retries import Retries, answered
from quire.client.steps import Asked, Steps
from quire.client.uploads import OnUpload, Source, fields, packed
from quire.document import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """One document to be read. Reading it twice does no more than reading it once, so any failure is tried again."""

    source: Source
    name: str | None
    options: Mapping[str, Any]
    on_upload: OnUpload | None
    retries: Retries

    def document(self) -> Steps[Document]:
        return parsed(Document, parsed_json((yield from self.file("json"))))

    def file(self, format_name: str) -> Steps[bytes]:
        """The document in one of the server's formats."""
        return (yield from answered(self._asked(format=format_name), self.retries)).content

    def pages(self) -> Steps[None]:
        """Emits pages and failures in order, as they are read."""
        yield from followed(PageRows(self._asked(stream="true")), self.retries)

    def _asked(self, **form: str) -> Asked:
        names = [self.name] if self.name else []
        body = packed([self.source], names, fields(self.options, **form), self.on_upload)
        return Asked("POST", "/v1/read", body=body)
