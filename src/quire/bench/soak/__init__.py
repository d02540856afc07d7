"""A long run of the real server: does it lose a page, and does its memory stay where it is?"""

from quire.bench.soak.measuring import measure_soak

__all__ = ["measure_soak"]
