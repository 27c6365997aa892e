"""What the text of a cell may be: a number, a target, a rate, words of a known kind. Reads the cell alone."""

from __future__ import annotations

import re
from typing import Literal, cast

from ingest.document.text import fold, remembered
from ingest.performance.levels import exact_level, is_level
from ingest.performance.words import value_role
from ingest.registry import any_of

_DASH = re.compile(r"[-‐‑‒–—―−─━﹘﹣ー⸺⸻/_]+")
_OPERATOR = rf"(?:[><=≥≤≧≦]{{1,2}}|{any_of('performance.operator')})"
_NUMBER = r"-?\d[\d,]{0,40}(?:\.\d{1,20})?"
_BARE = re.compile(_NUMBER)
_POINTS = re.compile(rf"{_NUMBER}分")
_RATE = re.compile(rf"{_NUMBER}[%％]{{1,2}}")
_NAMED = re.compile(r"指标(?:[①-⑳]|\d{1,2})?[:：].+", re.DOTALL)
_QUANTITY = re.compile(rf"{_NUMBER}[^\d\s,.;。，；]{{1,12}}")
_TARGET = re.compile(rf"{_OPERATOR}{_NUMBER}.{{0,14}}")
_GRADE = re.compile(
    rf"(?:(?:已)?{any_of('performance.grade_degree')}*{any_of('performance.grade_result')}"
    rf"{any_of('performance.grade_object')}*)|{any_of('performance.grade')}"
)


ValueKind = Literal[
    "dash",
    "named",
    "target",
    "rate",
    "points",
    "number",
    "quantity",
    "level1",
    "level2",
    "level",
    "damaged_level",
    "basis",
    "prior",
    "rule",
    "evidence",
    "operator",
    "grade",
    "text",
]
_PATTERNS: tuple[tuple[ValueKind, re.Pattern[str]], ...] = (
    ("dash", _DASH),
    ("named", _NAMED),
    ("target", _TARGET),
    ("rate", _RATE),
    ("points", _POINTS),
    ("number", _BARE),
    ("quantity", _QUANTITY),
)


@remembered
def value_kind(text: str) -> ValueKind:
    """The kind of value that a cell's text is.

    One of dash, named (``指标1：…``), target (operator and number), rate, points (``9.87分``), number, quantity (number and unit),
    level1, level2, level (a word of both), damaged_level, basis, prior, rule, evidence, operator, grade (words that grade what was reached), text.
    """
    folded = fold(text)
    known = value_role(text)
    if known:
        return cast(ValueKind, known)
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(folded):
            return kind
    is_first, is_second = exact_level(text, "level1") is not None, exact_level(text, "level2") is not None
    if is_first or is_second:
        return "level" if is_first and is_second else "level1" if is_first else "level2"
    if _GRADE.fullmatch(folded):
        return "grade"
    return "damaged_level" if is_level(text, "level1") or is_level(text, "level2") else "text"
