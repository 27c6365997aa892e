"""Sentences that line and page breaks cut are joined, under their headings."""

from __future__ import annotations

import pytest

from ingest.document.model import Document, TextLine
from ingest.document.paragraphs import Paragraph, read_paragraphs
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


def printed(*texts: str, gap: float = 20) -> list[str]:
    """The paragraphs of lines that stand one below the other, each a paragraph of its own by its distance."""
    tops = [60 + number * (12 + gap) for number in range(len(texts))]
    lines = [
        TextLine(text, f"p1l{number}", 1, number, (70, top, 320, top + 12))
        for number, (text, top) in enumerate(zip(texts, tops, strict=True), start=1)
    ]
    return [each.text for each in read_paragraphs(Document("application/pdf", [*lines], 1))]


@pytest.mark.parametrize(
    "texts",
    [
        ("收入支出总计307.82", "万元，与上年持平。"),
        ("本年收入合计307.82万元，", "占100.00%。"),
        ("甲市乙区档案馆本年度一般公共预算财政拨款支出预算总", "计307.82万元，与上年持平。"),
        ("经费支出减少（其中：公务接待费）", "，主要原因是压减。"),
        ("甲市乙区档案馆“三公”经费数为67.7万元，其中：因公出国（境）", "费0元，公务接待费3.7万元。"),
    ],
)
def test_a_sentence_that_stops_within_a_clause_goes_on(texts: tuple[str, str]) -> None:
    assert printed(*texts) == ["".join(texts)]


@pytest.mark.parametrize(
    "texts",
    [
        (
            "甲市乙区档案馆2025年度部门预算收支情况编制总说明",
            "2025年收入307.82万元，其中：财政拨款307.82万元。",
        ),
        ("甲市乙区档案馆2025年度一般公共预算财政拨款支出表", "2025年支出307.82万元，比上年增加。"),
        ("部门主要职责", "负责全市档案工作，指导各区。"),
    ],
)
def test_a_title_does_not_go_on(texts: tuple[str, str]) -> None:
    assert printed(*texts) == list(texts)


def test_a_sentence_without_end_is_read_in_pieces_that_cut_no_figure() -> None:
    clause = "支出1,234.56万元，"
    paragraph = Paragraph(clause * 1_000, "p1", None, 1, ())
    pieces = [sentence.text for sentence in paragraph.sentences()]
    assert "".join(pieces) == paragraph.text
    assert max(map(len, pieces)) <= 2_000
    assert all(len(piece) % len(clause) == 0 for piece in pieces)


def test_a_heading_does_not_go_on_without_end() -> None:
    first = TextLine("一、部门收支总体情况", page_no=1, box=(72.0, 0.0, 200.0, 10.0), ref="p1l1", line_no=1)
    rest = [
        TextLine(
            "甲乙丙丁", page_no=1, box=(72.0, 11.0 * at, 200.0, 11.0 * at + 10), ref=f"p1l{at}", line_no=at
        )
        for at in range(1, 100)
    ]
    paragraphs = list(read_paragraphs(Document("application/pdf", [first, *rest])))
    assert max(len(each.text) for each in paragraphs if each.is_heading) <= 100


@pytest.mark.parametrize(("pages", "is_left_out"), [(3, True), (2, False)])
def test_the_head_of_each_page_is_no_part_of_a_sentence(pages: int, is_left_out: bool) -> None:
    texts = ("公务用车保有", "量五辆，", "费用减少。")[-pages:]
    lines = [
        line
        for number, text in enumerate(texts, start=1)
        for line in (
            TextLine("甲市民政局年度决算", f"p{number}l1", number, 1, (70, 30, 300, 42)),
            TextLine(text, f"p{number}l2", number, 2, (70, 60, 500, 72)),
        )
    ]
    found = [each.text for each in read_paragraphs(Document("application/pdf", list(lines), pages))]
    assert (found[-1] == "".join(texts)) == is_left_out
