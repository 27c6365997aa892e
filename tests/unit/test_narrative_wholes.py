"""Whose part a figure is: parts of one expense, of an unread figure, of a reason."""

from __future__ import annotations

import pytest

from tests.unit.sentences import says


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
         ["metric procurement_total", "part procurement_total", "unread no_subject"]),
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
