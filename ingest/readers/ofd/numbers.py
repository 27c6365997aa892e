"""The numbers that OFD writes as text: matrices, boxes, distances of characters, paths."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Piece = tuple[float, float, float, float]
"""The two ends of a straight piece of a path."""
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_FARTHEST = 1e6
"""The largest number that a page may hold, in any of its measures."""
_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,3})?")
_OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0, "Z": 0}
"""How many numbers follow each letter of a path."""


def number(text: str | None, default: float) -> float:
    """A number, or the default where there is no text. Raises ValueError."""
    if text is None or not text.strip():
        return default
    value = float(text)
    if not abs(value) <= _FARTHEST:
        raise ValueError(repr(text))
    return value


def numbers(text: str | None, count: int) -> list[float]:
    """The first ``count`` numbers of a text. Raises ValueError where there are fewer or one is none."""
    found = [number(each, 0.0) for each in (text or "").replace(",", " ").split()[:count]]
    if len(found) < count:
        raise ValueError(repr(text))
    return found


def matrix(text: str | None) -> Matrix:
    """A matrix (a, b, c, d, e, f); that which changes nothing where there is no text. Raises ValueError."""
    if text is None or not text.strip():
        return UNIT
    a, b, c, d, e, f = numbers(text, 6)
    return a, b, c, d, e, f


def product(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies first one and then the other."""
    a, b, c, d, e, f = first
    A, B, C, D, E, F = then
    return (a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F)


def distances(text: str | None, count: int) -> list[float]:
    """The distances from one character to the next, ``count`` at most; ``g n d`` is n times d. Raises ValueError."""
    tokens = (text or "").replace(",", " ").split()
    found: list[float] = []
    place = 0
    while place < len(tokens) and len(found) < count:
        if tokens[place].lower() == "g":
            times, distance = numbers(" ".join(tokens[place + 1 : place + 3]), 2)
            found += [distance] * min(max(0, int(times)), count - len(found))
            place += 3
        else:
            found.append(number(tokens[place], 0.0))
            place += 1
    return found


@dataclass(slots=True)
class Path:
    """A path: the ends of its straight pieces, all points that it goes through, and how many curves it has."""

    pieces: list[Piece] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    curves: int = 0


def path(text: str | None, most: int) -> Path:
    """A path as its abbreviated data give it. Raises ValueError where it is none or has more than ``most`` points."""
    tokens = _TOKEN.findall(text or "")
    found = Path()
    start = here = (0.0, 0.0)
    place = 0
    while place < len(tokens):
        letter = tokens[place].upper()
        count = _OPERANDS.get(letter)
        if count is None or len(found.points) >= most:
            raise ValueError(tokens[place])
        operands = numbers(" ".join(tokens[place + 1 : place + 1 + count]), count)
        place += 1 + count
        there = (operands[-2], operands[-1]) if operands else start
        if letter in ("M", "S"):
            start = there
        elif letter in ("L", "C", "Z"):
            if there != here:
                found.pieces.append((*here, *there))
        else:
            found.curves += 1
        found.points.append(there)
        here = there
    return found
