"""The tree that a column of amounts makes: a row stands above the rows that follow it and add up to it."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_ROWS = 300
"""The longest run of rows that is read as a tree; longer ones stay flat."""
_MOST_STEPS = 50_000
"""The most states that a search tries before it gives up."""


def nest(amounts: Sequence[int], total: int, is_rounded: bool) -> list[int | None] | None:
    """For each row the index of the row that it is a part of; None for a part of the total itself.

    ``amounts`` and ``total`` count the last printed decimal. Every row is either a part or the sum of the rows right
    below it, and the uppermost rows add up to the total; None where no such tree exists. ``is_rounded``: sums may be off by
    half a unit of the last decimal for each of their terms. A row of the same amount as the one above it is
    that row's only part where the total allows it.
    """
    filled = [index for index, amount in enumerate(amounts) if amount]
    if not filled or len(filled) > _MOST_ROWS or total <= 0 or min(amounts) < 0:
        return None
    ends = _Search([amounts[index] for index in filled], is_rounded).run(total)
    if ends is None:
        return None
    parents: list[int | None] = [None] * len(amounts)
    open_rows: list[tuple[int, int]] = []
    for place, index in enumerate(filled):
        while open_rows and place >= open_rows[-1][1]:
            open_rows.pop()
        parents[index] = filled[open_rows[-1][0]] if open_rows else None
        if ends[place] > place + 1:
            open_rows.append((place, ends[place]))
    for index, amount in enumerate(amounts):
        if not amount and index and parents[index] is None:
            parents[index] = parents[index - 1]
    return parents


class _Search:
    """Finds the tree from the top down, remembering which states lead nowhere."""

    def __init__(self, amounts: list[int], is_rounded: bool) -> None:
        self.amounts = amounts
        self.is_rounded = is_rounded
        self.steps = 0
        self.found: dict[tuple[int, int, int], tuple[int, int] | None] = {}

    def run(self, total: int) -> list[int] | None:
        """For each row the place at which its parts end; the next place where it has none. None without a tree."""
        if self._fill(0, total, 0) != len(self.amounts):
            return None
        ends = [place + 1 for place in range(len(self.amounts))]
        self._trace(0, total, 0, ends)
        return ends

    def _is_filled(self, rest: int, count: int) -> bool:
        return count > 0 and abs(rest) <= self._slack(count)

    def _slack(self, count: int) -> int:
        """By how much a sum of so many rounded terms may be off; one term is the sum itself."""
        return (count + 1) // 2 if self.is_rounded and count > 1 else 0

    def _fill(self, place: int, rest: int, count: int) -> int | None:
        """The place at which rows from ``place`` on have filled up ``rest``; None where they cannot."""
        if self._is_filled(rest, count):
            return place
        key = (place, rest, count if self.is_rounded else 0)
        if key in self.found:
            known = self.found[key]
            return known[0] if known else None
        self.steps += 1
        if self.steps > _MOST_STEPS or place == len(self.amounts):
            return None
        amount = self.amounts[place]
        self.found[key] = None
        if amount > rest + self._slack(count + 1):
            return None
        parts_end = self._fill(place + 1, amount, 0)
        for end in [parts_end, place + 1] if parts_end is not None else [place + 1]:
            filled = self._fill(end, rest - amount, count + 1)
            if filled is not None:
                self.found[key] = (filled, end)
                return filled
        return None

    def _trace(self, place: int, rest: int, count: int, ends: list[int]) -> None:
        """Note where the parts of each row of the found tree end."""
        while not self._is_filled(rest, count):
            known = self.found[(place, rest, count if self.is_rounded else 0)]
            if known is None:
                return
            ends[place] = known[1]
            if known[1] > place + 1:
                self._trace(place + 1, self.amounts[place], 0, ends)
            rest, count, place = rest - self.amounts[place], count + 1, known[1]
