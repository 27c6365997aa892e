"""The characters with which a match of a regular expression can begin: they decide which terms are tried at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import add
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

LENGTH = 2
"""How many characters of a match are told."""
_DIGIT = "0"
"""Stands for all digits."""
_ANY = "\uffff"
"""Stands for any character."""
_DECIMAL = re.compile(r"\d")
_MOST = 4096
_EMPTY = frozenset({""})
_ANYTHING = frozenset({"", _ANY, _ANY * LENGTH})
_WITHOUT_WIDTH = (ops.ASSERT, ops.ASSERT_NOT, ops.AT)
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)

Starts = frozenset[str]
"""How matches can begin, all digits as one; a start that is shorter than ``LENGTH`` may be the whole match."""


def starts(pattern: str) -> Starts:
    """How a pattern's matches can begin; anyhow where the pattern sets flags."""
    parsed = _parser.parse(pattern)
    return _of_sequence(parsed) if parsed.state.flags == re.UNICODE else _ANYTHING


def starts_of(text: str) -> Starts:
    """The starts of the matches that can begin as a text of ``LENGTH`` characters does, or of fewer where it ends."""
    found = longest = _EMPTY
    for char in map(_as_start, text):
        longest = frozenset(start + one for start in longest for one in (char, _ANY))
        found |= longest
    return found


def known_starts(pattern: str) -> Starts | None:
    """How a pattern's matches can begin, where that is told by characters that are known; else None."""
    found = starts(pattern)
    return None if any(not start or _ANY in start for start in found) else found


def starts_in(text: str) -> frozenset[str]:
    """The starts, of characters that are known, of the matches that can begin anywhere in a text."""
    told = _DECIMAL.sub(_DIGIT, text)
    return frozenset((*told, *map(add, told, told[1:])))


def _as_start(char: str) -> str:
    return _DIGIT if char.isdecimal() else char


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> Starts:
    found = _EMPTY
    for op, value in parts:
        if all(len(start) == LENGTH for start in found):
            break
        found = _followed(found, _of_part(op, value))
    return found


def _followed(starts: Starts, others: Starts) -> Starts:
    found = {
        (start + other)[:LENGTH] for start in starts for other in (others if len(start) < LENGTH else _EMPTY)
    }
    return frozenset(found) if len(found) <= _MOST else _ANYTHING


def _of_part(op: Any, value: Any) -> Starts:
    if op is ops.LITERAL:
        return frozenset({_as_start(chr(value))})
    if op is ops.CATEGORY:
        return frozenset({_DIGIT if value is ops.CATEGORY_DIGIT else _ANY})
    if op in (ops.ANY, ops.NOT_LITERAL, ops.RANGE, ops.NEGATE):
        return frozenset({_ANY})
    if op is ops.IN:
        return frozenset().union(*(_of_part(*member) for member in value))
    if op is ops.BRANCH:
        return frozenset().union(*map(_of_sequence, value[1]))
    if op is ops.SUBPATTERN:
        _, flags_set, flags_unset, grouped = value
        return _ANYTHING if flags_set or flags_unset else _of_sequence(grouped)
    if op in _REPEATS:
        least, most, repeated = value
        once = _of_sequence(repeated)
        several = once | _followed(once, once) if most > 1 else once
        return several | _EMPTY if least == 0 else several
    return _EMPTY if op in _WITHOUT_WIDTH else _ANYTHING
