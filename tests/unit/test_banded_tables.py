"""Tables with horizontal rules only are divided where pieces of rules end and where blanks part their texts, or stay lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from ingest.document.model import Table
from ingest.readers.page.page_blocks import blocks_of
from tests.unit.test_open_tables import Printed, Rule, cells, page

EDGES = (50.0, 200.0, 300.0, 400.0, 500.0)
LEVELS = (100.0, 120.0, 140.0, 160.0, 180.0)


def pieces(level: float, *edges: float) -> list[Rule]:
    """A rule that is drawn piece by piece."""
    return [(level, left, right) for left, right in pairwise(edges)]


def centred(text: str, left: float, right: float, level: float) -> Printed:
    width = sum(5 if letter.isascii() else 10 for letter in text)
    return text, (left + right - width) / 2, level


def tables(
    printed: Sequence[Printed], levels: Sequence[Rule], before: Sequence[float] | None = None
) -> list[list[list[str]]]:
    return [cells(block) for block in blocks_of(page(printed, levels), 1, before) if isinstance(block, Table)]


HEAD = [
    centred("项目", 50, 200, 125),
    centred("支出", 200, 500, 115),
    centred("合计", 200, 300, 135),
    centred("基本", 300, 400, 135),
    centred("其他", 400, 500, 135),
]
BODY: list[Printed] = [
    ("教育支出", 55, 155),
    ("3.00", -295, 155),
    ("3.00", -495, 155),
    ("卫生支出", 55, 175),
    ("2.00", -295, 175),
    ("2.00", -395, 175),
]
READ = [
    ["项目", "支出", "<", "<"],
    ["<", "合计", "基本", "其他"],
    ["教育支出", "3.00", "", "3.00"],
    ["卫生支出", "2.00", "2.00", ""],
]
DRAWN = [
    *pieces(100, 50, 200, 500),
    *pieces(120, *EDGES[1:]),
    *(piece for level in LEVELS[2:] for piece in pieces(level, *EDGES)),
]


def test_pieces_of_rules_show_columns() -> None:
    assert tables([*HEAD, *BODY], DRAWN) == [READ]


def test_a_head_over_several_columns_is_told_by_its_place_where_all_rules_are_cut_alike() -> None:
    drawn = [piece for level in LEVELS if level != 120 for piece in pieces(level, *EDGES)]
    drawn += pieces(120, *EDGES[1:])
    assert tables([*HEAD, *BODY], drawn) == [READ]


def test_a_name_that_touches_the_next_cell_is_divided_at_the_edge() -> None:
    body: list[Printed] = [("一二三四五六七八九十一二三四五", 50, 155), *BODY[1:3], *BODY[3:]]
    touching: list[Printed] = [*body, ("另一列名", 200, 195), ("第一列名一二三四五六七八九十甲", 50, 195)]
    drawn = [*DRAWN, *pieces(200, *EDGES)]
    assert tables([*HEAD, *touching], drawn)[0][-1] == ["第一列名一二三四五六七八九十甲", "另一列名", "", ""]


def test_dashes_are_no_columns() -> None:
    dashes = [(level, x, x + 5) for level in LEVELS for x in range(50, 500, 8)]
    assert tables([("一段说明", 60, 115), ("又一段说明", 60, 135), ("再一段", 60, 155)], dashes) == []


def test_blanks_part_the_texts_between_long_rules() -> None:
    names: list[Printed] = [
        ("一级指标", 55, 115),
        ("三级指标", 155, 115),
        ("指标值", 355, 115),
        ("产出", 55, 135),
        ("会议次数", 155, 135),
        ("≥3次", 355, 135),
        ("效益", 55, 155),
        ("一个写得很长很长而到列边的名", 155, 150),
        ("称", 155, 159),
        ("≥90%", 355, 155),
    ]
    long = [(level, 50.0, 500.0) for level in LEVELS[:4]]
    assert tables(names, long) == [
        [
            ["一级指标", "三级指标", "指标值"],
            ["产出", "会议次数", "≥3次"],
            ["效益", "一个写得很长很长而到列边的名\n称", "≥90%"],
        ]
    ]


def test_figures_of_two_columns_are_not_put_into_one() -> None:
    staggered: list[Printed] = [
        ("甲", 55, 115),
        ("1.00", 200, 115),
        ("乙", 55, 135),
        ("1.00", 400, 135),
        ("丙", 55, 155),
        ("1.00", 300, 155),
    ]
    assert tables(staggered, [(level, 50.0, 500.0) for level in LEVELS[:4]]) == []


def test_a_money_unit_between_rules_ends_a_table() -> None:
    second = [(y + 110, left, right) for y, left, right in DRAWN]
    below = [(text, side, level + 110) for text, side, level in [*HEAD, *BODY]]
    unit: Printed = ("单位：万元", -500, 198)
    assert tables([*HEAD, *BODY, unit, *below], [*DRAWN, *second]) == [READ, READ]


@pytest.mark.parametrize("is_continued", [True, False])
def test_rows_without_a_head_are_a_table_where_they_have_the_columns_of_the_page_before(
    is_continued: bool,
) -> None:
    rest: list[Printed] = [
        ("教育支出", 55, 115),
        ("3.00", -295, 115),
        ("卫生支出", 55, 135),
        ("2.00", -295, 135),
    ]
    partial = [(100.0, 50.0, 500.0), *pieces(120, 50, 200, 500), *pieces(140, 50, 200, 500)]
    found = tables(rest, partial, EDGES if is_continued else None)
    assert [len(table[0]) for table in found] == ([4] if is_continued else [])


def test_a_table_below_its_money_unit_does_not_go_on_that_of_the_page_before() -> None:
    """Some ends of its rules may lie where columns of that end, of which it has others."""
    before = (50.0, 200.0, 250.0, 300.0, 400.0, 500.0)
    spaced: list[Printed] = [("合", 220, 135), ("计", 270, 135)]
    printed = [("单位：万元", 440.0, 90.0), *HEAD[:2], *spaced, *HEAD[3:], *BODY]
    assert tables(printed, DRAWN, before) == tables(printed, DRAWN) != []
