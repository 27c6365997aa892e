"""Reasons of changes: what changed, against what, in which direction, and where the reason ends."""

from __future__ import annotations

from tests.unit.sentences import explains

HEAD = "三、一般公共预算财政拨款支出决算情况说明\n"


def test_a_reason_follows_its_change_in_the_same_sentence() -> None:
    text = "五、机关运行经费情况说明\n本年机关运行经费12.00万元，比上年减少3.00万元，下降20.00%，主要原因是办公地点合并，水电费下降。"
    assert explains(text) == [
        "metric operating_expense prior_year - 3.00万元: 办公地点合并，水电费下降 @other_matters"
    ]


def test_a_reason_at_the_head_of_a_sentence_explains_the_sentence_before() -> None:
    text = HEAD + "一般公共预算财政拨款支出80.00万元，比上年增加5.00万元，增长6.67%。主要原因：新增一处展厅。"
    assert explains(text) == [
        "measure total prior_year + 5.00万元: 新增一处展厅 @general_public_expenditure #general_public"
    ]


def test_a_reason_names_its_subject_itself() -> None:
    text = (
        "四、“三公”经费决算情况说明\n公务接待费支出2.00万元，比上年减少0.50万元。公务接待费支出减少的主要原因是来访减少。"
        "“三公”经费支出决算数小于预算数的主要原因：出国计划取消。"
    )
    assert explains(text) == [
        "three_public reception prior_year - 0.50万元: 来访减少 @three_public",
        "three_public total initial_budget -: 出国计划取消 @three_public",
    ]


def test_the_budget_that_is_meant_is_the_one_named_last() -> None:
    text = (
        HEAD + "1、教育支出（类）普通教育（款）小学教育（项）。全年预算为9.00万元，支出决算为8.00万元，"
        "完成全年预算数的88.89%。决算数小于预算数的主要原因：课程减少。"
    )
    assert explains(text) == ["function 小学教育 adjusted_budget -: 课程减少 @general_public_expenditure"]


def test_what_did_not_change_is_explained_too() -> None:
    text = "四、“三公”经费预算情况说明\n公务接待费1.00万元，与2022年预算持平，主要原因是标准未调整。因公出国（境）费0万元，与2022年预算持平。主要原因是没有任务。"
    assert explains(text, "budget", "departmental_budget") == [
        "three_public reception prior_year =: 标准未调整 @three_public",
        "three_public overseas_travel prior_year =: 没有任务 @three_public",
    ]


def test_a_list_of_reasons_goes_on_over_its_sentences() -> None:
    text = (
        HEAD
        + "一般公共预算财政拨款支出80.00万元，比上年增加5.00万元。主要原因：一是新增展厅。二是物业涨价。其他情况另行说明。"
    )
    assert explains(text) == [
        "measure total prior_year + 5.00万元: 一是新增展厅。二是物业涨价 @general_public_expenditure #general_public"
    ]


def test_a_reason_ends_where_the_next_statement_begins() -> None:
    text = (
        "一、收支情况说明\n本年财政拨款收入10.00万元，比上年增加1.00万元，主要原因是增加两人；"
        "本部门本年财政拨款支出10.00万元，比上年增加2.00万元，主要原因是增加项目。"
    )
    assert [each.split(": ")[1].split(" @")[0] for each in explains(text)] == ["增加两人", "增加项目"]


def test_figures_inside_a_reason_do_not_end_it() -> None:
    text = (
        HEAD
        + "一般公共预算财政拨款支出80.00万元，比上年增加5.00万元，主要原因是项目支出增加，比上年增加4.00万元，用于展厅。"
    )
    assert [each.split(": ")[1].split(" @")[0] for each in explains(text)] == [
        "项目支出增加，比上年增加4.00万元，用于展厅"
    ]


def test_a_change_less_some_part_is_another_matter() -> None:
    text = (
        HEAD
        + "一般公共预算财政拨款支出80.00万元，比上年减少5.00万元，减幅5.88%，扣除基建后比上年增加1.00万元。主要原因：工程完工。"
    )
    assert explains(text) == [
        "measure total prior_year - 5.00万元: 工程完工 @general_public_expenditure #general_public"
    ]


def test_what_money_is_used_for_is_not_a_reason() -> None:
    text = HEAD + "一般公共预算财政拨款支出80.00万元，主要是用于人员工资。基本支出60.00万元，主要是保障运转。"
    assert explains(text) == []


def test_the_reason_of_a_figure_that_is_not_understood_is_not_given_to_another() -> None:
    text = (
        HEAD
        + "一般公共预算财政拨款支出80.00万元，其中甲类展陈8.00万元，比上年增加1.00万元，主要原因是展厅扩建。"
    )
    assert explains(text) == []


def test_a_variance_rate_says_the_direction_by_its_sign() -> None:
    text = (
        HEAD + "一般公共预算财政拨款支出80.00万元，与上年相比，减少5.00万元，主要原因是：人员减少。"
        "与年初预算相比，年初预算数90.00万元，决算数80.00万元，预决算差异率-11.11%，主要原因是：会议取消。"
        "与全年预算相比，全年预算数80.00万元，决算数80.00万元，预决算差异率0.00%，主要原因是：按预算执行。"
    )
    place = "@general_public_expenditure #general_public"
    assert explains(text) == [
        f"measure total prior_year - 5.00万元: 人员减少 {place}",
        f"measure total initial_budget -: 会议取消 {place}",
        f"measure total adjusted_budget =: 按预算执行 {place}",
    ]


def test_a_reason_explains_each_comparison_of_its_sentence() -> None:
    text = (
        "四、“三公”经费决算情况说明\n公务接待费5.00万元，较上年减少2.00万元，下降28.57%，较年初预算数减少1.00万元，"
        "主要原因是与会人数减少。"
    )
    assert explains(text) == [
        "three_public reception prior_year - 2.00万元: 与会人数减少 @three_public",
        "three_public reception initial_budget - 1.00万元: 与会人数减少 @three_public",
    ]


def test_a_full_stop_inside_brackets_ends_no_sentence() -> None:
    text = (
        "四、“三公”经费预算情况说明\n公务用车购置及运行维护费5.00万元（公务用车运行维护费5.00万元，比上年减少1.00万元。）"
        "比上年减少1.00万元，主要原因是里程减少。"
    )
    assert explains(text, "budget") == [
        "three_public vehicle_total prior_year - 1.00万元: 里程减少 @three_public"
    ]


def test_the_heading_of_a_list_behind_a_reason_is_no_part_of_it() -> None:
    text = HEAD + "一般公共预算财政拨款支出80.00万元，比上年增加5.00万元，主要原因是新增展厅，支出项目包括："
    assert [each.split(": ")[1].split(" @")[0] for each in explains(text)] == ["新增展厅"]


def test_a_departure_from_the_budget_is_explained_with_its_direction() -> None:
    text = (
        HEAD + "一般公共预算财政拨款支出80.00万元，比上年减少5.00万元；完成年初预算的104.00%，"
        "决算数大于预算数3.00万元，主要原因：调整工资标准。"
    )
    assert explains(text) == [
        "measure total initial_budget + 3.00万元: 调整工资标准 @general_public_expenditure #general_public"
    ]
