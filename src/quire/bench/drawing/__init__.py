"""Pages drawn from a seed, with their exact truth. The same seed gives the same pixels and the same text."""
