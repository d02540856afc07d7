"""OpenTelemetry, where it is installed and the standard variables name a collector; else nothing of it is loaded.

Spans tell of times, statuses and counts. They hold nothing that a document or a caller's options say: no query, since
it may hold a password, no file names, no messages of exceptions.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from quire.assembly.spans import Spans

_log = logging.getLogger(__name__)

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL: Final = "http/protobuf"


@contextmanager
def open_spans(variables: Mapping[str, str]) -> Iterator[Spans | None]:
    """What makes spans, and sends the last of them at the end of the block; None where none are wanted.

    Args:
        variables: of the environment; OpenTelemetry reads what else it honours from there itself.
    """
    spans = _make(variables) if _wanted(variables) else None
    try:
        yield spans
    finally:
        if spans is not None:
            spans.close()


def _wanted(variables: Mapping[str, str]) -> bool:
    exporter = variables.get("OTEL_TRACES_EXPORTER") or "otlp"
    disabled = variables.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return any(variables.get(name) for name in _ENDPOINTS) and exporter == "otlp" and not disabled


def _make(variables: Mapping[str, str]) -> Spans | None:
    protocol = next(filter(None, map(variables.get, _PROTOCOLS)), _PROTOCOL)
    if protocol != _PROTOCOL:
        _log.warning("no spans are sent: OTEL_EXPORTER_OTLP_PROTOCOL may only be %s here", _PROTOCOL)
        return None
    try:
        from quire.assembly.spans import Spans, exporting_provider
    except ImportError:
        _log.warning("no spans are sent: OTEL_* variables ask for them, but the extra is missing: quire-ocr[otel]")
        return None
    return Spans(exporting_provider())
