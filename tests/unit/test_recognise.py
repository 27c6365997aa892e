"""Titles, forms and rows: what is read as which form, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.document.model import Cell, Document, Table, TextLine
from ingest.forms.model import RecognisedForm
from ingest.forms.recognise import recognise_forms
from ingest.registry import titled_statements
from tests.unit.documents import document

HEAD = "科目编码→科目名称→合计→基本支出→项目支出\n"


def read(text: str) -> list[RecognisedForm]:
    return recognise_forms(document(text), 2024)


def rows(form: RecognisedForm) -> list[tuple[str, str | None, str | None, str]]:
    """Row kind, line code, problem and the row's first amount."""
    first = {cell.row_no: cell for cell in reversed(form.cells)}
    return [(c.row_kind, c.line_code, c.problem, c.cell_text) for _, c in sorted(first.items())]


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("收入支出决算总表", "summary"),
        ("部门收支总体情况表", "summary"),
        ("收入总表", "revenue"),
        ("部门支出总体情况表（按功能科目）", "expenditure"),
        ("财政拨款收支总体情况表", "appropriation_summary"),
        ("财政拨款收入支出决算表", "appropriation_summary"),
        ("表5一般公共预算支出表", "general_public_expenditure"),
        ("部门支出总体情况表（按经济分类）", "expenditure"),
        ("一般公共预算支出表（按政府预算经济分类）", "general_public_expenditure"),
        ("一般公共预算支出情况表（按功能分类科目）", "general_public_expenditure"),
        ("一般公共预算基本支出情况表（按经济分类科目）", "general_public_basic"),
        ("一般公共预算项目支出情况表", "general_public_project"),
        ("预算04表 项目支出表", "project"),
        ("云川市水务局2025年部门预算项目支出明细表", "project"),
        ("一般公共预算基本支出明细表（按支出功能分类科目）", "general_public_basic"),
        (
            "表3-2 云川市水务局2025年一般公共预算支出表（按经济分类科目，不含上年结转）",
            "general_public_economic",
        ),
        ("部门综合预算专项业务经费支出表", "project"),
        ("财政拨款支出预算表（功能科目）", "appropriation_expenditure"),
        ("财政拨款支出预算表（部门经济分类科目）", "appropriation_expenditure"),
        ("一般公共预算基本支出表--人员经费（工资福利支出）", "general_public_basic"),
        ("财政拨款基本支出预算表", "appropriation_basic"),
        ("基本支出表", "basic"),
        ("部门预算机关运行经费支出表", "operating_expense"),
        ("政府采购（货物、购买服务）预算表", "procurement"),
        ("政府购买服务预算财政拨款明细表", "service_purchase"),
        ("财政拨款上年结转资金支出表", "carryover"),
        ("政府性基金预算财政拨款收入支出决算表（续）", "government_fund"),
        ("财政拨款（含一般公共预算和政府性基金预算）“三公”经费支出表", "three_public"),
        ("财政拨款支出表（功能科目）（单位：万元）", "appropriation_expenditure"),
        ("2024年部门预算公开表3：一般公共预算支出表", "general_public_expenditure"),
    ],
)
def test_titles(title: str, statement: str) -> None:
    assert titled_statements(title)[0] == statement


@pytest.mark.parametrize(
    "title",
    [
        "培训费明细表", "项目收入支出决算表",
        "重点项目支出表", "基本支出和项目支出表", "一般公共预算收支总表", "财政拨款收入表", "部门收支预算增减变化情况表",
    ],
)  # fmt: skip
def test_titles_of_other_tables(title: str) -> None:
    assert titled_statements(title)[0] == ""


@pytest.mark.parametrize("text", ["收入支出情况", "支出总表反映本年支出，见下表", "（一）收入支出说明"])
def test_lines_that_are_no_titles(text: str) -> None:
    assert titled_statements(text) == ()


def test_a_fund_whose_word_a_line_break_cuts_is_the_titles() -> None:
    (form,) = read("甲局一般公共\n预算支出表\n单位：万元\n" + HEAD + "→合计→3→1→2\n")
    assert form.statement_code == "general_public_expenditure"


def test_a_title_of_no_form_may_be_the_end_of_one() -> None:
    (form,) = read(
        "甲局二〇二四年部门收入\n总体情况表\n单位：万元\n科目编码→科目名称→合计→事业收入\n→合计→3→3\n"
    )
    assert form.statement_code == "revenue"
    (other,) = read("一、部门收入\n支出总体情况表\n单位：万元\n" + HEAD + "→合计→3→1→2\n")
    assert other.statement_code == "expenditure"


@pytest.mark.parametrize(("gap", "statement"), [(14.0, "project"), (60.0, "expenditure")])
def test_a_title_broken_between_two_lines_of_one_size_is_one(gap: float, statement: str) -> None:
    found = document("部门项目支出及\n其他支出表\n单位：万元\n" + HEAD + "→合计→3→1→2\n")
    blocks = [
        replace(block, page_no=1, box=(100.0, number * gap, 200.0, number * gap + 12.0))
        if isinstance(block, TextLine)
        else block
        for number, block in enumerate(found.blocks)
    ]
    codes = {form.statement_code for form in recognise_forms(replace(found, blocks=blocks), 2024)}
    assert codes == {statement}


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("事业收入（不含财政专户管理资金）", {"source": "institutional"}),
        ("纳入财政专户管理的事业收入", {"source": "special_account"}),
        ("附属单位上缴预算收入", {"source": "affiliate_remittance"}),
        ("下级单位上缴收入", {"source": "affiliate_remittance"}),
        ("上级单位补助收入", {"source": "superior_subsidy"}),
        ("财政补助收入", {"source": "fiscal_appropriation"}),
        ("自有资金", {"source": "own_funds"}),
        ("以前年度结转", {"balance": "opening_carryover"}),
    ],
)
def test_a_source_is_told_by_its_words(head: str, words: dict[str, str]) -> None:
    (form,) = read(f"收入总表\n科目编码→科目名称→合计→{head}\n201→某支出→9→5\n合计→→9→5\n")
    assert [cell.words for cell in form.cells if cell.cell_text == "5"] == [words, words]


def test_a_merged_label_that_is_repeated_counts_once() -> None:
    (form,) = read("支出总表\n科目编码→科目名称→合计\n201→某支出→3\n合计→合计→3\n")
    assert rows(form) == [("coded", None, None, "3"), ("total", "total", None, "3")]


def test_a_total_whose_label_is_repeated_in_columns_of_classes_is_of_no_class() -> None:
    (form,) = read(
        "一般公共预算支出表（按经济分类科目）\n部门经济科目编码→部门经济科目名称→政府经济科目编码→政府经济科目名称→合计\n"
        "合计→合计→合计→合计→3\n301→工资福利支出→501→机关工资福利支出→3\n"
    )
    assert [(cell.row_kind, cell.words.get("government")) for cell in form.cells] == [
        ("total", None),
        ("coded", "501"),
    ]


def test_form_number_between_title_and_table_hides_nothing() -> None:
    (form,) = read("支出决算表\n→→→→公开03表\n部门：甲局→→→→单位：万元\n" + HEAD + "→合计→3→1→2\n")
    assert (form.statement_code, form.title, form.unit_text) == ("expenditure", "支出决算表", "万元")


def test_title_again_on_the_next_page_is_the_same_form() -> None:
    text = f"支出总表\n{HEAD}201→某支出→3→1→2\n- 1 -\n支出总表（续）\n{HEAD}→合计→3→1→2\n- 2 -\n{HEAD}"
    (form,) = read(text)
    assert (form.row_count, form.is_continued, form.has_total_row) == (2, True, True)


def test_two_whole_forms_of_one_title_are_two() -> None:
    text = f"支出总表\n{HEAD}→合计→3→1→2\n支出总表\n{HEAD}→合计→4→2→2\n"
    assert len(read(text)) == 2


def test_note_ends_a_form_and_belongs_to_it() -> None:
    (form,) = read("支出总表\n" + HEAD + "→合计→3→1→2\n注：本表为空表。\n202→某支出→1→1→\n")
    assert (form.notes, form.row_count) == (["注：本表为空表。"], 1)


def test_a_note_below_the_title_of_another_form_is_not_its_own() -> None:
    (form,) = read(
        "支出总表\n"
        + HEAD
        + "→合计→3→1→2\n注：反映支出。\n政府性基金预算支出表\n单位：万元\n注：本年没有该项支出。\n"
    )
    assert form.notes == ["注：反映支出。"]


def test_a_note_in_brackets_ends_before_the_page_number() -> None:
    (form,) = read("支出总表\n" + HEAD + "201→某支出→→→\n（注：本年没有安排该项支出。）\n— 7 —\n")
    assert form.notes == ["（注：本年没有安排该项支出。）"]


def test_a_note_broken_over_lines_is_one() -> None:
    (form,) = read(
        "支出总表\n"
        + HEAD
        + "→合计→3→1→2\n注：反映支出。\n说明：本年没有该项支出，故本表无\n数据。\n二、机构设置\n"
    )
    assert form.notes == ["注：反映支出。", "说明：本年没有该项支出，故本表无数据。"]


def test_a_header_printed_again_in_the_middle_of_a_later_table_is_no_row() -> None:
    later = f"202→某支出→3→1→2\n{HEAD}203→某支出→3→1→2\n→合计→9→3→6\n"
    (form,) = read(f"支出总表\n{HEAD}201→某支出→3→1→2\n- 1 -\n{later}")
    assert [row[0] for row in rows(form)] == ["coded", "coded", "coded", "total"]


def test_table_that_is_not_its_titles_form_is_kept_as_not_placed() -> None:
    (form,) = read("收支总表\n项目→金额\n合计→5.00\n")
    assert rows(form) == [("unknown", None, "layout_unknown", "5.00")]


def units(form: RecognisedForm) -> list[tuple[str, str | None, str | None, str]]:
    """Row kind, budget unit, problem and text of each stated amount."""
    return [
        (cell.row_kind, cell.budget_unit_name, cell.problem, cell.cell_text)
        for cell in form.cells
        if cell.cell_text
    ]


def test_rows_of_a_column_of_units_are_the_units() -> None:
    text = "支出总表\n单位代码→单位名称→科目编码→科目名称→合计\n→→→合计→6\n"
    text += "1→甲市民政局→→→4\n1→甲市民政局→2080505→养老→4\n2→甲市福利院→→→2\n2→甲市福利院→2080505→养老→2\n"
    (form,) = read(text)
    assert units(form) == [
        ("total", None, None, "6"),
        ("total", "甲市民政局", None, "4"),
        ("coded", "甲市民政局", None, "4"),
        ("total", "甲市福利院", None, "2"),
        ("coded", "甲市福利院", None, "2"),
    ]


def test_rows_below_a_units_row_are_the_units() -> None:
    text = "支出总表\n科目编码→科目名称→合计\n→合计→6\n205→甲市民政局→4\n2080505→养老→4\n205001→甲市福利院→2\n2080505→养老→2\n"
    (form,) = read(text)
    assert units(form) == [
        ("total", None, None, "6"),
        ("total", "甲市民政局", None, "4"),
        ("coded", "甲市民政局", None, "4"),
        ("total", "甲市福利院", None, "2"),
        ("coded", "甲市福利院", None, "2"),
    ]


def test_units_of_which_only_the_codes_are_printed_are_not_placed() -> None:
    text = "支出总表\n单位代码→科目编码→科目名称→合计\n101→2080505→养老→4\n102→2080505→养老→2\n"
    (form,) = read(text)
    assert [problem for _, _, problem, _ in units(form)] == ["unit_unnamed", "unit_unnamed"]


CLASSES = "一般公共预算基本支出表\n科目编码→单位代码→单位名称（科目）→合计\n→→合计→9\n"


def test_a_class_between_rows_that_each_name_their_unit_is_no_units() -> None:
    text = CLASSES + "→→工资福利支出→6\n30101→12301→基本工资→6\n→→商品和服务支出→3\n30201→12301→办公费→3\n"
    (form,) = read(text)
    assert units(form) == [
        ("total", None, None, "9"),
        ("coded", None, None, "6"),
        ("coded", "12301", None, "6"),
        ("coded", None, None, "3"),
        ("coded", "12301", None, "3"),
    ]


def test_a_unit_is_named_by_the_form_that_prints_its_name_beside_its_code() -> None:
    records = "“三公”经费支出表\n单位编码→单位名称（科目）→合计→因公出国（境）费→公务用车运行费→公务接待费\n"
    records += "→合计→9→→5→4\n12301→甲市民政局→9→→5→4\n"
    classes = "30101→12301→基本工资→9\n"
    first, last = read(f"{CLASSES}{classes}注：完\n{records}")
    assert (
        {unit for _, unit, _, _ in units(first)}
        == {unit for _, unit, _, _ in units(last)}
        == {None, "甲市民政局"}
    )


def test_a_head_of_units_and_classes_heads_names_of_classes() -> None:
    text = "支出总表\n科目编码→单位代码→单位名称（功能分类科目名称）→合计\n→→合计→4\n2080505→12301→养老→4\n"
    (form,) = read(text)
    assert [(cell.label, cell.budget_unit_name) for cell in form.cells] == [("合计", None), ("养老", "12301")]


def test_a_part_of_a_code_stands_in_forms_of_revenue_too() -> None:
    (form,) = read("收入总表\n科目编码→科目名称→合计→事业收入\n208→某支出→3→1\n05→某款→3→1\n→合计→3→1\n")
    assert [row[0] for row in rows(form)] == ["coded", "coded", "total"]


def test_a_side_that_lists_economic_classes_need_not_say_so() -> None:
    head = "收支总表\n收入→→支出→→→\n项目→预算数→项目→预算数→支出用途→预算数\n"
    body = "一般公共预算→9→农林水支出→9→基本支出→9\n→→→→工资福利支出→6\n→→→→商品和服务支出→3\n"
    (form,) = read(head + body + "收入总计→9→支出总计→9→支出总计→9\n")
    found = {cell.label: cell.words.get("classification") for cell in form.cells if cell.cell_text}
    assert found["工资福利支出"] == found["商品和服务支出"] == "department"
    assert found["农林水支出"] is None


def test_a_row_of_the_three_public_says_its_item_whatever_stands_above() -> None:
    head = "“三公”经费支出情况表\n项目→“三公”经费预算数\n共计→5\n"
    (form,) = read(head + "因公出国（境）费用→1\n公务接待费→1\n公务用车费→3\n")
    assert [cell.words.get("item") for cell in form.cells] == ["total", None, None, None]
    assert [cell.line_code for cell in form.cells] == [
        "total",
        "overseas_travel",
        "reception",
        "vehicle_total",
    ]


def test_the_only_unit_is_the_publisher_where_no_total_stands_beside_it() -> None:
    (form,) = read("支出总表\n单位名称→科目编码→科目名称→合计\n甲市民政局→2080505→养老→4\n")
    assert units(form) == [("coded", None, None, "4")]


def test_a_department_above_its_own_office_is_the_publisher() -> None:
    head = "“三公”经费支出表\n单位名称→合计→因公出国（境）费→公务用车购置费→公务接待费\n"
    (form,) = read(head + "甲市民政局→5→→→5\n甲市民政局（本级）→3→→→3\n甲市福利院→2→→→2\n")
    assert [(unit, text) for _, unit, _, text in units(form)] == [
        (None, "5"), (None, "5"),
        ("甲市民政局（本级）", "3"), ("甲市民政局（本级）", "3"),
        ("甲市福利院", "2"), ("甲市福利院", "2"),
    ]  # fmt: skip


def test_only_subtotal_is_the_total() -> None:
    (form,) = read("支出总表\n" + HEAD + "201→某支出→3→1→2\n→小计→3→1→2\n")
    assert rows(form)[-1][:2] == ("total", "total")


def test_foreign_code_is_refused() -> None:
    (form,) = read("支出总表\n" + HEAD + "→合计→3→1→2\n401→某科目→3→1→2\n")
    assert rows(form)[-1][2] == "line_unknown"


def classes(form: RecognisedForm) -> list[tuple[str | None, str | None, str | None, str | None]]:
    """Code, economic class, government class and classification of each row."""
    first = {cell.row_no: cell for cell in reversed(form.cells)}
    words = ("economic", "government", "classification")
    return [(c.code_text, *(c.words.get(word) for word in words)) for _, c in sorted(first.items())]  # type: ignore[misc]


def test_economic_classes_beside_a_function_are_crossed_with_it() -> None:
    head = "支出总表\n功能分类科目→政府预算支出经济分类科目→部门预算支出经济分类科目→合计→基本支出\n"
    (form,) = read(head + "2080505-养老→50102-社会保障缴费→30108-缴费→3→3\n合计→→→3→3\n")
    assert classes(form) == [
        ("2080505", "30108", "50102", "function"),
        (None, None, None, "function"),
    ]


def test_economic_classes_below_a_function_are_crossed_with_it() -> None:
    (form,) = read(
        "支出总表\n" + HEAD + "201→某支出→3→1→2\n2010101→行政运行→3→1→2\n30101→基本工资→3→1→2\n→合计→3→1→2\n"
    )
    assert classes(form) == [
        ("201", None, None, "function"),
        ("2010101", None, None, "function"),
        ("2010101", "30101", None, "function"),
        (None, None, None, "function"),
    ]


def test_a_form_of_expenditure_that_lists_economic_classes_only_is_one_of_classes() -> None:
    (form,) = read("支出总表\n" + HEAD + "301→工资福利支出→3→1→2\n30101→基本工资→3→1→2\n→合计→3→1→2\n")
    assert [row[-1] for row in classes(form)] == ["department"] * 3


def test_a_form_of_basic_expenditure_by_function_is_one_of_functions() -> None:
    (form,) = read(
        "一般公共预算基本支出表\n科目编码→科目名称→合计→人员经费→公用经费\n208→某支出→3→1→2\n→合计→3→1→2\n"
    )
    assert [row[-1] for row in classes(form)] == ["function"] * 2


def test_a_side_that_lists_economic_classes_says_of_which_kind() -> None:
    head = "收支总表\n收入→→支出→→→\n项目→预算数→功能分类科目→预算数→部门预算经济分类科目→预算数\n"
    (form,) = read(
        head + "一、事业收入→5→一、教育支出→5→一、基本支出→3\n→→→→（一）工资福利支出→3\n→→→→二、项目支出→2\n"
        "→→→→（一）商品和服务支出→2\n收入总计→5→支出总计→5→支出总计→5\n"
    )
    side = [c for c in form.cells if c.col_no == 5]
    assert [(c.line_code, c.words.get("classification"), c.words.get("measure")) for c in side] == [
        ("measure_basic", None, None),
        (None, "department", "basic"),
        ("measure_project", None, None),
        (None, "department", "project"),
        ("total_expenditure", None, None),
    ]


def test_a_class_of_several_of_one_name_may_lack_its_number() -> None:
    (form,) = read(
        "收支总表\n收入→→支出→\n项目→金额→政府预算支出经济分类→金额\n一、事业收入→9→一、机关工资福利支出→7\n→→二、机关资本性支出→2\n收入总计→9→支出总计→9\n"
    )
    assert {(cell.label, cell.row_kind) for cell in form.cells if cell.cell_text == "2"} == {
        ("机关资本性支出", "coded")
    }


def test_classes_below_their_own_total_are_of_no_kind() -> None:
    head = "收支总表\n收入→→支出→→→\n项目→预算数→功能分类科目→预算数→支出性质和经济分类→预算数\n"
    (form,) = read(
        head + "一、事业收入→5→一、教育支出→5→一、基本支出→3\n→→→→二、项目支出→2\n→→→→支出经济分类→\n"
        "→→→→工资福利支出→5\n收入总计→5→支出总计→5→支出总计→5\n"
    )
    (wages,) = [c for c in form.cells if c.label == "工资福利支出"]
    assert (wages.words.get("classification"), wages.words.get("measure")) == ("department", None)


def test_a_form_of_one_row_without_labels_states_totals() -> None:
    (form,) = read("收入总表\n合计→财政拨款→事业收入\n5.00→3.00→2.00\n")
    assert [(c.line_code, c.cell_text) for c in form.cells] == [
        ("total", text) for text in ("5.00", "3.00", "2.00")
    ]


def test_a_bare_total_is_the_years_beside_a_grand_total_and_all_funds_without_one() -> None:
    head = "收支总表\n收入→→支出→\n项目→预算数→项目→预算数\n一、事业收入→5→一、教育支出→5\n"
    (form,) = read(head + "收入合计→5→支出合计→5\n")
    assert [c.line_code for c in form.cells if c.row_no == 2] == ["total_income", "total_expenditure"]
    (form,) = read(head + "收入合计→5→支出合计→5\n上年结转→1→结转下年→1\n收入总计→6→支出总计→6\n")
    assert [c.line_code for c in form.cells if c.row_no == 2] == ["current_income", "current_expenditure"]


def test_current_year_and_carryover_are_parts_of_the_budget() -> None:
    (form,) = read("支出总表\n科目编码→科目名称→合计→当年预算→上年结转\n208→某支出→3→1→2\n")
    assert [c.words.get("part") for c in form.cells] == [None, "current_year", "carryover"]


def test_carryover_among_the_sources_of_revenue_is_no_part() -> None:
    (form,) = read("收入总表\n科目编码→科目名称→合计→财政拨款→上年结转\n208→某支出→3→1→2\n")
    assert [c.words.get("part") for c in form.cells] == [None, None, None]


def test_total_label_merged_over_two_groups_names_the_amount_beyond() -> None:
    text = "一般公共预算基本支出表\n科目编码→科目名称→决算数→科目编码→科目名称→决算数\n"
    text += "301→工资福利支出→5→302→商品和服务支出→2\n公用经费合计→→→→→2\n"
    (form,) = read(text)
    assert [(c.line_code, c.cell_text) for c in form.cells if c.row_no == 2] == [
        ("public_total", ""),
        ("public_total", "2"),
    ]


def test_record_rows_say_their_basis() -> None:
    text = "“三公”经费支出表\n项目→合计→因公出国（境）费→公务用车购置费→公务接待费\n"
    (form,) = read(text + "2023年决算数→3→→→3\n2024年预算数→2→→→2\n")
    assert [(c.words["basis"], c.cell_text) for c in form.cells if c.col_no == 1] == [
        ("prior_year", "3"),
        ("budget", "2"),
    ]


def test_blocks_carry_funds_down() -> None:
    text = "财政拨款收支总表\n收入→→支出→\n项目→预算数→项目→预算数\n"
    text += "一、本年收入→5→一、本年支出→5\n一般公共预算→5→教育支出→5\n二、上年结转→1→二、结转下年→\n一般公共预算→1→→\n"
    (form,) = read(text)
    income = [(c.line_code, c.line_fund_code, c.cell_text) for c in form.cells if c.side == "income"]
    assert income == [
        ("current_income", None, "5"), ("general_public", None, "5"),
        ("opening_carryover", None, "1"), ("opening_carryover", "general_public", "1"),
    ]  # fmt: skip


def test_a_title_whose_remark_is_broken_over_two_lines() -> None:
    (form,) = read(
        f"云川市水务局支出预算表（按支出功能分类科\n目-不含上年结转）\n单位：元\n{HEAD}213→农林水支出→3→2→1\n合计→→3→2→1\n"
    )
    assert form.title == "云川市水务局支出预算表（按支出功能分类科目-不含上年结转）"
    assert form.statement_code == "expenditure"


PROJECTS = "一般公共预算项目支出表\n单位：元\n"


def labels(form: RecognisedForm) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    """Row kind, code, function name, project and problem of each row."""
    first = {cell.row_no: cell for cell in reversed(form.cells)}
    return [(c.row_kind, c.code_text, c.label, c.project_name, c.problem) for _, c in sorted(first.items())]


def test_a_project_without_function_stands_below_the_one_above() -> None:
    (form,) = read(
        PROJECTS + "科目编码→科目名称→项目名称→金额\n2050202→小学教育→护栏→2\n→→课桌→3\n"
        "2050203→初中教育→→4\n→→球场→4\n合计→→→9\n"
    )
    assert labels(form) == [
        ("coded", "2050202", "小学教育", "护栏", None),
        ("coded", "2050202", "小学教育", "课桌", None),
        ("coded", "2050203", "初中教育", None, None),
        ("coded", "2050203", "初中教育", "球场", None),
        ("total", None, None, None, None),
    ]


def test_a_unit_among_the_projects_is_one_where_its_projects_add_up_to_it() -> None:
    (form,) = read(PROJECTS + "项目名称→金额\n青禾区第二中学→5\n护栏→5\n合计→5\n")
    assert [(row.kind, row.unit_name, row.project_name) for row in form.list_rows] == [
        ("unit", "青禾区第二中学", None),
        ("line", "青禾区第二中学", "护栏"),
        ("total", None, None),
    ]
    (form,) = read(PROJECTS + "项目名称→金额\n青禾区第二中学→4\n护栏→5\n合计→5\n")
    assert [row[4] for row in labels(form)] == ["line_unknown", None, None]


def test_economic_classes_of_columns_and_rows() -> None:
    (form,) = read(
        PROJECTS
        + "项目名称→合计→工资福利支出→资本性支出（基本建设）→资本性支出\n护栏→6→1→2→3\n合计→6→1→2→3\n"
    )
    assert [cell.words.get("economic") for cell in form.cells[:4]] == [None, "301", "309", "310"]
    (form,) = read(
        PROJECTS + "经济分类科目编码→经济分类科目名称→项目名称→金额\n302→商品和服务支出→护栏→6\n合计→→→6\n"
    )
    assert [cell.words.get("economic") for cell in form.cells] == ["302", None]


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("项目→预算数（单位：万元）→绩效目标", 1),
        ("项目名称→金额（万元）→项目内容", 1),
        ("项目→预算数（单位：万元）→备注", 0),
        ("项目→数量（个）→绩效目标", 0),
        ("项目→预算数（单位：万元）→某栏", 0),
    ],
)
def test_a_table_that_describes_projects_with_their_amounts(head: str, count: int) -> None:
    found = read(f"重点项目如下：\n{head}\n护栏维修→6.00→修好护栏\n路灯更换→4.00→更换路灯\n")
    assert [form.statement_code for form in found] == ["project_performance"] * count
    cells = [(cell.project_name, cell.cell_text, cell.problem) for form in found for cell in form.cells]
    assert cells == [("护栏维修", "6.00", None), ("路灯更换", "4.00", None)] * count


def test_a_project_form_without_projects_or_classes_is_refused() -> None:
    (form,) = read(PROJECTS + "单位名称（科目）→金额\n护栏→6\n合计→6\n")
    assert {cell.problem for cell in form.cells} == {"layout_unknown"}


def test_rates_beside_amounts_are_no_amounts() -> None:
    (form,) = read(
        "支出总表\n科目编码→科目名称→合计→执行率（%）→占比→某率\n201→某支出→3→98.5→7→60%\n合计→→3→98.5→7→60%\n"
    )
    amounts = [cell for cell in form.cells if "ratio" not in cell.words]
    assert [(cell.cell_text, cell.problem) for cell in amounts] == [("3", None), ("3", None)]
    rates = [cell for cell in form.cells if "ratio" in cell.words and cell.row_kind == "coded"]
    assert [(cell.cell_text, cell.words["ratio"]) for cell in rates] == [
        ("98.5", "execution_rate"),
        ("7", "share"),
    ]


@pytest.mark.parametrize(
    ("heads", "figures", "ratios"),
    [
        ("增减%", "-5.43", ["change_rate"]),
        ("比上年增减", "5.43%", ["change_rate"]),
        ("占比", "60%", ["share"]),
        ("完成预算的%", "98", ["execution_rate"]),
        ("决算比预算增减率", "3.50", ["budget_variance_rate"]),
        ("执行率", "0.98", []),
        ("为上年决算数的%", "105.3", []),
        ("%", "60", []),
        ("增减原因", "60", []),
    ],
)
def test_a_head_of_percentages_says_what_is_compared(heads: str, figures: str, ratios: list[str]) -> None:
    (form,) = read(f"支出总表\n科目编码→科目名称→合计→{heads}\n201→某支出→3→{figures}\n合计→→3→{figures}\n")
    found = [cell.words["ratio"] for cell in form.cells if "ratio" in cell.words]
    assert found == ratios * 2
    assert [cell.cell_text for cell in form.cells if cell.problem is None] == [
        "3",
        *([figures] if ratios else []),
    ] * 2


def test_a_bare_percent_sign_is_told_by_the_heads_above_it() -> None:
    (form,) = read(
        "支出总表\n科目编码→科目名称→合计→比上年执行数增减→\n→→→金额→%\n201→某支出→3→1→50\n合计→→3→1→50\n"
    )
    assert [cell.words.get("ratio") for cell in form.cells if cell.cell_text == "50"] == ["change_rate"] * 2


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("合计→财政拨款→事业收入→其他资金", {"source": "other_funds"}),
        ("合计→财政拨款→财政专户→其他资金", {"source": "other_funds"}),
    ],
)
def test_other_funds_are_a_source_of_their_own(header: str, words: dict[str, str]) -> None:
    (form,) = read(f"收入总表\n科目编码→科目名称→{header}\n201→某支出→9→5→3→1\n合计→→9→5→3→1\n")
    assert [cell.words for cell in form.cells if cell.cell_text == "1"] == [words, words]


def test_codes_stand_with_the_names_on_their_right() -> None:
    head = "基本支出表\n科目编码→科目编码→部门预算支出经济分类科目→科目编码→科目编码→政府预算支出经济分类科目→合计\n"
    (form,) = read(head + "类→款→→类→款→→\n301→01→基本工资→501→01→工资奖金津补贴→3\n→→合计→→→→3\n")
    assert classes(form)[0] == ("301 01", None, "501 01", "department")


def test_units_above_rows_without_codes() -> None:
    (form,) = read(
        "基本支出表\n支出经济分类科目名称→合计\n合计→5\n甲市民政局→3\n工资福利支出→3\n甲市福利院→2\n工资福利支出→2\n"
    )
    assert [(unit, text) for _, unit, _, text in units(form)] == [
        (None, "5"), ("甲市民政局", "3"), ("甲市民政局", "3"), ("甲市福利院", "2"), ("甲市福利院", "2"),
    ]  # fmt: skip


def test_a_form_of_two_sides_goes_on_below_its_title_until_all_funds_are_added_up() -> None:
    head = "财政拨款收支总表\n收入→→支出→\n项目→决算数→项目→决算数\n"
    first = "一般公共预算财政拨款→5→教育支出→5\n本年收入合计→5→本年支出合计→5\n年初财政拨款结转和结余→1→年末财政拨款结转和结余→1\n"
    rest = "一般公共预算财政拨款→1→→\n收入总计→6→支出总计→6\n"
    (form,) = read(head + first + "- 1 -\n" + head + rest)
    assert [(c.line_code, c.line_fund_code) for c in form.cells if c.side == "income"][-2:] == [
        ("opening_carryover", "general_public"),
        ("total_income", None),
    ]


def test_overseas_travel_may_be_called_expenditure() -> None:
    text = "“三公”经费支出表\n项目→预算数\n“三公”经费合计→4\n因公出国（境）支出→1\n公务接待费支出→3\n公务用车购置费→\n"
    (form,) = read(text)
    assert [c.line_code for c in form.cells] == ["total", "overseas_travel", "reception", "vehicle_purchase"]


def test_a_title_broken_inside_its_remark_is_one_title() -> None:
    (form,) = read(
        "2024年一般公共预算支出明细表（按支出功能分\n类科目，不含上年结转）\n" + HEAD + "→合计→3→1→2\n"
    )
    assert (form.statement_code, form.layout) == ("general_public_expenditure", "function")


def test_a_form_of_basic_expenditure_by_function_is_told_by_its_codes() -> None:
    (form,) = read(
        "一般公共预算基本支出表\n科目编码→科目名称→合计→人员经费→公用经费\n201→某支出→3→1→2\n→合计→3→1→2\n"
    )
    assert (form.statement_code, form.layout) == ("general_public_basic", "function")


def test_economic_classes_beside_functions_are_those_of_their_kind_of_expenditure() -> None:
    text = "收支总表\n收入→→支出→→→\n项目→预算数→支出功能分类科目→预算数→部门支出经济分类科目→预算数\n"
    text += "一、财政拨款→3→一、教育支出→3→一、基本支出→1\n→→→→（1）商品和服务支出→1\n→→→→二、项目支出→2\n→→→→（1）商品和服务支出→2\n"
    (form,) = read(text + "收入总计→3→支出总计→3→支出总计→3\n")
    found = [
        (cell.row_kind, cell.line_code, cell.words.get("measure")) for cell in form.cells if cell.col_no == 5
    ]
    assert found[:4] == [
        ("line", "measure_basic", None), ("coded", None, "basic"),
        ("line", "measure_project", None), ("coded", None, "project"),
    ]  # fmt: skip


def test_a_fund_form_may_set_revenue_and_expenditure_side_by_side() -> None:
    (form,) = read(
        "政府性基金预算收支表\n收入→→支出→\n项目→预算数→项目→预算数\n本年收入合计→3→本年支出合计→3\n"
    )
    assert (form.statement_code, form.layout) == ("government_fund", "two_sided")


def test_an_unknown_row_among_the_items_is_not_the_total() -> None:
    head = "“三公”经费、会议费、培训费支出表\n项目→预算数\n"
    (form,) = read(
        head
        + "合计→9\n“三公”经费→4\n（一）因公出国（境）支出→1\n（二）公务接待费支出→3\n会议费→5\n某种费用→2\n"
    )
    assert [(line, text) for _, line, _, text in rows(form)] == [
        ("controlled_total", "9"), ("total", "4"), ("overseas_travel", "1"), ("reception", "3"), ("meeting", "5"),
        (None, "2"),
    ]  # fmt: skip
    assert rows(form)[-1][2] == "line_unknown"


CRUSHED = (
    ("科目\n编码", "科目\n名称", "合计", "一般公共预算\n基本支出\n小计", "一般公共预算\n基本支出\n人员\n经费",
     "一般公共预算\n项目\n支出", "政府性基金\n预算"),
    ("201", "一般公共服务支出", "9.00", "3.00", "2.00", "4.00", "2.00"),
    ("", "合计", "9.00", "3.00", "2.00", "4.00", "2.00"),
)  # fmt: skip


def test_heads_crushed_into_one_cell_are_those_that_the_neighbours_share() -> None:
    cells = [Cell(text, r, c, f"r{r}c{c}") for r, row in enumerate(CRUSHED) for c, text in enumerate(row)]
    table = Table(cells, 3, 7, page_no=1, has_spans=True)
    lines = [TextLine("部门支出总表", "l1", 1), TextLine("单位：万元", "l2", 1)]
    (form,) = recognise_forms(Document("application/pdf", [*lines, table]), 2024)
    said = [
        {key: value for key, value in c.words.items() if key in ("fund", "measure")} for c in form.columns
    ]
    assert [column.kind for column in form.columns] == ["code", "name", *["amount"] * 5]
    assert said[2:] == [
        {},
        {"fund": "general_public", "measure": "basic"},
        {"fund": "general_public", "measure": "basic_personnel"},
        {"fund": "general_public", "measure": "project"},
        {"fund": "government_fund"},
    ]


def test_lines_of_a_head_that_is_known_as_a_whole_are_no_heads_of_several() -> None:
    heads = ("小计", "公务用车\n购置费", "公务用车\n运行维护\n费", "公务接待费")
    rows_of = (heads, ("3.00", "1.00", "2.00", "4.00"))
    cells = [Cell(text, r, c, f"r{r}c{c}") for r, row in enumerate(rows_of) for c, text in enumerate(row)]
    table = Table(cells, 2, 4, page_no=1, has_spans=True)
    lines = [TextLine("财政拨款“三公”经费支出表", "l1", 1), TextLine("单位：万元", "l2", 1)]
    (form,) = recognise_forms(Document("application/pdf", [*lines, table]), 2024)
    assert [column.header_path for column in form.columns] == [head.replace("\n", "") for head in heads]


def test_carryover_beside_funds_is_a_part_of_the_expenditure() -> None:
    head = "科目编码→科目名称→合计→一般公共预算→上年结转\n"
    (form,) = read(f"支出总表\n{head}201→一般公共服务支出→9.00→6.00→3.00\n→合计→9.00→6.00→3.00\n")
    assert form.columns[-1].words["part"] == "carryover"
    assert "balance" not in form.columns[-1].words


def test_a_departments_record_that_repeats_the_total_is_the_total() -> None:
    head = "单位名称→合计→因公出国（境）费→公务接待费→公务用车购置及运行维护费\n"
    text = (
        "三公经费支出表\n"
        + head
        + "合计→3→1→1→1\n云川市水务局→3→1→1→1\n云川市水务局（本级）→2→1→1→0\n云川市水文站→1→0→0→1\n"
    )
    (form,) = read(text)
    assert [row[:2] for row in rows(form)] == [
        ("line", "total"),
        ("line", "total"),
        ("record", None),
        ("record", None),
    ]


def test_numbers_of_columns_hide_no_head() -> None:
    text = "一般公共预算项目支出情况表（按经济分类科目）\n部门预算支出经济科目→预算\n栏次→1\n301工资福利支出→2.00\n302商品和服务支出→1.00\n合计→3.00\n"
    (form,) = read(text)
    assert form.layout == "economic"


UNTITLED = (
    "单位：万元\n科目编码→科目名称→本年支出合计→基本支出→项目支出→上缴上级支出→经营支出→对附属单位补助支出\n"
)


def test_a_form_without_a_title_is_told_by_heads_that_no_other_form_has() -> None:
    (form,) = read(UNTITLED + "201→一般公共服务支出→9.00→6.00→3.00→0→0→0\n→合计→9.00→6.00→3.00→0→0→0\n")
    assert (form.statement_code, form.unit_text) == ("expenditure", "万元")


def test_beside_a_form_of_its_kind_a_table_without_a_title_is_none() -> None:
    rows_below = "201→一般公共服务支出→9.00→6.00→3.00→0→0→0\n"
    forms = read(f"支出决算表\n{HEAD}201→某支出→3→1→2\n注：以上为本部门。\n某站情况\n{UNTITLED}{rows_below}")
    assert [form.title for form in forms] == ["支出决算表"]


def test_heads_of_several_forms_tell_none() -> None:
    assert not read("科目编码→科目名称→合计→基本支出→项目支出\n201→某支出→3→1→2\n")


def test_the_code_of_a_unit_is_that_of_the_unit_named_above() -> None:
    text = "支出总表\n科目编码→单位代码→单位名称（科目）→合计\n→→合计→4\n→→甲市民政局→4\n2080505→301001→养老→3\n2080506→301001→年金→1\n"
    (form,) = read(text)
    assert [unit for _, unit, problem, _ in units(form) if problem is None] == [None, *["甲市民政局"] * 3]


def test_columns_of_the_governments_classes_are_crossed_with_functions() -> None:
    head = "支出预算分类汇总表（按政府预算经济分类）\n科目编码→科目名称→总计→机关工资福利支出→对个人和家庭的补助\n"
    (form,) = read(head + "→合计→3→2→1\n2010301→行政运行→3→2→1\n")
    assert form.statement_code == "expenditure"
    assert [column.words.get("government") for column in form.columns] == [None, None, None, "501", "509"]


def test_rows_of_the_governments_classes_are_a_form_of_classes() -> None:
    head = "支出预算表（按政府预算经济分类）\n科目编码→科目名称→合计→基本支出\n"
    (form,) = read(head + "→合计→3→2\n501→机关工资福利支出→3→2\n")
    assert (form.statement_code, form.layout) == ("expenditure", "economic")
    assert {row[-1] for row in classes(form)} == {"government"}


def test_a_summary_splits_the_budget_where_its_columns_do() -> None:
    text = (
        "部门收支总体情况表\n单位：万元\n<table><tr><td colspan=2>收入</td><td colspan=5>支出</td></tr>"
        "<tr><td rowspan=3>项目</td><td rowspan=3>金额</td><td rowspan=3>项目</td><td rowspan=3>合计</td><td rowspan=3>上年结转结余</td>"
        "<td colspan=2>本年支出</td></tr><tr><td colspan=2>一般公共预算</td></tr><tr><td>小计</td><td>其中：财政拨款</td></tr>"
        "<tr><td>一般公共预算拨款</td><td>3</td><td>一、基本支出</td><td>3</td><td>1</td><td>2</td><td>2</td></tr></table>"
    )
    (form,) = read(text)
    said = [
        (column.words.get("part"), column.words.get("fund"), column.words.get("balance"))
        for column in form.columns
    ]
    assert said[3:] == [
        (None, None, None), ("carryover", None, None),
        ("current_year", "general_public", None), ("current_year", "fiscal_appropriation", "outside"),
    ]  # fmt: skip


def test_numbers_of_columns_in_a_row_of_heads_are_no_heads() -> None:
    rows = (
        "<tr><td colspan=4>项目</td><td rowspan=2>本年支出合计</td></tr><tr><td colspan=3>科目编码</td><td>科目名称</td></tr>"
        "<tr><td rowspan=2>类</td><td rowspan=2>款</td><td rowspan=2>项</td><td>栏次</td><td>1</td></tr>"
        "<tr><td>合计</td><td>3.00</td></tr><tr><td colspan=3>208</td><td>社会保障和就业支出</td><td>3.00</td></tr>"
    )
    (form,) = read(f"支出决算表\n单位：万元\n<table>{rows}</table>")
    assert [cell.cell_text for cell in form.cells] == ["3.00", "3.00"]
    assert form.columns[-1].kind == "amount"


def test_a_total_alone_on_its_page_stands_on_the_columns_of_amounts() -> None:
    head = "支出总表\n类→款→项→科目名称→合计→基本支出\n201→03→01→行政运行→1,300.00→1,200.00\n"
    (form,) = read(head + "- 1 -\n合计→1,300.00→1,200.00\n")
    assert [(cell.row_kind, cell.code_text, cell.cell_text) for cell in form.cells] == [
        ("coded", "201 03 01", "1,300.00"), ("coded", "201 03 01", "1,200.00"),
        ("total", None, "1,300.00"), ("total", None, "1,200.00"),
    ]  # fmt: skip


def test_a_first_row_takes_no_code_from_the_last_one() -> None:
    head = "支出总表\n科目编码→科目编码→科目名称→合计\n类→款→→\n"
    (form,) = read(head + "→05→某款→3\n208→→某类→3\n208→05→某款→3\n→→合计→3\n")
    first = next(cell for cell in form.cells if cell.label == "某款")
    assert first.code_text == "05"


def test_a_total_below_an_unknown_head_is_not_the_forms() -> None:
    said = read(
        "收入总表\n单位：万元\n单位名称→收入总计→专门渠道拨入→专门渠道拨入→事业收入\n"
        "→→小计→一般公共预算拨款→\n合计→9.00→7.00→7.00→2.00\n"
    )
    assert [(cell.cell_text, cell.problem) for cell in said[0].cells] == [
        ("9.00", None),
        ("7.00", "header_unknown"),
        ("7.00", None),
        ("2.00", None),
    ]


def test_a_head_says_what_it_is_about_also_with_the_stage_behind_it() -> None:
    said = read(
        "收入总表\n单位：万元\n科目编码→科目名称→合计→事业收入预算→其他收入预算\n206→科学技术支出→9.00→7.00→2.00\n"
    )
    assert [cell.words.get("source") for cell in said[0].cells] == [None, "institutional", "other"]


def test_a_source_printed_again_below_an_unknown_line_is_a_part_of_that() -> None:
    said = read(
        "收支总表\n单位：万元\n收入→收入→支出→支出\n项目→预算数→项目→预算数\n"
        "一、财政拨款收入→7.00→一、教育支出→9.00\n二、事业收入→1.00→→\n"
        "三、历年滚存→1.00→→\n事业收入→1.00→→\n收入总计→9.00→支出总计→9.00\n"
    )
    found = [(cell.label, cell.problem) for cell in said[0].cells if cell.side == "income" and cell.cell_text]
    assert ("事业收入", None) in found
    assert ("事业收入", "line_unknown") in found
