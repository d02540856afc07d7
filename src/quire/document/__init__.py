"""What a reading returns: Document → Page → Block → Line → Word. Frozen; their JSON is what users see.

Boxes are pixels of the upright page image (see `geometry`); page numbers are 1-based; confidences are 0 to 1.
"""

from quire.document.blocks import Block, BlockKind, Direction, ListItem
from quire.document.grounding import Grounding, WordRef
from quire.document.matches import Match
from quire.document.page import Page, PageFailure, PageOrigin
from quire.document.quality import Quality
from quire.document.routing import Cost, Decision, Reason, Routing
from quire.document.schema import json_schema
from quire.document.tables import Cell, Figure, Table
from quire.document.text import Line, Link, Word
from quire.document.whole import SCHEMA_VERSION, Document, Metadata, OutlineEntry

__all__ = [
    "SCHEMA_VERSION",
    "Block",
    "BlockKind",
    "Cell",
    "Cost",
    "Decision",
    "Direction",
    "Document",
    "Figure",
    "Grounding",
    "Line",
    "Link",
    "ListItem",
    "Match",
    "Metadata",
    "OutlineEntry",
    "Page",
    "PageFailure",
    "PageOrigin",
    "Quality",
    "Reason",
    "Routing",
    "Table",
    "Word",
    "WordRef",
    "json_schema",
]
