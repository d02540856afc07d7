"""Options that are one of a few words."""

from __future__ import annotations

from enum import StrEnum


class Strategy(StrEnum):
    """How much time a page may take for how much accuracy.

    With an engine that asks a model: "speed" never asks it, "balanced" asks it where text recognition does not do,
    "accuracy" asks it for every page and has its text borne out.
    """

    SPEED = "speed"
    BALANCED = "balanced"
    ACCURACY = "accuracy"


class TextLayerMode(StrEnum):
    """Whether a PDF page's own text is used: when it is sane, never, or whenever there is any."""

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


class OrientationMode(StrEnum):
    """Whether sideways and upside-down pages are turned upright before they are read."""

    AUTO = "auto"
    NEVER = "never"


class Task(StrEnum):
    """What is wanted of a page. One reading serves them all: what is special to a task is made of the page read."""

    TEXT = "text"
    MARKDOWN = "markdown"
    TABLES = "tables"
    FIGURE = "figure"
    LOCATE = "locate"


class GroundMode(StrEnum):
    """Whether what a vision-language model says is held against a reading that cannot invent.

    "auto": where there is such a reading anyway, and it makes sense of the page.
    """

    AUTO = "auto"
    NEVER = "never"
    ALWAYS = "always"


class EnhanceMode(StrEnum):
    """Whether the image of a page that reads badly is made better, where that raises the confidence."""

    AUTO = "auto"
    NEVER = "never"
