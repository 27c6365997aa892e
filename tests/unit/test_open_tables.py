"""Tables without vertical rules are read where their columns can be told, and stay lines where they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from ingest.document.model import Block, Table
from ingest.readers.page.page_blocks import blocks_of, open_edges
from ingest.readers.page.printed import PrintedPage, as_rows

EM = 10.0
Rule = tuple[float, float, float]
Printed = tuple[str, float, float]
"""A text, where it begins or (negative) ends, and its base line."""


def page(printed: Sequence[Printed], levels: Sequence[tuple[float, float, float]] = ()) -> PrintedPage:
    """A page with these texts, ideographs an em wide, and horizontal rules (y, left, right)."""
    texts: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    for text, side, level in printed:
        widths = [EM / 2 if letter.isascii() else EM for letter in text]
        left = side if side >= 0 else -side - sum(widths)
        for letter, width in zip(text, widths, strict=True):
            texts.append(letter)
            boxes.append((left, level - 0.9 * EM, left + width, level + 0.1 * EM))
            left += width
    upright = np.ones(len(texts), np.bool_)
    base_lines = np.array([box[3] - 0.1 * EM for box in boxes])
    return PrintedPage(
        600, 800, texts, as_rows(boxes, 4), upright, base_lines, as_rows([], 3), as_rows(levels, 3)
    )


def read(printed: Sequence[Printed], levels: Sequence[tuple[float, float, float]] = ()) -> list[Block]:
    return blocks_of(page(printed, levels), 1)


def cells(block: Block) -> list[list[str]]:
    """The texts of a table, merged cells once."""
    assert isinstance(block, Table)
    return [
        [
            cell.text if cell and (cell.row, cell.col) == (row, col) else "<"
            for col, cell in enumerate(block.grid[row])
        ]
        for row in range(block.row_count)
    ]


def row(level: float, name: str, *figures: str) -> list[Printed]:
    ends = (300.0, 400.0, 500.0)
    return [
        (name, 50, level),
        *((text, -end, level) for text, end in zip(figures, ends, strict=False) if text),
    ]


HEAD: list[Printed] = [("项目", 80, 100), ("合计", 270, 100), ("基本支出", 350, 100), ("项目支出", 450, 100)]
BODY: list[Printed] = [
    *row(125, "农林水支出", "1,300.00", "1,100.00", "200.00"),
    *row(150, "住房保障支出", "45.60", "45.60"),
    *row(175, "合计", "1,345.60", "1,145.60", "200.00"),
]


def test_columns_stand_below_their_heads() -> None:
    (table,) = read([*HEAD, *BODY])
    assert cells(table) == [
        ["项目", "合计", "基本支出", "项目支出"],
        ["农林水支出", "1,300.00", "1,100.00", "200.00"],
        ["住房保障支出", "45.60", "45.60", ""],
        ["合计", "1,345.60", "1,145.60", "200.00"],
    ]


def test_title_and_unit_line_are_no_heads() -> None:
    blocks = read([("部门支出总表", 220, 60), ("单位：万元", 440, 80), *HEAD, *BODY])
    assert [isinstance(block, Table) for block in blocks] == [False, False, True]


def test_head_left_of_its_figures() -> None:
    (table,) = read([("项目", 50, 100), ("合计", 200, 100), ("基本", 310, 100), ("专项", 410, 100), *BODY])
    assert cells(table)[0] == ["项目", "合计", "基本", "专项"]


def test_column_without_figures() -> None:
    figures = [each for each in BODY if each[1] != -400]
    (table,) = read([*HEAD, *figures])
    assert [line[2] for line in cells(table)] == ["基本支出", "", "", ""]


def test_head_over_several_columns() -> None:
    (table,) = read([("本年支出", 360, 80), ("项目", 80, 90), *HEAD[1:], *BODY])
    assert cells(table)[:2] == [["项目", "本年支出", "<", "<"], ["<", "合计", "基本支出", "项目支出"]]


def test_head_over_some_columns_by_its_rule() -> None:
    levels = [(65.0, 48.0, 502.0), (86.0, 330.0, 502.0), (108.0, 48.0, 502.0), (182.0, 48.0, 502.0)]
    heads: list[Printed] = [("其中", 410, 80), ("项目", 80, 92), ("合计", 270, 92), *HEAD[2:]]
    (table,) = read([*heads, *BODY], levels)
    assert cells(table)[:2] == [["项目", "合计", "其中", "<"], ["<", "<", "基本支出", "项目支出"]]


def test_figures_without_a_head_are_no_table() -> None:
    assert not any(isinstance(block, Table) for block in read([*HEAD[:3], *BODY]))


def test_figures_that_are_not_aligned_are_no_table() -> None:
    moved = [(text, side - 12 if text == "45.60" else side, level) for text, side, level in BODY]
    assert not any(isinstance(block, Table) for block in read([*HEAD, *moved]))


def test_figures_in_sentences_are_no_table() -> None:
    sentences = [
        ("收入", 50.0, 125.0), ("1,300.00", 74.0, 125.0), ("万元，比上年增加", 118.0, 125.0), ("200.00", 202.0, 125.0),
        ("支出", 50.0, 150.0), ("1,300.00", 74.0, 150.0), ("万元，比上年增加", 118.0, 150.0), ("200.00", 202.0, 150.0),
    ]  # fmt: skip
    assert not any(isinstance(block, Table) for block in read([("概况", 80, 100), *sentences]))


@pytest.mark.parametrize("rows", [(143.0, 155.0), (150.0, 162.0)])
def test_name_of_two_lines(rows: tuple[float, float]) -> None:
    names: list[Printed] = [("机关事业单位基本养老", 50, rows[0]), ("保险缴费支出", 50, rows[1])]
    body = [*BODY[:4], *names, *row(150, "", "45.60", "45.60")[1:], *BODY[-4:]]
    (table,) = read([*HEAD, *[each for each in body if each[0] != ""]])
    assert cells(table)[2] == ["机关事业单位基本养老\n保险缴费支出", "45.60", "45.60", ""]


def test_rest_of_a_table_on_the_next_page() -> None:
    first = blocks_of(page([*HEAD, *BODY]), 1)
    rest: list[Printed] = [
        *row(40, "城乡社区支出", "7.00", "", "7.00"),
        *row(65, "总计", "1,352.60", "", "207.00"),
    ]
    second = blocks_of(page(rest), 2, open_edges(first))
    assert cells(second[0]) == [["城乡社区支出", "7.00", "", "7.00"], ["总计", "1,352.60", "", "207.00"]]
    assert isinstance(first[0], Table)
    assert isinstance(second[0], Table)
    assert first[0].col_edges == second[0].col_edges
    assert not any(isinstance(block, Table) for block in blocks_of(page(rest), 2))


def test_heads_that_a_page_break_cuts_are_not_lost() -> None:
    """Without its upper heads a table would say less of its figures than it prints; with them it is another one."""
    title: list[Printed] = [("收入支出表", 250, 700), ("单位：万元", 450, 720)]
    first = blocks_of(page([*title, ("收入", 150, 740), ("支出", 400, 740), ("7", 300, 780)]), 1)
    assert open_edges(first) == ()
    assert open_edges(blocks_of(page([("收入", 150, 740), ("支出", 400, 740)]), 1)) == ()
    assert open_edges(blocks_of(page([*title, ("收入1.00", 150, 740), ("支出", 400, 740)]), 1)) is None
    assert not any(isinstance(block, Table) for block in blocks_of(page([*HEAD, *BODY]), 2, ()))
    begun = blocks_of(page([("单位：万元", 450, 75), *HEAD, *BODY]), 2, ())
    assert any(isinstance(block, Table) for block in begun)


@pytest.mark.parametrize("is_shared", [True, False])
def test_names_of_several_lines_are_shared_among_their_rows(is_shared: bool) -> None:
    """Figures stand in the middle of each row, or the lines of the names are not each row's own."""
    places = (150.0, 161.0, 172.0, 184.0, 195.0, 206.0)
    names: list[Printed] = [
        (text, 50, level)
        for text, level in zip(
            ("机关单位", "基本养老", "保险费", "职业年金", "缴费", "支出"), places, strict=True
        )
    ]
    body = [*BODY[:4], *row(161, "", "45.60", "45.60")[1:]]
    body += row(195 if is_shared else 206, "", "5.60", "5.60")[1:]
    tables = read([*HEAD, *body, *names, *row(240, "合计", "1,345.60", "1,145.60", "200.00")])
    assert any(isinstance(block, Table) for block in tables) is is_shared


def boxes(
    cells_of: Sequence[tuple[float, float, float, float]],
) -> tuple[list[tuple[float, float, float]], ...]:
    """The sides of filled boxes: verticals and horizontals."""
    verticals = [(x, top, bottom) for left, top, right, bottom in cells_of for x in (left, right)]
    horizontals = [(y, left, right) for left, top, right, bottom in cells_of for y in (top, bottom)]
    return verticals, horizontals


def with_rules(
    printed: Sequence[Printed], verticals: Sequence[Rule], horizontals: Sequence[Rule]
) -> PrintedPage:
    drawn = page(printed, horizontals)
    drawn.verticals = as_rows(verticals, 3)
    return drawn


def test_rows_between_tinted_rows_are_rows_of_their_table() -> None:
    edges = (40.0, 210.0, 310.0, 410.0, 510.0)
    tinted = [(left, level, right, level + 25) for level in (108.0, 158.0) for left, right in pairwise(edges)]
    heads: list[Printed] = [
        ("项目", 115, 100),
        ("合计", 250, 100),
        ("基本支出", 340, 100),
        ("项目支出", 440, 100),
    ]
    body = [*BODY, *row(200, "总计", "1,345.60", "1,145.60", "200.00")]
    (table,) = blocks_of(with_rules([*heads, *body], *boxes(tinted)), 1)
    assert [line[0] for line in cells(table)] == ["项目", "农林水支出", "住房保障支出", "合计", "总计"]
    assert cells(table)[2] == ["住房保障支出", "45.60", "45.60", ""]


def test_two_rows_between_tinted_rows_are_two_rows() -> None:
    edges = (40.0, 210.0, 310.0, 410.0, 510.0)
    tinted = [(left, level, right, level + 25) for level in (108.0, 183.0) for left, right in pairwise(edges)]
    heads = row(100, "项目", "合计", "基本支出", "项目支出")
    body = [*BODY, *row(200, "总计", "1,345.60", "1,145.60", "200.00")]
    (table,) = blocks_of(with_rules([*heads, *body], *boxes(tinted)), 1)
    assert [line[0] for line in cells(table)] == ["项目", "农林水支出", "住房保障支出", "合计", "总计"]


@pytest.mark.parametrize("is_among", [True, False])
def test_tinted_cells_are_a_part_of_their_table(is_among: bool) -> None:
    """Heads stand among them, or heads stand above and rows below: they are read with these, or heads would be lost."""
    heads: list[Printed] = [("支出预算", 390, 75), ("项目", 115, 87), ("合计", 250, 87)]
    heads += [("基本支出", 340, 100), ("项目支出", 440, 100)]
    edges = (40.0, 210.0, 310.0, 410.0, 510.0)
    pieces = [(40.0, 58.0, 210.0, 108.0), (310.0, 58.0, 510.0, 83.0)]
    pieces += [(left, 108.0, right, 133.0) for left, right in pairwise(edges)]
    if not is_among:
        pieces = [(310.0, 83.0, 410.0, 108.0), (410.0, 83.0, 510.0, 108.0)]
    (table,) = blocks_of(with_rules([*heads, *BODY], *boxes(pieces)), 1)
    assert cells(table)[:3] == [
        ["项目", "合计", "支出预算", "<"],
        ["<", "<", "基本支出", "项目支出"],
        ["农林水支出", "1,300.00", "1,100.00", "200.00"],
    ]


def test_merged_cell_that_a_page_break_leaves_open_is_a_cell() -> None:
    verticals = [(x, 80.0, 160.0) for x in (50.0, 150.0, 250.0)]
    horizontals = [
        (80.0, 50.0, 250.0),
        (100.0, 50.0, 250.0),
        *((y, 150.0, 250.0) for y in (120.0, 140.0, 160.0)),
    ]
    printed: list[Printed] = [
        ("项目", 60, 95),
        ("合并", 60, 130),
        ("甲", 160, 115),
        ("乙", 160, 135),
        ("丙", 160, 155),
    ]
    (table,) = blocks_of(with_rules(printed, verticals, horizontals), 1)
    assert [line[0] for line in cells(table)] == ["项目", "合并", "<", "<"]


def test_heads_of_several_lines_below_a_head_over_them() -> None:
    heads: list[Printed] = [
        ("本年支出", 395, 80), ("功能分类科", 70, 92), ("目名称", 80, 104), ("合计", 270, 98),
        ("基本", 360, 104), ("支出", 360, 116), ("项目支", 445, 104), ("出", 455, 116),
    ]  # fmt: skip
    body = [(text, side, level + 20) for text, side, level in BODY]
    (table,) = read([*heads, *body])
    assert cells(table)[:2] == [
        ["功能分类科\n目名称", "合计", "本年支出", "<"],
        ["<", "<", "基本\n支出", "项目支\n出"],
    ]


@pytest.mark.parametrize("is_told", [True, False])
def test_heads_that_begin_where_their_columns_begin(is_told: bool) -> None:
    """How far a head reaches is told only beside a head that is as high as both rows of heads."""
    places = (50.0, 200.0, 300.0, 400.0)
    texts = ["项目", "合计", "基本支出", "项目支出"]
    heads: list[Printed] = [(text, x, 104.0) for text, x in zip(texts, places, strict=True)]
    for number in (0, 1):
        heads[number] = (texts[number], places[number], 92 if is_told else 104)
    rows = [("农林水支出", "1,300.00", "1,100.00", "200.00"), ("住房保障支出", "45.60", "45.60", "0.00"),
            ("总计", "1,345.60", "1,145.60", "200.00")]  # fmt: skip
    body = [
        (text, x, 125.0 + 20 * number)
        for number, each in enumerate(rows)
        for text, x in zip(each, places, strict=True)
    ]
    tables = read([("支出预算", 300, 80), *heads, *body])
    if not is_told:
        assert not any(isinstance(block, Table) for block in tables)
    else:
        assert cells(tables[0])[:2] == [
            ["项目", "合计", "支出预算", "<"],
            ["<", "<", "基本支出", "项目支出"],
        ]


def test_figure_beside_a_name_is_another_column() -> None:
    names = ["农林水支出", "住房保障支出", "城乡社区公共设施建设管理支出", "合计"]
    body = [
        each
        for number, name in enumerate(names)
        for each in ((name, 50, 125.0 + 25 * number), (f"{number + 1},100.00", 192, 125.0 + 25 * number))
    ]
    (table,) = read([("项目", 100, 100), ("预算数", 195, 100), *body])
    assert cells(table)[3] == ["城乡社区公共设施建设管理支出", "3,100.00"]


def test_ruled_head_above_rows_without_rules() -> None:
    edges = (40.0, 210.0, 310.0, 410.0, 510.0)
    head = [(left, 86.0, right, 108.0) for left, right in pairwise(edges)]
    (table,) = blocks_of(with_rules([*HEAD, *BODY], *boxes(head)), 1)
    assert cells(table)[:2] == [
        ["项目", "合计", "基本支出", "项目支出"],
        ["农林水支出", "1,300.00", "1,100.00", "200.00"],
    ]
    further = [("本年支出", 360.0, 80.0), *HEAD, *BODY]
    assert not any("1,300.00" in row for block in blocks_of(with_rules(further, *boxes(head)), 1)
                   if isinstance(block, Table) for row in cells(block))  # fmt: skip


def test_an_item_below_a_text_begins_a_row() -> None:
    names = ["一、农林水支出", "二、住房保障支出", "三、其他支出", "四、债务付息支出"]
    figures = {0: "1,300.00", 1: "45.60", 3: "1,345.60"}
    body: list[Printed] = []
    for number, name in enumerate(names):
        level = 125.0 + 13.0 * number + (13.0 if number == 3 else 0.0)
        body += [(name, 50, level), *([(figures[number], -300, level)] if number in figures else [])]
    (table,) = read([("项目", 80, 100), ("合计", 270, 100), *body])
    assert [line[0] for line in cells(table)[1:]] == names


def test_the_numbers_of_the_columns_are_no_heads() -> None:
    heads: list[Printed] = [("类", 50, 100), ("款", 90, 100), ("名称", 150, 100), ("合计", 270, 100)]
    order: list[Printed] = [
        ("**", 50, 120),
        ("**", 90, 120),
        ("**", 150, 120),
        ("1", 280, 120),
        ("2", -400, 120),
    ]
    rows = [
        (text, side, 140.0 + 20 * number)
        for number, name in enumerate(("农林水", "住房", "其他"))
        for text, side in (
            ("201", 48.0),
            ("01", 90.0),
            (name, 130.0),
            (f"{number}1,100.00", -300.0),
            ("7.00", -400.0),
        )
    ]
    (table,) = read([*heads, ("项目", 370, 100), *order, *rows])
    assert cells(table)[0] == ["类", "款", "名称", "合计", "项目"]


def test_figures_that_stand_a_little_higher_are_of_the_row_below_them() -> None:
    staggered = [(text, side, level - 0.6 * EM if side < -350 else level) for text, side, level in BODY]
    (table,) = read([*HEAD, *staggered])
    (expected,) = read([*HEAD, *BODY])
    assert cells(table) == cells(expected)


def broken(*pieces: Printed) -> list[Printed]:
    """The table's rows, the last figure replaced."""
    return [*HEAD, *(each for each in BODY if each[1:] != (-500.0, 175)), *pieces]


def test_a_figure_broken_over_two_lines_is_read_whole_or_not_at_all() -> None:
    above, below = ("200.0", -500.0, 175 - 0.6 * EM), ("0", -500.0, 175 + 0.6 * EM)
    (table,) = read(broken(above, below))
    assert cells(table)[-1] == ["合计", "1,345.60", "1,145.60", "200.0\n0"]
    higher = [
        (text, side, 175 - 0.6 * EM if (side, level) == (-400.0, 175) else level)
        for text, side, level in BODY
    ]
    blocks = read([*HEAD, *(each for each in higher if each[1:] != (-500.0, 175)), above, below])
    rows = [line for block in blocks if isinstance(block, Table) for line in cells(block)]
    assert not any(line[0] == "合计" and "200.0" in line for line in rows)


def test_figures_above_figures_stay_two_rows() -> None:
    near = [(text, side, 131.0 if level == 150 else level) for text, side, level in BODY]
    assert not any(isinstance(block, Table) for block in read([*HEAD, *near])) or len(
        cells(read([*HEAD, *near])[0])
    ) == len(cells(read([*HEAD, *BODY])[0]))


CODED: list[Printed] = [
    ("编码", 50, 100), ("名称", 110, 100), ("合计", 270, 100), ("基本支出", 350, 100), ("项目支出", 450, 100),
    *[
        each
        for level, code, name, figure in (
            (125, "208", "社会保障支出", "9.60"), (150, "20805", "养老支出", "7.10"),
            (190, "2080505", "基本养老保险", "5.00"), (215, "210", "卫生健康支出", "3.00"),
        )
        for each in [(code, 50.0, float(level)), (name, 110.0, float(level)), *row(level, "", figure, figure)[1:]]
    ],
]  # fmt: skip


@pytest.mark.parametrize(("level", "code"), [(174.0, "2080505"), (171.0, "2080505"), (206.0, "210")])
def test_a_name_without_a_code_is_the_rest_of_the_nearer_one_where_every_name_has_its_code(
    level: float, code: str
) -> None:
    (table,) = read([*CODED, ("机关事业单位", 110, level)])
    names = {line[0]: line[1] for line in cells(table)}
    assert names[code].startswith("机关事业单位\n")
    assert "" not in names


def test_a_total_far_below_its_table_goes_on_in_its_columns() -> None:
    total = row(300, "总计", "1,345.60", "1,145.60")
    first, rest = read([*HEAD, *BODY, *total])
    assert isinstance(first, Table)
    assert cells(rest) == [["总计", "1,345.60", "1,145.60", ""]]
    between = [("总计", 50.0, 300.0), ("1,345.60", -330.0, 300.0), ("1,145.60", -430.0, 300.0)]
    assert [isinstance(block, Table) for block in read([*HEAD, *BODY, *between])] == [True, False]
