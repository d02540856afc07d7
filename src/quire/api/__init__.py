"""The HTTP face: translates requests into readings and readings into responses."""
