"""The words of performance forms, read from the dbt seeds where they are declared once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.document.text import fold, remembered, remembered_with, strip_enumerator
from ingest.registry import any_of, vocabulary_rows

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_FUND_TOTAL = re.compile(any_of("performance.fund_total"))
_OPEN_BRACKET = re.compile(r"[(\[][^()\[\]]*$")
_FORMULA = re.compile(r"(?<=[^\s①-⑳])\s*[①-⑳].*$", re.DOTALL)
_WORD_ENDS = re.compile(r"\W")
LONGEST_LABEL = 120
"""The most characters of a header cell or of a known value, once folded."""
_LIKE_ENOUGH = 60
"""Similarity threshold for a damaged word, in percent of common characters."""
_MOST_ADDED = 2
"""The most characters by which damage makes a word longer; a longer label says something else."""
_CUT_WORD = 80
"""Similarity threshold for a truncated word, in percent."""


@dataclass(frozen=True, slots=True)
class Column:
    """One kind of column: what its header reads and, where they are known, its values."""

    role: str
    header: re.Pattern[str]
    value: re.Pattern[str] | None


@cache
def columns(block: str) -> tuple[Column, ...]:
    """The kinds of columns of a block (``funding`` or ``indicator``), first match wins."""
    return tuple(
        Column(
            row["role"],
            re.compile(row["header_pattern"]),
            re.compile(row["value_pattern"]) if row["value_pattern"] else None,
        )
        for row in vocabulary_rows("performance_columns")
        if row["block"] == block
    )


@remembered_with
def header_role(text: str, block: str) -> str | None:
    """The role of the column that a header cell heads, or None."""
    bare = bare_label(_FORMULA.sub("", text))
    if len(bare) > LONGEST_LABEL:
        return None
    return next((column.role for column in columns(block) if column.header.fullmatch(bare)), None)


@remembered
def value_role(text: str) -> str | None:
    """The role of an indicator column whose values are known words and one of which the text is, or None."""
    folded = fold(text)
    if len(folded) > LONGEST_LABEL:
        return None
    found = (
        column.role for column in columns("indicator") if column.value and column.value.fullmatch(folded)
    )
    return next(found, None)


@remembered
def bare_label(text: str) -> str:
    """A folded label without remarks in brackets (also in one that is cut off), list markers and closing colon."""
    bare = _BRACKETS.sub("", fold(text))
    return strip_enumerator(_OPEN_BRACKET.sub("", bare) or bare).strip(":： ")


@cache
def words(kind: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The registry's words of a kind: what each means and the words that may stand over it, the usual one first."""
    return {
        row["word"]: (row["value"], tuple(filter(None, row["parents"].split("|"))))
        for row in vocabulary_rows("performance_words")
        if row["kind"] == kind
    }


@remembered
def is_fund(text: str) -> bool:
    """Whether a text is the label of a fund line, undamaged."""
    bare = bare_label(text)
    return bare in words("fund") or bool(_FUND_TOTAL.fullmatch(bare))


@remembered
def fund_line(text: str) -> tuple[str, str] | None:
    """(word, fund line) that a funding label, even a damaged one, means; None where no word or several are like it.

    The fund line is '' for a fund for which the contract has no line. A label cut after ``其中:`` is the fiscal
    appropriation where that is possible: the forms print that line there.
    """
    bare = _WORD_ENDS.sub("", bare_label(text))
    if bare in words("fund"):
        return bare, words("fund")[bare][0]
    if _FUND_TOTAL.fullmatch(bare):
        return bare, "total"
    if len(bare) < 2:
        return None
    best: dict[str, tuple[int, str]] = {}
    for word, (line, _) in words("fund").items():
        likeness = max(likeness_of(bare, word), _CUT_WORD if word.startswith(bare) else 0)
        if likeness >= _LIKE_ENOUGH and len(bare) <= len(word) + _MOST_ADDED:
            best[line] = max(best.get(line, (0, "")), (likeness, word))
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    close = [line for line, (likeness, _) in ranked if likeness * 10 > ranked[0][1][0] * 9]
    if len(close) > 1 and "fiscal_current_year" in close and fold(text).startswith("其中"):
        close = ["fiscal_current_year"]
    return (best[close[0]][1], close[0]) if len(close) == 1 else None


def likeness_of(left: str, right: str) -> int:
    """Similarity of two short texts, in percent of common characters in order; 0 where their lengths differ too much."""
    length = len(left) + len(right) or 1
    if 200 * min(len(left), len(right)) < _LIKE_ENOUGH * length:
        return 0
    return 200 * common_length(left, right) // length


def common_length(left: str, right: str) -> int:
    """Length of the longest common subsequence of two short texts."""
    row = [0] * (len(right) + 1)
    for char in left:
        diagonal = 0
        for at, other in enumerate(right, start=1):
            diagonal, row[at] = row[at], diagonal + 1 if char == other else max(row[at], row[at - 1])
    return row[-1]
