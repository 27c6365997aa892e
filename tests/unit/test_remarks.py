"""Expressions of the text that can be checked and are no figures: where they are found, and where they are not."""

from __future__ import annotations

import pytest

from ingest.document.paragraphs import read_paragraphs
from ingest.narrative.remarks import Remark, read_remarks, unpaired_marks
from tests.unit.documents import document


def remarks(text: str, *kinds: str) -> list[Remark]:
    return [
        remark for remark in read_remarks(list(read_paragraphs(document(text))), []) if remark.kind in kinds
    ]


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("公务用车费用9.98万元，与上年持平，主要原因是。其中公务用车购置费0万元。", "no_reason", "missing"),
        ("比上年减少2万元，原因是：；其他费用没有变化。", "no_reason", "missing"),
        ("接待外省市调研考察，列明公务接待2批次、26人次。", "template", "state_so"),
        ("公务接待费比上年减少0.40万元（请核实）。", "template", "check_so"),
        ("某市水务局某市水务局全面实施预算绩效管理。", "doubled", "phrase"),
        (
            "其中：公务接待费预算0万元，实际支出0万元；公务接待费预算0万元，实际支出0万元。",
            "doubled",
            "clause",
        ),
        ("其中：国内公务接待支出0.39万（含外宾接待支出0.00万元）。", "yuan", "missing"),
    ],
)
def test_words_that_should_not_stand_there(text: str, kind: str, code: str) -> None:
    assert [(remark.kind, remark.code) for remark in remarks(text, kind)] == [(kind, code)]


@pytest.mark.parametrize(
    "text",
    [
        "公务用车费用9.98万元，与上年持平，主要原因是车辆没有变化。",
        "决算数小于预算数的主要原因：人员减少。",
        "应当列明公务接待的批次和人数。",
        "推进改革发展，深化改革发展。",
        "公务接待费预算0万元，实际支出0万元；公务用车购置费预算0万元，实际支出0万元。",
        "服务群众5.2万人次，支出0.39万元。",
    ],
)
def test_words_that_may_stand_there(text: str) -> None:
    assert remarks(text, "no_reason", "template", "doubled", "yuan") == []


@pytest.mark.parametrize(
    "heading",
    [
        "九、2025年财政拨款“三公”经费预算情况说明",
        "十、2025年政府采购情况说明",
        "十一、2025年机关运行经费安排情况说明",
    ],
)
def test_a_heading_names_the_year_of_what_it_is_about(heading: str) -> None:
    found = [each.named for each in remarks(f"{heading}\n本年无此项。\n", "year") if each.code == "heading"]
    assert found == ["2025"]


def test_a_heading_on_what_was_left_of_another_year_is_none() -> None:
    found = remarks("十二、2024年绩效自评情况说明\n已完成自评。\n", "year")
    assert [each for each in found if each.code == "heading"] == []


def test_a_range_of_dates_alone_is_found_with_its_heading() -> None:
    [found] = [
        each
        for each in remarks("五、实施周期\n2025年1月1日-2025年12月31日\n", "year")
        if each.code == "range"
    ]
    assert (found.named, found.section_path) == ("2025", "五、实施周期")


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("平均得分99.33分（其中，评级为优的39个。", "（"),
        ("开展优秀案例”活动。", "”"),
        ("（一）基本支出（含人员经费（在职））。", ""),
        ("1）办公费；2）印刷费（含复印）。", ""),
        ("一）基本支出。", ""),
        ("(全角与半角）混用。", ""),
    ],
)
def test_marks_without_their_pair(text: str, marks: str) -> None:
    assert "".join(text[at] for at in unpaired_marks(text)) == marks


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("绩效评级为优的项目39个（其中新增项目2个。", ["bracket"]),
        ("开展人民调解优秀案例”评选活动。", ["quotation"]),
        ("开展人民调解”优秀案例”评选活动。", []),
        ("与上年持平，无增减变化）；公务用车购置费0万元。", []),
        ("绩效评级为优的项目（其中新增", []),
    ],
)
def test_one_mark_of_a_whole_paragraph_is_told(text: str, codes: list[str]) -> None:
    assert [remark.code for remark in remarks(text, "pair")] == codes
