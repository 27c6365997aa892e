"""What a document's outline says of its sentences: sections, projects, reports, paragraphs over lines and pages."""

from __future__ import annotations

import pytest

from ingest.cover.cover import Cover
from ingest.document.model import Document, TextLine
from ingest.document.paragraphs import read_paragraphs
from ingest.narrative.read import read_narrative
from ingest.narrative.terms import section_of
from tests.unit.documents import document
from tests.unit.sentences import claims, lists, tells

REPORT = {"doc_type": "performance_report", "title": "青石县档案馆2023年度部门整体支出绩效自评报告"}
PROJECT_REPORT = {"doc_type": "performance_report", "title": "青石县2023年度项目支出绩效自评报告"}


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("一、收入支出决算总体情况说明", "summary"),
        ("二、收入决算情况说明", "revenue"),
        ("三、支出决算情况说明", "expenditure"),
        ("四、财政拨款收入支出决算总体情况说明", "appropriation_summary"),
        ("五、一般公共预算财政拨款支出决算情况说明", "general_public_expenditure"),
        ("六、一般公共预算财政拨款基本支出决算情况说明", "general_public_basic"),
        ("七、“三公”经费财政拨款支出决算情况说明", "three_public"),
        ("八、政府性基金预算财政拨款收入支出决算情况", "government_fund"),
        ("九、国有资本经营预算财政拨款支出情况说明", "state_capital"),
        ("（一）机关运行经费支出情况", "other_matters"),
        ("（二）政府采购支出情况", "other_matters"),
        ("（三）国有资产占用情况说明", "other_matters"),
        ("（四）预算绩效管理工作开展情况", "performance"),
        ("一般公共预算项目支出情况说明", "general_public_project"),
        ("青石巷道路养护经费情况说明", "project"),
        ("一、主要职能", "duties"),
        ("二、机构设置及人员情况", "profile"),
        ("第四部分 名词解释", "glossary"),
        ("上年结转结余情况", "carryover"),
        ("（二）财政拨款收入情况", "appropriation_summary"),
        ("（二）关于收入预算情况说明", "revenue"),
        ("（二）数字展厅（二期）情况说明", "project"),
        ("附件", None),
    ],
)
def test_the_section_that_a_heading_opens(heading: str, section: str | None) -> None:
    assert section_of(heading) == section


def test_the_same_words_under_other_headings_are_other_figures() -> None:
    said = tells(
        "二、收入决算情况说明\n本年收入合计90.00万元。\n四、财政拨款收入支出决算总体情况说明\n本年收入合计80.00万元。"
    )
    assert said == [
        "90.00万元 balance current_income @revenue",
        "80.00万元 balance current_income @appropriation_summary",
    ]


def test_a_general_heading_gives_way_to_the_one_above() -> None:
    said = tells("五、政府性基金预算财政拨款收入支出情况\n（一）支出决算情况\n本年支出合计3.00万元。")
    assert said == ["3.00万元 balance current_expenditure @government_fund"]


def test_a_heading_that_runs_on_into_its_text() -> None:
    said = tells("（一）机关运行经费情况本部门2023年度机关运行经费支出12.00万元。")
    assert said == ["12.00万元 metric operating_expense"]


def test_chapters_and_sections_are_headings() -> None:
    said = tells(
        "第一章 年度决算说明\n第三节 支出决算情况说明\n本年支出合计80.00万元。\n"
        "第四节 财政拨款收入支出决算总体情况说明\n本年支出合计70.00万元。"
    )
    assert said == [
        "80.00万元 balance current_expenditure @expenditure",
        "70.00万元 balance current_expenditure @appropriation_summary",
    ]


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        ("机关运行经费：支出12.00万元。", "12.00万元 metric operating_expense"),
        ("三公经费：公务接待费1.00万元。", "1.00万元 three_public reception @three_public"),
        ("支出决算情况：本年支出合计80.00万元。", "80.00万元 balance current_expenditure @expenditure"),
    ],
)
def test_a_paragraph_that_names_its_own_matter(paragraph: str, said: str) -> None:
    assert tells(f"一、收入支出决算总体情况说明\n{paragraph}") == [said]


@pytest.mark.xfail(strict=True, reason="支出总额 after the colon is taken for a balance and set aside")
def test_a_paragraph_that_names_procurement_and_says_the_total_behind_a_colon() -> None:
    said = tells("六、其他重要事项\n政府采购：支出总额20.00万元。")
    assert said == ["20.00万元 metric procurement_total"]


@pytest.mark.parametrize("mark", ["●", "◆", "● ", "—— "])
def test_bullets_are_no_words(mark: str) -> None:
    said = tells(f"三、支出决算情况说明\n{mark}基本支出60.00万元；\n{mark}项目支出20.00万元。")
    assert said == ["60.00万元 expenditure basic @expenditure", "20.00万元 expenditure project @expenditure"]


def test_a_heading_ends_the_topic() -> None:
    assert tells("三、支出情况\n基本支出60.00万元。\n四、其他说明\n增加5.00万元。")[1:] == [
        "5.00万元 unread no_subject"
    ]


def test_a_list_item_ends_the_topic() -> None:
    said = tells("三、支出情况\n1.基本支出60.00万元；\n2.减少2.00万元。")
    assert said == ["60.00万元 expenditure basic @expenditure", "2.00万元 unread no_subject"]


@pytest.mark.parametrize(
    "text",
    [
        "本年支出合计80.00万元，其中：基本支出\n60.00万元，占75.00%；项目\n支出20.00万元。",
        "本年支出合计80.00万元，其中：基本支出60.00万元，\n- 3 -\n占75.00%；项目支出20.00万元。",
        "本年支出合计80.00万元，其中：基本支出60.00万元，占\n\n75.00%；项目支出20.00万元。",
    ],
)
def test_a_sentence_broken_over_lines_is_read_whole(text: str) -> None:
    assert [claim.subject_code for claim in claims(f"三、支出决算情况说明\n{text}")] == [
        "current_expenditure",
        "basic",
        "basic",
        "project",
    ]


def test_a_sentence_broken_over_pages_is_read_whole_and_stands_where_it_begins() -> None:
    lines = [
        TextLine("三、支出决算情况说明", "p1l1", 1, 1, (70, 680, 300, 692)),
        TextLine("本年支出合计80.00万元，其中：基本支出", "p1l2", 1, 2, (70, 700, 500, 712)),
        TextLine("- 1 -", "p1l3", 1, 3, (280, 780, 300, 792)),
        TextLine("60.00万元，项目支出20.00万元。", "p2l1", 2, 1, (70, 60, 300, 72)),
    ]
    paragraphs = list(read_paragraphs(Document("application/pdf", list(lines), 2)))
    found = read_narrative(paragraphs, Cover(None, "final_accounts", "final", 2023, None, None, None)).claims
    assert [(claim.subject_code, claim.source_ref) for claim in found] == [
        ("current_expenditure", "p1l2s1"),
        ("basic", "p1l2s1"),
        ("project", "p1l2s1"),
    ]


def test_a_list_marker_at_the_head_of_a_line_is_no_minus() -> None:
    assert [claim.figure_text for claim in claims("三、支出情况\n基本支出：\n- 0.95万元。")] == ["0.95"]


def test_claims_are_numbered_in_printed_order() -> None:
    found = claims("三、支出情况\n基本支出60.00万元。项目支出20.00万元。")
    assert [(claim.claim_no, claim.source_ref) for claim in found] == [(1, "L2s1"), (2, "L2s2")]


@pytest.mark.parametrize(
    ("heading", "text", "fund"),
    [
        ("三、“三公”经费一般公共预算支出情况", "公务接待费1.00万元。", "general_public"),
        (
            "三、“三公”经费情况",
            "“三公”经费一般公共预算支出6.00万元，其中公务接待费1.00万元。",
            "general_public",
        ),
        ("三、“三公”经费财政拨款支出情况", "公务接待费1.00万元。", None),
    ],
)
def test_only_words_narrow_the_fund_of_a_three_public_figure(
    heading: str, text: str, fund: str | None
) -> None:
    assert {claim.fund_code for claim in claims(f"{heading}\n{text}")} == {fund}


def test_what_an_amount_includes_without_figures_is_a_list_of_parts() -> None:
    parts = lists(
        "六、基本支出决算情况说明\n人员经费50.00万元，主要包括：基本工资、奖金等。\n公用经费10.00万元，主要包括：办公费、印刷费。"
    )
    assert [(part.subject_code, part.part_name) for part in parts] == [
        ("personnel", "基本工资"),
        ("personnel", "奖金"),
        ("public", "办公费"),
        ("public", "印刷费"),
    ]


def test_economic_classes_with_amounts_are_figures() -> None:
    said = tells("六、基本支出决算情况说明\n工资福利支出40.00万元，商品和服务支出15.00万元。")
    assert said == [
        "40.00万元 economic total 工资福利支出 @general_public_basic",
        "15.00万元 economic total 商品和服务支出 @general_public_basic",
    ]


def test_a_project_and_the_parts_it_is_divided_into() -> None:
    said = tells(
        "六、项目支出情况\n1.项目名称：青石巷道路养护\n设立依据：城区道路养护计划\n预算安排规模：20.00万元\n"
        "资金分配情况：办公经费8.00万元；维修材料12.00万元",
        stage="budget",
        doc_type="departmental_budget",
    )
    assert said == [
        "20.00万元 project_budget own 青石巷道路养护 @general_public_project",
        "8.00万元 part project_budget 青石巷道路养护 办公经费 @general_public_project",
        "12.00万元 part project_budget 青石巷道路养护 维修材料 @general_public_project",
    ]


def test_each_project_has_its_own_amount() -> None:
    found = claims(
        "六、项目支出情况\n1.项目名称：青石巷道路养护\n预算安排规模：20.00万元\n2.项目名称：白桥照明\n预算安排规模：5.00万元",
        stage="budget",
        doc_type="departmental_budget",
    )
    assert [(claim.project_name, claim.figure_text) for claim in found] == [
        ("青石巷道路养护", "20.00"),
        ("白桥照明", "5.00"),
    ]


def test_the_marker_of_a_heading_is_no_part_of_the_project_name() -> None:
    found = claims(
        "六、一般公共预算项目支出情况说明\n（一）青石巷道路养护经费情况说明\n年度预算安排：20.00万元。",
        stage="budget",
        doc_type="departmental_budget",
    )
    assert [claim.project_name for claim in found] == ["青石巷道路养护"]


def test_a_report_repeats_the_funding_of_the_whole_unit() -> None:
    found = claims(
        "一、部门整体支出概况\n（一）预算执行情况\n"
        "2023年年初预算500.00万元，全年预算数520.00万元，全年执行数510.00万元，预算执行率98.08%。",
        **REPORT,
    )
    assert [(claim.fact, claim.scope, claim.subject_code, claim.amount_column) for claim in found] == [
        ("project_funding", "unit", "total", column)
        for column in ("initial_budget", "adjusted_budget", "executed", "execution_rate")
    ]


def test_a_report_on_one_project_names_it_and_its_sources() -> None:
    found = claims(
        "项目名称：青石巷道路养护\n一、项目资金情况\n全年预算数20.00万元，其中：上级资金12.00万元，本级资金8.00万元。",
        **PROJECT_REPORT,
    )
    assert [
        (claim.scope, claim.project_name, claim.subject_code, claim.amount_column) for claim in found
    ] == [("project", "青石巷道路养护", line, "adjusted_budget") for line in ("total", "superior", "local")]


@pytest.mark.xfail(
    strict=True, reason="what a report on one project spent is set aside in a sentence of its own"
)
def test_a_report_on_one_project_says_what_was_spent() -> None:
    found = claims(
        "项目名称：青石巷道路养护\n一、项目资金情况\n全年预算数20.00万元。全年执行数19.00万元，预算执行率95.00%。",
        **PROJECT_REPORT,
    )
    assert [claim.amount_column for claim in found] == ["adjusted_budget", "executed", "execution_rate"]


def test_a_report_on_one_project_in_one_sentence() -> None:
    found = claims(
        "项目名称：青石巷道路养护\n一、资金安排情况\n年初预算18.00万元，全年预算20.00万元，实际支出19.00万元，预算执行率95.00%。",
        **PROJECT_REPORT,
    )
    assert [(claim.project_name, claim.amount_column) for claim in found] == [
        ("青石巷道路养护", column)
        for column in ("initial_budget", "adjusted_budget", "executed", "execution_rate")
    ]


def test_what_a_project_spent_is_no_expenditure_of_the_unit() -> None:
    found = claims(
        "项目名称：青石巷道路养护\n一、资金投入情况\n项目年初预算安排18.00万元。\n二、资金使用情况\n项目实际支出19.00万元。",
        **PROJECT_REPORT,
    )
    assert "expenditure" not in [claim.fact for claim in found]


def test_details_of_a_project_are_no_funding() -> None:
    found = claims(
        "项目名称：青石巷道路养护\n一、项目资金情况\n全年预算数20.00万元，其中：办公经费3.00万元。\n购置水泵2台，单价1.50万元。",
        **PROJECT_REPORT,
    )
    assert [claim.figure_text for claim in found if claim.status == "read"] == ["20.00"]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("一、预算执行情况\n基本支出300.00万元。", "overall_performance"),
        ("一、预算执行情况\n专项项目20.00万元。", "overall_performance"),
        ("二、“三公”经费情况\n公务接待费1.00万元。", "three_public"),
        ("二、基本支出情况\n人员经费200.00万元。", "overall_performance"),
    ],
)
def test_the_statement_of_a_figure_in_a_report(text: str, statement: str) -> None:
    assert {claim.statement_code for claim in claims(text, **REPORT)} == {statement}


def test_indicator_values_of_a_report_are_set_aside() -> None:
    said = tells("四、绩效目标完成情况\n培训场次，指标值≥4次，实际完成5次，完成率125%。", **REPORT)
    assert said == ["125% set_aside performance_goal"]


def test_a_project_of_a_report_is_named_in_quotes() -> None:
    found = claims("一、预算执行情况\n“青石巷道路养护”项目计划投入20.00万元。", **REPORT)
    assert [(claim.fact, claim.project_name, claim.basis) for claim in found] == [
        ("project_budget", "青石巷道路养护", "adjusted_budget")
    ]


@pytest.mark.xfail(
    strict=True, reason="vehicle classes in a paragraph after 其中： are read as vehicles again"
)
def test_vehicle_classes_in_the_paragraph_below_are_parts() -> None:
    found = claims("五、国有资产占用情况\n本部门共有车辆4辆，其中：\n机要通信用车3辆，其他用车1辆。")
    assert [claim.figure_text for claim in found if claim.fact == "metric"] == ["4"]


def test_an_item_other_is_no_function() -> None:
    found = claims("三、支出决算情况说明\n1.基本支出60.00万元；\n2.其他：减少2.00万元。")
    assert [claim.item_name for claim in found if claim.status == "read"] == [None]


def test_an_evaluated_project_states_its_funding() -> None:
    text = (
        "十、预算绩效情况说明\n1.青石巷养护项目绩效自评综述：全年预算数20.00万元，执行数19.00万元，完成预算的95%。"
        "发放问卷，满意度为98%。"
    )
    assert tells(text)[:3] == [
        "20.00万元 project_funding total 青石巷养护项目 adjusted_budget @project_performance",
        "19.00万元 project_funding total 青石巷养护项目 executed @project_performance",
        "95% project_funding total 青石巷养护项目 execution_rate @project_performance",
    ]


def test_basic_expenditure_below_a_heading_on_expenditure_is_of_all_funds() -> None:
    text = "三、支出预算情况说明\n（一）基本支出情况\n基本支出60.00万元。\n四、财政拨款基本支出情况说明\n基本支出50.00万元。"
    assert [said.split("@")[1] for said in tells(text)] == ["expenditure", "general_public_basic"]


def test_a_section_explains_the_form_that_the_document_has() -> None:
    paragraphs = list(read_paragraphs(document("五、财政拨款支出预算情况说明\n财政拨款支出9.00万元。")))
    cover = Cover(None, "departmental_budget", "budget", 2023, None, None, None)
    forms = [(), ("appropriation_expenditure",)]
    assert [read_narrative(paragraphs, cover, each).claims[0].statement_code for each in forms] == [
        "general_public_expenditure",
        "appropriation_expenditure",
    ]


def test_a_code_and_its_amount_on_two_lines_are_one_statement() -> None:
    lines = [
        TextLine("二、一般公共预算支出情况", "p1l1", 1, 1, (70, 680, 300, 692)),
        TextLine("（四）2080505-机关事业单位基本养老保险缴费支出", "p1l2", 1, 2, (70, 700, 500, 712)),
        TextLine("88.28万元。", "p1l3", 1, 3, (70, 714, 130, 726)),
    ]
    paragraphs = list(read_paragraphs(Document("application/pdf", list(lines), 1)))
    found = read_narrative(paragraphs, Cover(None, None, "budget", 2023, None, None, None)).claims
    assert [(claim.status, claim.function_code_text) for claim in found] == [("read", "2080505")]


@pytest.mark.parametrize(
    ("heading", "section"),
    [("二、关于部门收入总表的说明", "revenue"), ("三、部门支出总表说明", "expenditure")],
)
def test_a_heading_names_the_form_that_its_section_explains(heading: str, section: str) -> None:
    assert section_of(heading) == section


def test_a_list_left_open_goes_on_in_the_items_below() -> None:
    said = tells(
        "二、汇总预算情况\n（一）2023年收入预算90.00万元，其中：\n1、财政拨款80.00万元；\n2、政府性基金10.00万元。\n"
        "（二）2023年财政拨款85.00万元。",
        "budget",
        "departmental_budget",
    )
    assert said == [
        "90.00万元 revenue total initial_budget @revenue",
        "80.00万元 revenue fiscal_appropriation @revenue",
        "10.00万元 revenue government_fund @revenue",
        "85.00万元 expenditure total @expenditure #fiscal_appropriation",
    ]


def test_the_parts_of_an_open_list_are_of_its_statement() -> None:
    said = tells(
        "一、支出决算说明\n一般公共预算支出90.00万元。具体情况如下（分款）：\n（一）教育支出80.00万元。\n（二）住房保障支出10.00万元。\n"
        "二、支出决算其他说明\n（一）教育支出70.00万元。"
    )
    assert said[1:] == [
        "80.00万元 expenditure total 教育支出 @general_public_expenditure",
        "10.00万元 expenditure total 住房保障支出 @general_public_expenditure",
        "70.00万元 expenditure total 教育支出 @expenditure",
    ]


def test_economic_classes_below_projects_are_not_those_of_basic_expenditure() -> None:
    said = tells(
        "六、一般公共预算基本支出情况说明\n1.基本支出60.00万元。其中：\n商品和服务支出60.00万元。\n2.项目支出5.00万元。其中：\n商品和服务支出5.00万元。"
    )
    assert said[1] == "60.00万元 economic total 商品和服务支出 @general_public_basic"
    assert said[3] == "5.00万元 set_aside project_detail"


def test_a_heading_may_end_with_a_full_stop() -> None:
    said = tells(
        "三、一般公共预算财政拨款支出决算情况。\n1.教育支出80.00万元。\n（二）加强收入管理。\n2.住房保障支出9.00万元。"
    )
    assert said == [
        "80.00万元 expenditure total 教育支出 @general_public_expenditure",
        "9.00万元 expenditure total 住房保障支出 @general_public_expenditure",
    ]


def test_the_evaluation_of_the_whole_expenditure_says_its_funding() -> None:
    said = claims(
        "（四）预算绩效管理工作开展情况\n部门整体支出绩效自评综述：根据绩效目标，自评得分98分。全年预算数90.00万元，执行数81.00万元，完成预算的90%。"
    )
    assert [(each.scope, each.statement_code, each.amount_column) for each in said] == [
        ("unit", "overall_performance", "adjusted_budget"),
        ("unit", "overall_performance", "executed"),
        ("unit", "overall_performance", "execution_rate"),
    ]


def test_the_explanation_of_a_word_lists_no_parts() -> None:
    assert lists("十、名词解释\n1.日常经费：指各单位的公用经费，包括办公费、印刷费等。") == []
    assert lists("六、支出说明\n公用经费：包括办公费、印刷费等。") == []


def test_bodies_inside_a_unit_are_no_budget_units() -> None:
    kinds = [
        claim.part_name or claim.detail
        for claim in claims("二、单位构成\n纳入决算范围的单位共2个，其中：行政单位1个，内设机构14个。")
        if claim.fact == "part"
    ]
    assert kinds == ["行政单位"]
