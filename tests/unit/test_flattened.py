"""Tables that a converter printed as text and that print their row numbers."""

from __future__ import annotations

from ingest.document.model import Document, Table
from ingest.forms.flattened import restore_tables
from ingest.forms.recognise import recognise_forms
from tests.unit.documents import document

CELL_A_LINE = (
    "收入支出决算总表\n单位：万元\n收入\n支出\n项目\n行次\n金额\n项目\n行次\n金额\n栏次\n1\n栏次\n2\n"
    "一、一般公共预算财政拨款收入\n1\n40.50\n一、一般公共服务支出\n31\n42.20\n"
    "二、事业收入\n2\n1.70\n二、教育支出\n32\n0.00\n"
)
ONE_LINE = (
    "收入支出决算总表 收入 项目 行次 栏次 金额 1 一、一般公共预算财政拨款收入 1 40.50 二、事业收入 2 {second} "
    "本年收入合计 3 42.20 42.20 注：本表含年初结转。 入支出决算总表 金额单位:万元 支出 项目(按功能分类) 行次 栏次 金额 2 "
    "一、一般公共服务支出 4 42.20 二、教育支出 5 本年支出合计 6 42.20 说明见后\n"
)


def amounts(text: str) -> list[tuple[str | None, str]]:
    (form,) = recognise_forms(restore_tables(document(text)), 2022)
    assert {cell.problem for cell in form.cells} == {None}
    return [(cell.label, cell.cell_text) for cell in form.cells if cell.cell_text]


def lines(found: Document) -> list[str]:
    return [line.text for line in found.lines()]


def test_one_cell_per_line_without_separators() -> None:
    assert amounts(CELL_A_LINE) == [
        ("一般公共预算财政拨款收入", "40.50"),
        ("一般公共服务支出", "42.20"),
        ("事业收入", "1.70"),
        ("教育支出", "0.00"),
    ]


def test_sides_behind_each_other_on_one_line() -> None:
    found = restore_tables(document(ONE_LINE.format(second="1.70")))
    assert amounts(ONE_LINE.format(second="1.70")) == [
        ("一般公共预算财政拨款收入", "40.50"),
        ("一般公共服务支出", "42.20"),
        ("事业收入", "1.70"),
        ("本年收入合计", "42.20"),
        ("本年支出合计", "42.20"),
    ]
    assert lines(found) == [
        "收入支出决算总表",
        "金额单位:万元",
        "注：本表含年初结转。",
        "入支出决算总表",
        "说明见后",
    ]


def test_numbers_that_may_be_of_several_rows_are_of_none() -> None:
    text = ONE_LINE.format(second="1.70 8.00")
    assert ("事业收入", "1.70") not in amounts(text)
    assert {"1.70", "8.00"} <= set(lines(restore_tables(document(text))))


def test_a_whole_number_is_the_row_number_only_where_no_row_below_has_it() -> None:
    assert ("事业收入", "3") in amounts(ONE_LINE.format(second="3"))
    assert ("本年收入合计", "42.20") in amounts(ONE_LINE.format(second="3"))


def test_rows_whose_numbers_do_not_follow_each_other_are_no_table() -> None:
    text = CELL_A_LINE.replace("\n2\n1.70", "\n7\n1.70")
    assert not list(restore_tables(document(text)).tables())
    assert lines(restore_tables(document(text))) == lines(document(text))


def test_tables_with_columns_are_left_alone() -> None:
    text = "收入支出决算总表\n项目\t行次\t金额\n一、事业收入\t1\t3.00\n二、经营收入\t2\t4.00\n"
    before = document(text)
    assert [block.grid for block in restore_tables(before).blocks if isinstance(block, Table)] == [
        block.grid for block in before.blocks if isinstance(block, Table)
    ]
