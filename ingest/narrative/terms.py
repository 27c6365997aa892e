"""The vocabulary of the standard sentences, read from the seed where it is declared once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

from ingest.document.text import fold, remembered, strip_enumerator
from ingest.narrative.model import ReasonCode
from ingest.narrative.starts import LENGTH, Starts, starts, starts_of
from ingest.registry import vocabulary_rows

_MOST_CHOICES = 16_384
"""How many beginnings of texts are remembered for a section."""
NUMBER = r"(?<!\d)\d[\d,，]{0,30}(?:\.\d{1,12})?"


@dataclass(frozen=True, slots=True)
class Term:
    """One expression of the grammar: what kind of word it is and what it says.

    ``kind`` is one of those that the seed lists. ``is_weak`` marks a subject that is only a filler where another subject
    stands before it.
    """

    kind: str
    fact: str | None
    code: str | None
    fund_code: str | None
    statement_code: str | None
    is_weak: bool
    pattern: re.Pattern[str]
    starts: Starts
    scope: frozenset[str] | None

    @property
    def reason_code(self) -> ReasonCode:
        """Why a figure is set aside where this term, of kind ``aside`` or ``skip``, says so."""
        return cast(ReasonCode, self.code)


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(map(_term, vocabulary_rows("narrative_terms")))


def _term(row: dict[str, str]) -> Term:
    pattern = row["pattern"].replace("{n}", NUMBER)
    return Term(
        kind=row["kind"],
        fact=row["fact"] or None,
        code=row["code"] or None,
        fund_code=row["fund_code"] or None,
        statement_code=row["statement_code"] or None,
        is_weak=row["is_weak"] == "true",
        pattern=re.compile(pattern),
        starts=starts(pattern),
        scope=None if row["sections"] == "*" else frozenset(row["sections"].split("|")),
    )


@remembered
def section_of(heading: str) -> str | None:
    """The section that a heading opens (a statement code, or glossary, duties, explanation …); None where it opens none."""
    folded = strip_enumerator(fold(heading))
    return next(
        (term.code for term in _terms() if term.kind == "section" and term.pattern.search(folded)), None
    )


class _Choices(dict[str, tuple[Term, ...]]):
    """A section's terms by the characters with which their matches can begin, found when those first occur in a text."""

    def __init__(self, section: str) -> None:
        super().__init__()
        self._by_start: dict[str, list[int]] = {}
        for number, term in enumerate(_terms()):
            if term.kind != "section" and (term.scope is None or section in term.scope):
                for start in term.starts:
                    self._by_start.setdefault(start, []).append(number)

    def __missing__(self, text: str) -> tuple[Term, ...]:
        if len(self) >= _MOST_CHOICES:
            self.clear()
        numbers = {number for start in starts_of(text) for number in self._by_start.get(start, ())}
        self[text] = tuple(_terms()[number] for number in sorted(numbers))
        return self[text]


_choices = cache(_Choices)


def find_terms(folded: str, section: str) -> Iterator[tuple[int, int, Term]]:
    """The terms of a folded sentence in printed order, each at its place; where several match, the registry's order decides."""
    choices = _choices(section)
    at = 0
    while at < len(folded):
        for term in choices[folded[at : at + LENGTH]]:
            match = term.pattern.match(folded, at)
            if match and match.end() > at:
                yield at, match.end(), term
                at = match.end()
                break
        else:
            at += 1
