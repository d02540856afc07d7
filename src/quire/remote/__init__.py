"""What lies at the addresses that callers name: documents fetched, webhooks posted, and nothing reached that
only this server can reach.
"""

from quire.remote.fetcher import Fetched, Fetcher
from quire.remote.guard import Guard

__all__ = ["Fetched", "Fetcher", "Guard"]
