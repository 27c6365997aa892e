"""Tables that a converter joined are split by their figures, and ordinary merged cells do not split a table."""

from __future__ import annotations

from ingest.document.model import Table
from ingest.forms.grid import Piece, split_table
from ingest.forms.joined import part_table
from ingest.readers.web.html import read_html
from tests.unit.documents import table

SEVEN = "".join(
    f"<tr><td>{name}<td colspan=2>{left}<td colspan=2>{right}<td>{last}"
    for name, left, right, last in (
        ("收入", "预算数", "支出", "预算数"),
        ("一、本年收入", "8", "201 一般公共服务支出", "5"),
        ("一般公共预算", "8", "202 外交支出", "3"),
    )
)
FIVE = "".join(
    f"<tr><td colspan=2>{name}<td colspan=2>{left}<td colspan=2>{right}"
    for name, left, right in (("甲", "1", "4"), ("乙", "2", "5"), ("合计", "3", "9"))
)


def the_table(rows: str) -> Table:
    (found,) = read_html(f"<table>{rows}</table>")
    assert isinstance(found, Table)
    return found


def parts(rows: str) -> list[tuple[list[int], tuple[int, ...]]]:
    return [(list(part.rows), part.columns) for part in part_table(the_table(rows))]


def test_rows_on_other_columns_are_a_table_of_their_own() -> None:
    assert parts(SEVEN + FIVE) == [([0, 1, 2], (0, 1, 3, 5)), ([3, 4, 5], (0, 2, 4))]


def test_parts_have_columns_of_their_own() -> None:
    first, second = (part for part in split_table(the_table(SEVEN + FIVE)) if isinstance(part, Piece))
    assert (first.col_count, second.col_count) == (4, 3)
    assert [[row.text(col) for col in range(3)] for row in second.body] == [
        ["甲", "1", "4"],
        ["乙", "2", "5"],
        ["合计", "3", "9"],
    ]
    assert {cell.col_span for row in second.body for cell in row.distinct()} == {1}


def test_finer_rows_below_wide_figures_are_parted() -> None:
    wide = "<tr><td colspan=2>301<td colspan=2>01<td>办公费<td>7<tr><td colspan=2>301<td colspan=2>02<td>水费<td>8"
    fine = "<tr><td>201<td>03<td>99<td>维修<td>其他<td>300<tr><td>201<td>03<td>01<td>慰问<td>运行<td>100"
    assert [rows for rows, _ in parts(wide + fine)] == [[0, 1], [2, 3]]


def test_the_head_of_the_lower_table_goes_with_it() -> None:
    head = "<tr><td colspan=2>科目<td colspan=2>合计<td colspan=2>基本支出"
    assert [rows for rows, _ in parts(SEVEN + head + FIVE)] == [[0, 1, 2], [3, 4, 5, 6]]


def test_merged_heads_labels_and_totals_part_nothing() -> None:
    head = (
        "<tr><td colspan=3>科目编码<td rowspan=2>名称<td colspan=2>支出<tr><td>类<td>款<td>项<td>基本<td>项目"
    )
    total = "<tr><td colspan=4>合计<td>3<td>4"
    rows = "<tr><td>201<td>03<td>01<td>行政运行<td>1<td>2<tr><td>201<td>03<td>02<td>一般行政<td>2<td>2"
    merged = "<tr><td colspan=4>本年支出合计<td colspan=2>7<tr><td colspan=4>支出总计<td colspan=2>7"
    assert len(parts(head + total + rows + merged)) == 1


def test_a_merged_figure_in_a_row_parts_nothing() -> None:
    rows = "<tr><td>甲<td>1<td>2<td>3<td>4<tr><td>乙<td>3<td>4<td>5<td>6"
    merged = "<tr><td>丙<td colspan=2>5<td>1<td>2<tr><td>丁<td colspan=2>6<td>1<td>2"
    assert len(parts(rows + merged)) == 1
    other = "<tr><td>丙<td colspan=2>5<td colspan=2>1"
    assert len(parts(rows + other)) == 1
    assert len(parts(rows + other * 2)) == 2


def test_a_cell_across_the_seam_holds_the_table_together() -> None:
    narrow = "<td>甲<td>1<td>2<td>3<tr><td>乙<td>3<td>4<td>5"
    wide = "<tr>{}<td colspan=2>1<td colspan=2>5<tr>{}<td colspan=2>2<td colspan=2>6"
    assert len(parts(f"<tr><td rowspan=2>类{narrow}" + wide.format("<td>丙", "<td>丁"))) == 2
    assert len(parts(f"<tr><td rowspan=4>类{narrow}" + wide.format("", ""))) == 1


def seams(*rows: tuple[str, ...]) -> list[list[str]]:
    """The first cells of the body rows of each piece of a table without merged cells."""
    return [
        [row.text(0) for row in part.body] for part in split_table(table(*rows)) if isinstance(part, Piece)
    ]


def test_names_where_figures_stood_begin_another_table() -> None:
    basic = (
        ("科目编码", "科目名称", "合计", "人员经费"),
        ("301", "工资", "5.00", "5.00"),
        ("302", "办公费", "7.00", ""),
    )
    project = (
        ("2010399", "99", "大楼维修", "300"),
        ("2010301", "1", "慰问费", "100"),
        ("", "", "合计", "400"),
    )
    assert seams(*basic, *project) == [["301", "302"], ["2010399", "2010301", ""]]
    head = ("科目编码", "编号", "项目名称", "金额")
    assert seams(*basic, head, *project) == [["301", "302"], ["2010399", "2010301", ""]]


def test_stray_texts_among_figures_begin_no_other_table() -> None:
    rows = (("301", "工资", "5.00"), ("302", "办公费", "7.00"), ("", "合计", "12.00"))
    assert len(seams(*rows, ("303", "9", "另行公布"))) == 1
    assert len(seams(*rows, ("303", "补助", "另行公布"), ("304", "其他", "另行公布"))) == 1
