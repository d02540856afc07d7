"""Lines → blocks in reading order."""

from quire.layout.blocks import arrange

__all__ = ["arrange"]
