"""The level columns of indicator rows: words recognised by value, damaged or cut, and carried to their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ingest.document.text import squeeze
from ingest.performance.words import bare_label, common_length, words

_NO_WORD = re.compile(r"[^\u4e00-\u9fff]")
_SEPARATORS = "-—–_/:：>→、\\"
_REMARK = re.compile(r"\d{1,9}分$")
_ALIKE = 75
"""Share of a level word's characters, in percent, that a damaged text must hold in the same order."""
_LONGEST = 16
_MOST_PIECES = 8


@dataclass(frozen=True, slots=True)
class Placed:
    """A level word and the first and last row on which it, or a piece of it, is printed.

    ``word`` is None where it is lost; ``is_open`` where one of several words applies and it is not known which.
    """

    word: str | None
    first: int
    last: int
    is_open: bool = False


def is_level(text: str, kind: str) -> bool:
    """Whether a text is a level word of a kind, or holds one among the damage."""
    return exact_level(text, kind) is not None or _held_level(text, kind) is not None


def exact_level(text: str, kind: str) -> str | None:
    """The level word that a text is, without points in brackets or behind it; None where it is not one."""
    bare = _bare(text)
    return bare if bare in words(kind) else None


def leading_levels(text: str) -> tuple[str | None, str | None, str]:
    """The level words with which a cell begins that prints them and the name in one, and the rest; None where it does not."""
    squeezed = squeeze(text)
    one, rest = _leading(squeezed, "level1")
    two, name = _leading(rest, "level2")
    if one is None or (two is not None and one not in _parents(two)) or not name:
        return None, None, text
    return one, two, name


def _leading(text: str, kind: str) -> tuple[str | None, str]:
    """The longest level word at the beginning of a text: a whole word ends in 指标, or something separates it."""
    for word in sorted(words(kind), key=len, reverse=True):
        if text.startswith(word):
            rest = text[len(word) :].lstrip(_SEPARATORS)
            if word.endswith("指标") or len(rest) < len(text) - len(word):
                return word, rest
    return None, text


def carry_levels(
    first: dict[int, str], second: dict[int, str], full: list[int], has_default: bool
) -> dict[int, tuple[str | None, str | None]]:
    """{row: (level 1, level 2)} of the indicator rows ``full`` from the texts of the two level columns by row.

    A word holds from its row down to the next one; a merged cell's text may stand in its middle, so that rows
    above the first word, and one whose text is lost directly above a word, take the word below. Where a carried
    word contradicts the other level's, the registry's parents decide; ``has_default``: a level 2 word without
    any parent in the form has the first one of the registry.
    """
    upper = find_words(first, "level1", {})
    level1 = _carry(upper, full)
    level2_words = find_words(second, "level2", level1)
    level2 = _carry(level2_words, full)
    seen = [placed.word for placed in upper if placed.word]
    own1, own2 = _own(upper), _own(level2_words)
    named: dict[int, tuple[str | None, str | None]] = {}
    for row in full:
        one, two = level1.get(row), level2.get(row)
        parents = _parents(two)
        if parents and one not in parents and (one is None or one in words("level1")):
            if row not in own1 or one is None:
                below = [placed.word for placed in upper if placed.first > row]
                near = [word for word in [*below, *reversed(seen)] if word in parents]
                fallback = _first_parent(two) if has_default else None
                one = near[0] if near else fallback or (one if row in own1 else None)
            elif row not in own2:
                two = None
        named[row] = one, two
    return named


def find_words(texts: dict[int, str], kind: str, parents: dict[int, str | None]) -> list[Placed]:
    """The level words of a column from its texts by row; pieces on successive rows make one word.

    ``parents`` gives the level above by row, where it is known. A text that is not like
    any word but is made of the same parts as level words is a level word as printed.
    """
    rows = [row for row in sorted(texts) if any(char.isalpha() for char in texts[row])]
    found: list[Placed] = []
    at = 0
    while at < len(rows):
        several = _several_levels(texts[rows[at]], kind)
        word, last = (several[0], at) if several else _joined_from(texts, rows, at, kind)
        if word is None:
            text = texts[rows[at]]
            word = (
                damaged_level(text, kind, parents.get(rows[at]))
                or _held_level(text, kind)
                or _unknown_level(text)
            )
        found.append(Placed(word, rows[at], rows[last]))
        if several:
            found.append(Placed(None, rows[at] + 1, rows[at] + 1, is_open=True))
        at = last + 1
    return found


def damaged_level(text: str, kind: str, parent: str | None) -> str | None:
    """The level word, under ``parent`` where that is known, that a damaged text is most like; None for none or several."""
    bare = _bare(text)
    if not 3 <= len(bare) <= _LONGEST or (parent is None and kind == "level2"):
        return None
    likeness = sorted(
        (
            (common_length(bare, word) * 100 // len(word), len(word), word)
            for word, (_, parents) in words(kind).items()
            if len(word) >= 4 and (kind == "level1" or parent in parents)
        ),
        reverse=True,
    )
    if not likeness or likeness[0][0] < _ALIKE or (len(likeness) > 1 and likeness[1][0] == likeness[0][0]):
        return None
    return likeness[0][2]


def _bare(text: str) -> str:
    return _NO_WORD.sub("", _REMARK.sub("", bare_label(text)))


def _held_level(text: str, kind: str) -> str | None:
    bare = _bare(text)
    if len(bare) > _LONGEST:
        return None
    return max(
        (word for word in words(kind) if word.endswith("指标") and word in bare), key=len, default=None
    )


@cache
def _pairs() -> frozenset[str]:
    """The pairs of characters of which level words are made."""
    return frozenset(
        word[at : at + 2]
        for kind in ("level1", "level2")
        for word in words(kind)
        for at in range(len(word) - 1)
    )


def _unknown_level(text: str) -> str | None:
    bare = _bare(text)
    is_made_of_words = any(bare[at : at + 2] in _pairs() for at in range(len(bare) - 1))
    return squeeze(text) if is_made_of_words and len(bare) >= 4 else None


def _several_levels(text: str, kind: str) -> list[str]:
    """The words of a cell that holds several different ones, in printed order; [] for any other cell."""
    held = [piece for piece in text.split() if _bare(piece) in words(kind)]
    return held if len(set(held)) > 1 else []


def _joined_from(texts: dict[int, str], rows: list[int], start: int, kind: str) -> tuple[str | None, int]:
    """The longest level word that a row's text makes with the texts of the rows below, and its last row's number."""
    joined, word, last = "", None, start
    for at in range(start, min(start + _MOST_PIECES, len(rows))):
        piece = _bare(texts[rows[at]])
        if not piece:
            break
        joined += piece
        if joined in words(kind):
            word, last = joined, at
        if not any(each.startswith(joined) for each in words(kind)):
            break
    return word, last


def _carry(found: list[Placed], full: list[int]) -> dict[int, str | None]:
    """{row: word} by carrying down, and up where nothing stands above."""
    standing = [placed for placed in found if any(placed.first <= row <= placed.last for row in full)]
    named: dict[int, str | None] = {}
    for row in full:
        number = max((at for at, placed in enumerate(standing) if placed.first <= row), default=0)
        if not standing:
            named[row] = None
        elif standing[number].word is not None:
            named[row] = standing[number].word
        else:
            named[row] = _lost_word(standing, number, row, full)
    return named


def _lost_word(standing: list[Placed], number: int, row: int, full: list[int]) -> str | None:
    """The word of a row whose own is lost: the only one that the registry's order leaves between its neighbours,
    else the one printed on the next row, of which the lost text is the upper part."""
    below = next((placed for placed in standing[number:] if placed.word), None)
    above = next((placed for placed in reversed(standing[:number]) if placed.word), None)
    if standing[number].is_open or below is None or below.word is None:
        return None
    siblings = [word for word in words("level2") if _parents(word) == _parents(below.word)]
    if below.word in siblings:
        start = siblings.index(above.word) + 1 if above and above.word in siblings else 0
        between = siblings[start : siblings.index(below.word)]
        if len(between) == 1:
            return between[0]
    following = next((other for other in full if other > row), None)
    return below.word if following == below.first else None


def _own(found: Iterable[Placed]) -> set[int]:
    return {row for placed in found if placed.word for row in range(placed.first, placed.last + 1)}


def _parents(word: str | None) -> tuple[str, ...]:
    return words("level2")[word][1] if word in words("level2") and word else ()


def _first_parent(word: str | None) -> str | None:
    return next(iter(_parents(word)), None)
