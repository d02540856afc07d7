"""Load for any running Quire server, and what it bears: as many callers as are waited for, and as many as come."""

from quire.bench.serve.measuring import Plan, measure_serve

__all__ = ["Plan", "measure_serve"]
