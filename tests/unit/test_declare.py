"""What a document says of its own forms, outside them."""

from __future__ import annotations

import pytest

from ingest.document.model import Document
from ingest.document.paragraphs import read_paragraphs
from ingest.forms.declare import note_says_none, read_declarations
from tests.unit.documents import document, table


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("本单位没有使用政府性基金预算拨款安排的支出。", [("government_fund", "none")]),
        ("我局无2017年政府性基金支出安排。", [("government_fund", "none")]),
        ("本部门无当年国有资本经营预算收支，并已公开空表。", [("state_capital", "none")]),
        ("本部门无2020年结转的政府性基金预算拨款支出。", []),
        ("政府性基金预算支出表为空表。", [("government_fund", "empty")]),
        ("本部门无政府性基金收入，无使用政府性基金安排的支出。", [("government_fund", "none")]),
        ("政府性基金预算比上年增加3万元。", []),
    ],
)
def test_sentences_that_declare_a_form_empty(text: str, found: list[tuple[str, str]]) -> None:
    read = document(text)
    declared = read_declarations(read, read_paragraphs(read), [])
    assert [(each.statement_code, each.kind) for each in declared] == found


def test_a_list_of_forms_says_which_are_empty() -> None:
    listed = table(
        ("序号", "内容", "是否空表", "原因"),
        ("表1", "部门收支总表", "否", ""),
        ("表2", "政府性基金收支表", "是", "不涉及"),
    )
    declared = read_declarations(Document("", [listed]), [], [])
    assert {each.statement_code: each.kind for each in declared} == {
        "summary": "listed",
        "government_fund": "empty",
    }


def test_the_note_of_a_form_without_figures() -> None:
    assert note_says_none("注：此表如无数字则表示单位无该项支出。")
    assert note_says_none("注：本单位没有使用国有资本经营预算安排的支出。")
    assert not note_says_none("注：本表金额按四舍五入计算。")


def test_prose_without_forms_lists_those_of_another_file() -> None:
    listed, prose = "一、部门收入预算表\n", "本部门按照职责开展各项工作。\n"
    for text, kind in (
        (listed + prose, "listed"),
        (listed + "\n".join(f"{prose}" for _ in range(12)), "announced"),
        (listed + prose + "附件：甲局部门预算报表\n", "announced"),
    ):
        read = document(text)
        declared = read_declarations(read, read_paragraphs(read), [])
        assert [(each.statement_code, each.kind) for each in declared][:1] == [("revenue", kind)]


def test_a_list_of_contents_may_be_one_line() -> None:
    text = "杉川县审计局 2021 年度决算公开说明 （目录） 第五部分：公开报表 表 1：收入支出决算总表 表 2：收入决算表 表 3：支出决算表\n"
    read = document(text)
    declared = read_declarations(read, read_paragraphs(read), [])
    assert [each.statement_code for each in declared] == ["summary", "revenue", "expenditure"]
    other = document(
        "本部门的收入支出决算总表和 收入决算表 另行公开，以下说明各项收支的情况、增减变动的原因和绩效管理的开展情况。\n"
    )
    assert not read_declarations(other, read_paragraphs(other), [])


def test_page_numbers_behind_dots_are_no_part_of_a_title() -> None:
    text = (
        "（一）收入支出决算总表.........( 3 )\n（二）收入决算表（分单位）.....( 3 )\n（三）支出决算表…………4\n"
    )
    read = document(text)
    declared = read_declarations(read, read_paragraphs(read), [])
    assert [each.statement_code for each in declared] == ["summary", "revenue", "expenditure"]
