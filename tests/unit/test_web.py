"""Web pages: the encoding is found, what is shown is read, layout is distinguished from data, and nothing grows without limit."""

from __future__ import annotations

import pytest

from ingest.document.model import Table, TextLine
from ingest.extraction.extract import extract
from ingest.outcomes import DocumentError, Reason
from ingest.readers import read_document
from ingest.readers.plain.charset import decode
from ingest.readers.web.html import declared_charsets, read_html

WORDS = "部门决算公开说明，收入支出决算总表。"
TRADITIONAL = "部門決算公開說明，收入支出決算總表。"


def shown(text: str) -> list[str | list[list[str]]]:
    """Lines as texts, tables as rows of texts."""
    return [
        [[block.text_at(row, col) for col in range(block.col_count)] for row in range(block.row_count)]
        if isinstance(block, Table)
        else block.text
        for block in read_html(text)
    ]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "utf-8", "iso-8859-1", "nonsense", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-8-sig"])
def test_the_encoding_is_found_whatever_is_declared(declared: str, encoding: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{WORDS}</p></body></html>'
    assert [line.text for line in read_document(page.encode(encoding)).lines()] == [WORDS]


@pytest.mark.parametrize("declared", ["big5", "gb2312", ""])
def test_big5_is_told_from_gb18030(declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{TRADITIONAL * 3}</p></body></html>'
    assert [line.text for line in read_document(page.encode("big5")).lines()] == [TRADITIONAL * 3]


def test_a_damaged_byte_costs_its_character_only() -> None:
    parts = (f"<html><body><p>{WORDS}".encode(), b"\xff", f"{WORDS * 40}</p></body></html>".encode())
    assert [line.text for line in read_document(b"".join(parts)).lines()] == [f"{WORDS}\ufffd{WORDS * 40}"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display: none">1</p>',
        '<div style="color:red;VISIBILITY:hidden"><p>1</p></div>',
        "<p hidden>1</p>",
        "<script>document.write('<p>1</p>')</script>",
        "<style>p{}</style>",
        "<!-- <p>1</p> -->",
        "<select><option>1</option></select>",
        "<nav><a href='/'>1</a></nav>",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    assert shown(f"<p>前</p>{hidden}<p>后</p>") == ["前", "后"]


def test_spans_keep_cells_in_their_columns() -> None:
    page = "<table><tr><th rowspan=2>科目<th colspan=2>支出<tr><th>基本<th>项目<tr><td>合计<td>3<td>1</table>"
    assert shown(page) == [[["科目", "支出", "支出"], ["科目", "基本", "项目"], ["合计", "3", "1"]]]


def test_a_span_beyond_the_table_ends_with_it() -> None:
    assert shown("<table><tr><td rowspan=999>a<td colspan=999>b<tr><td>c<td>d</table>") == [
        [["a", "b", "b"], ["a", "c", "d"]]
    ]


def test_a_table_around_a_table_is_layout() -> None:
    page = "<table><tr><td>首页</td><td><p>收入表</p><table><tr><td>a<td>1<tr><td>b<td>2</table></td></tr></table>"
    assert shown(page) == ["首页", "收入表", [["a", "1"], ["b", "2"]]]


def test_breaks_make_lines_and_wrapped_source_does_not() -> None:
    assert shown("<p>一般公共\n  预算<b>支出</b><br>第二行</p><pre>甲\n乙</pre>") == [
        "一般公共预算支出",
        "第二行",
        "甲",
        "乙",
    ]


def test_lists_keep_their_numbers() -> None:
    assert shown("<ol start=3><li>甲<li>乙</ol>") == ["3. 甲", "4. 乙"]


def test_no_entity_is_followed() -> None:
    page = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><body><p>甲&e;</p></body></html>'
    assert "root:" not in "".join(str(each) for each in shown(page))


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 3_000 + "1",
        "<table>" + "<tr><td colspan=1000>1</td></tr>" * 2_100 + "</table>",
        "<table><tr>"
        + "<td rowspan=9000>1</td>" * 300
        + "</tr>"
        + "<tr><td>1</td></tr>" * 8_999
        + "</table>",
    ],
)
def test_pages_beyond_all_bounds_are_refused(page: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read_html(page)
    assert raised.value.reason is Reason.CONTENT_TOO_LARGE


def test_a_page_of_frames_says_that_its_text_is_elsewhere() -> None:
    with pytest.raises(DocumentError, match="frames") as raised:
        read_document(b'<html><frameset><frame src="a.html"></frameset></html>')
    assert raised.value.reason is Reason.NO_CONTENT


def test_mhtml_is_the_page_that_it_holds() -> None:
    parts = [
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n',
        f"<html><body><p>{WORDS}</p><table><tr><td>a<td>1</table></body></html>\r\n",
        "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n",
    ]
    found = read_document("".join(parts).encode("gb18030"))
    assert found.media_type == "multipart/related"
    assert [line.text for line in found.lines()] == [WORDS]
    assert [table.col_count for table in found.tables()] == [2]


def test_half_a_character_of_a_page_costs_itself_only() -> None:
    assert shown("<p>甲&#xD83D;乙</p>") == ["甲\ufffd乙"]


@pytest.mark.parametrize(
    "attributes", ["rowspan=-1 colspan=-5", "rowspan=x colspan=1e9", "rowspan= colspan=0"]
)
def test_spans_that_are_no_numbers_are_none(attributes: str) -> None:
    assert shown(f"<table><tr><td {attributes}>a<td>b<tr><td>c<td>d</table>") == [[["a", "b"], ["c", "d"]]]


def test_an_error_page_under_another_name_is_known_by_what_it_says() -> None:
    page = "<html><head><title>x</title></head><body><h1>404 Not Found</h1><hr>nginx</body></html>"
    with pytest.raises(DocumentError, match=r"\(text/html\), which begins '404 Not Found'") as raised:
        extract(page.encode())
    assert raised.value.reason is Reason.NOT_A_DISCLOSURE


@pytest.mark.parametrize(
    "before", ["", "<!-- <p -->", "<script>if (a<b) {'</p>'}</script>", '<p title="a>b">']
)
def test_an_element_with_too_many_attributes_is_refused(before: str) -> None:
    attributes = " ".join(f"a{number}='x'" for number in range(1_001))
    with pytest.raises(DocumentError) as raised:
        read_html(f"<p>甲</p>{before}<script {attributes}>1</script>")
    assert raised.value.reason is Reason.CONTENT_TOO_LARGE


def test_long_attributes_scripts_and_comments_are_no_attributes() -> None:
    words = "a " * 5_000
    assert shown(
        f'<p title="{words}">甲</p><script>if (a<b) {words}</script><!-- <p {words} --><p>乙</p>'
    ) == [
        "甲",
        "乙",
    ]


def test_links_to_the_files_of_the_disclosure_are_read_and_other_links_are_not() -> None:
    page = "<p>正文</p><p><a href='/a/b.xlsx?v=1'>附件：部门预算表</a></p><p><a href='/a/'>上一篇</a></p>"
    assert shown(page) == ["正文", "附件：部门预算表"]


def _grid_of_blocks(figure: str) -> str:
    rows = (("项目", "预算数"), ("合计", figure), ("公务接待费", figure))
    return (
        "<div>"
        + "".join("<div>" + "".join(f"<div>{text}</div>" for text in row) + "</div>" for row in rows)
        + "</div>"
    )


def test_rows_of_blocks_with_amounts_are_a_table() -> None:
    (table,) = read_html(_grid_of_blocks("1.00"))
    assert isinstance(table, Table)
    assert (table.row_count, table.col_count) == (3, 2)


def test_rows_of_blocks_without_amounts_are_lines() -> None:
    assert not any(isinstance(block, Table) for block in read_html(_grid_of_blocks("详见附件")))


def test_blanks_align_the_columns_of_preformatted_text() -> None:
    rows = (
        "<pre>决算公开",
        "项目        预算数    决算数",
        "合计          2.00      1.00",
        "公务接待费    2.00      1.00",
        "培训费        0.00      0.00</pre>",
    )
    line, table = read_html("\n".join(rows))
    assert isinstance(line, TextLine)
    assert isinstance(table, Table)
    assert (table.row_count, table.col_count) == (4, 3)


def test_names_of_fonts_in_another_encoding_do_not_hide_a_page_that_declares_its_own() -> None:
    """Programs that turn a PDF into a page write the names of its fonts as they find them."""
    style = b"".join(
        b".f%d{font-family:ABCDEE+" % number + "宋体".encode("gbk") + b"}" for number in range(20)
    )
    page = (
        b"<html><meta charset='utf-8'><style>"
        + style
        + b"</style><p>"
        + "海滨市教育局部门预算".encode() * 400
    )
    assert decode(page, declared_charsets(page)).endswith("海滨市教育局部门预算")
    with pytest.raises(DocumentError, match="not UTF-8"):
        decode(page)
