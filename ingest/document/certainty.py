"""How sure OCR must be of what it read."""

from __future__ import annotations

from typing import Final

LEAST_CONFIDENCE = 0.8
"""The confidence below which a figure that OCR read is not loaded; see docs/operate.md, “Scans”."""
UNCERTAIN: Final = "low_confidence"


def is_doubtful(confidence: float | None) -> bool:
    """Whether OCR read something with too little confidence for it to be loaded."""
    return confidence is not None and confidence < LEAST_CONFIDENCE
