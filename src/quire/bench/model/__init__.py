"""The client of model servers, beside a bare loop: what it costs, how soon it lets go, when it ends a loop."""

from quire.bench.model.measuring import measure_model

__all__ = ["measure_model"]
