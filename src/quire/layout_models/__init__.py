"""Layout by networks, where their weights are: regions of a page in reading order, cells of its tables.

`layout` takes what they see in the place of what it would guess from geometry; see `view.Region`.
"""

from quire.layout_models.model import LayoutChoice, LayoutModel, choose_layout

__all__ = ["LayoutChoice", "LayoutModel", "choose_layout"]
