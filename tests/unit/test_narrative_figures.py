"""What is a figure, what it counts, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.golden.corpus import CORPUS, names
from tests.unit.sentences import claims, read, says


@pytest.mark.parametrize(
    ("printed", "figure"),
    [
        ("1,234.50万元", "1,234.50万元"),
        ("1，234.50万元", "1,234.50万元"),
        ("35. 00万元", "35.00万元"),
        ("36. 6 万元", "36.6万元"),
        ("１２.５０万元", "12.50万元"),
        ("0万元", "0万元"),
        ("1,234,567.89元", "1,234,567.89元"),
        ("800千元", "800千元"),
        ("2.5亿元", "2.5亿元"),
        ("12.30万", "12.30万"),
    ],
)
def test_an_amount_with_its_unit(printed: str, figure: str) -> None:
    assert says(f"基本支出{printed}。") == [f"{figure} expenditure basic @expenditure"]


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("基本支出比上年增减-39.18万元。", "-39.18"),
        ("基本支出比上年增加（减少）-39.18万元。", "-39.18"),
        ("1-项目支出0.95万元。", "0.95"),
    ],
)
def test_a_printed_minus_is_kept_and_a_list_marker_is_none(sentence: str, figure: str) -> None:
    assert [reading.token.number for reading in read(sentence)] == [figure]


def test_a_printed_minus_gives_the_sign_and_not_the_word() -> None:
    assert [reading.direction for reading in read("基本支出比上年增加（减少）-39.18万元。")] == [None]


@pytest.mark.parametrize(
    "words",
    [
        "2023年",
        "2023年1月1日至12月31日",
        "根据财预〔2023〕15号文件，",
        "按照第12条规定，",
        "截至2023年底，",
        "联系电话：0123-4567890，",
        "（一）",
        "3.",
    ],
)
def test_dates_document_numbers_and_markers_are_no_figures(words: str) -> None:
    assert says(f"{words}基本支出5万元。") == ["5万元 expenditure basic @expenditure"]


@pytest.mark.parametrize(
    ("sentence", "section", "reason"),
    [
        ("采购限额200万元以上的项目须公开招标。", "performance", "threshold"),
        ("座椅单价控制在1500元以内。", "performance", "threshold"),
        ("单笔支出不超过3万元。", "expenditure", "threshold"),
        ("按150元/人的标准安排。", "three_public", "unit_rate"),
        ("三公经费指财政拨款安排的支出5万元。", "glossary", "definition"),
        ("管理资产3.5亿元。", "duties", "definition"),
        ("人均公用经费1.20万元。", "general", "outside_contract"),
        ("差旅费1.00万元。", "other_matters", "outside_contract"),
        ("年中追加预算20.00万元。", "funding", "adjustment"),
        ("基金安排中央财政资金5.00万元。", "funding", "funding_source"),
        ("第二季度完成5.00万元。", "explanation", "plan_detail"),
        ("在其他采购项目中面向企业采购2.00万元。", "other_matters", "other_procurement"),
        ("超出年初预算3.00万元。", "expenditure", "budget_variance"),
        ("项目支出低于年初预算5.00万元。", "expenditure", "budget_variance"),
        ("按进度拨付率达到95%以上。", "performance", "threshold"),
    ],
)
def test_amounts_that_are_no_facts_are_set_aside_with_a_reason(
    sentence: str, section: str, reason: str
) -> None:
    found = read(sentence, section=section)
    assert {(each.status, each.reason_code) for each in found} <= {("set_aside", reason)}
    assert found or reason == "unit_rate"


@pytest.mark.parametrize(
    ("sentence", "section", "said"),
    [
        ("涉密项目2个，全年预算数5.00万元，全年执行数4.00万元。", "performance",
         ["5.00万元 set_aside project_kind", "4.00万元 set_aside project_kind"]),
        ("非财政拨款项目2个，涉及资金5.00万元。", "performance", ["5.00万元 set_aside project_kind"]),
        ("项目支出预算100万元-120万元。", "expenditure", ["100万元 set_aside range", "-120万元 set_aside range"]),
        ("项目支出100万元至120万元。", "expenditure", ["100万元 set_aside range", "120万元 set_aside range"]),
        ("项目支出控制在100-120万元。", "expenditure", ["120万元 set_aside range"]),
    ],
)  # fmt: skip
def test_every_amount_inside_what_is_set_aside_is_listed(
    sentence: str, section: str, said: list[str]
) -> None:
    assert says(sentence, section=section) == said


def test_the_price_limit_of_equipment_is_no_amount() -> None:
    assert says(
        "单价50万元以上通用设备2台（套），单价100万元以上专用设备1台（套）。", section="other_matters"
    ) == [
        "2台(套) metric equipment_over_500k_count",
        "1台(套) metric equipment_over_1m_count",
    ]


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("基本支出占支出合计的80.5 %，项目支出占19.5％。", ["80.5%", "19.5%"]),
        ("基本支出占本年支出的100%。", ["100%"]),
    ],
)
def test_percentages_of_any_width(sentence: str, figures: list[str]) -> None:
    assert [each.token.number + each.token.unit for each in read(sentence)] == figures


def test_percentage_points_and_permille_are_never_read() -> None:
    assert not [
        each for each in read("项目支出执行率提高2.5个百分点，基本支出增长5‰。") if each.status == "read"
    ]


def test_a_figure_without_a_known_subject_is_unread() -> None:
    assert says("海棠湾清淤12.00万元。") == ["12.00万元 unread no_subject"]


def test_words_that_are_not_known_cut_the_subject_off() -> None:
    assert says("基本支出保障了海棠湾清淤12.00万元。") == ["12.00万元 unread no_meaning"]


@pytest.mark.parametrize("name", names())
def test_any_piece_of_text_is_read_without_error_and_figures_are_verbatim(name: str) -> None:
    text = (CORPUS / f"{name}.txt").read_text(encoding="utf-8")
    for start in range(0, len(text), 997):
        for claim in claims(text[start : start + 1500]):
            folded = claim.sentence.translate(str.maketrans("０１２３４５６７８９．，－", "0123456789.,-"))
            assert claim.figure_text in folded.replace("−", "-")
