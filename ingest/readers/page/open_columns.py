"""The columns of a table without vertical rules, by what stands below each other.

Figures of one column overlap and are aligned; blanks between columns persist over all rows. Where a word could stand in
two columns UncertainError says so, and there is no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.readers.page.open_lines import OpenLine, Word

_LEAST_NUMBERS, _LOWEST_HEAD = 3, 2
"""How many words a column of numbers has at least, and to how many rows its head may reach down."""
_ALIGNED = 1.0
"""Ems by which the ends (or the middles) of a column's figures may differ."""
_ENDS = 0.25
"""Ems by which the ends of figures differ that end together."""
_BESIDE = 0.3
"""Ems by which a word may reach into a column of figures beside which it stands."""


class UncertainError(Exception):
    """What stands in which column cannot be told."""


@dataclass(slots=True, eq=False)
class Column:
    """The width that a column's content takes, whether that are figures, and its heads from the lowest to the highest.

    ``is_right``: its figures end together.
    """

    left: float
    right: float
    has_figures: bool
    heads: list[Word] = field(default_factory=list)
    is_right: bool = False

    def overlaps(self, word: Word) -> bool:
        return word.left < self.right and word.right > self.left

    def shared(self, word: Word) -> float:
        """The width that a word and the column share."""
        return min(word.right, self.right) - max(word.left, self.left)

    def take(self, word: Word) -> None:
        self.left, self.right = min(self.left, word.left), max(self.right, word.right)


def find_columns(lines: Sequence[OpenLine]) -> list[Column]:
    """The columns of a table's body from left to right. Raises UncertainError.

    Where dashes and the columns' own numbers stand says nothing: they are often centred.
    """
    lines = [line for line in lines if not line.is_order]
    figures = _merged([word for line in lines for word in line.words if word.is_figure], True)
    for column in figures:
        column.is_right = _end_together(
            [word for line in lines for word in line.words if column.overlaps(word)]
        )
        if any(sum(column.overlaps(word) for word in line.words if word.is_figure) > 1 for line in lines):
            raise UncertainError("a row has two figures in one column")
    others: list[Word] = []
    for line in lines:
        for word in line.words:
            met = [
                column
                for column in figures
                if column.overlaps(word) and (word.is_number or column.shared(word) > _BESIDE * word.em)
            ]
            if not met:
                if not word.is_blank:
                    others.append(word)
            elif word.is_number and len(met) == 1:
                met[0].take(word)
            elif not word.is_figure and (len(met) > 1 or word.left > met[0].left - 0.5 * word.em):
                raise UncertainError(f"{word.text} stands among figures")
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
        if line.is_order:
            continue
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


def edges_of(columns: Sequence[Column]) -> list[float]:
    """The edges between columns, in the middle of the blank between them, and the outer ones."""
    between = [(left.right + right.left) / 2 for left, right in pairwise(columns)]
    return [columns[0].left - 2, *between, columns[-1].right + 2]
