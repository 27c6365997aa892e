"""Which terms a place of a sentence can hold: what tells them spares time and changes no result."""

from __future__ import annotations

import re
from functools import cache
from itertools import cycle

import pytest

from ingest.document.text import fold_in_place
from ingest.narrative.starts import starts
from ingest.narrative.terms import Term, _terms, find_terms
from tests.golden.corpus import CORPUS, names

SECTIONS = sorted({section for term in _terms() if term.scope for section in term.scope})


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(?:年末)?(?:实有|现有)?在职", {"年", "实", "现", "在"}),
        ("(?:核定|总)*编制", {"核", "总", "编"}),
        (r"\d{1,3}个|等\d", {"0", "等"}),
        ("[5七]月", {"0", "七"}),
        ("(?<!离)退休", {"退"}),
        ("(?=收)(?:收入|支出)", {"收", "支"}),
        ("(?:增)?(?:减)*", {"增", "减", ""}),
        ("[^,]家", None),
        ("[一-三]家", None),
        ("(?:共|.)家", None),
        ("(?i)PPP", None),
        ("(?i:PPP)项目", None),
    ],
)
def test_the_characters_with_which_a_match_can_begin(pattern: str, expected: set[str] | None) -> None:
    assert starts(pattern) == (None if expected is None else frozenset(expected))


@pytest.mark.parametrize("name", names())
def test_terms_are_those_that_all_of_them_tried_everywhere_find(name: str) -> None:
    text = fold_in_place((CORPUS / f"{name}.txt").read_text(encoding="utf-8"))
    for line, section in zip(text.splitlines(), cycle(SECTIONS), strict=False):
        assert list(find_terms(line, section)) == _tried_everywhere(line, section)


@cache
def _alternation(section: str) -> tuple[re.Pattern[str], list[Term]]:
    terms = [
        term for term in _terms() if term.kind != "section" and (not term.scope or section in term.scope)
    ]
    return re.compile("|".join(f"({term.pattern.pattern})" for term in terms)), terms


def _tried_everywhere(line: str, section: str) -> list[tuple[int, int, Term]]:
    pattern, terms = _alternation(section)
    return [
        (*match.span(), terms[match.lastindex - 1])
        for match in pattern.finditer(line)
        if match.lastindex is not None
    ]
