"""What goes wrong with connections, as errors of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpcore

from quire.errors import UrlFailed


@contextmanager
def as_url_failures() -> Iterator[None]:
    """Turns time-outs and the HTTP library's exceptions into UrlFailed."""
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException) as exc:
        raise UrlFailed("the URL's server did not answer in time: try again later") from exc
    except (httpcore.NetworkError, httpcore.ProtocolError) as exc:
        raise UrlFailed(
            "the connection to the URL's server failed: check the address and, for https, the server's certificate"
        ) from exc
