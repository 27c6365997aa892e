"""Headers, columns and labels of one table."""

from __future__ import annotations

import pytest

from ingest.document.model import Table, TextLine
from ingest.forms.columns import read_columns
from ingest.forms.grid import Piece, Row, is_header_row, is_order_row, split_label, split_table
from ingest.registry import forms
from tests.unit.documents import table


def piece(found: Table) -> Piece:
    (part,) = [part for part in split_table(found) if isinstance(part, Piece)]
    return part


def columns(found: Table, statement: str) -> list[tuple[str, dict[str, str]]]:
    part = piece(found)
    read = read_columns(
        [part], part.header, part.col_count, statement, forms()[statement].layout, found.knows_merged_cells
    )
    hidden = {"role", "neutral", "span"}
    return [(each.kind, {k: v for k, v in each.words.items() if k not in hidden}) for each in read]


def test_title_unit_and_notes_inside_a_table_are_lines() -> None:
    parts = split_table(
        table(
            ("支出决算表", "", "公开03表"),
            ("部门：甲局", "", "单位：万元"),
            ("科目编码", "科目名称", "合计"),
            ("201", "一般公共服务支出", "1.00"),
            ("注：本表反映支出。", "", ""),
        )
    )
    assert [part.text if isinstance(part, TextLine) else "piece" for part in parts] == [
        "支出决算表", "公开03表", "部门：甲局", "单位：万元", "piece", "注：本表反映支出。",
    ]  # fmt: skip


def test_header_ends_where_amounts_or_codes_begin() -> None:
    part = piece(
        table(("科目编码", "科目名称", "合计"), ("栏次", "", "1"), ("", "合计", "5"), ("201", "某支出", "5"))
    )
    assert (len(part.header), len(part.body)) == (2, 2)


@pytest.mark.parametrize(
    ("texts", "is_order"), [(("1", "2", "3"), True), (("栏次", "1"), True), (("1", "9"), False)]
)
def test_order_rows(texts: tuple[str, ...], is_order: bool) -> None:
    assert is_order_row(Row(table(texts).grid[0], None)) is is_order


def test_lone_total_below_a_header_is_body() -> None:
    assert not is_header_row(Row(table(("合计", "")).grid[0], None), True)


def test_merged_heads_of_padded_text_reach_right() -> None:
    found = table(
        ("科目编码", "科目名称", "本年支出", "", ""),
        ("", "", "小计", "基本支出", "项目支出"),
        ("201", "某", "3", "1", "2"),
    )
    assert columns(found, "expenditure") == [
        ("code", {}), ("name", {}), ("amount", {}),
        ("amount", {"measure": "basic"}), ("amount", {"measure": "project"}),
    ]  # fmt: skip


def test_merged_heads_that_count_once_are_placed() -> None:
    found = table(("收入", "支出"), ("项目", "决算数", "项目", "决算数"), ("其他收入", "1", "教育支出", "1"))
    part = piece(found)
    assert [cell.text for cell in part.header[0].cells if cell] == ["收入", "收入", "支出", "支出"]


def test_short_header_that_nothing_places_is_not_placed() -> None:
    found = table(
        ("项目", "本年支出合计", "基本支出", "项目支出"),
        ("科目编码", "科目名称"),
        ("201", "某支出", "3", "1", "2"),
    )
    assert not piece(found).is_placed


def test_codes_of_the_government_classification_stand_beside_the_rows_own() -> None:
    found = table(
        ("部门预算支出经济分类", "", "政府预算支出经济分类", "", "金额"),
        ("科目编码", "科目名称", "科目编码", "科目名称", ""),
        ("30101", "基本工资", "50101", "工资奖金津补贴", "8.00"),
    )
    assert [kind for kind, _ in columns(found, "general_public_basic")] == [
        "code",
        "name",
        "government",
        "government",
        "amount",
    ]


def test_total_beside_the_total_of_the_year_is_that_of_all_means() -> None:
    found = table(
        ("科目编码", "科目名称", "合计", "本年收入", "", "上年结转", ""),
        ("", "", "", "小计", "一般公共预算", "小计", "一般公共预算"),
        ("201", "某支出", "3", "2", "2", "1", "1"),
    )
    assert [words for _, words in columns(found, "revenue")[2:]] == [
        {"balance": "total_income"}, {}, {"source": "general_public"},
        {"balance": "opening_carryover"}, {"balance": "opening_carryover", "fund": "general_public"},
    ]  # fmt: skip


def test_a_change_says_what_it_is_against_and_a_reduced_sum_is_no_total() -> None:
    found = table(
        ("科目编码", "科目名称", "2024年执行数", "2025年预算数", "", "2025年预算数比2024年执行数", ""),
        ("", "", "", "小计", "扣除某项投资后预算数", "增减额", "增减%"),
        ("201", "某支出", "3", "2", "1", "-1", "-33.3"),
    )
    change = {"basis": "change_from_prior_year", "comparison": "prior_final"}
    assert columns(found, "general_public_expenditure")[2:] == [
        ("amount", {"basis": "final"}), ("amount", {"basis": "budget"}),
        ("amount", {"basis": "budget", "balance": "outside"}), ("amount", change),
        ("rate", {"comparison": "prior_final", "ratio": "change_rate"}),
    ]  # fmt: skip


def test_the_total_beside_meetings_is_that_of_all_controlled_expenses() -> None:
    found = table(("合计", "“三公”经费小计", "公务接待费", "会议费", "培训费"), ("9", "4", "4", "3", "2"))
    assert [words.get("item") for _, words in columns(found, "three_public")] == [
        "controlled_total", "total", "reception", "meeting", "training",
    ]  # fmt: skip


def test_a_part_of_the_column_beside_it_that_no_word_knows_is_outside() -> None:
    found = table(
        ("科目编码", "科目名称", "一般公共预算", ""),
        ("", "", "小计", "其中：某类专款"),
        ("201", "某支出", "3", "2"),
    )
    assert columns(found, "expenditure")[-1] == ("amount", {"fund": "general_public", "balance": "outside"})


@pytest.mark.parametrize(
    ("label", "code", "name"),
    [
        ("201一般公共服务支出", "201", "一般公共服务支出"),
        ("[2010301]行政运行", "2010301", "行政运行"),
        ("20103-财政事务", "20103", "财政事务"),
        ("２０１　一般公共服务支出", "201", "一般公共服务支出"),
        ("（一）一般公共服务支出", None, "一般公共服务支出"),
        ("301001某单位", None, "301001某单位"),
        ("行政运行", None, "行政运行"),
    ],
)
def test_code_that_leads_a_label(label: str, code: str | None, name: str) -> None:
    assert split_label(label) == (code, name)


def test_a_head_merged_over_the_numbers_of_columns_leaves_them_numbers() -> None:
    merged = table(("项目", "决算数", "备注"), ("栏次", "1", "^"), ("基本支出", "1.00", ""), has_spans=True)
    assert is_order_row(Row(merged.grid[1], None))
