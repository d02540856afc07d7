"""Who asks, what they may, and how much of it. Knows nothing of HTTP."""

from quire.access.authenticator import Authenticator, AuthMode
from quire.access.database import AccessDatabase
from quire.access.key_ring import KeyRing
from quire.access.key_store import KeyStore
from quire.access.keys import ApiKey
from quire.access.principal import ANYONE, SCOPES, Principal
from quire.access.quotas import PageQuotas
from quire.access.rates import RateLimiter
from quire.access.token_check import TokenCheck, open_token_check

__all__ = [
    "ANYONE",
    "SCOPES",
    "AccessDatabase",
    "ApiKey",
    "AuthMode",
    "Authenticator",
    "KeyRing",
    "KeyStore",
    "PageQuotas",
    "Principal",
    "RateLimiter",
    "TokenCheck",
    "open_token_check",
]
