"""Which terms a place of a sentence can hold: what tells them spares time and changes no result."""

from __future__ import annotations

import re
from functools import cache
from itertools import cycle

import pytest

from ingest.document.text import fold_in_place
from ingest.narrative.starts import known_starts, starts, starts_in, starts_of
from ingest.narrative.terms import Term, _terms, find_terms
from tests.golden.corpus import CORPUS, names

SECTIONS = sorted({section for term in _terms() if term.scope for section in term.scope})


@pytest.mark.parametrize(
    ("pattern", "possible", "impossible"),
    [
        ("(?:年末)?(?:实有|现有)?在职", "年末 实有 现有 在职", "年在 在岗 末在 在"),
        ("(?:核定|总)*编制", "核定 总总 总编 总核 编制", "核总 制编"),
        (r"\d{1,3}个|等\d", "12 3个 等4", "个1 等个 等"),
        ("[5七]月", "5月 6月 七月", "八月 七日"),
        ("(?<!离)退休", "退休", "离退"),
        ("(?=收)(?:收入|支出)", "收入 支出", "收支"),
        ("增?减*", "增减 减减 增加 其他", ""),
        ("元", "元整 元", "万元"),
        ("[^,]家", "一家", "一户"),
        ("[一-三]家", "一家", "一户"),
        ("(?:共|.)家", "共家", "共有"),
        ("(?:其他)?.收", "其他 他收", "收入"),
        ("(?i)PPP", "pP", ""),
        ("(?i:PPP)项目", "pp 项目", ""),
    ],
)
def test_the_characters_with_which_a_match_can_begin(pattern: str, possible: str, impossible: str) -> None:
    found = starts(pattern)
    assert [text for text in possible.split() if found.isdisjoint(starts_of(text))] == []
    assert [text for text in impossible.split() if not found.isdisjoint(starts_of(text))] == []


@pytest.mark.parametrize(
    ("pattern", "text", "can_hold"),
    [
        ("建筑面积", "房屋建筑面积", True),
        ("建筑面积", "建设面积筑", False),
        (r"\d万元", "约3万元", True),
        (r"\d万元", "万元3", False),
        ("元", "3元", True),
    ],
)
def test_whether_a_text_can_hold_a_match(pattern: str, text: str, can_hold: bool) -> None:
    known = known_starts(pattern)
    assert known is not None
    assert known.isdisjoint(starts_in(text)) != can_hold
    assert known_starts("." + pattern) is None


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
