"""Jobs in one SQLite file: what a single server needs, and nothing to install."""

from quire.jobs.sqlite.store import open_store

__all__ = ["open_store"]
