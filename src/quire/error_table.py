"""The one table that says what each error code means at the edges: HTTP status and exit code."""

from __future__ import annotations

from typing import Final, NamedTuple


class Edge(NamedTuple):
    """How an error shows outside the library."""

    http_status: int
    exit_code: int


EDGES: Final[dict[str, Edge]] = {
    "invalid_option": Edge(400, 2),
    "unknown_language": Edge(400, 2),
    "invalid_page_range": Edge(400, 2),
    "page_out_of_range": Edge(400, 3),
    "document_not_found": Edge(404, 4),
    "empty_document": Edge(422, 5),
    "unsupported_format": Edge(415, 6),
    "damaged_document": Edge(422, 7),
    "password_required": Edge(422, 8),
    "wrong_password": Edge(422, 9),
    "no_pages": Edge(422, 10),
    "limit_exceeded": Edge(413, 11),
    "too_many_bytes": Edge(413, 11),
    "too_many_pixels": Edge(413, 12),
    "too_many_pages": Edge(413, 13),
    "page_damaged": Edge(422, 14),
    "page_quarantined": Edge(503, 17),
    "page_timeout": Edge(504, 18),
    "document_quarantined": Edge(503, 19),
    "engine_start_failed": Edge(503, 20),
    "engine_failed": Edge(500, 28),
    "capability_missing": Edge(501, 21),
    "runtime_missing": Edge(501, 22),
    "model_missing": Edge(501, 23),
    "model_download_failed": Edge(503, 24),
    "model_digest_mismatch": Edge(503, 25),
    "output_failed": Edge(500, 26),
    "url_refused": Edge(400, 15),
    "url_failed": Edge(422, 16),
    "server_unreachable": Edge(502, 50),
    "answer_not_understood": Edge(502, 51),
    "unauthenticated": Edge(401, 30),
    "forbidden": Edge(403, 31),
    "rate_limited": Edge(429, 32),
    "quota_exceeded": Edge(429, 33),
    "access_unavailable": Edge(503, 34),
    "job_not_found": Edge(404, 40),
    "job_expired": Edge(410, 41),
    "idempotency_conflict": Edge(409, 42),
    "result_not_ready": Edge(409, 45),
    "storage_full": Edge(507, 43),
    "deadline_passed": Edge(504, 44),
    "overloaded": Edge(429, 27),
    "internal_error": Edge(500, 70),
    "cancelled": Edge(499, 130),
}

EXIT_PARTIAL: Final = 1
"""Exit code when some documents or pages were read and others were not."""


def edge(code: str) -> Edge:
    """The edge behaviour of an error code; an unlisted code counts as internal."""
    return EDGES.get(code, EDGES["internal_error"])
