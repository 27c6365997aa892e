"""The units that a department's document lists, as tables, lists and sentences print them."""

from __future__ import annotations

import pytest

from ingest.cover.member_units import MemberUnit, read_member_units
from ingest.document.model import Document, Table, TextLine
from ingest.document.paragraphs import read_paragraphs
from tests.unit.documents import document, table


def listed(text: str) -> list[MemberUnit]:
    found = document(text)
    return read_member_units(found, list(read_paragraphs(found)))


def on_page(printed: Table, page_no: int) -> Table:
    printed.page_no = page_no
    return printed


def names(text: str) -> list[tuple[str | None, bool, bool]]:
    return [(unit.unit_name, unit.is_own, unit.is_separate) for unit in listed(text)]


def test_table_below_a_line_on_the_scope() -> None:
    text = (
        "二、部门决算单位构成\n纳入杉川县水利局2024年度部门决算编制范围的单位包括：\n"
        "序号→单位名称→备注\n1→杉川县水利局（本级）→\n2→杉川县河道管理所→\n3→杉川县水文站→预算不单列，并入本级\n"
    )
    assert names(text) == [
        ("杉川县水利局（本级）", True, True),
        ("杉川县河道管理所", False, True),
        ("杉川县水文站", False, False),
    ]
    assert [unit.note for unit in listed(text)] == [None, None, "预算不单列，并入本级"]


def test_table_goes_on_over_a_page_break() -> None:
    first = on_page(table(("序号", "单位名称"), ("1", "杉川县水利局（本级）"), ("2", "杉川县河道管理所")), 4)
    rest = on_page(table(("3", "杉川县水文站"), ("4", "杉川县防汛中心")), 5)
    above = TextLine("纳入本部门预算编制范围的单位共有4个，包括：", "p4l1", 4)
    for between, count in ((TextLine("- 4 -", "p4l9", 4), 4), (TextLine("四、收支情况说明", "p5l1", 5), 2)):
        found = Document("application/pdf", [above, first, between, rest], 5)
        assert len(read_member_units(found, list(read_paragraphs(found)))) == count


def test_numbered_list_with_remarks() -> None:
    text = (
        "本部门中，行政单位1家，事业单位2家，具体包括：\n1．县水利局本部，设3个内设机构，包括：办公室、计划科、工程科。\n"
        "2．杉川县河道管理所。\n3．杉川县水文站，不单列预算。\n名词解释\n"
    )
    assert names(text) == [
        ("县水利局本部", True, True),
        ("杉川县河道管理所", False, True),
        ("杉川县水文站", False, False),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "纳入杉川县水利局2024年部门预算编制范围的单位包括：杉川县水利局本级、杉川县河道管理所、杉川县水文站。",
        "纳入杉川县水利局2024年部门决算编制范围的预算单位包括：1.杉川县水利局本级；2.杉川县河道管理所；3.杉川县水文站。",
    ],
)
def test_sentence_that_lists_the_units_itself(sentence: str) -> None:
    assert names(sentence) == [
        ("杉川县水利局本级", True, True),
        ("杉川县河道管理所", False, True),
        ("杉川县水文站", False, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "杉川县水利局无下属预算单位，下设2个科室，分别是：办公室、工程科。",
        "杉川县水利局内设机构包括：\n1．办公室。\n2．工程科。\n",
        "从预算单位构成看，杉川县水利局部门决算包括：局本级决算、下属事业单位决算。",
        "纳入编制范围的单位包括：杉川县水利局本级、各乡镇水利工作等。",
    ],
)
def test_what_is_no_list_of_units(text: str) -> None:
    assert listed(text) == []


def test_an_entry_that_is_no_name_is_kept_without_one() -> None:
    text = "纳入本部门预算编制范围的单位如下：\n序号→单位名称\n1→XX局（本级）\n2→。。。\n"
    assert [(unit.printed_text, unit.unit_name) for unit in listed(text)] == [
        ("XX局（本级）", None),
        ("。。。", None),
    ]


def test_a_table_of_contents_is_no_list_of_units() -> None:
    text = "一、部门基本概况\n二、部门预算单位构成\n三、部门收支总体情况\n四、名词解释\n"
    assert names(text) == []
