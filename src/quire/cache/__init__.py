"""Pages that were read before, so that reading them again costs nothing."""

from quire.cache.keys import head_key, page_key, password_digest
from quire.cache.pages import CacheStats, PageCache, TierStats

__all__ = ["CacheStats", "PageCache", "TierStats", "head_key", "page_key", "password_digest"]
