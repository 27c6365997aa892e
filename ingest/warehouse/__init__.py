"""From raw rows to a checked build file, and the published file made of it."""
