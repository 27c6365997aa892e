"""Names of the functional classification in sentences: marked, quoted, coded, unmarked, bare, masked."""

from __future__ import annotations

import pytest

from ingest.narrative.token import FunctionName
from tests.unit.sentences import read, says

SECTION = "general_public_expenditure"


def _names(sentence: str, section: str = SECTION) -> list[FunctionName | None]:
    return [reading.name for reading in read(sentence, section=section) if reading.status == "read"]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        (
            "一般公共服务支出（类）财政事务（款）行政运行（项）",
            FunctionName("一般公共服务支出", "财政事务", "行政运行", None, True),
        ),
        (
            "1.教育支出（类）普通教育（款）小学教育（项）：",
            FunctionName("教育支出", "普通教育", "小学教育", None, True),
        ),
        (
            "“一般公共服务支出”类“财政事务”款“行政运行”项",
            FunctionName("一般公共服务支出", "财政事务", "行政运行", None, True),
        ),
        (
            "一般公共服务支出（201类）财政事务（06款）行政运行（01项）",
            FunctionName("一般公共服务支出", "财政事务", "行政运行", "2010601", True),
        ),
        ("财政事务（20106）行政运行（2010601）", FunctionName(None, "财政事务", "行政运行", "2010601", True)),
        ("2010601行政运行", FunctionName(item_name="行政运行", code_text="2010601")),
        ("〔2010601〕行政运行", FunctionName(item_name="行政运行", code_text="2010601")),
        ("（2010601）行政运行", FunctionName(item_name="行政运行", code_text="2010601")),
        (
            "一般公共服务支出—财政事务—行政运行",
            FunctionName("一般公共服务支出", "财政事务", "行政运行", None, True),
        ),
        (
            "【一般公共服务支出／财政事务／行政运行】",
            FunctionName("一般公共服务支出", "财政事务", "行政运行", None, True),
        ),
        (
            "一般公共服务支出财政事务行政运行",
            FunctionName("一般公共服务支出", "财政事务", "行政运行", None, True),
        ),
        ("住房改革支出（款）住房公积金（项）", FunctionName(None, "住房改革支出", "住房公积金", None, True)),
        ("教育支出（类）普通教育（款）", FunctionName("教育支出", "普通教育", None, None, True)),
        ("教育支出（类）", FunctionName("教育支出", None, None, None, True)),
        ("教育支出", FunctionName(item_name="教育支出")),
        (
            "资源勘探工业信息等支出（类）工业和信息产业JG（款）行政运行（项）",
            FunctionName("资源勘探工业信息等支出", "工业和信息产业JG", "行政运行", None, True),
        ),
        ("云杉保护专项（款）", FunctionName(None, "云杉保护专项", None, None, True)),
    ],
)
def test_a_path_as_far_as_it_is_printed(printed: str, name: FunctionName) -> None:
    assert _names(f"{printed}12.50万元。") == [name]


def test_spaces_inside_a_name_do_not_belong_to_it() -> None:
    assert _names("教育 支出（类）普通 教育（款）12.50万元。") == [
        FunctionName("教育支出", "普通教育", None, None, True)
    ]


@pytest.mark.parametrize("joint", ["、", "，", "；"])
def test_names_in_a_list_have_their_own_figures(joint: str) -> None:
    found = read(f"其中：教育支出20.00万元{joint}科学技术支出5.00万元。", section=SECTION)
    assert [(each.name.item_name, each.token.number) for each in found if each.name] == [
        ("教育支出", "20.00"),
        ("科学技术支出", "5.00"),
    ]


def test_names_told_together_are_not_given_one_figure() -> None:
    assert says("教育支出、科学技术支出共5.00万元。", section=SECTION) == ["5.00万元 unread no_meaning"]


def test_names_told_respectively_keep_their_words() -> None:
    found = read("教育支出、科学技术支出分别为3.00万元、2.00万元。", section=SECTION)
    assert [(each.name.item_name, each.token.number) for each in found if each.name] == [
        ("教育支出", "3.00"),
        ("科学技术支出", "2.00"),
    ]


def test_a_rate_belongs_to_the_name_before_it() -> None:
    assert says("教育支出20.00万元，占40.00%；卫生健康支出30.00万元，占60.00%。", section=SECTION)[1::2] == [
        "40.00% ratio function 教育支出 share @general_public_expenditure",
        "60.00% ratio function 卫生健康支出 share @general_public_expenditure",
    ]


@pytest.mark.parametrize(
    ("section", "statement"),
    [
        ("general_public_expenditure", "general_public_expenditure"),
        ("expenditure", "expenditure"),
        ("government_fund", "government_fund"),
        ("state_capital", "state_capital"),
        ("appropriation_summary", "appropriation_summary"),
    ],
)
def test_a_function_row_stands_under_the_form_of_its_section(section: str, statement: str) -> None:
    found = read("教育支出（类）普通教育（款）12.50万元。", section=section)
    assert [each.statement_code for each in found] == [statement]


@pytest.mark.parametrize("section", ["three_public", "other_matters", "performance", "profile"])
def test_a_bare_name_outside_the_explanations_of_forms_is_no_subject(section: str) -> None:
    assert not [each for each in read("教育支出20.00万元。", section=section) if each.status == "read"]


def test_budget_final_and_rate_of_one_path() -> None:
    assert [
        (each.basis, each.ratio)
        for each in read(
            "教育支出（类）普通教育（款）小学教育（项）年初预算为10.00万元，支出决算为9.00万元，完成年初预算的90.00%。",
            section=SECTION,
        )
    ] == [("initial_budget", None), ("final", None), (None, "execution_rate")]


def test_the_budget_of_a_named_year_with_one_character_year() -> None:
    found = read("教育支出（类）普通教育（款）2023年初预算数为10.00万元。", section=SECTION)
    assert [each.basis for each in found] == ["initial_budget"]


def test_a_level_in_words_and_a_code_before_a_marked_name() -> None:
    assert _names("教育支出类科目80.00万元。") == [FunctionName(class_name="教育支出")]
    assert _names("20104-发展与改革事务（款）80.00万元。") == [
        FunctionName(section_name="发展与改革事务", code_text="20104", is_marked=True)
    ]


def test_the_rest_of_something_else_is_not_a_class() -> None:
    """其他支出 is a class of the classification only beside another name of it."""
    assert says("医疗支出80.00万元，其他支出5.00万元。", section=SECTION)[-1] == "5.00万元 unread no_subject"
    assert _names("教育支出80.00万元，其他支出5.00万元。")[-1] == FunctionName(item_name="其他支出")


def test_a_name_may_follow_the_word_for_what_it_is() -> None:
    said = says("减少较多的项级支出科目为2010601行政运行，比上年执行数减少5.00万元。", section=SECTION)
    assert said == [
        "5.00万元 expenditure total 行政运行 2010601 change_from_prior_year - prior_final @general_public_expenditure"
    ]
