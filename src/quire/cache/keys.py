"""What makes two readings of a page the same: everything that its result depends on, in one digest.

A key holds the document's own digest, so only those who have the document (and, where it is encrypted, its
password) can ask for what was read in it.
"""

from __future__ import annotations

import hashlib
import json

from quire.document import SCHEMA_VERSION
from quire.release import version


def page_key(*, sha256: str, page: int, options_digest: str, engine_version: str, password_digest: str = "") -> str:
    """The key of one page's result.

    Args:
        sha256: of the document, hex.
        page: 1-based number.
        options_digest: of the options that change a page's result (`ReadOptions.digest_for`).
        engine_version: name, version and runtime of the engine; another release of Quire is another key anyway.
        password_digest: of the password that was given, from `password_digest`; empty without one.

    Returns:
        64 hex digits.
    """
    return _digest("page", sha256, page, options_digest, engine_version, password_digest)


def head_key(*, sha256: str, password_digest: str = "") -> str:
    """The key of a document's head, which depends on nothing but the document and its password.

    Returns:
        64 hex digits.
    """
    return _digest("head", sha256, password_digest)


def password_digest(password: str | None, sha256: str) -> str:
    """A digest of the password for this document alone, so that equal passwords do not show; empty without one."""
    return "" if password is None else _digest("password", sha256, password)


def _digest(*parts: str | int) -> str:
    # JSON keeps the parts apart: ("ab", "c") and ("a", "bc") differ.
    return hashlib.sha256(json.dumps([version(), SCHEMA_VERSION, *parts]).encode()).hexdigest()
