"""The heads of a table without vertical rules: words -> cells of heads -> which columns each stands over.

Heads stand in the middle of the height of their cells, and of the width of their columns, or all begin where their columns
begin. The words above a table can be joined to cells in several ways: a head of several lines, or a head over others.
A way is possible where every column has one lowest head, and heads share the columns below them without a rest. Where
no way is possible, or two that differ, UncertainError says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from statistics import median

import numpy as np

from ingest.readers.page.open_columns import Column, UncertainError
from ingest.readers.page.open_lines import OpenLine, Word, joined
from ingest.readers.page.open_spans import BEGINS, CLEARER, LOWER, Head, Rule, cover, edges_between

_MOST_HEADS = 120
_NEXT_LINE = 2.3
"""Ems up to which a line below may be the next one of the same head."""
_FULL = 0.7
"""The part of its column that a line of a head fills at least before the next line."""
_STACKED = 0.7
"""Ems by which the middles of the lines of a head may differ."""
_OVER = 0.15
"""Ems by which a head overlaps another one that stands below it."""
_SPACED = 16.0
"""Ems up to which the two letters of a spaced-out word stand apart."""
_MOST_ROOM = 1.2
"""Ems above and below a head in its cell at most."""
_FARTHEST_COLUMN = 20.0
"""Ems between a head and the figures of its column at most."""
_ASKEW = 4.0
"""Ems that a head counts as farther from figures that end left of its middle: they are another column's."""
_WIDER_GAP, _WIDER_EMS = 1.5, 0.08
"""How much wider than the other blanks in a word the one between two heads is."""


@dataclass(slots=True)
class Heads:
    """The columns from left to right, each with its lowest head, and the heads over several of them."""

    columns: list[Column]
    spanning: list[Head]

    def told(self) -> tuple[object, ...]:
        """What distinguishes one way of reading heads from another one."""
        return (
            tuple("".join(word.text for word in column.heads) for column in self.columns),
            frozenset((head.text, head.first, head.last) for head in self.spanning),
        )


def read_heads(
    lines: Sequence[OpenLine], columns: Sequence[Column], foot: float, rules: Sequence[Rule]
) -> Heads:
    """The heads in the lines above a table; ``foot`` is where its body begins, ``rules`` are short rules (y, left, right).

    The columns are those of the body; columns without content are added. Raises UncertainError.
    """
    words: list[Word] = []
    for line in lines:
        words += _cut(paired(line.words, columns, words), columns)
    if not words:
        raise UncertainError("no column has a head")
    if len(words) > _MOST_HEADS:
        raise UncertainError("there are more heads than a table has")
    links = [link for link in _links(words) if not _has_room(words[link[0]], words[link[1]], columns)]
    reaches = sorted({0.0, *(round(distance, 2) for _, _, distance in links)})
    lowest = max(word.bottom for word in words)
    reason = UncertainError("no column has a head")
    for level, is_wide in product((foot, lowest + 1, 2 * foot - lowest - 1), (False, True)):
        ways: list[Heads] = []
        for reach, is_filled in product(reaches, (True, False)):
            cells = _cells(words, [link for link in links if link[2] <= reach + 0.01], is_filled)
            try:
                way = _way(cells, columns, level, rules, is_wide)
            except UncertainError as error:
                reason = error
                continue
            if all(way.told() != other.told() for other in ways):
                ways.append(way)
        if len(ways) > 1:
            raise UncertainError("the heads can be read in several ways")
        if ways:
            return ways[0]
    raise reason


# ------------------------------------------------------------------------------------------------------ words


def paired(words: Sequence[Word], columns: Sequence[Column], above: Sequence[Word]) -> list[Word]:
    """The words of a line, two letters that stand apart as one: ``项  目``. Three letters are three heads, and a letter
    below one of the words ``above`` is the rest of that.
    """
    found: list[Word] = []
    number = 0
    while number < len(words):
        run = [words[number]]
        while (
            len(run[0].text) == 1
            and number + len(run) < len(words)
            and len(words[number + len(run)].text) == 1
            and words[number + len(run)].left - run[-1].right <= _SPACED * run[0].em
        ):
            run.append(words[number + len(run)])
        number += len(run)
        gaps = [right.left - left.right for left, right in pairwise(run)]
        are_pairs = len(run) % 2 == 0 and all(word.text.isalpha() for word in run)
        are_pairs = are_pairs and max(gaps[::2], default=0.0) < min(gaps[1::2], default=float("inf"))
        for pair in zip(run[::2], run[1::2], strict=False):
            over = {at for at, column in enumerate(columns) for word in pair if column.overlaps(word)}
            is_rest = any(_is_next(upper, letter) for upper in above for letter in pair)
            are_pairs = are_pairs and len(over) < 2 and not is_rest
        found += [joined(pair) for pair in zip(run[::2], run[1::2], strict=True)] if are_pairs else run
    return found


def _cut(words: Sequence[Word], columns: Sequence[Column]) -> list[Word]:
    """The words, those cut that reach over the blank between two columns and have a wider blank there."""
    found = []
    for word in words:
        if len(word.places) < 2 or len(word.text) != len(word.places):
            found.append(word)
            continue
        gaps = [right[0] - left[1] for left, right in pairwise(word.places)]
        usual = median(gaps)
        cuts = [
            at + 1
            for at, gap in enumerate(gaps)
            if gap > usual + _WIDER_EMS * word.em
            and gap > _WIDER_GAP * usual
            and not (word.text[at].isdigit() or word.text[at + 1].isdigit())
            and any(
                left.right - word.em / 2 <= word.places[at + 1][0]
                and word.places[at][1] <= right.left + word.em / 2
                for left, right in pairwise(columns)
            )
        ]
        for start, end in pairwise([0, *cuts, len(word.places)]):
            found.append(word if not cuts else word.part(start, end))
    return found


def _links(words: Sequence[Word]) -> list[tuple[int, int, float]]:
    """Which word may be the next line of which one, and how many ems it is below it."""
    links = []
    order = sorted(range(len(words)), key=lambda number: words[number].bottom)
    for at, upper in enumerate(order):
        for lower in order[at + 1 :]:
            high, low = words[upper], words[lower]
            distance = (low.bottom - high.bottom) / max(high.em, low.em)
            if distance > _NEXT_LINE:
                break
            if low.top < high.bottom - 0.35 * high.em:
                if high.overlaps(low):
                    break
                continue
            if _is_near(high, low):
                links.append((upper, lower, distance))
                break
            if high.overlaps(low):
                break
    return links


def _is_next(high: Word, low: Word) -> bool:
    return _is_near(high, low) and low.bottom - high.bottom <= _NEXT_LINE * max(high.em, low.em)


def _has_room(high: Word, low: Word, columns: Sequence[Column]) -> bool:
    """Whether the line below would have begun on the line above: their column is far wider."""
    own = [column for column in columns if column.overlaps(high) or column.overlaps(low)]
    return len(own) == 1 and high.right - high.left + low.em < _FULL * (own[0].right - own[0].left)


def _is_near(high: Word, low: Word) -> bool:
    em = max(high.em, low.em)
    return abs(high.middle - low.middle) <= _STACKED * em or abs(high.left - low.left) <= BEGINS * em


def _cells(words: Sequence[Word], links: Sequence[tuple[int, int, float]], is_filled: bool) -> list[Head]:
    """The heads that words make, joined by links; with ``is_filled`` the lines of a head are full, the last one excepted."""
    below = {upper: lower for upper, lower, _ in links}
    lowest = {lower for _, lower, _ in links}
    cells = []
    for start in range(len(words)):
        if start in lowest:
            continue
        chain = [start]
        while chain[-1] in below:
            chain.append(below[chain[-1]])
        lines = [words[number] for number in chain]
        while lines:
            count = len(lines)
            while is_filled and count > 1 and not _is_filled(lines[:count]):
                count -= 1
            if count < len(
                lines
            ):  # the lowest lines that fill a cell are one head, those above it another one
                count = _first_full(lines) or count
            cells.append(Head(lines[:count]))
            lines = lines[count:]
    return cells


def _is_filled(lines: Sequence[Word]) -> bool:
    widest = max(line.right - line.left for line in lines)
    return all(line.right - line.left + lower.em > widest + 0.1 * lower.em for line, lower in pairwise(lines))


def _first_full(lines: Sequence[Word]) -> int:
    """The number of upper lines without which the rest fill their cell; 0 where there is no such number."""
    return next((first for first in range(1, len(lines)) if _is_filled(lines[first:])), 0)


# ------------------------------------------------------------------------------------------------------- ways


def _way(
    cells: Sequence[Head],
    body: Sequence[Column],
    foot: float,
    rules: Sequence[Rule],
    is_wide: bool,
) -> Heads:
    """One way of reading the heads. Raises UncertainError where it is none.

    A head between two lower ones, and above neither, is that of a column between theirs or, with ``is_wide``, stands over both.
    """
    em = median(cell.em for cell in cells)
    top = min(cell.top for cell in cells)
    room = min(foot - max(cell.bottom for cell in cells), _MOST_ROOM * em)
    lowest = top - max((foot - top) / 4, room + BEGINS * em)
    leaves: list[Head] = []
    parents: list[Head] = []
    for cell in sorted(cells, key=lambda each: -each.height):
        cell.upper = 2 * cell.height - foot
        is_over = any(
            cell.left < leaf.right - _OVER * em
            and cell.right > leaf.left + _OVER * em
            and leaf.height > cell.height + LOWER * em
            for leaf in leaves
        )
        is_between = is_wide and _is_between(cell, leaves, em)
        (parents if is_over or is_between or cell.upper < lowest else leaves).append(cell)
    leaves.sort(key=lambda leaf: leaf.left)
    if any(high.right > low.left + _OVER * em for high, low in pairwise(leaves)):
        raise UncertainError("two heads stand over one column")
    columns = _with_columns(leaves, body, em)
    edges = edges_between(columns, leaves, em)
    starts = _starts(leaves, em)
    cover(leaves, parents, columns, edges, starts, rules, em)
    spanning = _spanning(parents, columns)
    if not parents:
        _refuse_unlike(leaves, em)
    for column in columns:
        column.heads.sort(key=lambda word: (-word.bottom, word.left))
    return Heads(columns, spanning)


def _spanning(parents: Sequence[Head], columns: Sequence[Column]) -> list[Head]:
    """The heads over several columns, those over the same ones as one; one over a single column is a part of its head.

    Raises UncertainError where such a one does not stand right above that head.
    """
    spanning: dict[tuple[int, int], Head] = {}
    for parent in sorted(parents, key=lambda each: -each.height):
        place = parent.first, parent.last
        if parent.first == parent.last:
            if not _is_next(parent.words[-1], parent.below[0].words[0]):
                raise UncertainError("a head stands over one column, and not above its head")
            columns[parent.first].heads += parent.words
        elif place in spanning:
            spanning[place] = Head([*parent.words, *spanning[place].words])
            spanning[place].first, spanning[place].last = place
        else:
            spanning[place] = parent
    return list(spanning.values())


def _is_between(cell: Head, leaves: Sequence[Head], em: float) -> bool:
    """Whether a head stands between two that are lower, whose cells begin below its middle."""
    left = max(
        (leaf for leaf in leaves if leaf.right <= cell.left), key=lambda leaf: leaf.right, default=None
    )
    right = min(
        (leaf for leaf in leaves if leaf.left >= cell.right), key=lambda leaf: leaf.left, default=None
    )
    return bool(left and right) and all(
        side.upper - cell.height > LOWER * em for side in (left, right) if side
    )


def _refuse_unlike(leaves: Sequence[Head], em: float) -> None:
    """Refuse heads of one row that do not stand at one height: in the middle, at the top or at the bottom."""
    for places in (
        [leaf.height for leaf in leaves],
        [leaf.top for leaf in leaves],
        [leaf.bottom for leaf in leaves],
    ):
        if max(places) - min(places) <= LOWER * em:
            return
    raise UncertainError("heads stand at several heights, and none over others")


def _with_columns(leaves: Sequence[Head], body: Sequence[Column], em: float) -> list[Column]:
    """The columns below the lowest heads, whose numbers become the heads'. Raises UncertainError."""
    whose = _whose(leaves, body, em)
    columns: list[Column] = []
    for number, leaf in enumerate(leaves):
        own = [column for column, owner in zip(body, whose, strict=True) if owner == number]
        leaf.first = leaf.last = number
        leaf.own = own
        columns.append(
            Column(
                min([leaf.left, *(column.left for column in own)]),
                max([leaf.right, *(column.right for column in own)]),
                any(column.has_figures for column in own),
                list(reversed(leaf.words)),
            )
        )
        for column in own:
            columns[-1].heads += column.heads
    if any(left.right > right.left + 0.5 * em for left, right in pairwise(columns)):
        raise UncertainError("heads and figures of two columns stand across each other")
    return columns


def _whose(leaves: Sequence[Head], body: Sequence[Column], em: float) -> list[int]:
    """The number of the head of each column, in order: each column of figures has its own head, and the nearest.

    Raises UncertainError where a column has none, or another order would do nearly as well.
    """
    if not leaves:
        raise UncertainError("no column has a head")
    gaps = [[max(leaf.left - one.right, one.left - leaf.right) / em for leaf in leaves] for one in body]
    away = np.maximum(np.array(gaps), -1.0)
    for number, one in enumerate(body):
        if one.has_figures:
            away[number] += [0.0 if _is_aligned(leaf, one, em) else _ASKEW for leaf in leaves]
        else:
            away[number] = np.where(away[number] > _FARTHEST_COLUMN, away[number], away[number] * 0.5)
    best, whose = _in_order(away, body)
    if not np.isfinite(best):
        raise UncertainError("figures of a column have no head")
    for number, one in enumerate(body):
        if one.has_figures:
            if away[number, whose[number]] > _FARTHEST_COLUMN:
                raise UncertainError("figures of a column have no head")
            other = away.copy()
            other[number, whose[number]] = np.inf
            if _in_order(other, body)[0] - best < CLEARER:
                raise UncertainError("two heads may be those of a column of figures")
    return whose


def _is_aligned(leaf: Head, column: Column, em: float) -> bool:
    """Whether a head can stand in the middle of a column's width, or begin where its figures begin."""
    return (
        column.right >= leaf.middle - BEGINS * em
        or abs(column.left - leaf.left) <= LOWER * em
        or abs((column.left + column.right) / 2 - leaf.middle) <= LOWER * em
    )


def _in_order(away: np.ndarray, body: Sequence[Column]) -> tuple[float, list[int]]:
    """The sum of the distances, and the head of each column, of the best order; columns of words may share a head."""
    count, heads = away.shape
    cost = np.full((count + 1, heads + 1), np.inf)
    cost[0, :] = 0.0
    taken = np.zeros((count + 1, heads + 1), np.int64)
    for number in range(1, count + 1):
        for head in range(1, heads + 1):
            is_shared = number > 1 and not body[number - 1].has_figures and not body[number - 2].has_figures
            before = cost[number - 1, head - 1]
            if is_shared and taken[number - 1, head] == head:
                before = min(before, cost[number - 1, head])
            own = before + away[number - 1, head - 1]
            if own < cost[number, head - 1]:
                cost[number, head], taken[number, head] = own, head
            else:
                cost[number, head], taken[number, head] = cost[number, head - 1], taken[number, head - 1]
    whose = [0] * count
    head = heads
    for number in range(count, 0, -1):
        head = int(taken[number, head])
        if not head:
            return float("inf"), whose
        whose[number - 1] = head - 1
        if number > 1:
            is_shared = not body[number - 1].has_figures and not body[number - 2].has_figures
            can_stay = is_shared and taken[number - 1, head] == head
            if not (can_stay and cost[number - 1, head] <= cost[number - 1, head - 1]):
                head -= 1
    return float(cost[count, heads]), whose


def _starts(leaves: Sequence[Head], em: float) -> bool:
    """Whether heads begin where what stands below them begins, and are not in the middle of it."""
    begin = [
        abs(leaf.left - one.left) <= BEGINS * em
        for leaf in leaves
        for one in leaf.own[:1]
        if abs(leaf.middle - (one.left + one.right) / 2) > LOWER * em
    ]
    return len(begin) > 0 and sum(begin) >= 0.8 * len(begin)
