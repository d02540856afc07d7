"""Text recognition first, a model where that is worth its price: what `strategy` means for engines that ask a model.

Text recognition reads a page and says how sure it is. `planned` decides by that which parts the model is asked for;
`carried_out` asks, puts the answers in their places, and has them borne out by what was read before (see `grounding`).
"""

from quire.cascade.asking import Outcome, carried_out
from quire.cascade.compose import named
from quire.cascade.planning import Plan, comes_first, planned

__all__ = ["Outcome", "Plan", "carried_out", "comes_first", "named", "planned"]
