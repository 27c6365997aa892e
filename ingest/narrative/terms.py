"""The vocabulary of the standard sentences, read from the seed where it is declared once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.forms.registry import registry_rows
from ingest.text import fold

NUMBER = r"\d[\d,，]*(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class Term:
    """One expression of the grammar: what kind of word it is and what it says.

    ``kind`` is one of: section, subject, fund, basis, direction, ratio, skip, resume, list, includes, aside.
    ``is_weak`` marks a subject that is only a filler where another subject stands before it.
    """

    kind: str
    fact: str | None
    code: str | None
    fund_code: str | None
    statement_code: str | None
    is_weak: bool
    pattern: str
    scope: frozenset[str] | None


@cache
def _terms() -> tuple[Term, ...]:
    return tuple(
        Term(
            kind=row["kind"],
            fact=row["fact"] or None,
            code=row["code"] or None,
            fund_code=row["fund_code"] or None,
            statement_code=row["statement_code"] or None,
            is_weak=row["is_weak"] == "true",
            pattern=row["pattern"].replace("{n}", NUMBER),
            scope=None if row["sections"] == "*" else frozenset(row["sections"].split("|")),
        )
        for row in registry_rows("narrative_terms")
    )


@cache
def section_of(heading: str) -> str | None:
    """The section that a heading opens (a statement code, or glossary, duties, explanation …); None where it opens none."""
    folded = fold(heading)
    return next(
        (term.code for term in _terms() if term.kind == "section" and re.search(term.pattern, folded)), None
    )


@cache
def _lexicon(section: str) -> tuple[re.Pattern[str], tuple[Term, ...]]:
    terms = tuple(
        term for term in _terms() if term.kind != "section" and (term.scope is None or section in term.scope)
    )
    return re.compile("|".join(f"(?P<t{number}>{term.pattern})" for number, term in enumerate(terms))), terms


def find_terms(folded: str, section: str) -> Iterator[tuple[int, int, Term]]:
    """The terms of a folded sentence in printed order, each at its place; the registry's order decides between two."""
    pattern, terms = _lexicon(section)
    for match in pattern.finditer(folded):
        if match.lastgroup and match.end() > match.start():
            yield match.start(), match.end(), terms[int(match.lastgroup[1:])]
