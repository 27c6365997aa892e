"""Sentences that the print broke are whole again, under their headings."""

from __future__ import annotations

from ingest.model import Document, TextLine
from ingest.paragraphs import read_paragraphs
from tests.unit.documents import document


def test_headings_make_the_section_path() -> None:
    found = list(
        read_paragraphs(
            document("第一部分 概况\n一、主要职责\n负责全市档案工作。\n二、机构设置\n内设三个科室。")
        )
    )
    assert [(each.text, each.section_path) for each in found if not each.is_heading] == [
        ("负责全市档案工作。", ("第一部分概况", "一、主要职责")),
        ("内设三个科室。", ("第一部分概况", "二、机构设置")),
    ]


def test_broken_sentence_is_one_paragraph_and_page_numbers_are_left_out() -> None:
    lines = [
        TextLine("本年收入总计一百", "p1l1", 1, 1, (70, 700, 500, 712)),
        TextLine("- 1 -", "p1l2", 1, 2, (280, 780, 300, 792)),
        TextLine("万元，比上年增加。", "p2l1", 2, 1, (70, 60, 300, 72)),
    ]
    found = list(read_paragraphs(Document("application/pdf", list(lines), 2)))
    assert [each.text for each in found] == ["本年收入总计一百万元，比上年增加。"]


def test_list_items_stand_alone() -> None:
    found = list(read_paragraphs(document("（1）基本支出用于保障运转；\n（2）项目支出用于专项工作。")))
    assert len(found) == 2
