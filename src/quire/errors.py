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
    │   └── NoPages                 no_pages
    ├── LimitExceeded               reading it would cost more than is allowed
    │   ├── TooManyBytes            too_many_bytes
    │   ├── TooManyPixels           too_many_pixels
    │   └── TooManyPages            too_many_pages
    ├── PageDamaged                 page_damaged: one page only; the others are read
    ├── EngineError                 the machinery is not there, does not start, or fails while it runs
    │   ├── EngineStartError        engine_start_failed
    │   ├── EngineFailed            engine_failed: one run only; others may succeed
    │   ├── CapabilityMissing       capability_missing
    │   ├── RuntimeMissing          runtime_missing
    │   ├── ModelMissing            model_missing
    │   ├── ModelDownloadFailed     model_download_failed
    │   └── ModelDigestMismatch     model_digest_mismatch
    ├── OutputError                 output_failed: the result could not be written
    ├── Overloaded                  overloaded
    └── Cancelled                   cancelled

HTTP statuses and exit codes are in `error_table`. A library's own exception is wrapped where the library is
called; none leaves the package.
"""

from __future__ import annotations

from typing import ClassVar


class QuireError(Exception):
    """Base of all errors of this package.

    Attributes:
        code: stable, machine-readable name of the kind of failure.
        detail: one or two sentences for people: what is wrong and what to do about it. Never holds document
            text or internals.
    """

    code: ClassVar[str] = "internal_error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


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


class Overloaded(QuireError):
    code = "overloaded"


class Cancelled(QuireError):
    code = "cancelled"
