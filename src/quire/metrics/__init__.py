"""What the server counts and measures, for Prometheus; docs/operations.md lists and explains all of it."""

from quire.metrics.metrics import Dropped, Metrics, PageOutcome, PageSource
from quire.metrics.snapshot import Snapshot

__all__ = ["Dropped", "Metrics", "PageOutcome", "PageSource", "Snapshot"]
