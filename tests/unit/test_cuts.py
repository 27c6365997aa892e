"""Rows that a page break cuts in several cells."""

from __future__ import annotations

import pytest

from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.forms.cuts import join_cut_rows
from ingest.forms.recognise import recognise_forms
from ingest.performance import read_performance

EDGES = (0.0, 30.0, 60.0, 100.0, 140.0)
HEAD = ("科目编码", "科目名\n称", "合计", "基本支\n出")
WHOLE = ("2010101", "某某运\n行支出", "1234.50", "11.20")


def on_page(page_no: int, *rows: tuple[str, ...], edges: tuple[float, ...] = EDGES) -> Table:
    cells = [
        Cell(text, row, col, f"p{page_no}r{row}c{col}")
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
    ]
    return Table(cells, len(rows), len(edges) - 1, page_no, has_spans=True, col_edges=edges)


def joined(*blocks: Block) -> list[list[tuple[str, ...]]]:
    tables = [
        each for each in join_cut_rows(Document("application/pdf", list(blocks))) if isinstance(each, Table)
    ]
    return [
        [
            tuple(table.text_at(row, col).replace("\n", "") for col in range(table.col_count))
            for row in range(table.row_count)
        ]
        for table in tables
    ]


def cut(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[Table, Table]:
    return on_page(1, HEAD, WHOLE, upper), on_page(2, lower, WHOLE)


def test_names_and_figures_that_go_on_are_one_row() -> None:
    above, below = joined(*cut(("2010102", "某某管\n理事务", "264.8", "3.10"), ("", "支出", "7", "")))
    assert above[-1] == ("2010102", "某某管理事务支出", "264.87", "3.10")
    assert len(below) == 1


def test_a_figure_cut_before_its_noughts_is_whole() -> None:
    rows = (("2010101", "某某运\n行", "90000", "1"),)
    above, _ = joined(
        on_page(1, HEAD, *rows, ("2010102", "某某管\n理事务", "300", "2")),
        on_page(2, ("", "支出", "000", ""), *rows),
    )
    assert above[-1][2] == "300000"


def test_a_page_number_and_a_repeated_header_do_not_part_a_row() -> None:
    above, below = joined(
        on_page(1, HEAD, WHOLE, ("2010102", "某某管\n理事务", "264.80", "3.10")),
        TextLine("- 1 -", "n", 1),
        on_page(2, HEAD, ("", "支出", "", ""), WHOLE),
    )
    assert above[-1][1] == "某某管理事务支出"
    assert len(below) == 2


def test_a_row_over_three_pages_is_one() -> None:
    (only,) = joined(
        on_page(1, HEAD, WHOLE, ("2010102", "某某管\n理事务", "264.80", "3.10")),
        on_page(2, ("", "和其他\n各类的", "", "")),
        on_page(3, ("", "支出", "", "")),
    )
    assert only[-1][1] == "某某管理事务和其他各类的支出"


@pytest.mark.parametrize(
    "lower",
    [
        ("2010103", "其他支\n出", "264.80", "3.10"),
        ("", "其他支\n出", "264.80", ""),
        ("", "一、支\n出", "", ""),
        ("", "其中：\n工资", "", ""),
        ("合计", "", "264.80", "3.10"),
    ],
)
def test_a_row_of_its_own_stays(lower: tuple[str, ...]) -> None:
    above, below = joined(*cut(("2010102", "某某管\n理事务", "264.80", "3.10"), lower))
    assert above[-1][1] == "某某管理事务"
    assert len(below) == 2


def test_a_name_that_had_room_left_does_not_go_on() -> None:
    above, _ = joined(*cut(("2010102", "某某管\n理", "264.80", "3.10"), ("", "支出", "", "")))
    assert above[-1][1] == "某某管理"


def test_another_grid_takes_no_row() -> None:
    upper = on_page(1, HEAD, WHOLE, ("2010102", "某某管\n理事务", "264.80", "3.10"))
    other = on_page(2, ("", "支出", "", ""), edges=(0.0, 20.0, 80.0, 90.0, 140.0))
    assert len(joined(upper, other)[1]) == 1


def test_a_figure_that_may_go_on_is_not_loaded() -> None:
    head = ("科目编码", "科目名\n称", "合计", "基本支\n出")
    document = Document(
        "application/pdf",
        [
            TextLine("支出决算表", "t", 1),
            TextLine("单位：元", "u", 1),
            on_page(
                1, head, ("2010101", "某某运\n行支出", "1234", "11"), ("2010102", "某某管\n理事务", "26", "3")
            ),
            on_page(2, ("", "支出", "48", ""), ("2010103", "某某支\n出", "1234", "11")),
        ],
    )
    problems = {
        cell.cell_text: cell.problem for form in recognise_forms(document, 2024) for cell in form.cells
    }
    assert problems["26"] == problems["48"] == problems["3"] == "row_cut"
    assert problems["1234"] is None


def test_an_indicator_that_may_be_cut_in_a_figure_is_left_out() -> None:
    edges = (0.0, 30.0, 60.0, 90.0, 120.0, 150.0)
    head = ("一级指\n标", "二级指\n标", "三级指\n标", "指标值", "分值")
    row = ("产出指\n标", "数量指\n标", "某数量", ">=1个", "10")
    document = Document(
        "application/pdf",
        [
            TextLine("项目支出绩效目标表", "t", 1),
            on_page(1, head, row, ("", "质量指\n标", "某某合\n格的产", ">=95%", "1"), edges=edges),
            on_page(2, ("", "", "品数量", "", "5"), row, edges=edges),
        ],
    )
    (form,) = read_performance(document)
    assert form.problem == "row_cut"
    assert len(form.indicators) == 2
