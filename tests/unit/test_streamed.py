"""Two-sided forms that a converter printed cell after cell, without row numbers."""

from __future__ import annotations

from ingest.document.model import Table
from ingest.forms.recognise import recognise_forms
from ingest.forms.streamed import restore_streams
from tests.unit.documents import document

CELL_A_LINE = (
    "表1：\n2024年收支总表\n单位：杉川县第二中学\n金额单位：万元\n收 入\n支 出\n项 目\n预算数\n项 目\n预算数\n"
    "一、财政拨款收入\n\n30.50\n\n一、教育支出\n\n28.00\n\n二、事业收入\n\n\n二、住房保障支出\n2.50\n三、其他收入\n"
    "本年收入合计\n30.50\n本年支出合计\n30.50\n注：本表含上年结转。\n"
)
PIPED = (
    "财政拨款收支总表\n单位：万元\n收 入 | 支 出 | ||||\n项 目 | 预算数 | 项目（按功能分类） | 预算数 | ||\n"
    "合计 | 一般公共预算 | 政府性基金预算 | |||\n一、本年收入 | 9.00 | 一、本年支出 | 9.00 | 9.00 | |\n"
    "（一）一般公共预算拨款 | 9.00 | （一）教育支出 | 7.00 | 7.00 |\n（二）政府性基金预算拨款 | （二）农林水支出 | 2.00 | 2.00 |\n完\n"
)


def amounts(text: str) -> list[tuple[str | None, str]]:
    (form,) = recognise_forms(restore_streams(document(text)), 2024)
    assert {cell.problem for cell in form.cells} == {None}
    return [(cell.label, cell.cell_text) for cell in form.cells if cell.cell_text]


def tables(text: str) -> list[Table]:
    return list(restore_streams(document(text)).tables())


def test_list_markers_say_to_which_side_a_name_belongs() -> None:
    assert amounts(CELL_A_LINE) == [
        ("财政拨款收入", "30.50"),
        ("教育支出", "28.00"),
        ("住房保障支出", "2.50"),
        ("本年收入合计", "30.50"),
        ("本年支出合计", "30.50"),
    ]
    lines = [line.text for line in restore_streams(document(CELL_A_LINE)).lines()]
    assert lines == [
        "表1：",
        "2024年收支总表",
        "单位：杉川县第二中学",
        "金额单位：万元",
        "注：本表含上年结转。",
    ]


def test_of_several_columns_only_the_total_is_certain() -> None:
    assert amounts(PIPED) == [
        ("本年收入", "9.00"),
        ("本年支出", "9.00"),
        ("一般公共预算拨款", "9.00"),
        ("教育支出", "7.00"),
        ("农林水支出", "2.00"),
    ]


def test_the_last_number_of_a_text_may_be_cut() -> None:
    cut = CELL_A_LINE[: CELL_A_LINE.index("二、事业收入")].rstrip()
    assert amounts(cut) == [("财政拨款收入", "30.50")]


def test_a_text_that_only_names_a_form_is_left_as_it_is() -> None:
    for text in (
        "一、收支总表\n二、收入总表\n三、支出总表\n",
        "2024年收支总表\n一、收入情况\n本年收入30.50万元，比上年增加。\n",
        "收支总表\n项目\n预算数\n一、财政拨款收入\n30.50\n",
    ):
        assert not tables(text)
        assert restore_streams(document(text)) == document(text)


def test_names_that_nothing_tells_apart_end_the_form() -> None:
    text = CELL_A_LINE.replace("本年收入合计", "合计")
    assert ("本年收入合计", "30.50") not in amounts(text)
    assert ("住房保障支出", "2.50") in amounts(text)
