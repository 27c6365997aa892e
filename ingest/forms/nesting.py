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
    """Finds the tree from the top down, remembering where rows from each place on can have filled up a sum."""

    def __init__(self, amounts: list[int], is_rounded: bool) -> None:
        self.amounts = amounts
        self.is_rounded = is_rounded
        self.steps = 0
        self.found: dict[tuple[int, int, int], dict[int, int]] = {}

    def run(self, total: int) -> list[int] | None:
        """For each row the place at which its parts end; the next place where it has none. None without a tree."""
        count = len(self.amounts)
        if count not in self._ends(0, total, 0):
            return None
        ends = [place + 1 for place in range(count)]
        self._trace(0, total, count, ends)
        return ends

    def _is_filled(self, rest: int, count: int) -> bool:
        return count > 0 and abs(rest) <= self._slack(count)

    def _slack(self, count: int) -> int:
        """By how much a sum of so many rounded terms may be off; one term is the sum itself."""
        return (count + 1) // 2 if self.is_rounded and count > 1 else 0

    def _key(self, place: int, rest: int, count: int) -> tuple[int, int, int]:
        return place, rest, count if self.is_rounded else min(count, 1)

    def _ends(self, place: int, rest: int, count: int) -> dict[int, int]:
        """The places at which rows from ``place`` on can have filled up ``rest``, each with where the first row's parts end.

        Rows are tried with parts first.
        """
        if self._is_filled(rest, count):
            return {place: place}
        key = self._key(place, rest, count)
        if key in self.found:
            return self.found[key]
        self.steps += 1
        if self.steps > _MOST_STEPS or place == len(self.amounts):
            return {}
        found = self.found[key] = {}
        amount = self.amounts[place]
        if amount > rest + self._slack(count + 1):
            return found
        for parts_end in [*self._ends(place + 1, amount, 0), place + 1]:
            for end in self._ends(parts_end, rest - amount, count + 1):
                found.setdefault(end, parts_end)
        return found

    def _trace(self, place: int, rest: int, end: int, ends: list[int]) -> None:
        """Note where the parts of each row of the tree end that fills up ``rest`` at ``end``."""
        count = 0
        while not self._is_filled(rest, count):
            ends[place] = self._ends(place, rest, count)[end]
            if ends[place] > place + 1:
                self._trace(place + 1, self.amounts[place], ends[place], ends)
            rest, count, place = rest - self.amounts[place], count + 1, ends[place]
