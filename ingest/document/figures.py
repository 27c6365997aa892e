"""What a printed money figure is (one definition for pages, cells and sentences), and which figures of a page were lost.

A money figure is a numeral followed by a money unit (``3 万元``), or a numeral with decimals or thousands separators that
stands alone: no percent sign, other unit or word follows it, no letter or comparison sign (≥ ≤) precedes it, and it is
not part of a date, a range or a section's number. A bound (``100 万元以上``) is not a money figure.

A definition by shape has limits. A whole number without a unit (``0``, ``1234`` in a table of 万元) is not counted. A
percentage, an area or a score that is printed without its sign or unit, as in a table's column, is counted; so is what a
page prints like an amount, even if an analyst would not call it money. A printed zero (``0.00``) is a figure like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ingest.document.text import AMOUNT, fold_in_place

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONEY_UNIT = r"(?:(?:亿|[千百十]?万|[千百])元|元(?!/)|[万亿](?=[,;。、)]|$|其中))"
_OTHER_UNIT = r"[%‰]|个?百分点|平方米|㎡|分(?!别)"
_BOUND = r"(?:\s?\(\s?含\s?\))?\s?(?:及?以[上下内])"
_BROKEN = re.compile(
    rf"(?<=\d,)\r?\n(?=\d{{3}}(?!\d))|(?<=\d)\r?\n(?=,\d{{3}}(?!\d))|(?<=\.\d)\r?\n(?=\d\s?(?:{_MONEY_UNIT}|{_OTHER_UNIT}))"
)
"""A line break within a numeral."""
_CANDIDATE = re.compile(
    r"^[^\S\n]{0,8}\d{1,2}\.\d\s(?=[\u4e00-\u9fff])"
    rf"|(?<![\dA-Za-z.≥≤])(?P<number>{_NUMBER})"
    rf"(?:\s?(?P<unit>{_MONEY_UNIT})(?P<bound>{_BOUND})?|(?P<other>\s?(?:{_OTHER_UNIT})|[\w.]|[-~–—]\d))?",
    re.MULTILINE,
)
"""A section's number at the beginning of a line, or a numeral with what follows it."""
_DIGITS = re.compile(r"\d+")


def money_figures(text: str) -> list[str]:
    """The numerals of a text that are money figures, in printed order, as the module docstring defines them.

    White space inside a text that holds nothing but one numeral (``1,234.\\n56``) is ignored.
    """
    folded = fold_in_place(text)
    whole = "".join(folded.split())
    return _figures(whole if AMOUNT.match(whole) else _BROKEN.sub("", folded))


def _figures(folded: str) -> list[str]:
    return [
        match.group("number")
        for match in _CANDIDATE.finditer(folded)
        if (match.group("unit") and not match.group("bound"))
        or (
            match.group("number")
            and not (match.group("unit") or match.group("other") or match.group("number").isdigit())
        )
    ]


def lost_figures(printed: str, read: Iterable[str]) -> list[str]:
    """The printed money figures of which no part is in the texts that were read.

    Runs of digits are compared, so that it does not matter where a reader breaks lines and numbers: a figure is lost
    where none of its runs is left for it in what was read.
    """
    lost = Counter(_DIGITS.findall(fold_in_place(printed)))
    lost.subtract(run for text in read for run in _DIGITS.findall(fold_in_place(text)))
    found = []
    for figure in money_figures(printed):
        runs = Counter(_DIGITS.findall(figure))
        if all(lost[run] >= count for run, count in runs.items()):
            lost.subtract(runs)
            found.append(figure)
    return found
