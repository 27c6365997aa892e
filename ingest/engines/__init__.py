"""A build on many machines: the same reading, the same statements, one group of units at a time."""
