"""Heads over several columns of a table without vertical rules: which columns each stands over.

A head stands in the middle of its columns, or begins where the first of them begins, or its rule shows them. Heads share
without a rest the columns whose own heads stand below them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ingest.readers.page.open_columns import Column, UncertainError
from ingest.readers.page.open_lines import Word

Rule = tuple[float, float, float]
BEGINS = 0.3
"""Ems by which the beginnings of what begins together may differ."""
LOWER = 0.45
"""Ems by which the middle of a head is lower than that of another one at least, if it stands in a lower row."""
_SAME_TOP = 0.6
"""Ems by which the upper sides of the cells of one row may seem to differ."""
CLEARER = 0.8
"""Ems by which one way must fit better than the next one."""
_CENTRED, _CENTRED_PART = 1.3, 0.05
"""How far, in ems or as a part of their width, a head's middle may be from that of the columns that it stands over."""
_LESS, _WEAK = 0.6, 0.1
"""How much the beginnings of words, and the middle of the blank between two columns, say of the edge between columns; the
middle of a head says 1."""


@dataclass(slots=True, eq=False)
class Head:
    """A cell above a table: its words from top to bottom, and the columns that it stands over (``first`` to ``last``).

    ``upper`` is where its cell begins, as its height shows: as much above its middle as its lower side is below it. ``below``
    are the heads that it stands over, ``own`` what stands in the column of a lowest head.
    """

    words: list[Word]
    left: float = field(init=False)
    right: float = field(init=False)
    top: float = field(init=False)
    bottom: float = field(init=False)
    upper: float = 0.0
    first: int = -1
    last: int = -1
    below: list[Head] = field(default_factory=list)
    own: list[Column] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left, self.right = (
            min(word.left for word in self.words),
            max(word.right for word in self.words),
        )
        self.top, self.bottom = (
            min(word.top for word in self.words),
            max(word.bottom for word in self.words),
        )

    @property
    def em(self) -> float:
        return max(word.em for word in self.words)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        """The middle of its height."""
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)

    @property
    def chars(self) -> list[int]:
        return [char for word in self.words for char in word.chars]


def edges_between(columns: Sequence[Column], leaves: Sequence[Head], em: float) -> list[float]:
    """The edges of the columns that agree best with what stands between them.

    The lowest heads stand in the middle of their columns, figures end at one distance from the edge, words begin at one.
    """
    count = len(columns)
    rows: list[tuple[float, dict[int, float], float]] = []
    right, left = count + 1, count + 2
    for number, leaf in enumerate(leaves):
        rows.append((1.0, {number: 1.0, number + 1: 1.0}, 2 * leaf.middle))
        rows += [(1.0, {number + 1: 1.0, right: -1.0}, one.right) for one in leaf.own if one.is_right]
        rows += [(_LESS, {number: 1.0, left: 1.0}, one.left) for one in leaf.own[:1] if not one.has_figures]
    ends = [columns[0].left - em, *(column.right for column in columns)]
    starts = [*(column.left for column in columns), columns[-1].right + em]
    rows += [
        (_WEAK, {number: 1.0}, (end + start) / 2)
        for number, (end, start) in enumerate(zip(ends, starts, strict=True))
    ]
    rows += [(_WEAK, {right: 1.0}, em / 2), (_WEAK, {left: 1.0}, em / 2)]
    matrix = np.zeros((len(rows), count + 3))
    for number, (weight, terms, _) in enumerate(rows):
        for at, factor in terms.items():
            matrix[number, at] = weight * factor
    sides = np.array([weight * side for weight, _, side in rows])
    found = np.linalg.lstsq(matrix, sides, rcond=None)[0][: count + 1]
    low, high = np.minimum(ends, starts), np.maximum(ends, starts)
    found[1:-1] = np.clip(found[1:-1], low[1:-1] - 1, high[1:-1] + 1)
    edges: list[float] = found.tolist()
    return edges


def cover(
    leaves: Sequence[Head],
    parents: list[Head],
    columns: Sequence[Column],
    edges: Sequence[float],
    starts: bool,
    rules: Sequence[Rule],
    em: float,
) -> None:
    """Share the columns among the heads over several of them. Raises UncertainError."""
    nodes = list(leaves)
    waiting = sorted(parents, key=lambda parent: -parent.height)
    has_tall = False
    while waiting:
        lowest = waiting[0]
        run = _run(lowest, nodes, em)
        has_tall = has_tall or len(run) < len(nodes)
        limit = 2.2 * (nodes[run[0]].upper - lowest.height)
        left, right = nodes[run[0]], nodes[run[-1]]
        sharing = sorted(
            (
                parent
                for parent in waiting
                if edges[left.first] <= parent.middle <= edges[right.last + 1]
                and nodes[run[0]].upper - parent.height <= limit
            ),
            key=lambda parent: parent.left,
        )
        if lowest not in sharing:
            raise UncertainError("a head stands over columns that have none below it")
        groups = _ruled(sharing, [nodes[number] for number in run], rules, em) or (
            _begun(sharing, [nodes[number] for number in run], has_tall, em)
            if starts
            else _shared(sharing, [nodes[number] for number in run], columns, edges, em)
        )
        for parent, group in zip(sharing, groups, strict=True):
            parent.below = group
            parent.first, parent.last = group[0].first, group[-1].last
            parent.upper = 2 * parent.height - group[0].upper
        waiting = [parent for parent in waiting if parent not in sharing]
        nodes[run[0] : run[-1] + 1] = sharing
    if parents:
        top = min(node.upper for node in nodes)
        if any(node.upper - top > 1.2 * em and node.below == [] for node in nodes):
            raise UncertainError("a column has no head above its own, where the others have one")


def _run(parent: Head, nodes: Sequence[Head], em: float) -> list[int]:
    """The numbers of the heads beside each other whose cells begin where those below a head begin."""
    under = [
        number
        for number, node in enumerate(nodes)
        if node.upper >= parent.height - 0.1 * em and node.height > parent.height + LOWER * em
    ]
    if not under:
        raise UncertainError("a head stands over columns that have none below it")
    nearest = min(
        under,
        key=lambda number: max(0.0, nodes[number].left - parent.middle, parent.middle - nodes[number].right),
    )
    upper = nodes[nearest].upper
    first = last = nearest
    while first - 1 in under and abs(nodes[first - 1].upper - upper) <= _SAME_TOP * em:
        first -= 1
    while last + 1 in under and abs(nodes[last + 1].upper - upper) <= _SAME_TOP * em:
        last += 1
    return list(range(first, last + 1))


def _ruled(
    sharing: Sequence[Head], run: Sequence[Head], rules: Sequence[Rule], em: float
) -> list[list[Head]] | None:
    """The heads below each, as the short rules between them show."""
    groups = []
    for parent in sharing:
        over = [
            [node for node in run if left - 1 <= node.middle <= right + 1]
            for level, left, right in rules
            if parent.bottom - 0.3 * em <= level <= parent.bottom + 1.5 * em
            and left - 1 <= parent.left
            and parent.right <= right + 1
        ]
        if not over or not over[0]:
            return None
        groups.append(over[0])
    return groups if [id(node) for group in groups for node in group] == [id(node) for node in run] else None


def _begun(sharing: Sequence[Head], run: Sequence[Head], has_tall: bool, em: float) -> list[list[Head]]:
    """The heads below each, which begins where the first of them begins."""
    firsts = [
        next((at for at, node in enumerate(run) if abs(node.left - parent.left) <= BEGINS * em), None)
        for parent in sharing
    ]
    if firsts[0] != 0 or None in firsts:
        raise UncertainError("a head does not begin where a column begins")
    cuts = [at for at in firsts if at is not None] + [len(run)]
    if any(after <= before for before, after in pairwise(cuts)):
        raise UncertainError("two heads begin over one column")
    groups = [list(run[start:end]) for start, end in pairwise(cuts)]
    are_alike = len({tuple(node.text for node in group) for group in groups}) == 1
    if not has_tall and (len(groups) == 1 or not are_alike):
        raise UncertainError("how far a head reaches cannot be told")
    return groups


def _shared(
    sharing: Sequence[Head],
    run: Sequence[Head],
    columns: Sequence[Column],
    edges: Sequence[float],
    em: float,
) -> list[list[Head]]:
    """The heads below each, in the middle of which it stands."""

    def off(parent: Head, start: int, end: int) -> float:
        first, last = run[start], run[end - 1]
        places = (
            (edges[first.first] + edges[last.last + 1]) / 2,
            (columns[first.first].left + columns[last.last].right) / 2,
            (first.middle + last.middle) / 2,
        )
        return min(abs(parent.middle - place) for place in places)

    ways: list[list[tuple[float, tuple[int, ...]]]] = [
        [(0.0, (0,))] if end == 0 else [] for end in range(len(run) + 1)
    ]
    for number, parent in enumerate(sharing):
        left = len(sharing) - number - 1
        following: list[list[tuple[float, tuple[int, ...]]]] = [[] for _ in range(len(run) + 1)]
        for start, known in enumerate(ways):
            if not known:
                continue
            ends = range(start + 1, len(run) - left + 1) if left else [len(run)]
            for end in ends:
                if end <= start:
                    continue
                far = off(parent, start, end)
                following[end] += [(cost + far, (*cuts, end)) for cost, cuts in known]
        ways = [sorted(each)[:2] for each in following]
    found = ways[len(run)]
    if not found:
        raise UncertainError("more heads than columns")
    cuts = found[0][1]
    for parent, (start, end) in zip(sharing, pairwise(cuts), strict=True):
        width = edges[run[end - 1].last + 1] - edges[run[start].first]
        if off(parent, start, end) > max(_CENTRED * em, _CENTRED_PART * width):
            raise UncertainError("a head stands over columns that it is not centred on")
    if len(found) > 1 and found[1][0] - found[0][0] < CLEARER * em:
        raise UncertainError(f"{sharing[0].text} may stand over more columns, or over fewer")
    return [list(run[start:end]) for start, end in pairwise(cuts)]
