"""The one door to PDFium: a lock around every call, handles that are always closed, its errors as ours.

PDFium is not thread-safe, not even between documents: whoever calls it holds `LOCK`. The lock is re-entrant
because the garbage collector may close a forgotten document in the middle of a thread's other calls.

Calls that take microseconds and come by the thousand (`quick`) keep Python's interpreter lock: releasing it
for each would cost more than the call, and with other threads running getting it back may take milliseconds.
"""

from __future__ import annotations

import ctypes
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdfium2  # noqa: F401 - initialises the library, and shuts it down at exit
import pypdfium2.raw as raw

from quire.errors import Cancelled, DamagedDocument, NoPages, PageDamaged, PasswordRequired, WrongPassword

LOCK: Final = threading.RLock()

_TERMINATOR: Final = b"\0\0"
_MAX_TEXT_BYTES: Final = 20_000

Handle = Any
"""A pointer to one of PDFium's objects, false when null."""


def quick(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The same C function as a call that keeps Python's interpreter lock; pointers are integers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(address_of(function))


def address_of(handle: Handle) -> int:
    """A handle as an integer, 0 for null."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def text_from(function: Callable[..., int], *arguments: Any) -> str | None:
    """The UTF-16 text that a function writes to a buffer given last, stripped; None when it is empty.

    The lock is held.
    """
    size_bytes = min(function(*arguments, None, 0), _MAX_TEXT_BYTES)
    buffer = ctypes.create_string_buffer(size_bytes)
    if size_bytes < len(_TERMINATOR) or function(*arguments, buffer, size_bytes) > size_bytes:
        return None
    text = buffer.raw.decode("utf-16-le", "replace").replace("\0", "").strip()
    return text or None


class PdfiumDocument:
    """An open PDF. Methods may be called from several threads; they wait for each other."""

    def __init__(self, data: bytes, password: str | None) -> None:
        """Opens a PDF from memory.

        Raises:
            PasswordRequired, WrongPassword: it is encrypted.
            DamagedDocument: its structure cannot be read.
            NoPages: it has none.
        """
        with LOCK:
            document = raw.FPDF_LoadMemDocument64(data, len(data), (password or "").encode())
            if not document:
                raise _open_error(raw.FPDF_GetLastError(), password)
            form, settings = _open_form(document)
            # PDFium reads `data` and `settings` while the document is open: the finalizer keeps them alive.
            self._finalizer = weakref.finalize(self, _close, document, form, data, settings)
            self._finalizer.atexit = False  # The library is gone by then, and the process's memory with it.
            self._document, self.form = document, form
            self.page_count: int = raw.FPDF_GetPageCount(document)
        if self.page_count < 1:
            self.close()
            raise NoPages("the PDF has no pages: save it again")

    @contextmanager
    def opened(self) -> Iterator[Handle]:
        """The document's handle, the lock held.

        Raises:
            Cancelled: the document was closed meanwhile.
        """
        with LOCK:
            if not self._finalizer.alive:
                raise Cancelled("the document was closed while it was read")
            yield self._document

    @contextmanager
    def page(self, number: int) -> Iterator[Handle]:
        """The handle of page `number` (1-based), loaded, the lock held.

        Raises:
            PageDamaged: it cannot be loaded.
            Cancelled: the document was closed meanwhile.
        """
        with self.opened() as document:
            page = raw.FPDF_LoadPage(document, number - 1)
            if not page:
                raise PageDamaged(
                    f"page {number} of the PDF is damaged and cannot be loaded: print the page to a new PDF"
                )
            try:
                if self.form:
                    raw.FORM_OnAfterLoadPage(page, self.form)
                yield page
            finally:
                if self.form:
                    raw.FORM_OnBeforeClosePage(page, self.form)
                raw.FPDF_ClosePage(page)

    def close(self) -> None:
        """Frees the document once no other thread is in it; closing twice does nothing."""
        with LOCK:
            self._finalizer()


def _close(document: Handle, form: Handle, *_kept_alive: object) -> None:
    with LOCK:
        if form:
            raw.FPDFDOC_ExitFormFillEnvironment(form)
        raw.FPDF_CloseDocument(document)


def _open_form(document: Handle) -> tuple[Handle, Any]:
    """A form environment where the PDF has a form: without one PDFium draws no fields."""
    if raw.FPDF_GetFormType(document) == raw.FORMTYPE_NONE:
        return None, None
    settings = raw.FPDF_FORMFILLINFO(version=2)
    return raw.FPDFDOC_InitFormFillEnvironment(document, settings), settings


def _open_error(code: int, password: str | None) -> Exception:
    if code == raw.FPDF_ERR_PASSWORD and password is None:
        return PasswordRequired("the PDF is encrypted: pass its `password`")
    if code == raw.FPDF_ERR_PASSWORD:
        return WrongPassword("the PDF is encrypted and the `password` does not open it: check it")
    if code == raw.FPDF_ERR_SECURITY:
        return DamagedDocument("the PDF's encryption is of an unknown kind: save it without encryption")
    return DamagedDocument("the PDF is damaged and cannot be opened: save it again or print it to a new PDF")
