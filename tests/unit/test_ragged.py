"""Rows in which merged cells count once."""

from __future__ import annotations

from ingest.document.model import Cell
from ingest.forms.ragged import align_header, align_row


def cells(*texts: str) -> list[Cell]:
    return [Cell(text, 0, col, f"c{col}") for col, text in enumerate(texts)]


def texts(rows: list[list[Cell | None]] | None) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in rows or []]


def test_empty_cells_go_on_with_the_cell_above() -> None:
    rows = align_header([cells("项目", "合计", "支出"), cells("编码", "名称", "", "基本", "项目")], 5)
    assert texts(rows)[0] == ["项目", "项目", "合计", "支出", "支出"]


def test_repeated_first_word_begins_the_next_head() -> None:
    rows = align_header([cells("收入", "支出"), cells("项目", "金额", "项目", "金额")], 4)
    assert texts(rows)[0] == ["收入", "收入", "支出", "支出"]


def test_rows_of_one_length_stand_one_above_the_other() -> None:
    rows = align_header([cells("a", "b", "c"), cells("栏次", "", "1")], 3)
    assert texts(rows) == [["a", "b", "c"], ["栏次", "", "1"]]


def test_what_the_print_leaves_open_stays_open() -> None:
    assert align_header([cells("a", "b"), cells("x", "y", "z", "x", "w")], 5) is not None
    assert align_header([cells("a", "b"), cells("x", "y", "z")], 3) is None
    assert align_header([cells("a", "b"), cells("x")], 3) is None


def test_short_row_puts_labels_and_amounts_on_their_columns() -> None:
    kinds = ["code", "name", "amount", "amount"]
    row = align_row(cells("合计", "1.00", "2.00"), kinds)
    assert [cell.text if cell else None for cell in row or []] == ["合计", None, "1.00", "2.00"]
    assert align_row(cells("合计", "1", "2", "3"), kinds) is None
