"""Tables that go on over a page break."""

from __future__ import annotations

from ingest.forms.grid import Piece, Row, split_table
from ingest.forms.stitch import continue_columns, is_cut_label, repeats_header
from ingest.model import Cell, Table
from tests.unit.documents import table

HEAD = ("科目编码", "科目名称", "合计")


def pieces(found: Table) -> Piece:
    (part,) = split_table(found)
    assert isinstance(part, Piece)
    return part


def ruled(*rows: tuple[tuple[str, int], ...], edges: tuple[float, ...]) -> Piece:
    cells, count = [], len(edges) - 1
    for row_no, row in enumerate(rows):
        col = 0
        for text, span in row:
            cells.append(Cell(text, row_no, col, f"r{row_no}c{col}", 1, span))
            col += span
    found = Table(cells, len(rows), count, has_spans=True, col_edges=edges)
    return Piece(found, [], [Row(row, None) for row in found.grid], count)


def test_repeated_header_is_known() -> None:
    first = pieces(table(HEAD, ("201", "某支出", "1")))
    assert repeats_header(pieces(table(HEAD, ("202", "某支出", "2"))), first.header)
    assert not repeats_header(
        pieces(table(("科目编码", "科目名称", "决算数"), ("202", "某", "2"))), first.header
    )


def test_text_continues_where_columns_are_as_many_or_end_empty() -> None:
    first = pieces(table(HEAD, ("201", "某支出", "1")))
    assert continue_columns(pieces(table(("202", "某支出", "2"))), first) is not None
    assert continue_columns(pieces(table(("20201", "2.00"))), first) is not None
    assert continue_columns(pieces(table(("202", "某支出", "2", "3"))), first) is None


def test_ruled_pages_continue_by_position() -> None:
    first = ruled((("201", 1), ("某支出", 1), ("1", 1)), edges=(0.0, 50.0, 150.0, 200.0))
    total = ruled((("合计", 1), ("1", 1)), edges=(0.0, 150.0, 200.0))
    rows = continue_columns(total, first)
    assert rows is not None
    assert [cell.text if cell else "" for cell in rows[0].cells] == ["合计", "合计", "1"]
    shifted = ruled((("合计", 1), ("1", 1)), edges=(0.0, 100.0, 200.0))
    assert continue_columns(shifted, first) is None


def test_cut_label_is_one_short_text() -> None:
    assert is_cut_label(Row(table(("缴费支出", "")).grid[0], None))
    assert not is_cut_label(Row(table(("缴费支出", "1.00")).grid[0], None))
    assert not is_cut_label(Row(table(("1.00", "")).grid[0], None))
