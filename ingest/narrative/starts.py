"""The characters with which a match of a regular expression can begin: they decide which terms are tried at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

ANY_DIGIT = "0"
"""Stands for all digits."""
_NOTHING = frozenset({""})
_WITHOUT_WIDTH = (ops.ASSERT, ops.ASSERT_NOT, ops.AT)
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)

Starts = frozenset[str] | None
"""The first characters of matches, '' among them where a match may be empty; None for any character."""


def starts(pattern: str) -> Starts:
    """The first characters of a pattern's matches, all digits as ``ANY_DIGIT``; any where the pattern sets flags."""
    parsed = _parser.parse(pattern)
    return _of_sequence(parsed) if parsed.state.flags == re.UNICODE else None


def start_of(char: str) -> str:
    """A character of a text as ``starts`` names it."""
    return ANY_DIGIT if char.isdecimal() else char


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> Starts:
    found: frozenset[str] = frozenset()
    for op, value in parts:
        first = _of_part(op, value)
        if first is None:
            return None
        found |= first - _NOTHING
        if "" not in first:
            return found
    return found | _NOTHING


def _of_part(op: Any, value: Any) -> Starts:
    if op is ops.LITERAL:
        return frozenset({start_of(chr(value))})
    if op is ops.CATEGORY:
        return frozenset({ANY_DIGIT}) if value is ops.CATEGORY_DIGIT else None
    if op is ops.IN:
        return _of_any([_of_part(*member) for member in value])
    if op is ops.BRANCH:
        return _of_any([_of_sequence(branch) for branch in value[1]])
    if op is ops.SUBPATTERN:
        _, flags_set, flags_unset, grouped = value
        return None if flags_set or flags_unset else _of_sequence(grouped)
    if op in _REPEATS:
        least, _, repeated = value
        return _of_any([_of_sequence(repeated), _NOTHING] if least == 0 else [_of_sequence(repeated)])
    return _NOTHING if op in _WITHOUT_WIDTH else None


def _of_any(several: list[Starts]) -> Starts:
    known = [each for each in several if each is not None]
    return frozenset().union(*known) if len(known) == len(several) else None
