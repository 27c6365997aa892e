"""Web pages that place a PDF's text piece by piece, and what of it is a table."""

from __future__ import annotations

from itertools import accumulate

import pytest

from ingest.document.model import Block, Table, TextLine
from ingest.readers.page.placed import Piece, PlacedGrid, arrange
from ingest.readers.web.html import read_html

HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
ROWS = [
    ("", "合计", "1,350.00", "1,000.00", "350.00"),
    ("205", "教育支出", "1,250.00", "900.00", "350.00"),
    ("20501", "教育管理事务", "50.00", "50.00", ""),
    ("2050101", "行政运行", "50.00", "50.00", ""),
]
LEFTS = (60, 150, 400, 510, 640)
RIGHTS = (None, None, 455, 566, 696)


def width(text: str) -> float:
    return sum(14 if ord(char) > 255 else 7 for char in text)


def page(place: str) -> list[Block]:
    """A page with a title, a money unit and a table; ``place`` prints one piece at {x} and {y}."""
    pieces = [
        ("海滨市教育局2025年部门预算", 250.0, 60),
        ("部门支出总表", 300.0, 140),
        ("单位：万元", 640.0, 165),
    ]
    for number, row in enumerate([HEAD, *ROWS]):
        for text, left, right in zip(row, LEFTS, RIGHTS, strict=True):
            begin = right - width(text) if right and number else left
            pieces += [(text, begin, 200 + 26 * number)] if text else []
    shown = "".join(place.format(text=text, x=x, y=y, up=1000 - y - 14) for text, x, y in pieces)
    return read_html(
        "<style>.page{position:relative;height:1000px} .t, div.page > b{position:absolute;font-size:14px}</style>"
        f"<p>首页</p><div class='page'>{shown}</div><p>主办单位</p>"
    )


def rows_of(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid]


def test_placed_pieces_are_lines_and_tables() -> None:
    for place in (
        "<div style='position:absolute;left:{x}px;top:{y}px;font-size:14px'>{text}</div>",
        "<p class='t' style='left:{x}px;top:{y}px'><span>{text}</span></p>",
        "<div class='t' style='left:{x}px;bottom:{up}px'>{text}</div>",
        "<b style='left:{x}px;top:{y}px'>{text}</b>",
    ):
        blocks = page(place)
        lines = [block.text for block in blocks if isinstance(block, TextLine)]
        assert lines == ["首页", "海滨市教育局2025年部门预算", "部门支出总表", "单位：万元", "主办单位"]
        (table,) = (block for block in blocks if isinstance(block, Table))
        assert rows_of(table) == [list(HEAD), *map(list, ROWS)]


def test_a_few_placed_pieces_are_the_layout_of_the_page() -> None:
    blocks = read_html("<div style='position:absolute;left:0px;top:0px'>甲</div><p>乙</p>")
    assert [block.text for block in blocks if isinstance(block, TextLine)] == ["甲", "乙"]


def piece(text: str, left: float, middle: float, right: float | None = None, font: str = "") -> Piece:
    begin = right - width(text) if right else left
    ends = list(accumulate((width(char) for char in text), initial=begin))[1:]
    return Piece(text, begin, ends, middle, 14, 1, font)


def table_of(pieces: list[Piece]) -> PlacedGrid:
    (grid,) = arrange(pieces).items
    assert isinstance(grid, PlacedGrid)
    return grid


def test_a_cell_printed_in_two_lines_is_one_and_a_row_without_values_stays() -> None:
    pieces = [piece("项目", 40, 0), piece("预算数", 330, 0)]
    for number, amount in enumerate(("1.00", "2.00", "", "4.00", "5.00")):
        pieces.append(piece(f"第{number}项支出", 40, 30 + 26 * number))
        pieces += [piece(amount, 0, 30 + 26 * number, 380)] if amount else []
    pieces += [piece("其他需要安排", 40, 168), piece("的各项支出", 40, 184), piece("6.00", 0, 176, 380)]
    grid = table_of(pieces)
    texts = {(cell.row, cell.col): cell.text for cell in grid.cells}
    assert texts[3, 0] == "第2项支出"
    assert texts[3, 1] == ""
    assert (texts[6, 0], texts[6, 1]) == ("其他需要安排\n的各项支出", "6.00")


def test_a_head_in_the_middle_of_its_columns_spans_them() -> None:
    pieces = [piece("科目", 40, 12), piece("本年支出", 315, 0)]
    pieces += [piece("合计", 230, 24), piece("基本支出", 300, 24), piece("项目支出", 400, 24)]
    for number in range(3):
        line = 50 + 26 * number
        pieces += [piece("行政运行", 40, line)]
        pieces += [piece("9.00", 0, line, right) for right in (258, 356, 456)]
    grid = table_of(pieces)
    assert [(cell.col, cell.col_span) for cell in grid.cells if cell.row == 0] == [(0, 1), (1, 3)]


def rows(figures_lower: float = 0.0, count: int = 6) -> list[Piece]:
    """A head and rows of a name and two figures; the figures are of another font and stand lower."""
    pieces = [piece("项目", 40, 0), piece("基本", 258, 0), piece("项目", 358, 0)]
    for number in range(count):
        line = 30 + 26 * number
        pieces.append(piece(f"第{number}项", 40, line))
        pieces += [piece("1.00", 0, line + figures_lower, right, "digits") for right in (286, 386)]
    return pieces


@pytest.mark.parametrize("lower", [0.0, 7.0, -6.0])
def test_a_font_that_stands_higher_or_lower_is_set_on_the_level_of_its_row(lower: float) -> None:
    grid = table_of(rows(lower))
    texts = {(cell.row, cell.col): cell.text for cell in grid.cells}
    assert [(texts[row, 0], texts[row, 1]) for row in range(1, 7)] == [
        (f"第{number}项", "1.00") for number in range(6)
    ]


def test_figures_half_way_between_two_rows_are_no_table() -> None:
    assert not [item for item in arrange(rows(13.0)).items if isinstance(item, PlacedGrid)]


def test_a_name_whose_letters_are_narrower_than_they_seem_stays_whole() -> None:
    pieces = rows()
    pieces += [piece("一个看起来比它的栏宽得多的长长的名称", 40, 186), piece("2.00", 0, 186, 286)]
    texts = {cell.text for cell in table_of(pieces).cells}
    assert {"一个看起来比它的栏宽得多的长长的名称", "2.00"} <= texts


def test_a_table_goes_on_below_rows_without_figures_and_on_the_next_page() -> None:
    pieces = rows()
    pieces += [piece(name, 40, 186 + 26 * number) for number, name in enumerate(("甲", "乙", "丙", "丁"))]
    pieces += [
        piece(text, left, 290, right)
        for text, left, right in (("末项", 40, None), ("7.00", 0, 286), ("8.00", 0, 386))
    ]
    page = arrange(pieces)
    grids = [item for item in page.items if isinstance(item, PlacedGrid)]
    assert {"7.00", "8.00"} <= {cell.text for grid in grids for cell in grid.cells}
    following = [piece(text, left, 30 + 26 * row, right) for row in range(3)
                 for text, left, right in (("续项", 40, None), ("5.00", 0, 286), ("6.00", 0, 386))]  # fmt: skip
    (grid,) = arrange(following, page.edges).items
    assert isinstance(grid, PlacedGrid)
    assert (grid.row_count, grid.col_count) == (3, 3)
    assert not [item for item in arrange(following).items if isinstance(item, PlacedGrid)]


def test_as_many_heads_as_columns_stand_over_them_one_by_one() -> None:
    table = [piece("项目", 40, 0), piece("预算数", 230, 0), piece("决算数", 330, 0)]
    for number, label in enumerate(("合计", "接待费", "培训费"), start=1):
        line = 26 * number
        table += [piece(label, 40, line), piece("1.00", 0, line, 320), piece("2.00", 0, line, 420)]
    grid = table_of(table)
    assert grid.col_count == 3
    assert [(cell.text, cell.col) for cell in grid.cells if cell.row == 0] == [
        ("项目", 0),
        ("预算数", 1),
        ("决算数", 2),
    ]
