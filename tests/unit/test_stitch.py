"""Tables that continue over a page break."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ingest.document.model import Cell, Document, Table, TextLine
from ingest.forms.grid import Piece, Row, split_table
from ingest.forms.stitch import below_head, continue_columns, is_cut_label, stream
from tests.unit.documents import table

HEAD = ("科目编码", "科目名称", "合计")


def pieces(found: Table) -> Piece:
    (part,) = split_table(found)
    assert isinstance(part, Piece)
    return part


def ruled(*rows: tuple[tuple[str, int], ...], edges: tuple[float, ...]) -> Piece:
    found = ruled_table(*rows, edges=edges)
    return Piece(found, [], [Row(row, None) for row in found.grid], found.col_count)


def ruled_table(*rows: tuple[tuple[str, int], ...], edges: tuple[float, ...], page_no: int = 1) -> Table:
    cells, count = [], len(edges) - 1
    for row_no, row in enumerate(rows):
        col = 0
        for text, span in row:
            cells.append(Cell(text, row_no, col, f"r{row_no}c{col}", 1, span))
            col += span
    return Table(cells, len(rows), count, page_no, has_spans=True, col_edges=edges)


def pieces_of(*blocks: Table | TextLine) -> list[Piece]:
    document = Document("application/pdf", list(blocks))
    printed = Counter(line.text for line in document.lines())
    return [part for part in stream(document, printed) if isinstance(part, Piece)]


def texts(rows: list[Row]) -> list[list[str]]:
    return [[cell.text for cell in row.distinct()] for row in rows]


def test_repeated_header_is_known() -> None:
    first = pieces(table(HEAD, ("201", "某支出", "1")))
    rest = below_head(pieces(table(HEAD, ("202", "某支出", "2"))), first.header)
    assert rest
    assert texts(rest.body) == [["202", "某支出", "2"]]
    other = pieces(table(("科目编码", "科目名称", "决算数"), ("202", "某", "2")))
    assert below_head(other, first.header) is None


def test_a_repeated_header_may_be_divided_into_other_cells() -> None:
    first = pieces(
        table(("科目编码", "", "名称", "合计"), ("类", "款", "", ""), ("201", "03", "某支出", "1"))
    )
    again = pieces(
        table(("科目编码", "", "名称", "合计"), ("类款", "", "", ""), ("202", "01", "某支出", "2"))
    )
    rest = below_head(again, first.header)
    assert rest
    assert texts(rest.body) == [["202", "01", "某支出", "2"]]


def test_a_row_without_amounts_below_a_repeated_header_is_a_row() -> None:
    head = ("项目", "决算数", "项目", "决算数")
    first = pieces(table(head, ("一、其他收入", "1.00", "一、农林水支出", "1.00")))
    rows = (("年初结转和结余", "", "年末结转和结余", ""), ("总计", "1.00", "总计", "1.00"))
    rest = below_head(pieces(table(head, *rows)), first.header)
    assert rest
    assert texts(rest.header) == [list(head)]
    assert texts(rest.body) == [["年初结转和结余", "年末结转和结余"], ["总计", "1.00", "总计", "1.00"]]


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


def test_ruled_pages_of_other_widths_continue_by_number() -> None:
    first = ruled((("201", 1), ("某支出", 1), ("1", 1), ("", 1)), edges=(0.0, 50.0, 150.0, 200.0, 250.0))
    wider = ruled((("202", 1), ("某支出", 1), ("2", 1), ("", 1)), edges=(0.0, 70.0, 180.0, 210.0, 260.0))
    narrower = ruled((("202", 1), ("某支出", 1), ("2", 1)), edges=(0.0, 70.0, 180.0, 210.0))
    assert continue_columns(wider, first) is not None
    assert continue_columns(narrower, first) is not None
    full = ruled((("201", 1), ("某支出", 1), ("1", 1), ("1", 1)), edges=(0.0, 50.0, 150.0, 200.0, 250.0))
    assert continue_columns(narrower, full) is None


SUMMARY_EDGES = (0.0, 100.0, 150.0, 250.0, 300.0)
SUMMARY_TOP = (("收入", 2), ("支出", 2))
SUMMARY_HEADS = (("项目", 1), ("决算数", 1), ("项目", 1), ("决算数", 1))
SUMMARY_ROW = (("一、财政拨款收入", 1), ("5", 1), ("五、教育", 1), ("5", 1))
SUMMARY_REST = (("", 1), ("", 1), ("支出", 1), ("", 1))


def test_a_header_that_a_page_break_cuts_is_whole_on_the_second_page() -> None:
    above = ruled_table((("收入", 1), ("支出", 1)), edges=(0.0, 150.0, 300.0))
    below = ruled_table(SUMMARY_HEADS, SUMMARY_ROW, edges=SUMMARY_EDGES, page_no=2)
    (whole,) = pieces_of(above, TextLine("- 3 -", "l", 1), below)
    assert texts(whole.header) == [["收入", "支出"], ["项目", "决算数", "项目", "决算数"]]
    assert [cell.text if cell else "" for cell in whole.header[0].cells] == ["收入", "收入", "支出", "支出"]
    assert len(pieces_of(above, TextLine("支出决算表", "l", 2), below)) == 2


def test_a_row_of_head_words_atop_a_page_is_a_row() -> None:
    wide = (("二、其他收入", 1), ("", 1), ("四、公共安全支出", 1), ("5", 1))
    above = ruled_table(SUMMARY_TOP, SUMMARY_HEADS, wide, SUMMARY_ROW, edges=SUMMARY_EDGES)
    below = ruled_table(SUMMARY_REST, SUMMARY_ROW, edges=SUMMARY_EDGES, page_no=2)
    first, second = pieces_of(above, below)
    assert [len(first.header), len(second.header)] == [2, 0]
    assert texts(second.body)[0] == ["支出"]
    assert len(pieces_of(above, replace(below, page_no=3))[1].header) == 1


def test_a_header_that_names_every_column_atop_a_page_is_one() -> None:
    above = ruled_table(SUMMARY_TOP, SUMMARY_HEADS, SUMMARY_ROW, edges=SUMMARY_EDGES)
    below = ruled_table(SUMMARY_TOP, SUMMARY_HEADS, SUMMARY_ROW, edges=SUMMARY_EDGES, page_no=2)
    assert [len(piece.header) for piece in pieces_of(above, below)] == [2, 2]


def test_a_grid_right_below_another_is_a_table_of_its_own() -> None:
    """Makers of PDF print two tables without room between them: what is one grid has two sets of columns."""
    edges = (0.0, 40.0, 50.0, 90.0, 110.0, 150.0, 160.0, 200.0)
    grid = ruled_table(
        (("科目编码", 1), ("科目名称", 2), ("合计", 2), ("基本支出", 2)),
        (("201", 1), ("某支出", 2), ("1", 2), ("1", 2)),
        (("202", 2), ("某支出", 2), ("2", 2), ("2", 1)),
        edges=edges,
    )
    first, second = pieces_of(grid)
    assert (first.col_count, second.col_count) == (4, 4)
    assert second.table.col_edges == (0.0, 50.0, 110.0, 160.0, 200.0)
    assert texts(second.body) == [["202", "某支出", "2", "2"]]


def test_finer_columns_below_an_amount_are_another_table() -> None:
    edges = tuple(float(10 * number) for number in range(7))
    grid = ruled_table(
        (("科目编码", 2), ("科目名称", 2), ("合计", 2)),
        (("201", 2), ("某支出", 2), ("1", 2)),
        tuple((text, 1) for text in ("201", "03", "01", "某支出", "某项目", "3")),
        edges=edges,
    )
    assert [piece.col_count for piece in pieces_of(grid)] == [3, 6]
    total = ruled_table(
        (("科目编码", 1), ("科目名称", 1), ("合计", 1), ("基本支出", 1)),
        (("合计", 2), ("1", 1), ("1", 1)),
        (("201", 1), ("某支出", 1), ("1", 1), ("1", 1)),
        edges=edges[:5],
    )
    assert [piece.col_count for piece in pieces_of(total)] == [4]
