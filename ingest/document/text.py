"""Folding of printed Chinese text for comparison, and the few patterns that every module shares.

Folding (full-width to half-width, white space removed) is for matching only: what is stored is what was printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from ingest.seeds import money_unit_pattern, simplified_characters

_TextFunction = TypeVar("_TextFunction", bound=Callable[..., Any])
_QUOTES = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "﹝": "(", "﹞": ")"}
_SIMPLIFIED = simplified_characters()
_TRADITIONAL = re.compile(f"[{''.join(_SIMPLIFIED)}]")
_QUOTE = re.compile(f"[{''.join(_QUOTES)}]")
_SHORT, _REMEMBERED = 300, 16_384
"""The longest text that ``remembered`` keeps, in characters, and the number of texts that it keeps per function."""
_RARE = 0x10000
"""The first code of the supplementary planes."""
_NUMBER = r"(?:\d{1,20}(?:-\d{1,20})?|[一二三四五六七八九十]{1,9}(?!般))"
_ENUMERATOR = re.compile(
    rf"(?:第{_NUMBER}(?:部分|章|节|条)|附?件?表{_NUMBER}|附件{_NUMBER}|[\u4e00-\u9fff]{{0,4}}?{_NUMBER}表(?=:)|"
    r"[（(][一二三四五六七八九十\d]{1,20}[)）]|[一二三四五六七八九十]{1,9}[、.,.]|\d{1,2}[、.．)）](?!\d)|"
    r"[①-⑳]|[-*•#]+)[、:：.\s]*"
)
_OF_WHICH = re.compile(r"其?中[:：]")
_NO_DIGIT = re.compile(r"[^0-9.\-]")
_COUNTED = re.compile(r"^(-?)(\d+)(?:\.(\d+))?$")
AMOUNT = re.compile(r"^[-－−+(（]?\d[\d,，]*(?:\.\d+)?[)）]?$")
"""A whole cell that is a printed amount, once folded."""
_DIGITS = re.compile(r"\d+")
FORM_NUMBER = re.compile(
    rf"^[(（]?(?:[\u4e00-\u9fff]{{0,6}}表{_NUMBER}|[\u4e00-\u9fff]{{0,6}}{_NUMBER}号?表|附件{_NUMBER})[)）]?$"
)
"""A whole line that numbers a form (``公开01表``, ``表3-1``), once folded."""
NOTE = re.compile(r"^[(（]?(?:备?注|说明|附注)\d?[:：]")
"""A folded line that begins a note below a table."""
PAGE_NUMBER = re.compile(r"^[-—–第共]*+\d{1,4}[-—–页/]*+(?:共?\d{0,4}页?)?[-—]*$")
"""A folded line that is only a page number."""
_MONEY_UNIT = money_unit_pattern()
_UNIT_LINE = re.compile(rf"单位[:：]?(?:人民币)?[(（]?({_MONEY_UNIT})|^[(（](?:人民币)?({_MONEY_UNIT})[)）]$")
_UNIT_IN_HEADER = re.compile(rf"[(（](?:单位[:：])?({_MONEY_UNIT})[)）](?:[(（][^()（）]{{0,20}}[)）])?$")
YEAR = re.compile(r"(20\d\d)年")


class _Memory(dict[str, Any]):
    """What a function of a text gives, computed when a text first occurs, and kept of short texts, a bounded number of them."""

    def __init__(self, function: Callable[[str], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, text: str) -> Any:
        result = self._function(text)
        if len(text) <= _SHORT:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[text] = result
        return result


def remembered(function: _TextFunction) -> _TextFunction:
    """Decorate a pure function of one text so that it keeps results for short texts: forms print the same texts repeatedly.

    The memory is bounded, however many documents are read. Callers must not change a result.
    """
    return cast(_TextFunction, _Memory(function).__getitem__)


def remembered_with(function: _TextFunction) -> _TextFunction:
    """The same for a function of several texts."""
    kept = lru_cache(maxsize=_REMEMBERED)(function)

    @wraps(function)
    def recall(text: str, *others: str | None) -> Any:
        return kept(text, *others) if len(text) <= _SHORT else function(text, *others)

    return cast(_TextFunction, recall)


@remembered
def fold(text: str) -> str:
    """NFKC, without white space, simplified, with plain quotation marks: the form in which printed words are compared."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    if folded.isascii():
        return folded
    folded = _TRADITIONAL.sub(lambda char: _SIMPLIFIED[char.group()], folded)
    return _QUOTE.sub(lambda quote: _QUOTES[quote.group()], folded)


@remembered
def fold_in_place(text: str) -> str:
    """Fold full-width forms and traditional characters one character to one character, so that a match's span is also the printed text's span."""
    return text if text.isascii() else text.translate(_IN_PLACE)


class _InPlace(dict[int, str]):
    """Maps a character's code to what it is folded to; computed when a character first occurs, and kept if it is common."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        wide = unicodedata.normalize("NFKC", char)
        folded = _QUOTES.get(wide, wide) if len(wide) == 1 else _QUOTES.get(char, char)
        folded = _SIMPLIFIED.get(folded, folded)
        if code < _RARE:
            self[code] = folded
        return folded


_IN_PLACE = _InPlace()


def squeeze(text: str) -> str:
    """The printed text without the white space that line breaks and column widths put inside it.

    A space between two Latin letters or digits stays.
    """
    parts = text.split()
    if len(parts) < 2:
        return "".join(parts)
    joined = ""
    for part in parts:
        latin = joined[-1:].isascii() and joined[-1:].isalnum() and part[:1].isascii() and part[:1].isalnum()
        joined += (" " if joined and latin else "") + part
    return joined


@remembered
def strip_enumerator(folded: str) -> str:
    """A folded label without its list marker (一、 （二） 3. 其中：), repeated markers too."""
    start = 0
    while True:
        end = start
        for pattern in (_ENUMERATOR, _OF_WHICH):
            marker = pattern.match(folded, end)
            end = marker.end() if marker else end
        if end == start or end == len(folded):
            return folded[start:]
        start = end


def printed_year(text: str) -> int | None:
    """The latest year that a header or label names, or None."""
    return max((int(year) for year in YEAR.findall(fold(text))), default=None)


@remembered
def is_amount(text: str) -> bool:
    """Whether a cell's text is a printed amount (stray spaces inside the number allowed)."""
    return bool(AMOUNT.match(fold(text)))


def count_of(text: str, decimals: int) -> int:
    """A printed amount as a count of its unit's last of ``decimals`` digits, to find out what adds up to what: 1.5 is 150 hundredths.

    Brackets around an amount are a minus sign. Further digits are cut; 0 where the text is not an amount.
    """
    folded = fold(text)
    number = _COUNTED.match(_NO_DIGIT.sub("", folded)) if is_amount(text) else None
    if number is None:
        return 0
    sign, whole, part = number.groups(default="")
    count = int(sign + whole + part[:decimals].ljust(decimals, "0"))
    return -count if folded.startswith("(") and folded.endswith(")") else count


@remembered
def printed_unit(text: str) -> str | None:
    """The money unit that a line such as ``单位：万元`` states, or None."""
    found = [match.group(match.lastindex or 0) for match in _UNIT_LINE.finditer(fold(text))]
    return found[-1] if found else None


def header_unit(text: str) -> str | None:
    """The money unit in brackets at the end of a header cell (``决算数（万元）``), or None."""
    found = _UNIT_IN_HEADER.search(fold(text))
    return found.group(1) if found else None


def running_text(text: str, page_no: int | None) -> str:
    """A line, folded, as it is the same on every page over or under which it runs: without the number of its own page."""
    folded = fold(text)
    if page_no is None or FORM_NUMBER.match(folded):
        return folded
    return _DIGITS.sub(lambda match: "#" if match.group() == str(page_no) else match.group(), folded)
