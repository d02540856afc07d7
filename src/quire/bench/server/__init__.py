"""The server under load: what it costs beside the library, how soon it answers, how it bears a flood."""

from quire.bench.server.measuring import measure_server

__all__ = ["measure_server"]
