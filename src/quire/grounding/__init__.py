"""Does the page say so? A text that may be invented, held against a reading that cannot invent.

Engines that write a page's text like an author may leave out, repeat or make up words. PP-OCR reads letter by letter:
it errs in letters, not in sentences. `ground` aligns the two, gives every word a box and a confidence, and says which
words nobody else saw and which were left out. Pure functions of lines.
"""

from quire.grounding.boxes import boxed_blocks, boxed_tables
from quire.grounding.ground import Grounded, ground

__all__ = ["Grounded", "boxed_blocks", "boxed_tables", "ground"]
