"""Array → array. The only room that imports an inference library."""
