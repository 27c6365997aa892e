"""Tables with horizontal rules only: where pieces of rules end, and where blanks part the texts between rules, columns end.

Between two rules whose pieces end at one place stands the edge of two cells, unless a text stands across it. Where only the
lower rule has an end there, the cell above it may be one over several columns: it is where it holds one text. A cell that
would hold two texts on one line is divided; where its columns cannot be told, there is no table.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from ingest.document.model import Box
from ingest.readers.page.open_heads import paired
from ingest.readers.page.open_lines import LEAST_FIGURES, OpenLine, Word, lines_in
from ingest.readers.page.printed import Numbers, PrintedPage

_ONE_PLACE = 3.0
"""Points up to which two rules are on one level, and two ends at one place."""
_LEAST_COLUMN = 7.0
"""Points; shorter pieces are dashes, corners and the joints of rules, and show no columns."""
_LEAST_LEVELS, _LEAST_SHOWING = 3, 2
"""How many rules a table has at least, and how many of them show the edge of a column."""
_INSET = 0.5
"""Points on both sides by which a table's rules are shorter than one of its page at least."""
_MOSTLY = 0.6
"""The part of a column over which a rule is one of its cells'."""
_ACROSS = 0.6
"""Ems on each side of an edge that a text across it reaches at least."""
_TOUCHING = 1.5
"""Points between an edge and a text that begins there."""
_MOST_TRIES = 4
"""How often the columns of a table are read again with those that blanks show."""
_ALIGNED = 1.0
"""Ems by which the figures of a column may stand to the left or right of each other."""
_CENTRED = 0.3
"""Ems up to which a letter stands in the middle of its column."""
_PARTED = 0.04
"""The ems by which the blank between texts of two cells differs from those between their letters."""
_MIDDLE, _OFF_MIDDLE = 0.6, 1.0
"""Ems up to which a text stands in the middle of its cell, and from which it does not."""
_MOST_FILLED = 3
"""How many times as many cells as are empty a row of heads has."""
_APART = 1.0
"""Ems between two texts on one line that one cell does not hold."""
_NEAR = 1.0
"""Ems from a table's upper rule up to which heads stand above it."""
_MOST_LEVELS, _MOST_COLUMNS, _MOST_WORDS = 1_000, 100, 500
"""How many rules and columns a table has at most, and how many words stand between two rules."""


@dataclass(slots=True)
class _Level:
    """The rules (left, right) at one height, those that touch as one, and where their pieces end."""

    y: float
    runs: list[tuple[float, float]]
    ends: list[float]

    def covers(self, left: float, right: float) -> bool:
        """Whether a rule stands over most of a column."""
        shared = sum(max(0.0, min(right, end) - max(left, start)) for start, end in self.runs)
        return shared >= _MOSTLY * (right - left)

    @property
    def sides(self) -> tuple[float, float]:
        """Where its first rule begins and its last one ends."""
        return self.runs[0][0], self.runs[-1][1]

    def breaks(self, x: float) -> bool:
        """Whether a piece ends at a place."""
        return _is_among(x, self.ends)


@dataclass(slots=True)
class BandedTable:
    """The cells of a table, and the number of the ruled table above it that is its head."""

    cells: list[Box]
    head: int | None


def _is_among(x: float, places: Sequence[float]) -> bool:
    return any(abs(place - x) <= _ONE_PLACE for place in places)


def banded_tables(
    page: PrintedPage,
    chars: Sequence[int],
    ruled: Sequence[Sequence[float]],
    boxes: Sequence[Box],
    before: Sequence[float] | None,
    is_read: bool = False,
) -> list[BandedTable]:
    """Such tables outside ruled ones, from top to bottom; ``chars`` are the characters there.

    ``boxes`` are those of the ruled tables, and ``ruled`` the edges of their columns: one of them may be the head of such a
    table. ``before`` are the edges of the columns of a table with which the page before ended, and that one may continue.
    ``is_read``: columns that no rule shows are read from the blanks between texts.
    """
    levels = _levels(_outside(page.horizontals, boxes))
    if len(levels) + bool(boxes) < _LEAST_LEVELS:  # a ruled table's lower side may be the first level
        return []
    lines = lines_in(page, chars)
    tables: list[BandedTable] = []
    for group in _groups(levels, lines, boxes):
        head = _head_above(group, lines, ruled, boxes)
        is_first = not tables and not any(line.is_note and line.level < group[0].y for line in lines)
        known: Sequence[float] = before or () if is_first else ()
        if head is not None:
            known = ruled[head]
            group = [_Level(boxes[head][3], [(known[0], known[-1])], list(known)), *group]
        if len(group) < _LEAST_LEVELS or (head is None and _has_heads_above(group, lines)):
            continue
        if cells := _cells(group, lines, known, head is not None, is_read):
            tables.append(BandedTable(cells, head))
    return tables


def _has_heads_above(levels: Sequence[_Level], lines: Sequence[OpenLine]) -> bool:
    """Whether heads stand right above the first rule, which is not the table's upper side then."""
    first = bisect(lines, levels[0].y, key=lambda line: line.level)
    return any(
        levels[0].y - line.bottom < _NEAR * line.em
        and not (line.has_figures or line.is_caption or line.is_prose)
        and any(right.left - left.right > _APART * line.em for left, right in pairwise(line.words))
        for line in lines[max(0, first - 1) : first]
    )


def _head_above(
    levels: Sequence[_Level],
    lines: Sequence[OpenLine],
    edges: Sequence[Sequence[float]],
    boxes: Sequence[Box],
) -> int | None:
    """The number of the ruled table that is the head of rules below it: as wide as they are, and with no note between."""
    left, right = min(level.sides[0] for level in levels), max(level.sides[1] for level in levels)
    above = [number for number, box in enumerate(boxes) if box[3] <= levels[0].y]
    if not above:
        return None
    nearest = max(above, key=lambda number: boxes[number][3])
    is_near = not any(line.is_note and boxes[nearest][3] < line.level < levels[0].y for line in lines)
    is_one = _is_among(left, edges[nearest]) and _is_among(right, edges[nearest])
    return nearest if is_one and is_near else None


def _outside(horizontals: Numbers, ruled: Sequence[Box]) -> Numbers:
    """The horizontal rules (y, left, right) that are not part of ruled tables."""
    outside = np.ones(len(horizontals), np.bool_)
    for left, top, right, bottom in ruled:
        y, start, end = horizontals.T
        outside &= ~(
            (y >= top - _ONE_PLACE)
            & (y <= bottom + _ONE_PLACE)
            & (start < right + _ONE_PLACE)
            & (end > left - _ONE_PLACE)
        )
    return horizontals[outside]


def _levels(horizontals: Numbers) -> list[_Level]:
    """The rules by their height, from top to bottom."""
    ordered = horizontals[np.argsort(horizontals[:, 0], kind="stable")]
    starts = np.flatnonzero(np.diff(ordered[:, 0], prepend=-np.inf) > _ONE_PLACE)
    return [_level(group) for group in np.split(ordered, starts[1:]) if len(group)]


def _level(rules: Numbers) -> _Level:
    pieces = sorted({(left, right) for _, left, right in rules.tolist()})
    runs: list[tuple[float, float]] = []
    for left, right in pieces:
        if runs and left <= runs[-1][1] + _ONE_PLACE:
            runs[-1] = runs[-1][0], max(runs[-1][1], right)
        else:
            runs.append((left, right))
    ends = [end for piece in pieces if piece[1] - piece[0] >= _LEAST_COLUMN for end in piece]
    return _Level(float(rules[:, 0].mean()), runs, _places(ends))


def _places(ends: Sequence[float]) -> list[float]:
    """Ends that are at one place as one, from left to right."""
    found: list[list[float]] = []
    for end in sorted(ends):
        if found and end - found[-1][0] <= _ONE_PLACE:
            found[-1].append(end)
        else:
            found.append([end])
    return [sum(group) / len(group) for group in found]


def _groups(levels: Sequence[_Level], lines: Sequence[OpenLine], boxes: Sequence[Box]) -> list[list[_Level]]:
    """The levels of each table. One ends where the next rule is another one's, or a table or a text about one stands between."""
    groups: list[list[_Level]] = []
    left, right = 0.0, 0.0
    middles = sorted((top + bottom) / 2 for _, top, _, bottom in boxes)
    for level in levels:
        if groups and _is_of_one_table(groups[-1], left, right, level):
            last = groups[-1][-1]
            is_parted = bisect(middles, last.y) < bisect(middles, level.y)
            if not is_parted and not _are_parted(last, level, left, right, lines):
                groups[-1].append(level)
                left, right = min(left, level.sides[0]), max(right, level.sides[1])
                continue
        groups.append([level])
        left, right = level.sides
    return groups


def _is_of_one_table(upper: Sequence[_Level], left: float, right: float, level: _Level) -> bool:
    """Whether a rule stands within the width of those above it, which they have together, or is wider on one side."""
    start, end = level.sides
    is_aligned = abs(start - left) <= _ONE_PLACE or abs(end - right) <= _ONE_PLACE
    is_within = left - _ONE_PLACE <= start and end <= right + _ONE_PLACE
    is_wider = start <= left + _ONE_PLACE and right - _ONE_PLACE <= end
    if len(upper) == 1 and start > left + _INSET and end < right - _INSET and not upper[0].breaks(start):
        return False  # the rule above is the page's
    is_below = len(upper) > 1 or (upper[0].breaks(start) and upper[0].breaks(end))
    return (is_within and (is_aligned or is_below)) or (is_wider and is_aligned)


def _are_parted(upper: _Level, lower: _Level, left: float, right: float, lines: Sequence[OpenLine]) -> bool:
    """Whether what stands between a table's last rule and the next one is no row of it: a note, or a money unit, over its
    whole width.
    """
    if any(
        abs(one.sides[0] - left) > _ONE_PLACE or abs(one.sides[1] - right) > _ONE_PLACE
        for one in (upper, lower)
    ):
        return False
    first, last = (bisect(lines, level.y, key=lambda line: line.level) for level in (upper, lower))
    between = lines[first:last]
    if not any(line.is_note for line in between):
        return False
    words = [word for line in between for word in line.words]
    edges = [x for x in upper.ends if lower.breaks(x)]
    held = {bisect(edges, word.middle) for word in words}
    return len(held) == 1 or any(_is_across(word, x) for word in words for x in edges)


def _cells(
    levels: Sequence[_Level],
    lines: Sequence[OpenLine],
    known: Sequence[float],
    is_below_head: bool,
    is_read: bool,
) -> list[Box]:
    """The cells between rules; empty where the columns cannot be told, or figures have no head between the rules."""
    if len(levels) > _MOST_LEVELS:
        return []
    places = _places([end for level in levels for end in level.ends])
    showing = Counter(
        place for level in levels for place in {bisect(places, end + _ONE_PLACE) for end in level.ends}
    )
    xs = [x for number, x in enumerate(places, start=1) if showing[number] >= _LEAST_SHOWING]
    words = sorted((word for line in lines for word in line.words), key=_height)
    has_figures = any(word.is_figure and levels[0].y < _height(word) < levels[1].y for word in words)
    is_rest = (
        bool(xs) and all(_is_among(x, known) for x in xs) and (has_figures or is_below_head or len(xs) > 2)
    )
    if is_rest and (len(xs) > 2 or is_below_head or is_read):
        xs = [edge for edge in known if xs[0] - _ONE_PLACE <= edge <= xs[-1] + _ONE_PLACE]
    given = set(xs)
    for _ in range(_MOST_TRIES if len(xs) > (1 if is_read else 2) else 1):
        strips = _strips(levels, xs, words) if len(xs) <= _MOST_COLUMNS else []
        if (has_figures and not is_rest) or any(len(strip.words) > _MOST_WORDS for strip in strips):
            return []
        cells, blanks = _divided_strips(strips, xs, set(xs) - given)
        if not blanks:
            return [] if _are_loose(strips, words) else cells
        xs = sorted([*xs, *_between(blanks, words)])
    return []


def _are_loose(strips: Sequence[_Strip], words: Sequence[Word]) -> bool:
    """Whether numbers stand between the cells of a table, in none: rules there do not show its rows."""
    if not strips:
        return False
    first, last = (bisect(words, level.y, key=_height) for level in (strips[0].upper, strips[-1].lower))
    left, right = min(strip.xs[0] for strip in strips), max(strip.xs[-1] for strip in strips)
    held = {id(word) for strip in strips for word in strip.words}
    return any(
        word.is_number and left < word.middle < right and id(word) not in held for word in words[first:last]
    )


def _height(word: Word) -> float:
    return (word.top + word.bottom) / 2


def _divided_strips(
    strips: Sequence[_Strip], xs: Sequence[float], read: set[float]
) -> tuple[list[Box], list[tuple[float, float]]]:
    """The cells of strips whose columns have these edges, and the blanks between texts that one cell would hold.

    ``read`` are the edges that only blanks show: there are no cells where the figures of such a column do not stand below
    each other, or, several in a row, have no head; nor where all cells are one below the other.
    """
    is_told = any(
        not level.breaks(x)
        for strip in strips
        for x in strip.xs[1:-1]
        for level in (strip.upper, strip.lower)
    )
    cells: list[Box] = []
    blanks: list[tuple[float, float]] = []
    columns: dict[tuple[float, float], list[Word]] = defaultdict(list)
    bare: list[Box] = []
    has_begun = False
    for strip in strips:
        numbers = [word for word in strip.words if word.is_number]
        has_begun = has_begun or any(word.is_figure for word in numbers)
        edges = _edges(strip, not has_begun, is_told)
        row: list[Box] = []
        empty: list[Box] = []
        for left, right in pairwise(edges):
            held = [word for word in strip.words if left < word.middle < right]
            is_drawn = len(edges) > 2 and all(strip.shows(x) for x in (left, right))
            blanks += _blanks([word for word in held if word.is_figure or not is_drawn])
            row.append((left, strip.upper.y, right, strip.lower.y))
            if not held:
                empty.append(row[-1])
            if left in read or right in read:
                columns[left, right] += [word for word in held if word.is_figure]
            is_number = not is_drawn and any(word in numbers for word in held)
            if is_number and len(numbers) >= LEAST_FIGURES and any(_is_above(box, row[-1]) for box in bare):
                return [], []
        cells += row
        if not has_begun and len(row) > _MOST_FILLED * len(empty):
            bare += empty
    is_one_column = all(_are_aligned(column) for column in columns.values())
    return cells if is_one_column and any(cell[0] > xs[0] for cell in cells) else [], blanks


def _is_above(head: Box, box: Box) -> bool:
    return head[3] == box[1] and head[0] < box[2] and box[0] < head[2]


def _between(blanks: Sequence[tuple[float, float]], words: Sequence[Word]) -> list[float]:
    """As few places as possible, so that one is in each blank, where they cross the fewest of the words."""
    found: list[tuple[float, float]] = []
    for start, end in sorted(blanks, key=lambda blank: blank[1]):
        if found and start < found[-1][1]:
            found[-1] = max(found[-1][0], start), found[-1][1]
        else:
            found.append((start, end))
    return [
        min(
            ((start + end) / 2, end, start),
            key=lambda x: sum(min(x - word.left, word.right - x) > _TOUCHING for word in words),
        )
        for start, end in found
    ]


def _are_aligned(figures: Sequence[Word]) -> bool:
    """Whether figures end, begin or have their middles below each other, as those of one column do."""
    if len(figures) < 2:
        return True
    em = max(figure.em for figure in figures)
    sides = (
        [word.left for word in figures],
        [word.middle for word in figures],
        [word.right for word in figures],
    )
    return any(max(side) - min(side) <= _ALIGNED * em for side in sides)


@dataclass(slots=True)
class _Strip:
    """The edges that columns have between two rules, and the words there."""

    xs: Sequence[float]
    upper: _Level
    lower: _Level
    words: Sequence[Word]

    def shows(self, x: float) -> bool:
        """Whether a piece of its rules ends at a place."""
        return self.upper.breaks(x) or self.lower.breaks(x)


def _strips(levels: Sequence[_Level], xs: Sequence[float], words: Sequence[Word]) -> list[_Strip]:
    """Where neighbouring columns have the same upper and lower rule, from top to bottom; ``words`` are ordered by height.

    What a page break cuts off reaches down to the last rule.
    """
    covering = [
        [number for number, level in enumerate(levels) if level.covers(*slot)] for slot in pairwise(xs)
    ]
    bands = [
        list(pairwise([*span, len(levels) - 1] if span and span[-1] < len(levels) - 1 else span))
        for span in covering
    ]
    found = []
    for number, column in enumerate(bands):
        for band in column:
            if number and band in bands[number - 1]:
                continue
            last = number
            while last + 1 < len(bands) and band in bands[last + 1]:
                last += 1
            found.append((band, number, last + 2))
    strips = []
    for (upper, lower), first, end in sorted(found):
        start, stop = (bisect(words, levels[number].y, key=_height) for number in (upper, lower))
        inside = [word for word in words[start:stop] if xs[first] < word.middle < xs[end - 1]]
        strips.append(_Strip(xs[first:end], levels[upper], levels[lower], inside))
    return strips


def _edges(strip: _Strip, is_head: bool, is_told: bool) -> list[float]:
    """The edges of the cells of a strip, of those that the columns have."""
    xs, upper, lower, words = strip.xs, strip.upper, strip.lower, strip.words
    rows = _rows(words, xs, is_head)
    open_xs = [x for x in xs[1:-1] if not _is_closed(x, rows, upper.breaks(x) and lower.breaks(x), is_told)]
    texts = _stacked([[part for word in row for part in _divided(word, open_xs)] for row in rows])
    edges = [xs[0]]
    for x in [*(x for x in open_xs if upper.breaks(x)), xs[-1]]:
        waiting = [other for other in open_xs if edges[-1] < other < x]
        held = sum(edges[-1] < text.middle < x for text in texts)
        edges += [*(waiting if held > 1 else []), x]
    has_figures = any(word.is_figure for word in words)
    return edges if has_figures or not texts else _shared(edges, texts, is_head)


def _is_closed(x: float, rows: Sequence[Sequence[Word]], is_drawn: bool, is_told: bool) -> bool:
    """Whether a text across an edge shows that there is none.

    It does not where both rules end there (``is_drawn``) and other lines stand on both sides of it, or, in a table whose
    rules do not end at every column everywhere (``is_told``), a letter begins there.
    """
    words = [word for row in rows for word in row]
    across = [word for word in words if _is_across(word, x)]
    if not across or not is_drawn:
        return bool(across)
    beside = [word for word in words if word not in across]
    is_between = any(word.right <= x + _ONE_PLACE for word in beside) and any(
        word.left >= x - _ONE_PLACE for word in beside
    )
    return not (is_between or (is_told and all(_letter_at(word, x) for word in across)))


def _rows(words: Sequence[Word], xs: Sequence[float], is_head: bool) -> list[list[Word]]:
    """Words line by line, from left to right; two letters that do not stand in the middle of a column are one word, in a
    head and where nothing else stands.
    """
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.bottom):
        if not rows or word.bottom - rows[-1][0].bottom > _ONE_PLACE:
            rows.append([])
        rows[-1].append(word)
    ordered = [sorted(row, key=lambda word: word.left) for row in rows]
    return [
        paired(row, (), ())
        if (is_head or len(words) == 2) and not any(_is_single(word, xs) for word in row)
        else row
        for row in ordered
    ]


def _is_single(word: Word, xs: Sequence[float]) -> bool:
    """Whether a letter stands in the middle of a column."""
    return len(word.text) == 1 and any(
        abs(word.middle - (left + right) / 2) <= _CENTRED * word.em for left, right in pairwise(xs)
    )


def _stacked(rows: Sequence[Sequence[Word]]) -> list[Word]:
    """The texts of cells: words that stand one below the other as one."""
    texts: list[Word] = []
    for row in rows:
        for word in row:
            above = next((at for at, text in enumerate(texts) if _is_below(text, word)), None)
            if above is None:
                texts.append(word)
            else:
                texts[above] = texts[above].joined(word)
    return sorted(texts, key=lambda text: text.left)


def _is_below(text: Word, word: Word) -> bool:
    """Whether most of the narrower one stands below or above the other."""
    shared = min(text.right, word.right) - max(text.left, word.left)
    return shared > min(text.right - text.left, word.right - word.left) / 2


def _shared(edges: Sequence[float], texts: Sequence[Word], is_head: bool) -> list[float]:
    """The edges without those inside cells over several columns: there a text stands in the middle of all of them."""
    parts = len(edges) - 1
    places = [bisect(edges, text.middle) - 1 for text in texts]
    if len(texts) >= parts or len(set(places)) < len(places):
        return list(edges)
    ways: dict[int, tuple[float, list[float]]] = {0: (0.0, [edges[0]])}
    for left, text in enumerate(texts, start=1 - len(texts)):
        ways = {
            end: min(
                (max(off, abs(text.middle - (edges[start] + edges[end]) / 2) / text.em), [*way, edges[end]])
                for start, (off, way) in ways.items()
                if start < end
            )
            for end in range(min(ways) + 1, parts + left + 1)
        }
    off, best = ways[parts]
    own = max(
        abs(text.middle - (edges[place] + edges[place + 1]) / 2) / text.em
        for text, place in zip(texts, places, strict=True)
    )
    return best if off <= _MIDDLE and (is_head or own > _OFF_MIDDLE) else list(edges)


def _is_across(text: Word, x: float) -> bool:
    """Whether a text reaches beyond an edge on both sides; a figure that touches what stands beside it is a text of its own."""
    if min(x - text.left, text.right - x) <= _ACROSS * text.em:
        return False
    at = _letter_at(text, x)
    if not at:
        return True
    gaps = [after[0] - before[1] for before, after in pairwise(text.places)]
    is_parted = abs(gaps[at - 1] - median(gaps)) > _PARTED * text.em
    return not (is_parted or text.part(0, at).is_figure or text.part(at, len(text.text)).is_figure)


def _divided(text: Word, xs: Sequence[float]) -> list[Word]:
    """The parts of a text that stand in several cells."""
    cuts = [at for x in xs if text.left < x < text.right and (at := _letter_at(text, x))]
    return [text.part(start, end) for start, end in pairwise([0, *cuts, len(text.text)])] if cuts else [text]


def _letter_at(text: Word, x: float) -> int:
    """The number of the letter of a text that begins at a place; 0 where none does."""
    if len(text.places) != len(text.text):
        return 0
    return next((at for at, (left, _) in enumerate(text.places) if abs(left - x) <= _TOUCHING), 0)


def has_blank(page: PrintedPage, chars: Sequence[int]) -> bool:
    """Whether the text of a cell is parted as only texts of two cells are."""
    return bool(_blanks([word for line in lines_in(page, chars) for word in line.words]))


def _blanks(words: Sequence[Word]) -> list[tuple[float, float]]:
    """Where the blanks between texts begin and end that are too wide for one cell."""
    found: list[tuple[float, float]] = []
    right: float | None = None
    for text in _stacked(_rows(words, (), False)):
        if right is not None and text.left - right > _APART * text.em and len(text.text) > 1:
            found.append((right, text.left))
        right = text.right if right is None else max(right, text.right)
    return found
