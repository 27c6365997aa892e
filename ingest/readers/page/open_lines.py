"""The words of a page line by line, as what stands in columns without rules: figures, names, captions, prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.document.text import NOTE, printed_unit
from ingest.readers.page.printed import PrintedPage
from ingest.readers.page.printed_text import words_of

LEAST_FIGURES = 3
_FIGURE = re.compile(
    r"[-－−+]?[(（]?(?:\d{1,3}(?:[,，]\d{3}){1,6}(?:\.\d{1,6})?|\d{1,16}\.\d{1,6})[)）]?[%％]?"
)
"""A number that can only be an amount or a rate: it has decimals or is divided into thousands."""
_NUMBER = re.compile(r"[-－−+]?[(（]?\d[\d,，]{0,20}(?:\.\d{1,6})?[)）]?[%％]?")
_BLANK = re.compile(r"[-－—–−_/]{1,4}")
_PIECE = re.compile(r"[-－−+(（]?[\d,，.]{1,24}[)）]?")
_SENTENCE = re.compile(r"[，。；？！]")
_OF_WHICH = re.compile(r"其中[:：]")
_COLON = re.compile(r"[:：]")
_DIGITS = frozenset("0123456789,.-%，－−")
_APART = 0.08
"""Ems between a figure and a letter that do not touch."""
_FAR_APART = 0.2
"""Ems between a letter and a number without decimals that stand in two columns."""
_COUNTED = frozenset("年月日号个人项件次台套辆户名.、")
_SPACED = 6.0
"""Ems between the letters of a spaced-out word at most."""
_STAGGERED = 0.8
"""The ems by which the figures of one row may stand higher and lower: rows of their own would touch."""
_ONE_LINE = 0.3
"""How far, as a part of the larger em, base lines on one line may lie apart."""
_STRAY = 0.55
"""The widest blank, in ems, that a converter puts inside a number."""
_PROSE_GAP = 0.8
"""The blank, in ems, up to which a figure stands in a sentence."""


@dataclass(slots=True, eq=False)
class Word:
    """A word with its characters (``chars``) and its place; ``em`` is its height."""

    text: str
    chars: list[int]
    left: float
    right: float
    top: float
    bottom: float
    places: list[tuple[float, float]] = field(default_factory=list)
    """Where each character begins and ends, in the order of ``chars``."""

    def part(self, start: int, end: int) -> Word:
        """The characters from ``start`` to before ``end`` as a word."""
        places = self.places[start:end]
        return Word(
            self.text[start:end],
            self.chars[start:end],
            places[0][0],
            places[-1][1],
            self.top,
            self.bottom,
            places,
        )

    def joined(self, rest: Word) -> Word:
        """The word with the characters of another one behind its own: as tall as one line, between the two."""
        return Word(
            self.text + rest.text,
            self.chars + rest.chars,
            min(self.left, rest.left),
            max(self.right, rest.right),
            (self.top + rest.top) / 2,
            (self.bottom + rest.bottom) / 2,
            self.places + rest.places,
        )

    def overlaps(self, other: Word) -> bool:
        """Whether one stands above or below a part of the other."""
        return self.left < other.right and other.left < self.right

    @property
    def em(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_figure(self) -> bool:
        """Whether it can only be an amount or a rate."""
        return _FIGURE.fullmatch(self.text) is not None

    @property
    def is_blank(self) -> bool:
        """Whether it is the dash that stands for no number."""
        return _BLANK.fullmatch(self.text) is not None

    @property
    def is_number(self) -> bool:
        """Whether it is a number, or the dash that stands for none."""
        return _NUMBER.fullmatch(self.text) is not None or self.is_blank


@dataclass(slots=True, eq=False)
class OpenLine:
    """The words of one line from left to right; ``level`` is its base line."""

    level: float
    words: list[Word] = field(default_factory=list)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def em(self) -> float:
        return max(word.em for word in self.words)

    @property
    def has_figures(self) -> bool:
        return any(word.is_figure for word in self.words)

    @property
    def is_order(self) -> bool:
        """Whether it numbers the columns of a table."""
        names = {word.text for word in self.words if not word.text.isdigit()}
        numbers = [int(word.text) for word in self.words if word.text.isdigit() and len(word.text) < 3]
        is_spaced = len(names) == 2 and all(len(name) == 1 for name in names)
        return (
            (len(names) <= 1 or is_spaced)
            and len(numbers) > 1
            and all(b == a + 1 for a, b in pairwise(numbers))
        )

    @property
    def is_note(self) -> bool:
        """Whether it says in which money unit a table is, or is a note to one."""
        text = "".join(word.text for word in self.words)
        return bool(NOTE.match(text) or printed_unit(text))

    @property
    def is_caption(self) -> bool:
        """Whether it says something about a table: who made it, its money unit, a note."""
        if self.is_note:
            return True
        text = "".join(word.text for word in self.words)
        return not self.has_figures and _COLON.search(_OF_WHICH.sub("", text)) is not None

    @property
    def is_prose(self) -> bool:
        """Whether it is part of a sentence."""
        if not any(_SENTENCE.search(word.text) for word in self.words if not word.is_figure):
            return False
        return not self.has_figures or any(
            right.left - left.right < _PROSE_GAP * left.em and (left.is_figure or right.is_figure)
            for left, right in pairwise(self.words)
        )


def has_rows(texts: Iterable[str]) -> bool:
    """Whether three figures or more stand by themselves in lines of text."""
    count = 0
    for text in texts:
        if "." in text or "," in text or "，" in text:
            count += sum(1 for word in text.split() if _FIGURE.fullmatch(word))
            if count >= LEAST_FIGURES:
                return True
    return False


def lines_in(page: PrintedPage, chars: Sequence[int]) -> list[OpenLine]:
    """The lines that upright characters make, from top to bottom."""
    words = [_word(page, word) for word in words_of(page, [char for char in chars if page.upright[char]])]
    lines: list[OpenLine] = []
    parts = [part for word in words for part in _parted(word)]
    for level, word in sorted(
        ((page.levels[word.chars[0]], word) for word in parts), key=lambda each: each[0]
    ):
        if not lines or level > lines[-1].level + _ONE_LINE * max(lines[-1].em, word.em):
            lines.append(OpenLine(level))
        lines[-1].words.append(word)
    lines = _levelled(lines)
    for line in lines:
        line.words = _whole_numbers(sorted(line.words, key=lambda word: word.left))
        if line.has_figures:
            line.words = _spaced(line.words)
    return lines


def _levelled(lines: Sequence[OpenLine]) -> list[OpenLine]:
    """Lines too near for rows of their own become one: figures a little above or below their row, and broken figures.

    A figure is broken where numbers alone stand above and below a line that has nothing in their columns.
    """
    found: list[OpenLine] = []
    at = 0
    while at < len(lines):
        line, below = lines[at], lines[at + 1 : at + 3]
        around = [*lines[at - 1 : at], *below[1:]] if at else below[1:]
        if len(below) == 2 and (broken := _broken(line, *below)):
            found.append(OpenLine(below[0].level, [*below[0].words, *broken]))
            at += 3
        elif below and _is_staggered(line, below[0], around):
            is_named = any(not word.is_number for word in below[0].words)
            found.append(OpenLine((below[0] if is_named else line).level, [*line.words, *below[0].words]))
            at += 2
        else:
            found.append(line)
            at += 1
    return found


def _is_staggered(upper: OpenLine, lower: OpenLine, around: Sequence[OpenLine]) -> bool:
    """Whether two lines have figures of one row, none of which goes on in the lines ``around`` them."""
    pair = (upper, lower)
    return (
        _is_near(upper, lower)
        and all(line.has_figures for line in pair)
        and not _share_column(upper, lower)
        and not any(
            _is_near(*sorted((line, other), key=lambda each: each.level)) and _share_column(other, rest)
            for other in around
            for line, rest in (pair, pair[::-1])
        )
    )


def _broken(upper: OpenLine, middle: OpenLine, lower: OpenLine) -> list[Word]:
    """The numbers that begin in the upper line and end in the lower one; empty unless both have nothing else."""
    if (
        not (_is_near(upper, middle) and _is_near(middle, lower))
        or len(upper.words) != len(lower.words)
        or not all(word.is_number for word in [*upper.words, *lower.words])
        or _share_column(upper, middle)
        or _share_column(middle, lower)
    ):
        return []
    pairs = list(
        zip(*(sorted(line.words, key=lambda word: word.left) for line in (upper, lower)), strict=True)
    )
    is_one_below_the_other = all(first.overlaps(rest) for first, rest in pairs)
    return [first.joined(rest) for first, rest in pairs] if is_one_below_the_other else []


def _is_near(upper: OpenLine, lower: OpenLine) -> bool:
    return lower.level - upper.level < _STAGGERED * min(upper.em, lower.em)


def _share_column(upper: OpenLine, lower: OpenLine) -> bool:
    return any(word.overlaps(other) for word in upper.words for other in lower.words)


def _word(page: PrintedPage, chars: list[int]) -> Word:
    return Word(
        "".join([page.texts[char] for char in chars]),
        list(chars),
        min(page.lefts[char] for char in chars),
        max(page.rights[char] for char in chars),
        min(page.tops[char] for char in chars),
        max(page.bottoms[char] for char in chars),
        [(page.lefts[char], page.rights[char]) for char in chars],
    )


def _parted(word: Word) -> list[Word]:
    """A word, divided where a figure does not touch what stands beside it: that is another column's."""
    places, text = word.places, word.text
    if len(places) != len(text) or not any(letter.isdigit() for letter in text):
        return [word]
    gaps = [right[0] - left[1] for left, right in pairwise(places)]
    cuts = [
        at + 1
        for at, gap in enumerate(gaps)
        if gap > _APART * word.em and (text[at] in _DIGITS or text[at + 1] in _DIGITS)
    ]
    if not cuts:
        return [word]
    parts = [word.part(start, end) for start, end in pairwise([0, *cuts, len(text)])]
    numbers = [part for part in parts if part.text[0] in _DIGITS]
    wide = all(gaps[cut - 1] > _FAR_APART * word.em for cut in cuts)
    is_told = all(
        part.is_figure or (wide and part.text.isdigit() and not _counts(part, parts)) for part in numbers
    )
    return parts if numbers and is_told else [word]


def _counts(number: Word, parts: Sequence[Word]) -> bool:
    """Whether a number counts what is printed behind it (``2026 年``), or numbers it."""
    at = parts.index(number)
    return at + 1 < len(parts) and parts[at + 1].text[0] in _COUNTED


def _spaced(words: list[Word]) -> list[Word]:
    """The words of a row, with the letters of spaced-out ones joined (``合  计``). Three letters may be three heads."""
    found: list[Word] = []
    run: list[Word] = []
    for word in [*words, None]:
        is_letter = word is not None and len(word.text) == 1 and "\u4e00" <= word.text <= "\u9fff"
        if run and not (is_letter and word and word.left - run[-1].right <= _SPACED * word.em):
            found += run if len(run) in (1, 3) else [joined(run)]
            run = []
        if word is not None and is_letter:
            run.append(word)
        elif word is not None:
            found.append(word)
    return found


def joined(words: Sequence[Word]) -> Word:
    """Words of one line as one."""
    return Word(
        "".join(word.text for word in words),
        [char for word in words for char in word.chars],
        min(word.left for word in words),
        max(word.right for word in words),
        min(word.top for word in words),
        max(word.bottom for word in words),
    )


def _whole_numbers(words: list[Word]) -> list[Word]:
    """The words with the pieces of numbers joined that stray blanks divide (``35. 00``)."""
    whole: list[Word] = []
    for word in words:
        last = whole[-1] if whole else None
        if (
            last
            and word.left - last.right <= _STRAY * word.em
            and _PIECE.fullmatch(word.text)
            and _PIECE.fullmatch(last.text)
            and (last.text[-1] in ".,，" or word.text[0] in ".,，")
        ):
            whole[-1] = Word(
                last.text + word.text,
                [*last.chars, *word.chars],
                last.left,
                max(last.right, word.right),
                min(last.top, word.top),
                max(last.bottom, word.bottom),
            )
        else:
            whole.append(word)
    return whole
