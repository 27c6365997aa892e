"""What a figure of a sentence says: its subject, carried over clauses, lists and sentences, its basis and its sign."""

from __future__ import annotations

import pytest

from tests.unit.sentences import claims, read, says, tells


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("收入总计100.00万元，支出总计90.00万元。", "summary", ["balance total_income", "balance total_expenditure"]),
        ("2023年度收、支总计均为100.00万元。", "summary", ["balance total_both"]),
        ("收支总预算300.00万元。", "summary", ["balance total_both"]),
        ("年初结转和结余1.20万元，年末结转和结余0.80万元。", "summary", ["balance opening_carryover", "balance closing_carryover"]),
        ("使用非财政拨款结余3.00万元，结余分配2.00万元。", "summary", ["balance surplus_used", "balance surplus_distributed"]),
        ("本年收入合计200.00万元。", "revenue", ["balance current_income"]),
        ("收入预算总计200.00万元。", "revenue", ["revenue total"]),
        ("当年预算收入200.00万元。", "summary", ["revenue total"]),
        ("当年预算支出200.00万元。", "summary", ["expenditure total"]),
        ("上年结转3.00万元。", "revenue", ["balance opening_carryover"]),
        ("上级补助收入5.00万元，附属单位上缴收入1.00万元。", "revenue", ["revenue superior_subsidy", "revenue affiliate_remittance"]),
        ("财政专户管理资金收入6.00万元，单位资金收入7.00万元。", "revenue", ["revenue special_account", "revenue own_funds"]),
        ("本年支出合计200.00万元。", "expenditure", ["balance current_expenditure"]),
        ("支出预算总计200.00万元。", "expenditure", ["expenditure total"]),
        ("上缴上级支出1.00万元，经营支出2.00万元，对附属单位补助支出3.00万元。", "expenditure",
         ["expenditure remitted_to_superior", "expenditure operating", "expenditure subsidy_to_affiliates"]),
        ("人员经费50.00万元，公用经费10.00万元。", "general_public_basic", ["economic personnel", "economic public"]),
        ("因公出国（境）费1.00万元，公务用车购置费2.00万元。", "three_public", ["three_public overseas_travel", "three_public vehicle_purchase"]),
        ("公务用车购置及运行维护费4.40万元，公务用车运行维护费3.30万元。", "three_public", ["three_public vehicle_total", "three_public vehicle_operation"]),
        ("“三公”经费支出6.00万元，公务接待费1.00万元。", "three_public", ["three_public total", "three_public reception"]),
        ("机关运行经费12.00万元。", "other_matters", ["metric operating_expense"]),
        ("房屋1,200.50平方米，价值300.00万元。", "other_matters", ["metric building_area", "metric building_value"]),
        ("固定资产原值900.00万元，累计折旧300.00万元。", "other_matters", ["metric fixed_assets_original", "metric accumulated_depreciation"]),
        ("政府采购货物支出6.00万元、政府采购工程支出0万元、政府采购服务支出2.00万元。", "other_matters",
         ["metric procurement_goods", "metric procurement_works", "metric procurement_services"]),
        ("国内公务接待12批次，110人次。", "three_public", ["metric reception_batches", "metric reception_persons"]),
        ("安排因公出国（境）团组2个，累计5人次。", "three_public", ["metric overseas_groups", "metric overseas_persons"]),
        ("年末公务用车保有量3辆，当年购置公务用车1辆。", "three_public", ["metric vehicles_held", "metric vehicles_purchased"]),
        ("核定编制30名，实有人数28人，其中：在职25人，退休3人。", "profile",
         ["metric staff_quota", "metric staff_total", "metric staff_in_service", "metric staff_retired"]),
        ("内设5个科室。", "profile", ["metric internal_divisions"]),
        ("对2023年度4个项目开展绩效自评，涉及资金50.00万元。", "performance", ["metric performance_projects", "metric performance_projects_budget"]),
        ("当年财政拨款项目6个，涉及资金120.00万元。", "performance", ["metric performance_projects", "metric performance_projects_budget"]),
        ("编制部门整体支出绩效目标表1个，涉及资金500.00万元。", "performance", ["metric performance_units", "metric performance_units_budget"]),
        ("本年一般公共预算拨款收入80.00万元，本年政府性基金预算拨款收入3.00万元，本年国有资本经营预算拨款收入2.00万元。", "revenue",
         ["revenue general_public", "revenue government_fund", "revenue state_capital"]),
        ("本年一般公共预算收入80.00万元，本年政府性基金预算收入3.00万元，当年国有资本经营预算收入2.00万元。", "revenue",
         ["revenue general_public", "revenue government_fund", "revenue state_capital"]),
        ("本年取得收入90.00万元，本年发生支出80.00万元。", "summary", ["balance current_income", "balance current_expenditure"]),
        ("公共财政预算拨款收入90.00万元，公共财政预算支出80.00万元。", "general", ["revenue general_public", "expenditure total"]),
        ("年终结转结余3.00万元。", "summary", ["balance closing_carryover"]),
        ("年初预算收入20.00万元，决算数21.00万元；年初预算支出20.00万元，决算数19.00万元。", "funding",
         ["revenue total", "revenue total", "expenditure total", "expenditure total"]),
        ("上级财政补助收入2.00万元，其他来源收入1.00万元。", "revenue", ["revenue superior_subsidy", "revenue other"]),
        ("事业收入9.00万元（其中：教育收费7.00万元）。", "revenue", ["revenue institutional", "revenue education_fees"]),
        ("财政拨款收入8.00万元，为当年取得的资金，占总收入80.00%。", "revenue", ["revenue fiscal_appropriation", "ratio fiscal_appropriation"]),
        ("行政运行（项）年初未安排预算，支出决算3.00万元。", "general_public_expenditure", ["expenditure total"]),
        ("购置费1.10万元，运行维护费3.30万元。", "three_public", ["three_public vehicle_purchase", "three_public vehicle_operation"]),
        ("对3个项目开展绩效自评，涉及自评资金5.00万元。", "performance", ["metric performance_projects", "metric performance_projects_budget"]),
        ("内设办公室、财务科等5个科室。", "profile", ["metric internal_divisions"]),
        ("局内设办公室、财务股、信息股3个股室。", "profile", ["metric internal_divisions"]),
        ("现有60个人员编制，在编在岗58人。", "profile", ["metric staff_quota", "metric staff_in_service"]),
        ("事业单位总编制为60个。", "profile", ["metric staff_quota"]),
        ("编报的单位共5个。", "profile", ["metric budget_units"]),
        ("国有资产占用情况中固定资产车辆4辆，价值80.00万元。", "other_matters", ["metric vehicle_count", "metric vehicle_value"]),
        ("在建工程50.00万元，固定资产净值60.00万元。", "other_matters", ["metric construction_in_progress", "metric fixed_assets_net"]),
        ("办公家具价值3.00万元，其他资产价值2.00万元。", "other_matters", ["metric furniture_value", "metric other_assets_value"]),
        ("一般财力30.00万元，上级转移支付8.00万元。", "revenue", ["revenue general_resources", "revenue superior_transfer"]),
        ("公务用车购置及运行维护费4.40万元，其中：购置费1.10万元，运行维护费3.30万元。", "three_public",
         ["three_public vehicle_total", "three_public vehicle_purchase", "three_public vehicle_operation"]),
    ],
)  # fmt: skip
def test_what_a_figure_is_about(sentence: str, section: str, said: list[str]) -> None:
    assert [f"{each.fact} {each.subject_code}" for each in read(sentence, section=section)] == said


def test_economic_classes_keep_their_printed_names() -> None:
    found = read(
        "资本性支出3.00万元，债务利息及费用支出1.00万元，对企业补助2.00万元，对社会保障基金补助4.00万元。",
        section="general_public_basic",
    )
    assert [each.economic_name for each in found] == [
        "资本性支出",
        "债务利息及费用支出",
        "对企业补助",
        "对社会保障基金补助",
    ]


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("核定编制30名，其中：行政编制20名、事业编制10名。", "profile",
         ["30名 metric staff_quota", "20名 part staff_quota 行政编制 @profile", "10名 part staff_quota 事业编制 @profile"]),
        ("实有人员9人，其中行政6人、事业3人，单位管理的离退休人员4人。", "profile",
         ["9人 metric staff_total", "6人 part staff_total 行政 @profile", "3人 part staff_total 事业 @profile",
          "4人 metric staff_retired_all"]),
        ("所属3个预算单位，其中行政单位1家，公益一类事业单位2家。", "profile",
         ["3个 metric budget_units", "1家 part budget_units 行政单位 @profile",
          "2家 part budget_units 公益一类事业单位 @profile"]),
        ("二级预算单位共有2个。", "profile", ["2个 metric budget_units"]),
        ("纳入决算汇编范围的单位共3个。", "profile", ["3个 metric budget_units"]),
        ("设办公室、法规处，共计2个正科级处室。", "profile", ["2个 metric internal_divisions"]),
        ("共有车辆2辆，其中：特种车（洒水车、清扫车）2辆。", "other_matters",
         ["2辆 metric vehicle_count", "2辆 part vehicle_count 特种车（洒水车、清扫车） @other_matters"]),
        ("绩效目标管理的项目9个，其中，一级项目2个，二级项目7个，涉及预算资金30.00万元。", "performance",
         ["9个 metric performance_projects", "2个 part performance_projects 一级项目 @project_performance",
          "7个 part performance_projects 二级项目 @project_performance", "30.00万元 metric performance_projects_budget"]),
        ("共有车辆3辆，其中：轿车2辆，价值20.00万元；越野车1辆，价值9.00万元。", "other_matters",
         ["3辆 metric vehicle_count", "2辆 part vehicle_count 轿车 @other_matters",
          "20.00万元 part vehicle_value 轿车 @other_matters", "1辆 part vehicle_count 越野车 @other_matters",
          "9.00万元 part vehicle_value 越野车 @other_matters"]),
    ],
)  # fmt: skip
def test_the_kinds_of_what_is_counted_are_its_details(sentence: str, section: str, said: list[str]) -> None:
    assert says(sentence, section=section) == said


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("单价20万元以上的设备13台（套）。", "other_matters", "13台(套) metric equipment_over_200k_count"),
        ("委托业务费预算6.00万元。", "other_matters",
         "6.00万元 metric commissioned_services initial_budget"),
        ("安排购置固定资产7.00万元。", "other_matters",
         "7.00万元 metric planned_fixed_assets_value"),
        ("固定资产总额70.00万元。", "other_matters", "70.00万元 metric fixed_assets_value"),
        ("无形资产5.00万元。", "other_matters", "5.00万元 metric intangible_assets_value"),
        ("设备价值8.00万元。", "other_matters", "8.00万元 metric equipment_value"),
        ("政府购买服务支出4.00万元。", "other_matters", "4.00万元 metric service_purchase_total"),
        ("车均运行维护费1.20万元。", "three_public", "1.20万元 metric vehicle_average_cost"),
        ("重点绩效评价项目2个。", "performance", "2个 metric evaluation_projects"),
        ("对信访等2个项目开展部门重点绩效评价。", "performance", "2个 metric evaluation_projects"),
        ("车辆购置支出3.00万元。", "three_public", "3.00万元 three_public vehicle_purchase @three_public"),
        ("车辆运行维护费支出3.00万元。", "three_public", "3.00万元 three_public vehicle_operation @three_public"),
        ("因公出国（境）团组0次。", "three_public", "0次 metric overseas_groups"),
        ("会议费1.00万元。", "other_matters", "1.00万元 three_public meeting @three_public"),
        ("培训费1.00万元。", "three_public", "1.00万元 three_public training @three_public"),
        ("行政经费9.00万元。", "three_public", "9.00万元 three_public administrative @three_public"),
        ("“三公”经费、会议费、培训费合计6.00万元。", "three_public",
         "6.00万元 three_public controlled_total @three_public"),
    ],
)  # fmt: skip
def test_metrics_of_other_matters(sentence: str, section: str, said: str) -> None:
    assert says(sentence, section=section) == [said]


def test_other_funds_and_vehicles_in_other_units_of_count() -> None:
    assert says("本年其他资金收入5.00万元。", section="revenue") == ["5.00万元 revenue other_funds @revenue"]
    assert says("共有车辆4台。", section="other_matters") == ["4台 metric vehicle_count"]


def test_what_an_amount_wholly_consists_of_does_not_hide_its_change() -> None:
    said = says("基本支出60.00万元，全部为人员工资，比上年增加1.00万元。")
    assert said == [
        "60.00万元 expenditure basic @expenditure",
        "1.00万元 expenditure basic change_from_prior_year + @expenditure",
    ]


def test_the_project_that_a_paragraph_describes_is_named_or_not_read() -> None:
    sentence = "2023年拟安排该项目一般公共预算8.00万元。"
    assert says(sentence, section="project") == ["8.00万元 unread no_subject"]
    assert says(sentence, section="project", project_name="青石巷养护", stage="budget") == [
        "8.00万元 project_budget own 青石巷养护 @general_public_project #general_public"
    ]


def test_the_narrower_of_two_funds_in_a_row_is_meant() -> None:
    found = read("一般公共预算当年财政拨款30.00万元。", section="general_public_expenditure")
    assert [each.fund_code for each in found] == ["general_public"]


def test_guests_from_abroad_are_no_reception_of_ours() -> None:
    said = says("国内公务接待12批次，110人次；国（境）外公务接待3批次，9人次。", section="three_public")
    assert said == ["12批次 metric reception_batches", "110人次 metric reception_persons"]


def test_other_fixed_assets_are_no_value_of_all() -> None:
    said = says("固定资产900.00万元，其他固定资产0万元。", section="other_matters")
    assert said == ["900.00万元 metric fixed_assets_value", "0万元 unread no_meaning"]


def test_counted_results_are_no_metric() -> None:
    assert says("开展培训12次，服务群众300人，自评为“优”的项目3个。", section="performance") == []


@pytest.mark.parametrize(
    ("sentences", "subjects"),
    [
        (["项目支出20.00万元，比上年减少1.00万元，下降4.76%。"], ["project"] * 3),
        (["项目支出20.00万元。", "比上年减少1.00万元，下降4.76%。"], ["project"] * 3),
        (["本年支出80.00万元，其中：基本支出60.00万元，占75.00%；项目支出20.00万元。", "与上年相比，增加3.00万元。"],
         ["current_expenditure", "basic", "basic", "project", "current_expenditure"]),
        (["本年支出80.00万元（其中：基本支出60.00万元、项目支出20.00万元），比上年增加3.00万元。"],
         ["current_expenditure", "basic", "project", "current_expenditure"]),
        (["基本支出60.00万元，占75.00%；项目支出20.00万元，占25.00%。"], ["basic", "basic", "project", "project"]),
    ],
)  # fmt: skip
def test_a_subject_is_carried_until_the_next(sentences: list[str], subjects: list[str]) -> None:
    assert [reading.subject_code for reading in read(*sentences)] == subjects


def test_both_totals_are_carried() -> None:
    found = read("收入支出总计均为100.00万元。", "与上年相比各减少5.00万元，下降4.76%。", section="summary")
    assert {each.subject_code for each in found} == {"total_both"}


def test_a_bracket_ends_with_what_it_says() -> None:
    found = read(
        "公务用车购置及运行维护费4.40万元（其中：公务用车购置费1.10万元），比上年减少0.20万元。",
        section="three_public",
    )
    assert [each.subject_code for each in found] == ["vehicle_total", "vehicle_purchase", "vehicle_total"]


@pytest.mark.parametrize(
    ("sentence", "fund"),
    [
        ("一般公共预算财政拨款支出80.00万元。", "general_public"),
        ("政府性基金预算财政拨款支出3.00万元。", "government_fund"),
        ("国有资本经营预算财政拨款支出3.00万元。", "state_capital"),
        ("财政拨款支出80.00万元。", "fiscal_appropriation"),
    ],
)
def test_the_fund_that_the_words_name(sentence: str, fund: str) -> None:
    assert [each.fund_code for each in read(sentence, section="general_public_expenditure")] == [fund]


def test_a_fund_alone_says_revenue_in_a_list_of_revenue() -> None:
    found = read(
        "财政拨款收入90.00万元，其中：一般公共预算80.00万元、政府性基金预算10.00万元。", section="revenue"
    )
    assert [(each.fact, each.subject_code) for each in found[1:]] == [
        ("revenue", "general_public"),
        ("revenue", "government_fund"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "财政拨款收入总计90.00万元，其中：一般公共预算财政拨款80.00万元，政府性基金预算财政拨款10.00万元。",
        "收入包括：一般公共预算当年拨款收入80.00万元，上年结转10.00万元。",
    ],
)
def test_a_fund_alone_says_revenue_under_an_income_total(sentence: str) -> None:
    assert "expenditure" not in [each.fact for each in read(sentence, section="appropriation_summary")]


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("政府性基金预算财政拨款收入12.00万元，支出11.00万元。", "government_fund",
         ["revenue government_fund", "balance current_expenditure"]),
        ("年初结转和结余3.00万元，收入12.00万元，支出11.00万元。", "government_fund",
         ["balance opening_carryover", "balance current_income", "balance current_expenditure"]),
        ("本年收入90.00万元，支出80.00万元。", "summary", ["balance current_income", "balance current_expenditure"]),
    ],
)  # fmt: skip
def test_a_bare_word_for_revenue_or_expenditure_is_a_subject_of_its_own(
    sentence: str, section: str, said: list[str]
) -> None:
    assert [f"{each.fact} {each.subject_code}" for each in read(sentence, section=section)] == said


def test_a_bare_word_at_the_head_of_a_sentence_says_too_little() -> None:
    assert says("支出11.00万元。", section="government_fund") == ["11.00万元 unread no_subject"]


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("基本支出、项目支出分别为60.00万元、20.00万元。", "expenditure", [("basic", "60.00"), ("project", "20.00")]),
        ("基本支出、项目支出分别为60.00万元、20.00万元，分别占75.00%、25.00%。", "expenditure",
         [("basic", "60.00"), ("project", "20.00"), ("basic", "75.00"), ("project", "25.00")]),
        ("财政拨款收入、事业收入分别占总收入的80.00%、20.00%。", "revenue",
         [("fiscal_appropriation", "80.00"), ("institutional", "20.00")]),
        ("因公出国（境）费、公务接待费分别为1.00万元和2.00万元。", "three_public",
         [("overseas_travel", "1.00"), ("reception", "2.00")]),
        ("采购货物、工程、服务分别为3.00万元、2.00万元、1.00万元。", "other_matters",
         [("procurement_goods", "3.00"), ("procurement_works", "2.00"), ("procurement_services", "1.00")]),
    ],
)  # fmt: skip
def test_subjects_and_figures_told_one_by_one(
    sentence: str, section: str, said: list[tuple[str, str]]
) -> None:
    assert [(each.subject_code, each.token.number) for each in read(sentence, section=section)] == said


@pytest.mark.parametrize(
    ("sentence", "section"),
    [
        ("基本支出、项目支出分别为60.00万元、20.00万元、5.00万元。", "expenditure"),
        ("财政拨款、事业收入及其他收入分别为80.00万元、15.00万元、5.00万元。", "revenue"),
    ],
)
def test_other_counts_of_names_and_figures_are_not_guessed(sentence: str, section: str) -> None:
    assert {each.status for each in read(sentence, section=section)} == {"unread"}


@pytest.mark.parametrize(
    ("sentence", "section"),
    [
        ("上缴上级支出、经营支出、对附属单位补助支出共5.00万元。", "expenditure"),
        ("上缴上级支出和经营支出5.00万元。", "expenditure"),
        ("基本支出、项目支出合计80.00万元。", "expenditure"),
        ("因公出国（境）费和公务接待费5.00万元。", "three_public"),
        ("事业收入、其他收入5.00万元。", "revenue"),
    ],
)
def test_one_figure_of_several_subjects_is_given_to_none(sentence: str, section: str) -> None:
    assert [each.status for each in read(sentence, section=section)] == ["unread"]


def test_the_other_side_of_the_account_is_no_reason() -> None:
    said = "收入总计增加2.00万元，主要原因：人员调资；支出总计增加3.00万元。"
    assert [each.subject_code for each in read(said, section="summary")] == [
        "total_income",
        "total_expenditure",
    ]


def test_a_side_alone_is_the_one_that_the_list_above_is_of() -> None:
    text = "一、收入支出决算总体情况说明\n（一）收入总计9.00万元，包括：\n1.其他收入9.00万元。\n与上年相比，今年收入减少1.00万元。"
    assert tells(text)[-1].startswith("1.00万元 balance total_income change_from_prior_year")


def test_the_changes_of_both_sides_are_of_the_totals_said_before() -> None:
    said = ("收入总计9.00万元，支出总计9.00万元。", "与上年相比，收入增加1.00万元；支出减少2.00万元。")
    assert [each.subject_code for each in read(*said, section="summary")][2:] == [
        "total_income",
        "total_expenditure",
    ]


def test_a_document_that_signs_its_changes_needs_no_word_for_an_increase() -> None:
    text = "一、“三公”经费支出情况\n公务接待费2.00万元，比上年增加（减少）1.00万元。\n公务用车购置费2.00万元，比上年增加（减少）-1.00万元。"
    assert [each.status for each in claims(text)] == ["read"] * 4


def test_what_is_evaluated_takes_money_of_several_funds() -> None:
    said = "6个项目实行绩效目标管理，涉及一般公共预算9.00万元、政府性基金预算2.00万元。"
    found = read(said, section="other_matters", stage="budget")
    assert [(each.fact, each.fund_code) for each in found[1:]] == [
        ("metric", "general_public"),
        ("metric", "government_fund"),
    ]


def test_an_outturn_in_percent_of_the_budget_is_its_execution() -> None:
    assert [
        each.ratio
        for each in read("公务接待费预算8.00万元，支出决算6.00万元，占预算的75.00%。", section="three_public")
    ][-1] == "execution_rate"


def test_among_projects_the_name_of_an_item_is_a_project() -> None:
    said = "项目支出9.00万元，主要包括农村环境整治4.00万元，农田建设5.00万元。"
    found = read(said, section="summary")
    assert [(each.fact, each.project_name) for each in found] == [
        ("expenditure", None),
        ("project_budget", "农村环境整治"),
        ("project_budget", "农田建设"),
    ]


def test_the_budget_of_a_unit_is_its_expenditure() -> None:
    said = says("云川市河道管理中心预算9.00万元，包括项目支出4.00万元。", section="expenditure")
    assert said[0] == "9.00万元 expenditure total @expenditure"


def test_who_is_paid_in_a_list_of_projects_is_no_project() -> None:
    said = "项目支出9.00万元，其中：拨付云川制药有限公司4.00万元，补助给霁州企业5.00万元。"
    assert [each.reason_code for each in read(said, section="summary")[1:]] == ["project_detail"] * 2


@pytest.mark.parametrize(
    "sentence",
    [
        "此外，专用基本支出预算数为9.00万元。",
        "印制专刊、公务接待费合计9.00万元。",
        "霁州农产品收入9.00万元。",
        "专用基本支出(统筹部分)支出合计9.00万元。",
        "绿色产品采购金额9.00万元。",
    ],
)
def test_unknown_words_that_narrow_an_account_leave_its_figure_unread(sentence: str) -> None:
    assert [(each.status, each.reason_code) for each in read(sentence, section="summary")] == [
        ("unread", "no_subject")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "我局当年安排基本支出9.00万元。",
        "云川市水务局本年基本支出9.00万元。",
        "1、基本支出9.00万元。",
        "相应安排基本支出9.00万元。",
    ],
)
def test_the_owner_and_the_year_of_an_account_leave_it_what_it_is(sentence: str) -> None:
    assert [(each.fact, each.subject_code) for each in read(sentence, section="summary")] == [
        ("expenditure", "basic")
    ]


def test_a_part_beside_parts_that_are_compared_is_compared_itself() -> None:
    said = (
        "收入预算9.00万元，其中：其他收入5.00万元，较上年减少1.00万元；上年结转4.00万元，较上年增加2.00万元。"
    )
    assert [each.subject_code for each in read(said, section="revenue")][-1] == "opening_carryover"


def test_a_sentence_that_divides_anew_divides_the_same_whole() -> None:
    said = (
        "支出预算9.00万元，其中：按项目类别划分：基本支出5.00万元，项目支出4.00万元，包括专项项目支出4.00万元。",
        "按功能科目划分：教育支出9.00万元。",
    )
    last = read(*said, stage="budget")[-1]
    assert (last.fact, last.subject_code) == ("expenditure", "total")


@pytest.mark.parametrize(("figure", "status"), [("1.00", "unread"), ("-1.00", "read"), ("0", "read")])
def test_a_change_that_prints_both_directions_needs_a_sign(figure: str, status: str) -> None:
    found = read(f"公务接待费2.00万元，比上年增加（减少）{figure}万元。", section="three_public")
    assert [each.status for each in found] == ["read", status]


def test_all_kinds_of_purchases_are_of_the_fund_of_their_whole() -> None:
    said = "其中一般公共预算拨款政府采购9.00万元：政府采购货物预算5.00万元、政府采购服务预算4.00万元。"
    assert {each.fund_code for each in read(said, section="other_matters")} == {"general_public"}


def test_money_from_elsewhere_and_for_events_is_outside_the_contract() -> None:
    found = read("非同级财政拨款收入2.00万元，利息收入1.00万元。", section="revenue")
    found += read("公务用车加油1.20万元，公务用车维修1.00万元。", section="three_public")
    found += read("拟举办0场节庆、晚会活动，经费预算3.00万元。", section="other_matters")
    assert {each.reason_code for each in found} == {"outside_contract"}


def test_what_is_said_of_several_subjects_together_is_given_to_none() -> None:
    found = read("上缴上级支出、经营支出共5.00万元，占6.25%，比上年增加1.00万元，增长25.00%。")
    assert not [each for each in found if each.status == "read"]


def test_changes_of_both_totals_told_one_by_one() -> None:
    found = read("收入总计、支出总计分别比上年增加3.00万元、4.00万元。", section="summary")
    assert "total_both" not in [each.subject_code for each in found]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("主要原因是新增道路维修经费18.00万元、设备购置2.00万元", "set_aside"),
        ("原因：人员增加，追加经费18.00万元", "set_aside"),
        ("主要用于设备维护18.00万元", "set_aside"),
        ("由于基本支出增加18.00万元", "set_aside"),
    ],
)
def test_what_stands_in_a_reason_is_no_figure(reason: str, status: str) -> None:
    found = read(f"项目支出50.00万元，{reason}。")
    assert [each.status for each in found[1:]] == [status] * (len(found) - 1)


def test_a_new_subject_ends_a_reason() -> None:
    found = read("基本支出60.00万元，主要原因是人员增加；项目支出20.00万元。")
    assert [each.subject_code for each in found] == ["basic", "project"]


@pytest.mark.parametrize(
    "reason",
    [
        "主要原因是人员经费减少6.00万元，公用经费增加1.00万元",
        "主要原因是：人员经费减少6.00万元",
        "原因是退休较多；日常公用经费减少2.00万元",
        "原因是定额降低，人员经费较2022年度减少6.00万元；日常公用经费减少2.00万元",
    ],
)
def test_a_reason_goes_on_with_the_changes_of_parts(reason: str) -> None:
    found = read(f"基本支出60.00万元，比上年减少5.00万元，{reason}。")
    assert [each.reason_code for each in found[2:]] == ["reason_clause"] * (len(found) - 2)


@pytest.mark.parametrize(
    "beside",
    [
        "，主要原因是退休较多，公用经费30.00万元，比上年减少2.00万元",
        "，主要原因是退休较多，公用经费减少2.00万元，下降6.25%，主要原因是用电减少",
        "，主要原因是退休较多；公用经费比上年减少2.00万元",
        "，其中：人员经费减少3.00万元，主要原因是退休较多；公用经费减少2.00万元",
    ],
)
def test_a_change_with_its_own_amount_base_list_or_reason_is_stated_beside(beside: str) -> None:
    found = read(f"基本支出60.00万元，比上年减少5.00万元{beside}。")
    told = [(each.subject_code, each.token.number) for each in found if each.status == "read"]
    assert ("public", "2.00") in told


def test_a_report_counts_its_projects_and_their_kinds() -> None:
    counted = "2023年本单位共有7个项目，其中5个属经常性项目、2个属当年度新增项目。"
    assert says(counted, section="funding", is_report=True) == [
        "7个 metric performance_projects",
        "5个 part performance_projects 经常性项目 @project_performance",
        "2个 part performance_projects 当年度新增项目 @project_performance",
    ]
    carried_out = "2023年本单位实施项目共7个（含转列项目2个），年初批复预算4个项目90.00万元。"
    assert says(carried_out, section="profile", is_report=True) == [
        "7个 metric performance_projects",
        "90.00万元 unread no_subject",
    ]
    assert says(carried_out, section="profile") == ["90.00万元 unread no_subject"]
    assert says(counted, section="funding") == []


@pytest.mark.parametrize(
    ("words", "stage", "basis"),
    [
        ("年初预算60.00万元", "final", "initial_budget"),
        ("年初预算数为60.00万元", "final", "initial_budget"),
        ("全年预算数60.00万元", "final", "adjusted_budget"),
        ("调整后预算数60.00万元", "final", "adjusted_budget"),
        ("决算数60.00万元", "final", "final"),
        ("年初60.00万元", "final", "initial_budget"),
        ("调整后60.00万元", "final", "adjusted_budget"),
        ("60.00万元", "final", None),
        ("2022年60.00万元", "final", "prior_year"),
    ],
)
def test_the_basis_that_the_words_give(words: str, stage: str, basis: str | None) -> None:
    assert [each.basis for each in read(f"基本支出{words}。", stage=stage)] == [basis]


def test_the_adjusted_budget_without_后() -> None:
    assert [each.basis for each in read("基本支出调整预算数60.00万元。")] == ["adjusted_budget"]


@pytest.mark.parametrize(
    ("words", "base"),
    [
        ("比2022年决算数", "prior_final"),
        ("较上年决算数", "prior_final"),
        ("与上年执行数相比，", "prior_final"),
        ("比上年预算", "prior_budget"),
        ("比2022年年初预算", "prior_budget"),
        ("比上年", None),
        ("与2022年度相比，", None),
        ("同比", None),
    ],
)
def test_against_what_a_change_is_said(words: str, base: str | None) -> None:
    found = read(f"收入总计100.00万元，{words}增加10.00万元，增长11.11%。", section="summary")
    assert [(each.basis, each.ratio, each.comparison_base) for each in found] == [
        (None, None, None),
        ("change_from_prior_year", None, base),
        (None, "change_rate", None),
    ]


@pytest.mark.parametrize(
    ("word", "direction"),
    [
        ("增加", 1),
        ("减少", -1),
        ("增长", 1),
        ("下降", -1),
        ("降低", -1),
        ("压减", -1),
        ("提高", 1),
        ("多支出", 1),
        ("减支", -1),
    ],
)
def test_a_direction_gives_the_sign(word: str, direction: int) -> None:
    assert [each.direction for each in read(f"项目支出比上年{word}1.00万元。")] == [direction]


def test_a_difference_to_the_budget_is_no_change_from_the_prior_year() -> None:
    assert says("支出合计100.00万元，较年初预算数增加10.00万元，增长11.11%。")[1:] == [
        "10.00万元 set_aside budget_variance",
        "11.11% ratio measure total budget_variance_rate + @expenditure",
    ]


def test_two_comparisons_of_one_sentence_keep_apart() -> None:
    found = read(
        "机关运行经费33.00万元，比年初预算减少3.00万元，降低8.33%；比上年增加1.00万元，增长3.13%。",
        section="other_matters",
    )
    assert [each.ratio for each in found if each.ratio] == ["budget_variance_rate", "change_rate"]


def test_the_prior_figure_of_a_comparison_is_the_prior_years() -> None:
    found = read("公务接待费1.00万元，比2022年的1.50万元减少0.50万元。", section="three_public")
    assert [each.basis for each in found] == [None, "prior_year", "change_from_prior_year"]


@pytest.mark.parametrize(
    ("words", "ratio"),
    [
        ("占支出合计的75.00%", "share"),
        ("占比75.00%", "share"),
        ("比重75.00%", "share"),
        ("完成年初预算的75.00%", "execution_rate"),
        ("完成75.00%", "execution_rate"),
        ("完成全年预算75.00%", "execution_rate"),
        ("预算执行率75.00%", "execution_rate"),
        ("控制率为75.00%", "execution_rate"),
        ("预决算差异率-5.00%", "budget_variance_rate"),
        ("预算调整率5.00%", "adjustment_rate"),
        ("比上年增长5.00%", "change_rate"),
    ],
)
def test_what_a_percentage_says(words: str, ratio: str) -> None:
    assert [each.ratio for each in read(f"基本支出60.00万元，{words}。")] == [None, ratio]


@pytest.mark.parametrize("bracket", ["（75.00%）", "（占75.00%）", "(75.00%)"])
def test_a_percentage_in_brackets_behind_an_amount_is_its_share(bracket: str) -> None:
    found = read(f"基本支出60.00万元{bracket}，项目支出20.00万元（25.00%）。")
    assert [(each.ratio, each.subject_code) for each in found[1:]] == [
        ("share", "basic"),
        (None, "project"),
        ("share", "project"),
    ]


@pytest.mark.parametrize(
    ("sentence", "basis"),
    [
        ("基本支出61.00万元，完成年初预算60.00万元的101.67%。", "initial_budget"),
        ("基本支出16.25万元，完成年初预算数24.00万元的67.71%。", "initial_budget"),
        ("基本支出16.25万元，完成调整后预算24.00万元的67.71%。", "adjusted_budget"),
        ("基本支出61.00万元，完成全年预算60.00万元的101.67%。", "adjusted_budget"),
    ],
)
def test_an_amount_inside_a_rate_is_the_budget(sentence: str, basis: str) -> None:
    assert [(each.basis, each.ratio) for each in read(sentence)[1:]] == [
        (basis, None),
        (None, "execution_rate"),
    ]


def test_a_share_in_another_metric_is_no_share_of_the_total() -> None:
    found = read("授予小微企业合同金额9.00万元，占授予中小企业合同金额的50.00%。", section="other_matters")
    assert [each.reason_code for each in found] == [None, "other_base"]


@pytest.mark.parametrize(
    ("sentence", "metric"),
    [
        ("2023年预算安排购置车辆1辆。", "vehicles_purchased"),
        ("计划购置单价100万元以上的专用设备1台（套）。", "planned_equipment_over_1m_count"),
        ("拟购置单位价值50万元以上的通用设备2台（套）。", "planned_equipment_over_500k_count"),
    ],
)
def test_a_planned_purchase_is_no_stock(sentence: str, metric: str) -> None:
    assert [each.subject_code for each in read(sentence, section="other_matters", stage="budget")] == [metric]


def test_vehicle_classes_are_parts_of_the_vehicles() -> None:
    assert says("共有车辆4辆，其中：机要通信用车1辆、其他用车3辆。", section="other_matters") == [
        "4辆 metric vehicle_count",
        "1辆 part vehicle_count 机要通信用车 @other_matters",
        "3辆 part vehicle_count 其他用车 @other_matters",
    ]


def test_the_value_of_a_vehicle_class_is_its_own() -> None:
    found = read(
        "共有车辆4辆，价值80.00万元，其中：机要通信用车1辆，价值20.00万元。", section="other_matters"
    )
    assert [each.fact for each in found] == ["metric", "metric", "part", "part"]


def test_a_change_of_staff_is_a_change() -> None:
    found = read("年末在职人员25人，比上年减少2人。", section="profile")
    assert [(each.basis, each.direction) for each in found] == [(None, None), ("change_from_prior_year", -1)]


@pytest.mark.parametrize(
    ("section", "statement"),
    [
        ("summary", "summary"),
        ("appropriation_summary", "appropriation_summary"),
        ("government_fund", "government_fund"),
        ("three_public", "three_public"),
    ],
)
def test_the_section_decides_the_statement_of_what_names_none(section: str, statement: str) -> None:
    sentence = "公务接待费1.00万元。" if section == "three_public" else "本年收入合计1.00万元。"
    assert [each.statement_code for each in read(sentence, section=section)] == [statement]


@pytest.mark.parametrize("section", ["three_public", "other_matters", "profile"])
def test_revenue_mentioned_beside_another_matter_is_no_statement_of_it(section: str) -> None:
    assert not [each for each in read("本年收入合计100.00万元。", section=section) if each.status == "read"]


def test_projects_with_goals_and_the_fund_of_their_budget() -> None:
    said = says(
        "项目全面实施绩效目标管理，涉及预算项目3个，预算资金20.00万元，其中财政拨款15.00万元。",
        section="performance",
    )
    assert said == [
        "3个 metric performance_projects",
        "20.00万元 metric performance_projects_budget",
        "15.00万元 metric performance_projects_budget #fiscal_appropriation",
    ]
    assert says("均实行绩效目标管理，共计31个一级项目，涉及资金28.00万元。", section="performance") == [
        "31个 metric performance_projects",
        "28.00万元 metric performance_projects_budget",
    ]


def test_the_fund_that_is_said_of_a_single_figure_is_its_fund() -> None:
    assert says("实行绩效目标管理的项目3个，涉及财政拨款预算金额20.00万元。", section="performance") == [
        "3个 metric performance_projects",
        "20.00万元 metric performance_projects_budget #fiscal_appropriation",
    ]
    assert says("机关运行经费财政拨款预算5.00万元。", section="other_matters") == [
        "5.00万元 metric operating_expense initial_budget #fiscal_appropriation"
    ]
    assert says("机关运行经费支出5.00万元。", section="other_matters") == [
        "5.00万元 metric operating_expense"
    ]


def test_a_change_behind_a_carry_over_is_one_of_the_whole() -> None:
    found = read("收入总计80.00万元，其中年初结转和结余9.00万元，较上年增加1.00万元。", section="revenue")
    assert [each.subject_code for each in found] == ["total_income", "opening_carryover", "total_income"]


def test_a_comparison_that_is_only_announced_is_no_base() -> None:
    found = read("经比较2023年度本级“三公”经费41.00万元。", section="three_public")
    assert [(each.subject_code, each.basis) for each in found] == [("total", None)]


def test_reception_at_home_is_read_behind_that_of_guests_from_abroad() -> None:
    said = says("外事接待费支出0万元，国内公务接待12批次，110人。", section="three_public")
    assert said == [
        "0万元 set_aside outside_contract",
        "12批次 metric reception_batches",
        "110人 metric reception_persons",
    ]


def test_what_three_expenses_are_called_together_is_their_total() -> None:
    said = says(
        "出国（境）经费、公务用车费、公务接待费（简称“三公”经费）支出合计24.00万元。", section="three_public"
    )
    assert said[-1] == "24.00万元 three_public total @three_public"


def test_figures_that_stand_where_a_reason_is_announced_are_read() -> None:
    found = read(
        "“三公”经费变化的主要原因是：2023年“三公”经费支出4.00万元，比上年减少1.00万元。",
        section="three_public",
    )
    assert [(each.status, each.subject_code) for each in found] == [("read", "total"), ("read", "total")]
    assert says("纳入专户管理的非税收入2.00万元。", section="revenue") == [
        "2.00万元 revenue special_account @revenue"
    ]


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("单位财务总收入9.00万元。", "summary", "9.00万元 revenue total @revenue"),
        ("单位预算总支出9.00万元。", "summary", "9.00万元 expenditure total @expenditure"),
        ("财政拨款收入合计9.00万元。", "appropriation_summary",
         "9.00万元 balance current_income @appropriation_summary #fiscal_appropriation"),
        ("财政拨款支出合计9.00万元。", "appropriation_summary",
         "9.00万元 balance current_expenditure @appropriation_summary #fiscal_appropriation"),
        ("上年结转结余的政府性基金收入1.00万元。", "revenue",
         "1.00万元 balance opening_carryover @revenue #government_fund"),
        ("2010301-行政运行6.00万元。", "general_public_expenditure",
         "6.00万元 expenditure total 行政运行 2010301 @general_public_expenditure"),
        ("单位预留机动经费9.00万元。", "expenditure", "9.00万元 expenditure unit_reserve @expenditure"),
        ("其他资金8.00万元。", "revenue", "8.00万元 revenue other_funds @revenue"),
        ("财政专户管理事业收入7.00万元。", "revenue", "7.00万元 revenue special_account @revenue"),
        ("事业单位经营服务收入7.00万元。", "revenue", "7.00万元 revenue operating @revenue"),
        ("财政拨款收、支预算6.00万元。", "appropriation_summary",
         "6.00万元 balance total_both @appropriation_summary #fiscal_appropriation"),
        ("纳入部门整体支出绩效目标的金额为5.00万元。", "other_matters", "5.00万元 metric performance_units_budget"),
        ("安排文化建设共同事权转移支付资金4.00万元。", "other_matters", "4.00万元 set_aside outside_contract"),
    ],
)  # fmt: skip
def test_further_subjects(sentence: str, section: str, said: str) -> None:
    assert says(sentence, section=section) == [said]


def test_a_rate_in_brackets_behind_a_change_is_its_rate() -> None:
    found = read("项目支出20.00万元，比上年减少5.00万元（20.00%）。", "基本支出60.00万元（75.00%）。")
    assert [(each.ratio, each.direction) for each in found if each.ratio] == [
        ("change_rate", -1),
        ("share", None),
    ]


def test_income_and_expenditure_of_a_fund_are_stated_by_its_form() -> None:
    said = says(
        "政府性基金年初结转和结余1.00万元，收入决算9.00万元，支出决算10.00万元。", section="government_fund"
    )
    assert said[1:] == [
        "9.00万元 revenue total final @government_fund",
        "10.00万元 expenditure total final @government_fund",
    ]


def test_functions_that_a_measure_is_listed_by_have_that_measure() -> None:
    found = read("项目支出20.00万元，其中：教育支出15.00万元。", section="general_public_expenditure")
    assert [each.subject_code for each in found] == ["project", "project"]


def test_a_share_of_one_kind_of_procurement_is_another_share() -> None:
    said = says("授予中小企业合同金额8.00万元，占政府采购货物支出合同的4.00%。", section="other_matters")
    assert said[1] == "4.00% set_aside other_base"


def test_economic_classes_of_all_expenditure_are_told_from_those_of_basic_expenditure() -> None:
    text = "三、一般公共预算支出情况\n（一）支出按经济科目分类情况\n工资福利支出60.00万元。对个人的补助（509）3.00万元。"
    assert tells(text) == [
        "60.00万元 economic total 工资福利支出 @general_public_economic",
        "3.00万元 economic total 对个人的补助(509) @general_public_economic",
    ]


def test_the_expenditure_of_a_measure_is_listed_behind_what_it_is_used_for() -> None:
    found = read(
        "项目支出20.00万元，主要是完成任务的支出，包括建设等，其中：教育支出15.00万元。",
        section="general_public_expenditure",
    )
    assert [(each.subject_code, each.name is not None) for each in found] == [
        ("project", False),
        ("project", True),
    ]


def test_parts_of_a_planned_total_belong_to_its_form() -> None:
    text = "本部门当年预算收入9.00万元，其中：一般公共预算拨款9.00万元，比上年增加1.00万元。"
    assert {each.statement_code for each in read(text, section="summary", stage="budget")} == {"revenue"}


def test_budgets_that_all_goals_concern_are_set_aside() -> None:
    said = says(
        "绩效目标管理全覆盖，涉及一般公共预算拨款9.00万元，政府性基金预算拨款0万元。", section="performance"
    )
    assert said == ["9.00万元 set_aside outside_contract", "0万元 set_aside outside_contract"]


def test_the_budget_of_a_department_is_its_revenue_and_expenditure() -> None:
    text = "部门预算收入9.00万元，其中：财政预算拨款8.00万元、其他收入1.00万元。"
    assert [each.subject_code for each in read(text, section="summary", stage="budget")] == [
        "total",
        "fiscal_appropriation",
        "other",
    ]
    assert says("单位预算支出9.00万元。", section="summary") == ["9.00万元 expenditure total @expenditure"]


def test_the_current_part_of_a_grand_total_stands_with_it() -> None:
    found = read("年度总收入9.00万元，其中本年收入8.00万元。", section="revenue")
    assert [(each.subject_code, each.statement_code) for each in found] == [
        ("total_income", "summary"),
        ("current_income", "summary"),
    ]


def test_a_surplus_of_other_than_fiscal_funds_names_no_fund() -> None:
    found = read("使用非财政拨款结余1.00万元，年初财政拨款结转和结余2.00万元。", section="summary")
    assert [each.fund_code for each in found] == [None, None]


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("一般公共预算安排的收入80.00万元，政府性基金安排的收入3.00万元。", "revenue",
         ["80.00万元 revenue general_public @revenue", "3.00万元 revenue government_fund @revenue"]),
        ("收入包括：一般公共预算拨款80.00万元、上年结转1.00万元；支出包括：教育支出81.00万元。", "appropriation_summary",
         ["80.00万元 revenue general_public @appropriation_summary",
          "1.00万元 balance opening_carryover @appropriation_summary",
          "81.00万元 expenditure total 教育支出 @appropriation_summary"]),
        ("经费拨款70.00万元，纳入预算管理的非税收入拨款10.00万元。", "revenue",
         ["70.00万元 revenue general_public_allocation @revenue", "10.00万元 revenue general_public_nontax @revenue"]),
        ("专户管理的事业收入4.00万元，财政补助收入9.00万元。", "revenue",
         ["4.00万元 revenue special_account @revenue", "9.00万元 revenue fiscal_appropriation @revenue"]),
        ("当年财政拨款收入9.00万元。", "summary", ["9.00万元 revenue fiscal_appropriation @summary"]),
        ("部门预算收入总数9.00万元，部门预算支出总数9.00万元。", "summary",
         ["9.00万元 balance total_income @summary", "9.00万元 balance total_expenditure @summary"]),
        ("公车购置及运行费5.00万元，其中公车运行及维护2.00万元。", "three_public",
         ["5.00万元 three_public vehicle_total @three_public", "2.00万元 three_public vehicle_operation @three_public"]),
        ("固定资产总额90.00万元，其中其他固定资产5.00万元。", "other_matters",
         ["90.00万元 metric fixed_assets_value", "5.00万元 part fixed_assets_value 其他固定资产 @other_matters"]),
        ("项目支出60.00万元，其中：水厂改造40.00万元，河道清淤20.00万元。", "expenditure",
         ["60.00万元 expenditure project @expenditure", "40.00万元 project_budget own 水厂改造 @project",
          "20.00万元 project_budget own 河道清淤 @project"]),
    ],
)  # fmt: skip
def test_whole_and_parts_in_other_orders(sentence: str, section: str, said: list[str]) -> None:
    assert says(sentence, section=section) == said


def test_a_list_at_the_head_of_a_sentence_is_of_what_was_said_last() -> None:
    said = says(
        "一般公共预算财政拨款收入90.00万元，一般公共预算财政拨款支出80.00万元。",
        "其中：基本支出60.00万元，项目支出20.00万元。",
        section="general",
    )
    assert said[2:] == [
        "60.00万元 expenditure basic @general_public_expenditure #general_public",
        "20.00万元 expenditure project @general_public_expenditure #general_public",
    ]


@pytest.mark.parametrize(
    ("sentence", "bases"),
    [
        (
            "“三公”经费预算8.00万元，其中：公务接待费3.00万元，因公出国（境）费5.00万元。",
            ["initial_budget"] * 3,
        ),
        (
            "2022年“三公”经费支出9.00万元，其中：公务接待费3.00万元，因公出国（境）费6.00万元。",
            ["prior_year"] * 3,
        ),
        ("2022年，公务接待费支出3.00万元，因公出国（境）费5.00万元。", ["prior_year", None]),
        ("2023年，公务接待费支出3.00万元。", [None]),
        (
            "公务接待费支出3.00万元，同比上年2.00万元增加1.00万元。",
            [None, "prior_year", "change_from_prior_year"],
        ),
    ],
)
def test_the_year_of_a_whole_is_that_of_its_parts(sentence: str, bases: list[str | None]) -> None:
    assert [each.basis for each in read(sentence, section="three_public")] == bases


@pytest.mark.parametrize(
    ("sentence", "last"),
    [
        ("公务接待费预算数3.00万元，决算数2.00万元，减少1.00万元。", "1.00万元 set_aside budget_variance"),
        ("公务接待费预算数3.00万元，决算数2.00万元，比上年减少1.00万元。",
         "1.00万元 three_public reception change_from_prior_year - @three_public"),
        ("公务接待费决算数2.00万元，减少1.00万元。",
         "1.00万元 three_public reception change_from_prior_year - @three_public"),
        ("公务接待费支出2.00万元，决算数小于预算数1.00万元。", "1.00万元 set_aside budget_variance"),
        ("公务接待费支出2.00万元，比预算无增减变化，比上年增0.50万元。",
         "0.50万元 three_public reception change_from_prior_year + @three_public"),
    ],
)  # fmt: skip
def test_against_the_budget_or_against_the_prior_year(sentence: str, last: str) -> None:
    assert says(sentence, section="three_public")[-1] == last


def test_behind_a_reason_unknown_words_are_no_longer_about_the_subject_before_it() -> None:
    said = says(
        "公务接待费3.00万元，主要是来访增加；茶歇费用2.00万元，较上年下降20%；因公出国（境）费4.00万元，较上年下降10%。",
        section="three_public",
    )
    assert said == [
        "3.00万元 three_public reception @three_public",
        "2.00万元 set_aside reason_clause",
        "20% unread no_meaning",
        "4.00万元 three_public overseas_travel @three_public",
        "10% ratio three_public overseas_travel change_rate - @three_public",
    ]


def test_an_item_of_a_list_ends_the_reason_before_it() -> None:
    said = says(
        "一、2023年因公出国（境）费1.00万元，主要原因是任务减少，二、2023年公务接待费2.00万元。",
        section="three_public",
    )
    assert said[1] == "2.00万元 three_public reception @three_public"
    other = says(
        "因公出国（境）费1.00万元，主要原因是任务减少，2023年公务接待费2.00万元。", section="three_public"
    )
    assert other[1] == "2.00万元 set_aside reason_clause"


def test_a_figure_behind_a_comparison_ends_the_reason_before_it() -> None:
    said = says(
        "公务接待费比预算无变化，比上年增加1.00万元，增加原因是来访增加；因公出国（境）费比预算无变化，比上年减少2.00万元。",
        section="three_public",
    )
    assert said[1] == "2.00万元 three_public overseas_travel change_from_prior_year - @three_public"


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("对7个一般公共预算项目支出开展绩效自评，共涉及资金9.00万元，占一般公共预算项目支出总额的100%。", "performance",
         ["7个 metric performance_projects #general_public",
          "9.00万元 metric performance_projects_budget #general_public",
          "100% ratio metric performance_projects_budget share @project_performance #general_public"]),
        ("对2个政府性基金预算项目开展绩效自评，涉及资金3.00万元。", "performance",
         ["2个 metric performance_projects #government_fund",
          "3.00万元 metric performance_projects_budget #government_fund"]),
        ("对1个国有资本经营预算项目开展绩效自评，涉及国有资本经营预算支出2.00万元。", "performance",
         ["1个 metric performance_projects #state_capital", "2.00万元 metric performance_projects_budget #state_capital"]),
        ("对3个项目开展了重点绩效评价，涉及一般公共预算支出5.00万元，政府性基金预算支出1.00万元。", "performance",
         ["3个 metric evaluation_projects", "5.00万元 metric evaluation_projects_budget #general_public",
          "1.00万元 metric evaluation_projects_budget #government_fund"]),
        ("组织部门整体支出绩效自评，涉及一般公共预算支出5.00万元，涉及政府性基金预算支出1.00万元。", "performance",
         ["5.00万元 metric performance_units_budget #general_public",
          "1.00万元 metric performance_units_budget #government_fund"]),
        ("处置车辆1辆，账面原值20.00万元；资产出租收入3.00万元；固定资产总额90.00万元。", "other_matters",
         ["20.00万元 set_aside outside_contract", "3.00万元 set_aside outside_contract", "90.00万元 metric fixed_assets_value"]),
        ("本年预算收入90.00万元，其中上年实户资金余额2.00万元。", "summary",
         ["90.00万元 revenue total @revenue", "2.00万元 set_aside outside_contract"]),
        ("支出60.00万元，其中人员经费40.00万元，专项业务经费支出20.00万元。", "expenditure",
         ["60.00万元 unread no_subject", "40.00万元 economic personnel @general_public_basic",
          "20.00万元 expenditure project @expenditure"]),
        ("专项业务经费支出20.00万元，较上年减少1.00万元。", "expenditure",
         ["20.00万元 unread no_subject", "1.00万元 unread no_subject"]),
        ("公务接待费3.00万元，按同口径比上年决算数变化0万元。", "three_public",
         ["3.00万元 three_public reception @three_public",
          "0万元 three_public reception change_from_prior_year prior_final @three_public"]),
    ],
)  # fmt: skip
def test_what_a_part_or_a_fund_says_of_its_whole(sentence: str, section: str, said: list[str]) -> None:
    assert says(sentence, section=section) == said


def test_the_parts_of_an_economic_class_are_its_measures() -> None:
    said = says(
        "对事业单位经常性补助（505）29.00万元，其中：人员经费19.00万元，公用经费1.00万元，项目支出9.00万元。",
        section="general_public_economic",
    )
    assert [each.split(" @")[0] for each in said] == [
        "29.00万元 economic total 对事业单位经常性补助",
        "19.00万元 economic personnel 对事业单位经常性补助",
        "1.00万元 economic public 对事业单位经常性补助",
        "9.00万元 economic project 对事业单位经常性补助",
    ]


def test_income_of_the_year_opens_a_list_of_its_funds() -> None:
    said = tells(
        "（二）财政拨款收入情况\n财政拨款收入90.00万元。本年收入中，一般公共预算财政拨款80.00万元，政府性基金预算财政拨款10.00万元。"
    )
    assert said[1:] == [
        "80.00万元 revenue general_public @appropriation_summary",
        "10.00万元 revenue government_fund @appropriation_summary",
    ]


def test_what_runs_is_not_always_an_office() -> None:
    assert says("机关运行经费12.00万元。", section="other_matters") == ["12.00万元 metric operating_expense"]
    assert says("信息网络运行经费5.00万元。", section="other_matters") == ["5.00万元 unread no_subject"]


def test_a_list_in_brackets_is_read_and_a_remark_is_not() -> None:
    listed = "公务用车购置及运行维护费5.00万元（包括：公务用车购置费3.00万元、公务用车运行维护费2.00万元）。"
    assert says(listed, section="three_public")[1:] == [
        "3.00万元 three_public vehicle_purchase @three_public",
        "2.00万元 three_public vehicle_operation @three_public",
    ]
    remark = "公务用车购置费5.00万元（含购置税1.00万元）。"
    assert says(remark, section="three_public")[1:] == ["1.00万元 set_aside included_part"]


def test_a_subject_may_follow_the_words_that_end_a_comparison() -> None:
    said = says("事业收入9.00万元。", "与上年对比财政拨款收入增加3.00万元，增长5%。", section="revenue")
    assert said[1] == "3.00万元 revenue fiscal_appropriation change_from_prior_year + @revenue"
    assert says("事业收入9.00万元，与上年决算数相比增加3.00万元。", section="revenue")[1] == (
        "3.00万元 revenue institutional change_from_prior_year + prior_final @revenue"
    )


def test_the_expense_of_the_own_office_is_a_part_of_the_operating_expense() -> None:
    sentence = (
        "局机关行政运行经费和所属事业单位公用经费合计36.00万元，比上年增加3.00万元，其中：局机关行政运行经费10.00万元，"
        "比上年增加2.00万元。"
    )
    assert says(sentence, section="other_matters") == [
        "36.00万元 metric operating_expense",
        "3.00万元 metric operating_expense change_from_prior_year +",
        "10.00万元 set_aside outside_contract",
        "2.00万元 set_aside outside_contract",
    ]


def test_divisions_beside_other_bodies_are_not_counted() -> None:
    assert says("局内设办公室、财务股、信息中心21个股室和直属单位。", section="profile") == []


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "本部门行政编制4人，实有人数3人；事业编制30人，实际25人。",
            ["4人 part staff_quota 行政编制 @profile", "3人 set_aside staff_kind",
             "30人 part staff_quota 事业编制 @profile", "25人 set_aside staff_kind"],
        ),
        ("内有事业编制25名。", ["25名 metric staff_quota"]),
    ],
)  # fmt: skip
def test_posts_of_several_kinds_without_a_whole_are_parts(sentence: str, said: list[str]) -> None:
    assert says(sentence, section="profile") == said


def test_a_year_and_an_amount_that_a_converter_ran_together_are_not_read() -> None:
    said = says("收、支总计424.71万元。与2022498.83万元相比，收、支各减少74.12万元。", section="summary")
    assert said == [
        "424.71万元 balance total_both @summary",
        "2022498.83万元 unread no_meaning",
        "74.12万元 balance total_both change_from_prior_year - @summary",
    ]


def test_totals_of_a_sentence_have_the_fund_of_the_first() -> None:
    sentence = "财政拨款收入总计7.00万元，其中：本年收入合计6.00万元，年初结转和结余1.00万元，与上年相比收入总计减少3.00万元。"
    assert says(sentence, section="summary") == [
        "7.00万元 balance total_income @appropriation_summary #fiscal_appropriation",
        "6.00万元 balance current_income @appropriation_summary #fiscal_appropriation",
        "1.00万元 balance opening_carryover @appropriation_summary #fiscal_appropriation",
        "3.00万元 balance total_income change_from_prior_year - @appropriation_summary #fiscal_appropriation",
    ]
