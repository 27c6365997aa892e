"""Whose figures a sentence states."""

import pytest

from ingest.narrative.grammar import SentenceReader
from ingest.narrative.owners import other_unit_named
from ingest.narrative.state import Reading, Setting

OWN = ("云川市水务局", "云川市水务局2025年部门预算")


@pytest.mark.parametrize(
    ("before", "is_other"),
    [
        ("云川市河道管理中心", True),
        ("其中:云川市河道管理中心2025年", True),
        ("云川水文监测站", True),
        ("市社会科学院", True),
        ("云川市水务局", False),
        ("市水务局", False),
        ("本部门", False),
        ("部级领导干部", False),
        ("办公室、计划财务处", False),
        ("根据工作需要,", False),
    ],
)
def test_the_name_before_a_subject(before: str, is_other: bool) -> None:
    assert (other_unit_named(before, OWN) is not None) is is_other


def test_an_unknown_publisher_may_have_any_name() -> None:
    assert not other_unit_named("云川市河道管理中心", ())


def _read(sentence: str, section: str = "general_public_basic", **setting: str) -> list[Reading]:
    return SentenceReader().read(sentence, Setting(2025, "budget", False, section, own_names=OWN, **setting))


def test_money_of_another_unit_that_a_sentence_begins_with_is_that_units() -> None:
    found = _read("云川市河道管理中心公用经费预算60.57万元，比上年减少5万元，增长2%。")
    assert [(each.status, each.budget_unit_name) for each in found[:2]] == [
        ("read", "云川市河道管理中心")
    ] * 2
    assert (found[2].status, found[2].reason_code) == ("set_aside", "other_unit")


def test_money_of_a_unit_named_in_a_heading_is_that_units() -> None:
    found = _read(
        "项目支出9.00万元，主要包括：河道清淤9.00万元。", "expenditure", other_unit="云川市河道管理中心"
    )
    assert [(each.fact, each.budget_unit_name) for each in found] == [
        ("expenditure", "云川市河道管理中心"),
        ("project_budget", "云川市河道管理中心"),
    ]


def test_a_unit_named_within_a_sentence_has_a_part_of_what_is_not_known() -> None:
    found = _read("公用经费90.00万元，其中云川市河道管理中心公用经费60.57万元。")
    assert [(each.status, each.reason_code) for each in found] == [
        ("read", None),
        ("set_aside", "other_unit"),
    ]


def test_the_own_office_of_a_department_is_one_of_its_units() -> None:
    assert other_unit_named("云川市水务局本级", OWN) == "云川市水务局本级"
    assert other_unit_named("云川市水务局本级", (*OWN, "云川市水务局本级")) is None


def test_figures_behind_the_publishers_name_are_read() -> None:
    setting = Setting(2025, "budget", False, "general_public_basic", own_names=OWN)
    found = SentenceReader().read("市水务局公用经费预算60.57万元。", setting)
    assert [reading.status for reading in found] == ["read"]
