"""Folding, list markers, units and amounts as they are printed."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.document.text import (
    FORM_NUMBER,
    count_of,
    fold,
    fold_in_place,
    header_unit,
    is_amount,
    printed_unit,
    running_text,
    squeeze,
    strip_enumerator,
)
from ingest.seeds import simplified_characters


def test_fold_makes_wide_and_spaced_text_comparable() -> None:
    assert fold("“三公”　经 费（万元）\n１２") == '"三公"经费(万元)12'


@pytest.mark.parametrize("plane", range(3))
def test_in_place_a_character_is_folded_unless_it_would_become_several(plane: int) -> None:
    chars = [chr(plane << 16 | code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    for char, in_place in zip(chars, fold_in_place("".join(chars)), strict=True):
        wide = unicodedata.normalize("NFKC", char)
        one = wide if len(wide) == 1 else char
        assert in_place == simplified_characters().get(one, one) or in_place in "\"'()"


def test_in_place_quotation_marks_are_plain() -> None:
    assert fold_in_place("“三公”「经费」‘含’（万元）") == '"三公""经费"\'含\'(万元)'


@pytest.mark.parametrize(
    ("printed", "squeezed"),
    [("行政\n运行", "行政运行"), ("收　　入", "收入"), ("COVID 19 支出", "COVID 19支出")],
)
def test_squeeze_keeps_spaces_between_latin_words_only(printed: str, squeezed: str) -> None:
    assert squeeze(printed) == squeezed


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("一、一般公共服务支出", "一般公共服务支出"),
        ("(二)住房保障支出", "住房保障支出"),
        ("3.公务接待费", "公务接待费"),
        ("其中:公务用车购置费", "公务用车购置费"),
        ("1.其中:一般公共预算", "一般公共预算"),
        ("表5一般公共预算支出表", "一般公共预算支出表"),
        ("表一一般公共预算支出表", "一般公共预算支出表"),
        ("附件1-1:部门收支总表", "部门收支总表"),
        ("公开02表:收入决算表", "收入决算表"),
        ("1.5", "1.5"),
        ("一般公共预算", "一般公共预算"),
    ],
)
def test_list_markers_are_no_part_of_a_label(label: str, bare: str) -> None:
    assert strip_enumerator(label) == bare


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"),
        ("金额单位：人民币元", "元"),
        ("编制单位：某某局　　单位:千元", "千元"),
        ("（万元）", "万元"),
        ("单位（亿元）", "亿元"),
        ("编制单位：某某局", None),
        ("支出120万元", None),
    ],
)
def test_unit_of_a_line(line: str, unit: str | None) -> None:
    assert printed_unit(line) == unit


@pytest.mark.parametrize(
    ("head", "unit"), [("决算数（万元）", "万元"), ("金额(单位：元)", "元"), ("科目（单位）", None)]
)
def test_unit_of_a_header_cell(head: str, unit: str | None) -> None:
    assert header_unit(head) == unit


@pytest.mark.parametrize("text", ["1,234.50", "１，２３４．５０", "-3", "（3.50）", "35. 00", "0"])
def test_amounts(text: str) -> None:
    assert is_amount(text)


@pytest.mark.parametrize("text", ["—", "", "12%", "2024年", "1-1"])
def test_no_amounts(text: str) -> None:
    assert not is_amount(text)


@pytest.mark.parametrize("text", ["公开01表", "表3-1", "附件1", "表一", "预算01表", "(公开05表)"])
def test_form_numbers(text: str) -> None:
    assert FORM_NUMBER.match(text)


@pytest.mark.parametrize("text", ["收入决算表", "一般公共预算支出表", "附件"])
def test_titles_are_no_form_numbers(text: str) -> None:
    assert not FORM_NUMBER.match(text)


def test_traditional_characters_compare_as_simplified_ones() -> None:
    assert fold("財政撥款 收支總表") == fold_in_place("財政撥款收支總表") == "财政拨款收支总表"
    assert fold("显著提升") == "显著提升"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1.5", 150),
        ("-1,234.567", -123456),
        ("12", 1200),
        ("", 0),
        ("—", 0),
        ("某局", 0),
        ("3. 20", 320),
        ("（1.5）", -150),
    ],
)
def test_an_amount_is_a_count_of_its_last_digit(text: str, count: int) -> None:
    assert count_of(text, 2) == count


@pytest.mark.parametrize(
    ("text", "page_no", "running"),
    [
        ("file:///a/page.html 2/15", 2, "file:///a/page.html#/15"),
        ("收入预算总表 12", 2, "收入预算总表12"),
        ("表2", 2, "表2"),
        ("部门预算", None, "部门预算"),
    ],
)
def test_a_running_line_is_without_the_number_of_its_page(
    text: str, page_no: int | None, running: str
) -> None:
    assert running_text(text, page_no) == running
