"""Addresses under which a file is had without a key, for a time."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from quire.errors import DocumentNotFound
from quire.jobs.model import KeptFile

_PATH: Final = re.compile(r"/v1/files/([0-9a-f-]{36})/content")
_MAX_DIGITS: Final = 12


class Signed(NamedTuple):
    """What an address claims.

    Attributes:
        expires: seconds since the epoch.
        signature: hex.
    """

    file_id: str
    expires: str
    signature: str

    @classmethod
    def of(cls, url: str) -> Signed | None:
        """The claims of an address, on whatever host this server is known by; None where it has none."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        found, query = _PATH.search(parts.path), parse_qs(parts.query)
        if found is None or found.end() != len(parts.path) or not {"expires", "signature"} <= query.keys():
            return None
        return cls(found[1], query["expires"][-1], query["signature"][-1])

    def require(self, file: KeptFile) -> None:
        """Makes sure that the claims are true, and still are.

        Raises:
            DocumentNotFound: they are not.
        """
        genuine = hmac.compare_digest(self.signature.encode(), _signature(file, self.expires).encode())
        if not genuine or len(self.expires) > _MAX_DIGITS or int(self.expires) <= time.time():
            raise DocumentNotFound("the signed URL is not valid, or no longer: ask for a new one with GET …/url")


def signed_url(base: str, file: KeptFile, hours: int) -> str:
    """An address of the file's content.

    Args:
        base: of this server, with a slash at its end.
        hours: how long it is valid; never longer than the file is there.
    """
    expires = str(int(min(time.time() + hours * 3600, file.expires_at)))
    query = urlencode({"expires": expires, "signature": _signature(file, expires)})
    return f"{base}v1/files/{file.id}/content?{query}"


def _signature(file: KeptFile, expires: str) -> str:
    return hmac.new(file.secret, f"{file.id} {expires}".encode(), hashlib.sha256).hexdigest()
