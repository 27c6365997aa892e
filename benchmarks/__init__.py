"""Documented measurements; each is a separate command (``python -m benchmarks.NAME``)."""
