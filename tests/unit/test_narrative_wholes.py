"""Whose part a figure is: parts of one expense, of an unread figure, of a reason."""

from __future__ import annotations

import pytest

from tests.unit.sentences import claims, says


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        # the reception among the parts of the operating expense is not all of the publisher's
        ("机关运行经费82.00万元，其中：办公费41.00万元，公务接待费2.00万元，其他商品和服务支出3.00万元。", "other_matters",
         ["metric operating_expense", "part operating_expense", "part operating_expense", "part operating_expense"]),
        # what is compared behind an amount of a reason is that amount
        ("公务接待费6.00万元，比上年减少2.00万元，主要原因是严控20.00万元，比上年减少7.00万元。", "three_public",
         ["three_public reception", "three_public reception", "set_aside reason_clause", "set_aside reason_clause"]),
        # a second amount of which nothing is said
        ("人员经费138.00万元，124.00万元，较上年增加14.00万元。", "general_public_basic",
         ["economic personnel", "unread no_meaning", "economic personnel"]),
        # the parts of a figure that is not read
        ("拟对某事开展评价，涉及资金19.00万元，其中财政拨款19.00万元。", "expenditure",
         ["unread no_subject", "unread no_subject"]),
        ("政府采购预算17.00万元，其中：集中采购17.00万元，同比增加17.00万元。", "other_matters",
         ["metric procurement_total", "part procurement_total", "set_aside outside_contract"]),
        ("政府采购预算17.00万元，其中：分散采购7.00万元，占41.18%；集中采购10.00万元。", "other_matters",
         ["metric procurement_total", "part procurement_total", "set_aside outside_contract", "part procurement_total"]),
        ("分散采购7.00万元，占政府采购预算的41.18%。", "other_matters", ["set_aside outside_contract", "set_aside outside_contract"]),
        ("核定编制71人，实际正式教职工62人，其中：初级职称23人，退休职工28人。", "profile",
         ["metric staff_quota", "metric staff_retired"]),
        # a statement of its own behind a reason
        ("会议费6.00万元，原因是会议减少；2023年培训费预算8.00万元，较上年减少1.00万元。", "three_public",
         ["three_public meeting", "three_public training", "three_public training"]),
        ("支出预算总计100.00万元，其中事业收入支出26.00万元、其他收入支出4.00万元。", "expenditure",
         ["expenditure total", "set_aside outside_contract", "set_aside outside_contract"]),
        ("“三公”经费2.00万元，年初预算为3.00万元，差值为1.00万元。", "three_public",
         ["three_public total", "three_public total", "set_aside budget_variance"]),
        ("“三公”经费2.05万元，较上年2.08减少0.03万元。", "three_public", ["three_public total", "three_public total"]),
        ("公务用车运行维护及购置费支出预算24.00万元。", "three_public", ["three_public vehicle_total"]),
        ("公务用车保有量2辆，购置及运行维护费5.00万元。", "three_public", ["metric vehicles_held", "three_public vehicle_total"]),
        ("委托业务费预算332.00万元，比上年预算（上年290.00万元）增加42.00万元。", "other_matters",
         ["metric commissioned_services", "metric commissioned_services", "metric commissioned_services"]),
        ("因公出国预算0万元，与上年持平。", "three_public", ["three_public overseas_travel"]),
        ("项目支出比上年（减）6.00万元，（减）幅23%。", "expenditure", ["expenditure project", "ratio measure"]),
        ("公务接待费同口径比2022年减少38.00万元。", "three_public", ["three_public reception"]),
        # a side of the account whose change ends the list of its parts
        ("支出预算50.00万元，其中：教育支出30.00万元；支出比上年增加4.00万元。", "expenditure",
         ["expenditure total", "expenditure total", "expenditure total"]),
        ("收入预算50.00万元，其中：一般公共预算拨款50.00万元；收入比上年增加4.00万元。", "revenue",
         ["revenue total", "revenue general_public", "revenue total"]),
        ("收入预算50.00万元；支出比上年增加4.00万元。", "summary", ["revenue total", "expenditure total"]),
        ("公务接待费5.00万元；支出比上年增加4.00万元。", "general", ["three_public reception", "unread no_subject"]),
        # a share that was not filled in
        ("商品和服务支出7.00万元，占基本支出预算%，比上年增加2.00万元。", "general_public_basic",
         ["economic total", "economic total"]),
        # names masked for secrecy, and economic classes of a fund whose form has none
        ("按功能分类，****支出2.00万元，***款支出3.00万元。", "general_public_expenditure",
         ["set_aside outside_contract", "set_aside outside_contract"]),
        ("政府性基金预算支出9.00万元，其中：工资福利支出1.00万元。", "government_fund",
         ["expenditure total", "set_aside outside_contract"]),
        # a level that is marked and not named
        ("教育支出（类）普通教育（款）（项）：支出决算为2.00万元，完成预算90%。", "general_public_expenditure",
         ["unread no_meaning", "unread no_meaning"]),
        ("编制人数小计30人，其中：行政编制人数0人，全额事业编制人数30人。", "profile",
         ["metric staff_quota", "part staff_quota", "part staff_quota"]),
        ("内设科室5个，其中：行政编制4人。", "profile", ["metric internal_divisions", "set_aside staff_kind"]),
        ("公务用车运行维护费3.00万元，保有公务用车2辆。", "general", ["three_public vehicle_operation", "metric vehicles_held"]),
        ("“三公”经费3.00万元，预算执行比例为75.00%。", "three_public", ["three_public total", "ratio three_public"]),
        ("因公出国8.00万元。", "three_public", ["three_public overseas_travel"]),
        ("1、收入：20.00万元。", "summary", ["revenue total"]),
        ("2、支出：19.00万元。", "summary", ["expenditure total"]),
        ("2、支出：19.00万元。", "government_fund", ["unread no_subject"]),
        ("固定资产总额423.00万元。", "profile", ["metric fixed_assets_value"]),
        ("专项项目预算74.00万元。", "summary", ["expenditure project"]),
        # a base that is not the prior year
        ("“三公”经费9.00万元，比2019年决算数减少4.00万元，下降30.77%；比上年增加1.00万元。", "three_public",
         ["three_public total", "set_aside other_year", "set_aside other_year", "three_public total"]),
        ("“三公”经费9.00万元，比2019年13.00万元减少4.00万元。", "three_public",
         ["three_public total", "set_aside other_year", "set_aside other_year"]),
        ("自评项目3个，涉及一般公共预算支出5.00万元。", "performance",
         ["metric performance_projects", "metric performance_projects_budget"]),
        ("涉及一般公共预算支出5.00万元。", "performance", ["unread no_meaning"]),
        ("公务车辆运行2023年预算5.00万元，2022年预算6.00万元；对比减少1.00万元；减少率16.67%。", "three_public",
         ["three_public vehicle_operation", "three_public vehicle_operation", "three_public vehicle_operation", "ratio three_public"]),
        ("教育经费拨款7.00万元，经费拨款2.00万元。", "revenue", ["unread no_subject", "revenue general_public_allocation"]),
        # what was received is none of the amounts of the funding
        ("项目预算资金共到位9.00万元，实际支出8.00万元。", "funding", ["set_aside outside_contract", "unread no_subject"]),
        ("某站下设独立二级预算事业单位4个，其中：全额补助事业单位1个。", "profile", ["metric budget_units", "part budget_units"]),
        # the first kind of posts is the whole of those behind it, and a kind of those in service is theirs
        ("核定参公事业编制11人，其中参公编制10人，后勤编制1人；在职实有9人，其中参公编制8人。", "profile",
         ["metric staff_quota", "part staff_quota", "part staff_quota", "metric staff_in_service", "part staff_in_service"]),
        ("退休（财政供养）实有人数2人。", "profile", ["metric staff_retired"]),
        ("三公经费预算拨入5.00万元。", "three_public", ["three_public total"]),
        ("项目支出9.00万元，在项目支出当中，教育支出6.00万元。", "expenditure", ["expenditure project", "expenditure project"]),
        ("其他收入9.00万元，主要是捐赠款，占总收入的9.00%。", "revenue", ["revenue other", "ratio revenue_source"]),
    ],
)  # fmt: skip
def test_what_each_figure_is_a_part_of(sentence: str, section: str, said: list[str]) -> None:
    found = says(sentence, section=section)
    assert [" ".join(each.split()[1:3]) for each in found] == said


def test_expenditure_behind_a_revenue_budget_is_not_of_its_form() -> None:
    said = says("收入预算90.00万元。", "基本支出70.00万元。", section="general")
    assert [each.rsplit("@", 1)[1] for each in said] == ["revenue", "expenditure"]


def test_a_direction_in_brackets_gives_the_sign() -> None:
    said = says("项目支出比上年（减）6.00万元。", "基本支出比上年（增加）5.00万元。")
    assert [each.split()[-2] for each in said] == ["-", "+"]


@pytest.mark.parametrize(
    "sentence",
    [
        "收、支总计分别为10.00万元、20.00万元。",
        "收、支总计各是10.00,20.00万元。",
        "收支总计分别减少10.00万元、20.00万元，下降3.00%、4.00%。",
        "收、支总计各减少10.00，20.00万元，各下降3.00%、4.00%。",
    ],
)
def test_two_figures_of_both_totals_are_one_each(sentence: str) -> None:
    found = says(sentence, section="summary")
    assert [each.split()[0] for each in found][:2] == ["10.00万元", "20.00万元"]
    codes = ["total_income" if number % 2 == 0 else "total_expenditure" for number in range(len(found))]
    assert all(code in each for code, each in zip(codes, found, strict=True))


def test_lines_below_a_function_are_its_measures() -> None:
    above = "三、一般公共预算支出情况说明\n小学教育支出30.00万元，其中：\n"
    for parts in (
        "基本支出20.00万元，项目支出10.00万元。主要用于教学。",
        "1.基本支出20.00万元。\n2.项目支出10.00万元。",
    ):
        found = claims(above + parts, stage="budget")
        assert [(each.item_name, each.subject_code) for each in found] == [
            ("小学教育", "total"),
            ("小学教育", "basic"),
            ("小学教育", "project"),
        ]


def test_what_follows_the_measures_of_a_function_is_of_the_whole() -> None:
    text = (
        "三、一般公共预算支出情况说明\n小学教育支出30.00万元，其中：\n基本支出20.00万元，项目支出10.00万元。\n"
        "住房公积金5.00万元。\n1.基本支出25.00万元。"
    )
    found = claims(text, stage="budget")
    assert [each.item_name for each in found] == [*["小学教育"] * 3, "住房公积金", None]


def test_a_label_that_is_a_part_of_an_account_is_of_all_funds() -> None:
    text = "2023年收支构成情况\n①财政拨款收入：本年财政拨款收入9.00万元。\n②基本支出：本年基本支出8.00万元。"
    assert [(each.statement_code, each.subject_code) for each in claims(text)] == [
        ("revenue", "fiscal_appropriation"),
        ("expenditure", "basic"),
    ]


def test_the_earlier_name_of_the_general_public_budget_is_its_fund() -> None:
    text = "一、“三公”经费情况\n“三公”经费公共预算财政拨款支出9.00万元。其中：公务接待费9.00万元。"
    assert [each.fund_code for each in claims(text)] == ["general_public", "general_public"]
