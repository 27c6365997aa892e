"""What a document says of itself."""

from __future__ import annotations

import pytest

from ingest.forms.cover import is_unit_name, read_cover
from tests.unit.documents import document


@pytest.mark.parametrize(
    ("text", "doc_type", "year", "unit"),
    [
        ("甲市民政局2024年部门预算", "departmental_budget", 2024, "甲市民政局"),
        ("甲县公路管理段2018年度部门决算公开", "final_accounts", 2018, "甲县公路管理段"),
        ("甲市民政局\n2023年度\n部门决算", "final_accounts", 2023, "甲市民政局"),
        (
            "甲市乙区2025年区级部门预算\n编制部门：甲市乙区教育局",
            "departmental_budget",
            2025,
            "甲市乙区教育局",
        ),
        ("甲市民政局\n部门整体支出绩效自评报告\n（2024年度）", "performance_report", 2024, "甲市民政局"),
        ("会议纪要", None, None, None),
    ],
)
def test_title(text: str, doc_type: str | None, year: int | None, unit: str | None) -> None:
    cover = read_cover(document(text))
    assert (cover.doc_type, cover.fiscal_year, cover.unit_name) == (doc_type, year, unit)


def test_stage_and_kind_follow_the_title() -> None:
    cover = read_cover(document("甲市档案馆2024年单位预算"))
    assert (cover.stage, cover.unit_kind, cover.region_name) == ("budget", "unit", "甲市")


@pytest.mark.parametrize("name", ["甲市民政局", "乙区人民政府", "丙县第一中学", "丁市疾病预防控制中心"])
def test_unit_names(name: str) -> None:
    assert is_unit_name(name)


@pytest.mark.parametrize("name", ["一般公共服务支出", "行政运行", "本部门办公室", "2024年局", "局"])
def test_other_names(name: str) -> None:
    assert not is_unit_name(name)
