"""Text files and HTML: encodings, tables of every printed kind, and where each cell stands."""

from __future__ import annotations

import codecs

import pytest

from ingest.document.model import Table
from ingest.outcomes import DocumentError, Reason
from ingest.readers import read_document
from ingest.readers.plain.charset import decode
from ingest.readers.plain.reader import read_text
from ingest.readers.web.html import read_html
from tests.unit.documents import document


def grids(text: str) -> list[list[list[str]]]:
    return [
        [[found.text_at(row, col) for col in range(found.col_count)] for row in range(found.row_count)]
        for found in document(text).tables()
    ]


@pytest.mark.parametrize(
    "data",
    [
        "预算".encode(),
        codecs.BOM_UTF8 + "预算".encode(),
        "预算".encode("gb18030"),
        "预算\n2024".encode("utf-16"),
        "预算\n2024".encode("utf-16-le"),
    ],
)
def test_encodings(data: bytes) -> None:
    assert decode(data).startswith("预算")


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(DocumentError) as raised:
        decode(b"\xff\xff\x81\x00\x01")
    assert raised.value.reason == Reason.TEXT_UNDECODABLE


def test_tabs_make_cells_and_lines_between_end_tables() -> None:
    found = document("表一\na→1\nb→2\n说明\nc→3\n")
    assert [type(block).__name__ for block in found.blocks] == ["TextLine", "Table", "TextLine", "Table"]
    first = next(found.tables())
    assert [cell.ref for cell in first.cells] == ["L2c1", "L2c2", "L3c1", "L3c2"]


def test_one_cell_a_line_is_one_ragged_table() -> None:
    found = list(document("→项目\n→金额\n\n→合计\n→1.00\n").tables())
    assert [(each.is_ragged, each.row_count, each.col_count) for each in found] == [(True, 2, 2)]


def test_blank_lines_between_nearly_all_rows_end_nothing() -> None:
    assert grids("项目→金额\n\n合计→1\n\n其中→1\n") == [[["项目", "金额"], ["合计", "1"], ["其中", "1"]]]


def test_blank_lines_between_runs_of_rows_end_tables() -> None:
    assert len(grids("a→1\nb→2\nc→3\n\nd→4\ne→5\nf→6\n")) == 2


def test_a_masked_name_is_no_emphasis() -> None:
    lines = read_document("2024年部门预算\n**合计**支出，****支出3.00万元。\n".encode()).lines()
    assert [line.text for line in lines][-1] == "合计支出，****支出3.00万元。"


def test_markdown_rules_and_emphasis_are_markup() -> None:
    assert grids("|**项目**|金额|\n|:--|--:|\n|合计|1|\n") == [[["项目", "金额"], ["合计", "1"]]]


def test_quoted_cell_with_line_breaks_is_one_cell() -> None:
    assert [[cell.split() for cell in row] for row in grids('a→"行政\n运行"→1\nb→c→2\n')[0]] == [
        [["a"], ["行政", "运行"], ["1"]],
        [["b"], ["c"], ["2"]],
    ]


def test_quote_that_never_closes_changes_nothing() -> None:
    assert grids('a→"三公\nb→2\n') == [[["a", '"三公'], ["b", "2"]]]


HTML = """前言
<table>
<tr><td rowspan="2">项目</td><td colspan=2>支出</td></tr>
<tr><td>基本</td><td>项目<br>支出</td></tr>
<tr><td>合&nbsp;计</td><td>1</td><td></td></tr>
</table>
后记
"""


def test_html_table_in_text_keeps_merged_cells_and_places() -> None:
    found = read_text(HTML.encode())
    assert [block.text if not isinstance(block, Table) else "" for block in found.blocks] == [
        "前言",
        "",
        "后记",
    ]
    grid = next(found.tables())
    assert grid.has_spans
    assert [grid.text_at(1, col) for col in range(3)] == ["项目", "基本", "项目\n支出"]
    assert {cell.line_no for cell in grid.cells} == {3, 4, 5}
    assert len({cell.ref for cell in grid.cells}) == len(grid.cells)
    assert found.blocks[-1].line_no == 7  # type: ignore[union-attr]


def test_html_page_has_lines_and_no_markup() -> None:
    page = (
        b"<!DOCTYPE html><html><head><title>x</title></head><body><p>a<b>b</b></p><div>c</div></body></html>"
    )
    found = read_document(page)
    assert found.media_type == "text/html"
    assert [line.text for line in found.lines()] == ["ab", "c"]
    assert len({line.ref for line in found.lines()}) == 2


def test_html_table_left_open_is_read() -> None:
    (found,) = read_html("<table><tr><td>a<td>b")
    assert isinstance(found, Table)
    assert [cell.text for cell in found.cells] == ["a", "b"]


def test_values_between_commas_are_a_table_below_their_title() -> None:
    text = '收入表\n项目,预算数,2024\n"一、财政,拨款",1.00,2\n合计,1.00,2\n'
    found = document(text)
    assert found.media_type == "text/csv"
    assert [line.text for line in found.lines()] == ["收入表"]
    assert grids(text) == [
        [["项目", "预算数", "2024"], ["一、财政,拨款", "1.00", "2"], ["合计", "1.00", "2"]]
    ]


@pytest.mark.parametrize("text", ["2023年部门预算\n收入\n", '"收入100万元,支出100万元"\n"1,234.00"\n'])
def test_values_of_one_column_are_lines(text: str) -> None:
    found = document(text)
    assert [line.text for line in found.lines()] == [line.strip('"') for line in text.splitlines()]
    assert grids(text) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_values_between_semicolons_are_a_table_in_any_encoding(encoding: str) -> None:
    found = read_text("项目;金额\r\n合计;1.234,00\r\n结余;0\r\n".encode(encoding))
    assert found.media_type == "text/csv"
    assert [[cell.text for cell in table.cells] for table in found.tables()] == [
        ["项目", "金额", "合计", "1.234,00", "结余", "0"]
    ]


def test_rows_that_end_early_are_rows_where_no_comma_stands_within_a_number() -> None:
    text = "项目,预算数,备注\n教育支出,12.00,甲\n科技支出,3.00\n其他支出,1.00,乙\n合计,16.00\n"
    assert grids(text)[0][2:] == [["科技支出", "3.00", ""], ["其他支出", "1.00", "乙"], ["合计", "16.00", ""]]
    for prose in ("12,000.00", "12.00,甲,乙", "12.00,甲。\n"):
        assert grids(text.replace("12.00", prose)) == []


def test_commas_within_numbers_make_no_table() -> None:
    assert grids("收入 1,234,567.00\n支出 1,234,567.00\n结余 1,234,000.00\n") == []


def test_a_markdown_table_without_outer_pipes_is_told_by_its_rule() -> None:
    assert grids("科目 | 金额\n--- | ---:\n合计 | 1\\|2\n") == [[["科目", "金额"], ["合计", "1|2"]]]
    assert grids("收入 | 支出\n结余 | 无\n") == []


def test_a_table_in_a_table_is_read_with_it() -> None:
    text = "前\n<table><tr><td>a<table><tr><td>b</table></td><td>c</td></tr></table>\n后"
    assert [type(block).__name__ for block in document(text).blocks] == ["TextLine", "Table", "TextLine"]


def test_a_table_drawn_with_lines_has_one_row_between_two_of_them() -> None:
    (table,) = read_text(
        "┌────┬──────┐\n│科目│预算数│\n├────┼──────┤\n│教育│ 12.50│\n│支出│      │\n├────┼──────┤\n"
        "│合计│ 12.50│\n└────┴──────┘\n".encode()
    ).tables()
    assert [[cell.text if cell else "" for cell in row] for row in table.grid] == [
        ["科目", "预算数"], ["教育支出", "12.50"], ["合计", "12.50"],
    ]  # fmt: skip


def test_a_drawn_table_with_a_line_below_its_head_only() -> None:
    (table,) = read_text(
        "+----+----+\n|科目|金额|\n+----+----+\n|教育|1.20|\n|卫生|3.40|\n+----+----+\n".encode()
    ).tables()
    assert [[cell.text if cell else "" for cell in row] for row in table.grid] == [
        ["科目", "金额"], ["教育", "1.20"], ["卫生", "3.40"],
    ]  # fmt: skip


def test_columns_that_blanks_align() -> None:
    text = (
        "部门支出总表\n                              单位：万元\n"
        "科目编码   科目名称         合计    基本支出\n"
        "           合计            61.50       61.50\n"
        "205        教育支出        50.00       50.00\n"
        "2050101    行政运行        50.00\n"
        "221        住房保障支出    11.50       11.50\n"
        "本部门支出合计61.50万元，  全部为基本支出。\n"
    )
    document = read_text(text.encode())
    (table,) = document.tables()
    assert [[cell.text if cell else "" for cell in row] for row in table.grid] == [
        ["科目编码", "科目名称", "合计", "基本支出"], ["", "合计", "61.50", "61.50"],
        ["205", "教育支出", "50.00", "50.00"], ["2050101", "行政运行", "50.00", ""],
        ["221", "住房保障支出", "11.50", "11.50"],
    ]  # fmt: skip
    assert [line.text for line in document.lines()] == [
        "部门支出总表", "单位：万元", "本部门支出合计61.50万元，  全部为基本支出。",
    ]  # fmt: skip


def test_columns_where_each_character_takes_one_and_pages_end_with_form_feeds() -> None:
    """As programs print a PDF's page that count characters, so that ideographs do not reach as far as they seem to."""
    head = "支出总表\n单位：万元\n科目编码     科目名称               合计       基本支出\n"
    first = (
        "205        教育支出             50.00       50.00\n"
        "2050101    行政运行             50.00       50.00\n"
        "2050199    其他教育管理事务支出       12.00        2.00\n"
    )
    rest = "221        住房保障支出           11.50       11.50\n22102      住房改革支出           11.50        1.50\n"
    tables = list(read_text(f"{head}{first}\f{rest}".encode()).tables())
    assert [[cell.text if cell else "" for cell in row] for table in tables for row in table.grid] == [
        ["科目编码", "科目名称", "合计", "基本支出"], ["205", "教育支出", "50.00", "50.00"],
        ["2050101", "行政运行", "50.00", "50.00"], ["2050199", "其他教育管理事务支出", "12.00", "2.00"],
        ["221", "住房保障支出", "11.50", "11.50"], ["22102", "住房改革支出", "11.50", "1.50"],
    ]  # fmt: skip


def test_a_list_of_contents_is_no_table() -> None:
    text = "目录\n一、部门职责      1\n二、机构设置      2\n三、收支总表      5\n四、名词解释      9\n"
    assert list(read_text(text.encode()).tables()) == []


def test_a_gloss_behind_a_character_is_no_part_of_it() -> None:
    read = read_document("財(cái)政預(yù)算表（甲）(乙)A(zhì)2.5萬(wàn)元\n".encode())
    assert [line.text for line in read.lines()] == ["財政預算表（甲）(乙)A(zhì)2.5萬元"]
    assert "cái" not in "".join(read.printed.values())


def test_clauses_between_semicolons_are_sentences_and_no_table() -> None:
    clauses = "出国费0元;用车费3元;接待费2元。\n团组0个;车辆1辆;接待2批。\n出国费持平;用车费减少;接待费增加。"
    assert not grids(clauses)
    assert grids(clauses.replace("。", ""))


def test_codes_of_fields_that_a_converter_left_are_no_text() -> None:
    text = '一、收入支出决算总表 PAGEREF _Toc20349 \\h 22\n二、概况 HYPERLINK \\l "_Toc12" 3\nTOC 组织2024年报告\n'
    found = [line.text for line in read_document(text.encode()).lines()]
    assert [" ".join(each.split()) for each in found] == [
        "一、收入支出决算总表 22",
        "二、概况 3",
        "TOC 组织2024年报告",
    ]


def test_rows_may_end_with_a_pipe_and_not_begin_with_one() -> None:
    rows = "三公经费表\n项目 | 决算（万元） |\n公务接待费 | 1.3 |\n运行维护费 | 17.9 |\n"
    (table,) = read_text(rows.encode()).tables()
    assert [[cell.text if cell else "" for cell in row] for row in table.grid] == [
        ["项目", "决算（万元）"],
        ["公务接待费", "1.3"],
        ["运行维护费", "17.9"],
    ]
    for other in (
        "首页 | 公开 |\n索引号 | 1 |\n标题 | 甲 |\n",
        "项目 | 1.0 |\n甲 | 2.0 | 3.0 |\n乙 | 4.0 |\n",
    ):
        assert not list(read_text(other.encode()).tables())
