"""The columns of a table without vertical rules, by what stands below each other; and the heads over them.

Figures of one column overlap and are aligned; blanks between columns persist over all rows. Where a word could stand in
two columns, or a head over one column or over several, UncertainError says so, and there is no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby, pairwise

from ingest.readers.pdf.open_lines import OpenLine, Word

_LEAST_NUMBERS, _LOWEST_HEAD = 3, 2
"""How many words a column of numbers has at least, and to how many rows its head may reach down."""
_ALIGNED = 1.0
"""Ems by which the ends (or the middles) of a column's figures may differ."""
_ENDS = 0.25
"""Ems by which the ends of figures differ that end together."""
_STACKED = 0.7
"""Ems by which a head's ends or middle may differ from those of the head below it of the same column."""
_ONE_CELL = 1.45
"""Ems up to which the line above is one of the same cell."""
_WIDE = 0.6
"""The part of the columns' width from which a head alone shows that it stands over them, and no more."""
_CENTRED = 1.3
"""Ems by which a head's middle may differ from that of the columns that it stands over."""
_CLEARER = 0.8
"""Ems by which one reading of heads must fit better than the next one."""
_SINGLE = 0.45
"""Ems by which the middle of a head's height may differ from that of the whole head."""
_MOST_SHARED, _MOST_COLUMNS = 5, 30


class UncertainError(Exception):
    """What stands in which column cannot be told."""


@dataclass(slots=True, eq=False)
class Column:
    """The width that a column's content takes, whether that are figures, and its heads from the lowest to the highest.

    ``is_empty``: nothing but heads stands in it.
    """

    left: float
    right: float
    has_figures: bool
    heads: list[Word] = field(default_factory=list)
    is_empty: bool = False
    is_right: bool = False
    """Whether its figures end together."""

    def overlaps(self, word: Word) -> bool:
        return word.left < self.right and word.right > self.left

    def take(self, word: Word) -> None:
        self.left, self.right = min(self.left, word.left), max(self.right, word.right)


@dataclass(slots=True, eq=False)
class SpanningHead:
    """A head over several columns, the first and the last of them."""

    word: Word
    first: int
    last: int


def find_columns(lines: Sequence[OpenLine]) -> list[Column]:
    """The columns of a table's body from left to right. Raises UncertainError.

    Where dashes and the columns' own numbers stand says nothing: they are often centred.
    """
    lines = [line for line in lines if not line.is_order]
    figures = _merged([word for line in lines for word in line.words if word.is_figure], True)
    for column in figures:
        column.is_right = _end_together([word for line in lines for word in line.words if column.overlaps(word)])
        if any(sum(column.overlaps(word) for word in line.words if word.is_figure) > 1 for line in lines):
            raise UncertainError("a row has two figures in one column")
    others: list[Word] = []
    for line in lines:
        for word in line.words:
            met = [column for column in figures if column.overlaps(word)]
            if not met:
                if not word.is_blank:
                    others.append(word)
            elif word.is_number and len(met) == 1:
                met[0].take(word)
            elif not word.is_figure and (len(met) > 1 or word.left > met[0].left - 0.5 * word.em):
                raise UncertainError("words stand among figures")
    return sorted([*figures, *_merged(others, False)], key=lambda column: column.left)


def take_heads(columns: Sequence[Column], lines: Sequence[OpenLine]) -> list[OpenLine]:
    """The lines without the heads that reach down to the first rows: the only word over a column of numbers. They become the
    columns' heads.
    """
    taken: list[Word] = []
    for column in columns:
        words = [(line, word) for line in lines for word in line.words if column.overlaps(word)]
        if column.has_figures or len(words) < _LEAST_NUMBERS or words[0][1].is_number:
            continue
        line, head = words[0]
        if line in lines[:_LOWEST_HEAD] and all(word.text.isdigit() for _, word in words[1:]):
            taken.append(head)
            column.heads.append(head)
    rest = [OpenLine(line.level, [word for word in line.words if word not in taken]) for line in lines]
    return [line for line in rest if line.words]


def _merged(words: list[Word], has_figures: bool) -> list[Column]:
    """The places that words take, those that overlap as one."""
    columns: list[Column] = []
    for word in sorted(words, key=lambda each: each.left):
        if columns and columns[-1].overlaps(word):
            columns[-1].take(word)
        else:
            columns.append(Column(word.left, word.right, has_figures))
    return columns


def _end_together(words: list[Word]) -> bool:
    """Whether figures are aligned at their ends. Raises UncertainError where they are not aligned at all."""
    figures = [word for word in words if word.is_figure]
    em = max(word.em for word in figures)
    ends = (
        [word.right for word in figures],
        [word.middle for word in figures],
        [word.left for word in figures],
    )
    spread = [max(places) - min(places) for places in ends]
    if min(spread) > _ALIGNED * em:
        raise UncertainError("figures are not aligned")
    return spread[0] <= _ENDS * em and spread[0] <= min(spread)


class Heads:
    """Heads over columns, read line by line from the lowest to the highest. Reading raises UncertainError."""

    def __init__(self, columns: list[Column], rules: Sequence[tuple[float, float, float]]) -> None:
        self.columns = columns
        self.spanning: list[SpanningHead] = []
        self._middle = 0.0
        self._words: list[Word] = []
        self._rules = rules
        """Short rules (y, left, right), which stand below heads over several columns."""

    def read(self, lines: Sequence[OpenLine]) -> None:
        """Place the words of the lines, given from top to bottom."""
        if lines:
            self._middle = (min(line.top for line in lines) + max(line.bottom for line in lines)) / 2
        self._words = [word for line in lines for word in line.words]
        for number, line in reversed(list(enumerate(lines))):
            if number < len(lines) - 1:
                self._settle([word for above in lines[: number + 1] for word in above.words])
            taken = []
            over: list[Word] = []
            for word in line.words:
                place = self._place(word, line)
                if place is None:
                    over.append(word)
                else:
                    taken.append(place)
            taken += self._spread(over, line)
            taken.sort()
            if any(following <= last for (_, last), (following, _) in pairwise(taken)):
                raise UncertainError("two heads of one line stand over one column")
        self._settle([])

    def _place(self, word: Word, line: OpenLine) -> tuple[int, int] | None:
        """The first and the last column that a head stands over; None where that must be told with its neighbours."""
        hits = [number for number, column in enumerate(self.columns) if column.overlaps(word)]
        ruled = self._ruled(word)
        if ruled:
            return self._span(word, *ruled)
        if not hits:
            return self._between(word, line)
        if len(hits) == 1:
            column = self.columns[hits[0]]
            if not column.heads or _is_stacked(word, column):
                column.heads.append(word)
                column.take(word)
                return hits[0], hits[0]
        elif not any(self.columns[number].heads or self.columns[number].has_figures for number in hits):
            return self._span(word, hits[0], hits[-1])
        return None

    def _spread(self, words: list[Word], line: OpenLine) -> list[tuple[int, int]]:
        """The columns that heads of one line stand over, each in the middle of its own; those beside each other share all
        columns that have heads below the line and none in it.
        """
        if not words:
            return []
        free = [
            bool(column.heads)
            and not self._is_single(column)
            and all(word.top > line.top for word in column.heads)
            for column in self.columns
        ]
        edges = edges_of(self.columns)
        found: list[tuple[int, int]] = []
        start = 0
        for is_free, run in groupby(free):
            end = start + len(list(run))
            inside = [word for word in words if edges[start] <= word.middle <= edges[end]]
            if is_free and inside:
                groups = self._shared(inside, start, end, edges)
                groups = groups or [self._under(word, start, end, edges) for word in inside]
                found += [self._span(word, *group) for word, group in zip(inside, groups, strict=True)]
            start = end
        if len(found) < len(words):
            raise UncertainError("a head stands over columns that have none below it")
        return found

    def _is_alone(self, word: Word) -> bool:
        """Whether the text to which a word belongs stands in the middle of the whole head's height."""
        top, bottom, is_grown = word.top, word.bottom, True
        while is_grown:
            is_grown = False
            for other in self._words:
                reach = (_ONE_CELL - 1) * word.em
                is_next = other.top - reach <= bottom < other.bottom or (
                    top > other.top and other.bottom + reach >= top
                )
                if is_next and _is_near(word, other):
                    top, bottom, is_grown = min(top, other.top), max(bottom, other.bottom), True
        return abs((top + bottom) / 2 - self._middle) <= _SINGLE * word.em

    def _settle(self, above: Sequence[Word]) -> None:
        """Join columns without a head, which none of the words above can be, with the columns without content beside them:
        heads that do not reach what stands below them.
        """
        pending = [
            column.is_empty
            or (
                not column.heads and not any(column.overlaps(word) and self._is_alone(word) for word in above)
            )
            for column in self.columns
        ]
        start, pairs = 0, []
        for is_pending, run in groupby(pending):
            length = len(list(run))
            some = self.columns[start : start + length]
            if is_pending and length % 2 == 0:
                both = list(zip(some[::2], some[1::2], strict=True))
                if all(left.is_empty != right.is_empty for left, right in both):
                    pairs += both
            start += length
        for left, right in pairs:
            empty, other = (left, right) if left.is_empty else (right, left)
            self._head(other, empty)

    def _head(self, column: Column, empty: Column) -> None:
        """Give a column the heads of the column without content beside it."""
        column.heads = empty.heads
        for word in column.heads:
            column.take(word)
        self._join(self.columns.index(empty), self.columns.index(column))

    def _is_single(self, column: Column) -> bool:
        """Whether a column's head stands in the middle of the whole head's height, so that there is none above it."""
        top, bottom = min(word.top for word in column.heads), max(word.bottom for word in column.heads)
        return abs((top + bottom) / 2 - self._middle) <= _SINGLE * column.heads[0].em

    def _shared(self, words: list[Word], start: int, end: int, edges: list[float]) -> list[tuple[int, int]]:
        """The columns from ``start`` to before ``end`` shared among heads, so that each stands in the middle of its own;
        none where they cannot be.
        """
        if len(words) > _MOST_SHARED or end - start > _MOST_COLUMNS:
            raise UncertainError("too many heads share too many columns")
        fits = []
        for cuts in combinations(range(start + 1, end), len(words) - 1):
            groups = list(pairwise([start, *cuts, end]))
            off = [
                self._off(word, first, last - 1, edges)
                for word, (first, last) in zip(words, groups, strict=True)
            ]
            fits.append((max(off), sum(off), [(first, last - 1) for first, last in groups]))
        fits.sort(key=lambda fit: fit[1])
        em = words[0].em
        if not fits or fits[0][0] > _CENTRED * em:
            return []
        if len(fits) > 1 and fits[1][1] - fits[0][1] < _CLEARER * em:
            raise UncertainError(f"{words[0].text} may stand over more columns, or over fewer")
        return fits[0][2]

    def _under(self, word: Word, start: int, end: int, edges: list[float]) -> tuple[int, int]:
        """The columns, of those from ``start`` to before ``end``, that a head nearly covers and is centred on."""
        hits = [number for number in range(start, end) if self.columns[number].overlaps(word)]
        fits = sorted(
            (self._off(word, first, last, edges), first, last)
            for first in range(start, hits[0] + 1 if hits else start)
            for last in range(hits[-1], end)
        )
        em = word.em
        if not fits or fits[0][0] > _CENTRED * em:
            raise UncertainError("a head stands over columns that it is not centred on")
        _, first, last = fits[0]
        is_clear = len(fits) == 1 or fits[1][0] - fits[0][0] >= _CLEARER * em
        if not is_clear or word.right - word.left < _WIDE * (
            self.columns[last].right - self.columns[first].left
        ):
            raise UncertainError(f"{word.text} may stand over more columns, or over fewer")
        return first, last

    def _off(self, word: Word, first: int, last: int, edges: list[float]) -> float:
        """How far a head stands from the middle of columns: of their content, or of the room that they may have."""
        content = (self.columns[first].left + self.columns[last].right) / 2
        return min(abs(word.middle - content), abs(word.middle - (edges[first] + edges[last + 1]) / 2))

    def _span(self, word: Word, first: int, last: int) -> tuple[int, int]:
        for other in self.spanning:
            if other.first <= last and other.last >= first and not first <= other.first <= other.last <= last:
                raise UncertainError("heads over several columns cross")
        self.spanning.append(SpanningHead(word, first, last))
        return first, last

    def _ruled(self, word: Word) -> tuple[int, int] | None:
        """The columns above which a short rule stands that ends below the head."""
        for level, left, right in self._rules:
            if not (word.bottom - 0.3 * word.em <= level <= word.bottom + 1.5 * word.em):
                continue
            if left - 1 <= word.left and word.right <= right + 1:
                over = [
                    number
                    for number, column in enumerate(self.columns)
                    if left - 1 <= (column.left + column.right) / 2 <= right + 1
                ]
                below = [self.columns[number].heads for number in over]
                if len(over) > 1 and all(heads and heads[-1].top > level - 0.3 * word.em for heads in below):
                    return over[0], over[-1]
        return None

    def _between(self, word: Word, line: OpenLine) -> tuple[int, int] | None:
        """Of a head over no column: a column without content; None where it may stand over those on both sides."""
        at = sum(column.right <= word.left for column in self.columns)
        sides = self.columns[max(0, at - 1) : at + 1]
        if (
            len(sides) == 2
            and all(column.heads for column in sides)
            and not _is_headed(sides, word, line)
            and not self._is_alone(word)
        ):
            return None
        self.columns.insert(at, Column(word.left, word.right, False, [word], True))
        for head in self.spanning:
            head.first += head.first >= at
            head.last += head.last >= at
        return at, at

    def check(self) -> None:
        """Raise UncertainError where a column of figures has no head, or a head's columns cannot be told."""
        if not any(column.heads for column in self.columns):
            raise UncertainError("no column has a head")
        for number, column in enumerate(self.columns):
            if not column.heads and column.has_figures:
                raise UncertainError(f"figures of column {number + 1} have no head")
            if column.heads and any(
                abs(low.left - high.left) > 0 and not _is_near(low, high)
                for low, high in zip(column.heads, column.heads[1:], strict=False)
            ):
                raise UncertainError("heads of one column are not aligned")

    def join_beside(self) -> None:
        """Join a head that stands left or right of its column's figures to them. Raises UncertainError.

        A head at the left side of a column does not reach figures at its right side.
        """
        number = 0
        while number < len(self.columns):
            column = self.columns[number]
            beside = [at for at in (number - 1, number + 1) if 0 <= at < len(self.columns)]
            beside = [at for at in beside if self.columns[at].is_empty]
            if column.heads or not column.has_figures or not beside:
                number += 1
                continue
            if len(beside) > 1:
                raise UncertainError("two heads may be those of a column of figures")
            self._head(column, self.columns[beside[0]])
            number = 0

    def _join(self, gone: int, kept: int) -> None:
        """Take a column away that is one with the one beside it, which is kept."""
        for head in self.spanning:
            if head.first <= gone <= head.last:
                head.first, head.last = min(head.first, kept), max(head.last, kept)
            head.first -= head.first > gone
            head.last -= head.last >= gone and head.last > head.first
        del self.columns[gone]

    def join_headless(self) -> None:
        """Join columns of words without a head to the column of words beside them: a blank after a list marker."""
        number = 0
        while number < len(self.columns):
            column = self.columns[number]
            beside = [at for at in (number + 1, number - 1) if 0 <= at < len(self.columns)]
            beside = [at for at in beside if not self.columns[at].has_figures and self.columns[at].heads]
            if column.heads or column.has_figures or not beside:
                number += 1
                continue
            other = self.columns[beside[0]]
            other.left, other.right = min(other.left, column.left), max(other.right, column.right)
            self._join(number, beside[0])
            number = 0


def _is_headed(columns: Sequence[Column], word: Word, line: OpenLine) -> bool:
    """Whether another word of a line than the given one stands over one of the columns."""
    return any(column.overlaps(other) for other in line.words if other is not word for column in columns)


def _is_stacked(word: Word, column: Column) -> bool:
    """Whether a head is the line above the column's head so far, in one cell with it."""
    return column.heads[-1].bottom - word.bottom <= _ONE_CELL * word.em and _is_near(column.heads[-1], word)


def _is_near(low: Word, high: Word) -> bool:
    near = _STACKED * max(low.em, high.em)
    return (
        abs(low.middle - high.middle) <= near
        or abs(low.left - high.left) <= near / 2
        or abs(low.right - high.right) <= near / 2
    )


def edges_of(columns: Sequence[Column]) -> list[float]:
    """The edges between columns, in the middle of the blank between them, and the outer ones."""
    between = [(left.right + right.left) / 2 for left, right in pairwise(columns)]
    return [columns[0].left - 2, *between, columns[-1].right + 2]
