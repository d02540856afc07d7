"""What a caller may ask of a reading. The same names serve the library, the command line and HTTP."""

from quire.options.choices import EnhanceMode, GroundMode, OrientationMode, Strategy, Task, TextLayerMode
from quire.options.reading import ReadOptions

__all__ = ["EnhanceMode", "GroundMode", "OrientationMode", "ReadOptions", "Strategy", "Task", "TextLayerMode"]
