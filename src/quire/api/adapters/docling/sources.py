"""Documents of a request: files of a form, or the sources of a JSON body."""

from __future__ import annotations

from typing import Any, Final

from quire.api.bodies import BodyShape, Given
from quire.errors import InvalidOption


def _given(body: dict[str, Any]) -> list[Given]:
    listed = [body.pop(name, None) for name in ("sources", "http_sources", "file_sources")]
    found = [source for sources in listed if sources is not None for source in _several(sources)]
    return [_source(source) for source in found]


def _several(sources: Any) -> list[Any]:
    if not isinstance(sources, list):
        raise InvalidOption("`sources` must be a list of documents")
    return sources


def _source(source: Any) -> Given:
    if not isinstance(source, dict) or source.get("headers"):
        raise InvalidOption("a source is an object with `url`, without headers, or with `base64_string` and `filename`")
    url, content, name = (source.get(key) for key in ("url", "base64_string", "filename"))
    if not isinstance(url or content, str) or not isinstance(name, str | None) or (url and content):
        raise InvalidOption("a source holds one string, `url` or `base64_string`; other kinds cannot be had")
    return Given(url=url, base64=content, name=name)


FILES: Final = BodyShape(frozenset({"files"}))
SOURCES: Final = BodyShape(given=_given)
