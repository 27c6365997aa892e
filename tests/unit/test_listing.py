"""Forms that list purchases and projects: what each row names, whose it is, and which rows are subtotals."""

from __future__ import annotations

import pytest

from ingest.forms.labels import split_code
from ingest.forms.model import RecognisedForm
from ingest.forms.nesting import nest
from ingest.forms.recognise import recognise_forms
from tests.unit.documents import document

PROJECTS = "部门预算项目支出表\n单位：元\n"
PURCHASES = "政府采购预算表\n单位：元\n"


def read(text: str) -> RecognisedForm:
    (form,) = recognise_forms(document(text), 2025)
    return form


def levels(form: RecognisedForm) -> list[tuple[str, str | None, str | None, str | None]]:
    """What each row is, its unit, its project and the project that it is a part of."""
    return [(row.kind, row.unit_name, row.project_name, row.parent_project_name) for row in form.list_rows]


@pytest.mark.parametrize(
    ("amounts", "total", "parents"),
    [
        ([2, 3], 5, [None, None]),
        ([5, 2, 3, 4], 9, [None, 0, 0, None]),
        ([5, 5, 2, 3], 5, [None, 0, 1, 1]),
        ([2, 2, 1], 5, [None, None, None]),
        ([2, 2, 3], 5, [None, 0, None]),
        ([5, 2, 0, 3], 5, [None, 0, 0, 0]),
        ([2, 3], 6, None),
        ([57, 12, 12, 15, 15, 20, 20, 10, 10, 43], 100, [None, 0, 1, 0, 3, 0, 5, 0, 7, None]),
        ([], 5, None),
    ],
)
def test_rows_that_add_up_make_a_tree(
    amounts: list[int], total: int, parents: list[int | None] | None
) -> None:
    assert nest(amounts, total, False) == parents


def test_sums_of_rounded_amounts() -> None:
    assert nest([334, 333, 334], 1000, False) is None
    assert nest([334, 333, 334], 1000, True) == [None, None, None]


@pytest.mark.parametrize(
    ("text", "noun", "is_code", "parts"),
    [
        ("C05040300保安服务", "catalogue", False, ("C05040300", "保安服务")),
        ("A-货物", "category", False, ("A", "货物")),
        ("0115-信息服务", "directory", False, ("0115", "信息服务")),
        ("2026年巡护", "project", False, ("", "2026年巡护")),
        ("350001-巡护", "project", False, ("350001", "巡护")),
        ("[242001]林场", "unit", False, ("242001", "林场")),
        ("213.01", "function", True, ("213 01", "")),
        ("合计", "function", True, ("", "合计")),
    ],
)
def test_codes_beside_names(text: str, noun: str, is_code: bool, parts: tuple[str, str]) -> None:
    assert split_code(text, noun, is_code) == parts


def test_levels_of_a_column_of_units_and_projects() -> None:
    form = read(
        PROJECTS
        + "单位编码→单位（项目）名称→项目金额→项目简介\n→合计→9→\n333→云川市林业局→9→\n333001→云川市林业局→6→\n"
        "→专用项目→6→\n→防火→5→\n→巡护→2→说明\n→瞭望→3→\n→管护→1→\n333002→云川市林场→3→\n→育苗→3→\n"
    )
    assert levels(form) == [
        ("total", None, None, None),
        ("total", None, None, None),
        ("unit", "云川市林业局", None, None),
        ("category", "云川市林业局", "专用项目", None),
        ("category", "云川市林业局", "防火", "专用项目"),
        ("line", "云川市林业局", "巡护", "防火"),
        ("line", "云川市林业局", "瞭望", "防火"),
        ("line", "云川市林业局", "管护", "专用项目"),
        ("unit", "云川市林场", None, None),
        ("line", "云川市林场", "育苗", None),
    ]


def test_a_project_that_is_named_like_a_unit_has_no_parts() -> None:
    form = read(
        PROJECTS
        + "支出项目类别（资金使用单位）→总计\n合计→9\n云川市林业局→6\n防火→4\n巡护中心→2\n云川市护林站→3\nA-1205→3\n"
    )
    assert [(kind, unit, project) for kind, unit, project, _ in levels(form)] == [
        ("total", None, None),
        ("unit", "云川市林业局", None),
        ("line", "云川市林业局", "防火"),
        ("line", "云川市林业局", "巡护中心"),
        ("unit", "云川市护林站", None),
        ("line", "云川市护林站", "A-1205"),
    ]


def test_a_column_of_units_and_projects_that_does_not_add_up_is_not_placed() -> None:
    form = read(
        PROJECTS + "单位编码→单位（项目）名称→项目金额\n→合计→9\n333001→云川市林场→9\n→育苗→3\n→巡护→4\n"
    )
    assert [cell.problem for cell in form.cells] == [None, None, "line_unknown", "line_unknown"]


def test_projects_with_their_units_and_funds() -> None:
    form = read(
        PROJECTS + "类型→项目名称→项目单位→合计→一般公共预算→单位资金\n特定目标类→护栏→第二中学→5→3→2\n"
        "其他运转类→课桌→第二中学→1→1→\n合计→→→6→4→2\n"
    )
    assert [(row.kind, row.project_category, row.project_name) for row in form.list_rows] == [
        ("line", "特定目标类", "护栏"),
        ("line", "其他运转类", "课桌"),
        ("total", None, None),
    ]
    assert [cell.words.get("fund") for cell in form.cells[:3]] == [None, "general_public", "own_funds"]


def test_a_form_of_projects_that_lists_classes_only_is_one_of_classes() -> None:
    form = read(
        "一般公共预算项目支出情况表\n单位：元\n部门预算支出经济科目→预算\n合计→9\n[302]商品和服务支出→9\n"
    )
    assert form.layout == "economic"
    assert not form.list_rows


def test_what_is_bought_for_a_project_stands_below_its_subtotal() -> None:
    form = read(
        PURCHASES + "采购品目大类→专项名称→采购物品名称→采购方式→总计\n合计→→→→9\n货物→→→→9\n→巡护→→→9\n"
        "→→望远镜→公开招标→4\n→→对讲机→询价→5\n"
    )
    assert [(row.kind, row.category_name, row.project_name, row.item_name) for row in form.list_rows] == [
        ("total", None, None, None),
        ("category", "货物", None, None),
        ("category", "货物", "巡护", None),
        ("line", "货物", "巡护", "望远镜"),
        ("line", "货物", "巡护", "对讲机"),
    ]


def test_purchases_of_budget_projects_with_what_is_set_aside() -> None:
    form = read(
        PURCHASES
        + "预算项目→采购项目→采购目录→计量单位→数量→面向中小企业预留资金→合计→一般公共预算\n合计→→→→→3→9→9\n"
        "巡护→望远镜采购→A02050000光学仪器→台→2→3→9→9\n"
    )
    row = form.list_rows[1]
    assert (row.project_name, row.item_name, row.catalogue_code) == ("巡护", "望远镜采购", "A02050000")
    assert (row.quantity_text, row.quantity_unit) == ("2", "台")
    assert [cell.words.get("set_aside") for cell in form.cells[:3]] == ["sme", None, None]


def test_kinds_of_purchases_in_a_column_of_projects() -> None:
    form = read(PURCHASES + "项目→合计→一般公共预算\n合计→9→9\n货物类→4→4\n服务类→5→5\n")
    assert [(row.kind, row.category_name) for row in form.list_rows] == [
        ("total", None),
        ("category", "货物类"),
        ("category", "服务类"),
    ]


def test_units_below_categories() -> None:
    form = read(
        PURCHASES
        + "采购品目大类→专项名称→采购品目名称→一般公共预算→总计\n合计→→→9→9\n货物→→→4→4\n云川市林业局（本级）→→→4→4\n"
        "→巡护→望远镜→4→4\n服务→→→5→5\n云川市林业局（本级）→→→5→5\n→巡护→保险服务→5→5\n"
    )
    assert [(row.kind, row.category_name, row.unit_name, row.item_name) for row in form.list_rows] == [
        ("total", None, None, None),
        ("category", "货物", None, None),
        ("unit", "货物", "云川市林业局（本级）", None),
        ("line", "货物", "云川市林业局（本级）", "望远镜"),
        ("category", "服务", None, None),
        ("unit", "服务", "云川市林业局（本级）", None),
        ("line", "服务", "云川市林业局（本级）", "保险服务"),
    ]


def test_columns_of_numbers_and_of_code_parts() -> None:
    form = read(
        PURCHASES
        + "科目编码→→→科目名称→合计→单位资金\n类→款→项→→→\n→→→→1→2\n→→→合计→3→1\n213→→→农林水支出→3→1\n→01→→农业农村→3→1\n"
        "→→04→事业运行→3→1\n"
    )
    assert [(row.kind, row.function_text) for row in form.list_rows] == [
        ("total", None),
        ("category", "213"),
        ("category", "213 01"),
        ("line", "213 01 04"),
    ]


def test_units_classes_and_projects_in_one_column_of_names() -> None:
    form = read(
        "一般公共预算项目支出预算表\n科目编码→单位代码→单位名称（科目）→金额\n→→合计→5\n→→云川市林业局→5\n→→农林水支出→5\n"
        "2130204→12301→山林巡护→3\n2130204→12301→苗圃更新→2\n"
    )
    assert [(row.kind, row.unit_name, row.function_name, row.project_name) for row in form.list_rows] == [
        ("total", None, None, None),
        ("unit", "云川市林业局", None, None),
        ("category", "云川市林业局", "农林水支出", None),
        ("line", "云川市林业局", None, "山林巡护"),
        ("line", "云川市林业局", None, "苗圃更新"),
    ]
