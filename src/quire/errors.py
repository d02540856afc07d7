"""Everything that can go wrong, as one tree. Each class has a stable `code`; each message names the remedy.

    QuireError
    ├── OptionError                 what was asked for cannot be asked
    │   ├── InvalidOption           invalid_option
    │   ├── UnknownLanguage         unknown_language
    │   ├── InvalidPageRange        invalid_page_range
    │   └── PageOutOfRange          page_out_of_range
    ├── DocumentError               the document cannot be read
    │   ├── DocumentNotFound        document_not_found
    │   ├── EmptyDocument           empty_document
    │   ├── UnsupportedFormat       unsupported_format
    │   ├── DamagedDocument         damaged_document
    │   ├── PasswordRequired        password_required
    │   ├── WrongPassword           wrong_password
    │   ├── NoPages                 no_pages
    │   └── DocumentQuarantined     document_quarantined: opening it broke two workers
    ├── LimitExceeded               reading it would cost more than is allowed
    │   ├── TooManyBytes            too_many_bytes
    │   ├── TooManyPixels           too_many_pixels
    │   └── TooManyPages            too_many_pages
    ├── PageDamaged                 page_damaged: one page only; the others are read
    ├── PageQuarantined             page_quarantined: it broke two workers; the others are read
    ├── PageTimeout                 page_timeout: it took too long twice; the others are read
    ├── EngineError                 the machinery is not there, does not start, or fails while it runs
    │   ├── EngineStartError        engine_start_failed
    │   ├── EngineFailed            engine_failed: one run only; others may succeed
    │   ├── CapabilityMissing       capability_missing
    │   ├── RuntimeMissing          runtime_missing
    │   ├── ModelMissing            model_missing
    │   ├── ModelDownloadFailed     model_download_failed
    │   └── ModelDigestMismatch     model_digest_mismatch
    ├── OutputError                 output_failed: the result could not be written
    ├── RemoteError                 what lies at a URL cannot be had
    │   ├── UrlRefused              url_refused: it leads where this server must not go
    │   └── UrlFailed               url_failed
    ├── ServerError                 a client's: the server that it asks
    │   ├── ServerUnreachable       server_unreachable: it does not answer, or stopped in the middle
    │   └── AnswerNotUnderstood     answer_not_understood: what answers is no Quire, or a newer one
    ├── AccessError                 whoever asks may not have it, or not now
    │   ├── Unauthenticated         unauthenticated
    │   ├── Forbidden               forbidden
    │   ├── RateLimited             rate_limited
    │   ├── QuotaExceeded           quota_exceeded
    │   └── AccessUnavailable       access_unavailable: keys and tokens cannot be checked now
    ├── JobError                    a job cannot be made or is not there
    │   ├── JobNotFound             job_not_found
    │   ├── JobExpired              job_expired
    │   ├── ResultNotReady          result_not_ready
    │   └── IdempotencyConflict     idempotency_conflict
    ├── StorageFull                 storage_full
    ├── DeadlinePassed              deadline_passed
    ├── Overloaded                  overloaded
    └── Cancelled                   cancelled

HTTP statuses and exit codes are in `error_table`. A library's own exception is wrapped where the library is
called; none leaves the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar


class QuireError(Exception):
    """Base of all errors of this package.

    Attributes:
        code: stable, machine-readable name of the kind of failure.
        detail: one or two sentences for people: what is wrong and what to do about it. Never holds document
            text or internals.
        retry_after_s: seconds after which another try is likely to succeed; None where waiting does not help or
            nobody knows.
    """

    code: ClassVar[str] = "internal_error"

    def __init__(self, detail: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after_s = retry_after_s


class OptionError(QuireError):
    """What was asked for cannot be asked."""

    code = "invalid_option"


class InvalidOption(OptionError):
    code = "invalid_option"


class UnknownLanguage(OptionError):
    code = "unknown_language"


class InvalidPageRange(OptionError):
    code = "invalid_page_range"


class PageOutOfRange(OptionError):
    code = "page_out_of_range"


class DocumentError(QuireError):
    """The document itself cannot be read."""

    code = "damaged_document"


class DocumentNotFound(DocumentError):
    code = "document_not_found"


class EmptyDocument(DocumentError):
    code = "empty_document"


class UnsupportedFormat(DocumentError):
    code = "unsupported_format"


class DamagedDocument(DocumentError):
    code = "damaged_document"


class PasswordRequired(DocumentError):
    code = "password_required"


class WrongPassword(DocumentError):
    code = "wrong_password"


class NoPages(DocumentError):
    code = "no_pages"


class DocumentQuarantined(DocumentError):
    """Opening it broke two workers, one after the other."""

    code = "document_quarantined"


class LimitExceeded(QuireError):
    """Reading the document would cost more than the limits allow."""

    code = "limit_exceeded"


class TooManyBytes(LimitExceeded):
    code = "too_many_bytes"


class TooManyPixels(LimitExceeded):
    code = "too_many_pixels"


class TooManyPages(LimitExceeded):
    code = "too_many_pages"


class PageDamaged(QuireError):
    """One page cannot be read; the document's other pages can."""

    code = "page_damaged"


class PageQuarantined(QuireError):
    """Reading the page broke two workers, one after the other; the document's other pages can be read."""

    code = "page_quarantined"


class PageTimeout(QuireError):
    """Reading the page took too long, twice; the document's other pages can be read."""

    code = "page_timeout"


class EngineError(QuireError):
    """The machinery is not there, does not start, or fails while it runs."""

    code = "engine_failed"


class EngineStartError(EngineError):
    code = "engine_start_failed"


class EngineFailed(EngineError):
    """One run failed, as when memory is short; others may succeed."""

    code = "engine_failed"


class CapabilityMissing(EngineError):
    code = "capability_missing"


class RuntimeMissing(EngineError):
    code = "runtime_missing"


class ModelMissing(EngineError):
    code = "model_missing"


class ModelDownloadFailed(EngineError):
    code = "model_download_failed"


class ModelDigestMismatch(EngineError):
    code = "model_digest_mismatch"


class OutputError(QuireError):
    code = "output_failed"


class RemoteError(QuireError):
    """What lies at a URL cannot be had."""

    code = "url_failed"


class UrlRefused(RemoteError):
    """The URL leads, or may lead, where this server must not go on behalf of others."""

    code = "url_refused"


class UrlFailed(RemoteError):
    code = "url_failed"


class ServerError(QuireError):
    """What a client meets that asks a server."""

    code = "server_unreachable"


class ServerUnreachable(ServerError):
    """It does not answer, or stopped in the middle of its answer."""

    code = "server_unreachable"


class AnswerNotUnderstood(ServerError):
    """What answers is no Quire, or one that is newer than this client."""

    code = "answer_not_understood"


class AccessError(QuireError):
    """Whoever asks may not have it, or not now."""

    code = "forbidden"


class Unauthenticated(AccessError):
    code = "unauthenticated"


class Forbidden(AccessError):
    code = "forbidden"


class RateLimited(AccessError):
    """Too many requests in a short time; `retry_after_s` is set."""

    code = "rate_limited"


class QuotaExceeded(AccessError):
    """Too many pages in a window of time; `retry_after_s` is set unless waiting would not help."""

    code = "quota_exceeded"


class AccessUnavailable(AccessError):
    """Keys and tokens cannot be checked now; `retry_after_s` is set."""

    code = "access_unavailable"


class JobError(QuireError):
    """A job cannot be made or is not there."""

    code = "job_not_found"


class JobNotFound(JobError):
    code = "job_not_found"


class JobExpired(JobError):
    code = "job_expired"


class ResultNotReady(JobError):
    code = "result_not_ready"


class IdempotencyConflict(JobError):
    code = "idempotency_conflict"


class StorageFull(QuireError):
    code = "storage_full"


class DeadlinePassed(QuireError):
    code = "deadline_passed"


class Overloaded(QuireError):
    code = "overloaded"


class Cancelled(QuireError):
    code = "cancelled"


def by_code(*roots: type[QuireError]) -> dict[str, type[QuireError]]:
    """The roots and all below them, by code. Where a class shares its parent's code, the child wins: it says more."""
    return {error.code: error for root in roots for error in _subtree(root)}


def _subtree(root: type[QuireError]) -> Iterator[type[QuireError]]:
    yield root
    for child in root.__subclasses__():
        yield from _subtree(child)


@lru_cache(maxsize=1)
def _classes() -> dict[str, type[QuireError]]:
    return by_code(QuireError)


def error_of(code: str, detail: str, *, retry_after_s: float | None = None) -> QuireError:
    """An error that was written down by its code, as it was; a plain `QuireError` where no class has the code."""
    return _classes().get(code, QuireError)(detail, retry_after_s=retry_after_s)
