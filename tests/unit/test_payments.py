"""What a report says was paid for one of its projects."""

import pytest

from ingest.narrative.payments import is_paid, paid_project

PROJECTS = (
    "云川市水利站运行维护费用(市级)项目",
    "2023年河道清淤专项资金(第二批)项目",
    "堤防巡查员补助经费项目",
)


@pytest.mark.parametrize(
    ("before", "behind", "project"),
    [
        ("支付云川市水利站运行维护费用", "。", "云川市水利站运行维护费用"),
        ("委托公司运营,支付水利站运行维护费用", ";", "水利站运行维护费用"),
        ("拨付了2023年河道清淤专项资金(第二批)6万元、堤防巡查员补助经费", "。", "堤防巡查员补助经费"),
        ("给予巡查员", "的堤防巡查员补助经费支持。", "堤防巡查员补助经费"),
        ("给予巡查员", "的资金支持。", None),
        ("支付合同尾款", ",通过委托机构运营", None),
        ("计划支付水利站运行维护费用", "。", None),
        ("水利站运行维护费用", "。", None),
        ("支付维护费用", "。", None),
    ],
)  # fmt: skip
def test_the_project_that_an_amount_was_paid_for(before: str, behind: str, project: str | None) -> None:
    assert paid_project(before, behind, PROJECTS) == project


def test_without_listed_projects_nothing_is_one() -> None:
    assert paid_project("支付水利站运行维护费用", "。", ()) is None


@pytest.mark.parametrize(
    ("before", "paid"),
    [
        ("实际支出5万元,支付堤防公司", True),
        ("其中:拨付堤防公司1,600万元,水文站", True),
        ("其中:堤防公司1,600万元,水文站", False),
        ("计划支付堤防公司", False),
    ],
)
def test_what_was_paid(before: str, paid: bool) -> None:
    assert is_paid(before) is paid
