"""What the operator sets: the command line, the environment (`QUIRE_*`), a TOML file, in this order.

Only composition roots (the command line, the API's app factory) read this; everything else takes arguments.
"""

from quire.settings.layers import Layer, read_layers
from quire.settings.model import Settings

__all__ = ["Layer", "Settings", "read_layers"]
