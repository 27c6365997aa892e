"""Whose figures a sentence states."""

import pytest

from ingest.narrative.grammar import SentenceReader
from ingest.narrative.owners import other_unit_named
from ingest.narrative.state import Setting

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


def test_figures_of_another_unit_are_set_aside() -> None:
    setting = Setting(2025, "budget", False, "general_public_basic", own_names=OWN)
    sentence = "云川市河道管理中心公用经费预算60.57万元，比上年减少5万元，其中：会议费1万元。"
    found = SentenceReader().read(sentence, setting)
    assert [(reading.status, reading.reason_code) for reading in found] == [("set_aside", "other_unit")] * 3


def test_figures_behind_the_publishers_name_are_read() -> None:
    setting = Setting(2025, "budget", False, "general_public_basic", own_names=OWN)
    found = SentenceReader().read("市水务局公用经费预算60.57万元。", setting)
    assert [reading.status for reading in found] == ["read"]
