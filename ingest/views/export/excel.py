"""Tables as one Excel workbook, written as the rows come: a cover, a dictionary, one sheet per table."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from ingest.files import fresh_name, swap_in
from ingest.views.export.tables import LICENCE, LICENCE_URL, Column, Selection, Table

_MOST_ROWS = 1_048_575
"""What a sheet of Excel holds below its head; a longer table continues on the next sheet."""
_MOST_NAME = 31
_WIDTHS = {"name": 28, "text": 40, "figure": 18}
_NOTE = {"x_scale": 2.5, "y_scale": 1.5}


def write_workbook(selection: Selection, path: Path) -> list[Path]:
    """Write the workbook. Returns its path alone.

    Texts are written as texts and never as formulas. Heads are frozen and carry what the column means as a note. Figures are
    numbers; Excel keeps 15 digits of them. Raises OSError, duckdb.Error.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = fresh_name(path)
    try:
        with xlsxwriter.Workbook(
            fresh, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
        ) as book:
            _Writer(book).write(selection)
        swap_in(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return [path]


class _Writer:
    """The sheets of one workbook and how their cells look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        self._bold = book.add_format({"bold": True})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._money = book.add_format({"num_format": "#,##0.00"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})

    def write(self, selection: Selection) -> None:
        self._cover(selection)
        self._dictionary(selection)
        for table in selection.tables:
            self._table(selection, table)

    def _cover(self, selection: Selection) -> None:
        sheet = self._book.add_worksheet("说明 cover")
        sheet.set_column(0, 0, _WIDTHS["name"])
        sheet.set_column(1, 2, _WIDTHS["text"])
        release = selection.release or ("-", "-")
        lines = [
            ("明账 mingzhang", "中国部门预算与部门决算 / Chinese departmental budgets and final accounts"),
            ("发布 release", f"{release[0]}, {release[1]} UTC"),
            ("条件 where", selection.where or "–"),
            ("许可 licence", f"{LICENCE} {LICENCE_URL}"),
            ("金额 amounts", "元，照原文所印，不作更正 / yuan, as printed, never corrected"),
            ("空白 blanks", "未印或无法由所印算得，不是 0 / not printed, or not to be computed from the print; never 0"),
        ]  # fmt: skip
        for number, (name, text) in enumerate(lines):
            sheet.write_string(number, 0, name, self._bold)
            sheet.write_string(number, 1, text)
        first = len(lines) + 1
        for place, name in enumerate(("表 table", "行数 rows", "一行是什么 what a row is")):
            sheet.write_string(first, place, name, self._head)
        for number, table in enumerate(selection.tables, first + 1):
            sheet.write_string(number, 0, table.place)
            sheet.write_number(number, 1, table.rows)
            sheet.write_string(number, 2, table.comment)

    def _dictionary(self, selection: Selection) -> None:
        sheet = self._book.add_worksheet("字典 dictionary")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 2, _WIDTHS["name"])
        sheet.set_column(3, 3, 2 * _WIDTHS["text"])
        for place, name in enumerate(("表 table", "列 column", "类型 type", "含义 meaning")):
            sheet.write_string(0, place, name, self._head)
        listed = ((table, column) for table in selection.tables for column in table.columns)
        for number, (table, column) in enumerate(listed, 1):
            for place, text in enumerate((table.place, column.name, column.kind)):
                sheet.write_string(number, place, text)
            sheet.write_string(number, 3, column.comment, self._wrapped)

    def _table(self, selection: Selection, table: Table) -> None:
        sheet = None
        for number, row in enumerate(selection.rows_of(table)):
            line = number % _MOST_ROWS
            if line == 0:
                sheet = self._sheet(table, number // _MOST_ROWS + 1)
            for column, value in enumerate(row):
                self._cell(sheet, line + 1, column, table.columns[column], value)
        if sheet is None:
            self._sheet(table, 1)

    def _sheet(self, table: Table, number: int) -> Any:
        ending = f" {number}" if number > 1 else ""
        sheet = self._book.add_worksheet(table.name[: _MOST_NAME - len(ending)] + ending)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            is_figure = column.kind.startswith(("DECIMAL", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN"))
            sheet.set_column(place, place, _WIDTHS["figure" if is_figure else "name"])
            sheet.write_string(0, place, column.name, self._head)
            if column.comment:
                sheet.write_comment(0, place, column.comment, _NOTE)
        sheet.autofilter(0, 0, max(min(table.rows, _MOST_ROWS), 1), len(table.columns) - 1)
        return sheet

    def _cell(self, sheet: Any, line: int, place: int, column: Column, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(line, place, value)
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(line, place, value, self._money if column.is_money else None)
        elif isinstance(value, datetime):
            sheet.write_datetime(line, place, value, self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, self._day)
        else:
            sheet.write_string(line, place, str(value))
