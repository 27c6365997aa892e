"""What a money figure is, and which figures of a page are lost: they are counted on the page, not in what was read."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from ingest.document.figures import lost_figures, money_figures
from ingest.document.model import Cell, Document, Table, TextLine
from ingest.document.paragraphs import read_paragraphs
from ingest.extraction.printed_tables import lost_by_page, performance_figures, printed_tables
from ingest.performance import read_performance
from ingest.readers import read_document
from tests.unit.documents import document
from tests.unit.pdfs import pdf
from tests.unit.test_fast_pdf import text
from tests.unit.test_office import book, word
from tests.unit.test_performance import HEADER


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("支出 1,234.56 万元，比上年增加３．５亿元", ["1,234.56", "3.5"]),
        ("1,234,\n567.89", ["1,234,567.89"]),
        ("35. 00", ["35.00"]),
        ("（12.30）", ["12.30"]),
        ("合计 0.00 0.00 1,200", ["0.00", "0.00", "1,200"]),
        ("12.50 基本支出 3.00", ["12.50", "3.00"]),
        ("购置费5万，维护费6 元", ["5", "6"]),
        ("增长12.5%，占 99.79 %，提高1.5个百分点", []),
        ("2024.05.01 至 2024年12月31日，1-2.5", []),
        ("2010301 栏次 1 2 3 第 12 页", []),
        ("房屋3,254.00平方米，平均得分100.00\n分，12.5公里", []),
        ("≥95.5 A1.5 1.2.3", []),
        ("1.1 项目概况", []),
        ("单价100万元（含）以上设备，5亿元以下项目，1,000万元及以上", []),
        ("单价100万元（\n含）以上", []),
        ("标准为1.36元/吨", []),
        ("决算217.5\n1 万元，下降38.9\n0 %，预算1,234,\n567万元", ["217.51", "1,234,567"]),
        ("12.5\n3.50 1,200\n7,800", ["12.5", "3.50", "1,200", "7,800"]),
    ],
)
def test_what_counts_as_a_money_figure(text: str, figures: list[str]) -> None:
    assert money_figures(text) == figures


def test_a_figure_is_lost_where_nothing_of_it_was_read() -> None:
    printed = "收入 1,234.56 万元，支出 78.90 万元，结余 78.90 万元。2024 年"
    assert lost_figures(printed, ["收入 1,234.", "56万元，支出78.90万元，", "2024"]) == ["78.90"]
    assert lost_figures(printed, [printed]) == []
    assert lost_figures(printed, []) == ["1,234.56", "78.90", "78.90"]


def test_what_is_lost_is_counted_by_page_from_the_print() -> None:
    lines = [TextLine("收入12.50万元", "p1l1", 1), TextLine("支出", "p2l1", 2)]
    printed = {1: "收入12.50万元", 2: "支出 34.50 万元，其中 1.20 万元", None: ""}
    assert lost_by_page(Document("application/pdf", lines, 2, printed=printed)) == {2: 2}


def _all_read(data: bytes) -> Document:
    found = read_document(data)
    [(_, printed)] = found.printed.items()
    assert money_figures(printed) == ["1,234.50", "6"], printed
    assert not lost_by_page(found)
    return found


def test_every_reader_says_what_the_file_prints() -> None:
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format('合计')}{cell.format('1,234.50')}</w:tr></w:tbl>"
    _all_read(word(table, paragraph.format("共6万元")))
    _all_read("合计\t1,234.50\n收入\t2\n共6万元\n".encode())
    _all_read('项目,金额,说明\n合计,"1,234.50",甲\n收入,2,共6万元\n支出,3,乙\n'.encode())
    _all_read(
        "<html><body><p>共\n</p><table><tr><td>合计</td><td>1,234.50</td></tr></table>6万元</body></html>".encode()
    )
    _all_read("甲\n<table><tr><td>合计</td><td>1,234.50</td></tr></table>\n共6万元\n".encode())
    page = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><table><tr><td>合计<td>1,234.50</table>6万元</html>"
    _all_read(page.encode())


def test_a_sheet_prints_what_is_not_hidden() -> None:
    def fill(made: Workbook) -> None:
        made.active.append(["合计", "1,234.50"])
        made.active.append(["共6万元", "9.50"])
        made.active.append(["隐藏", "8.50"])
        made.active.row_dimensions[3].hidden = True

    found = read_document(book(fill))
    assert money_figures(found.printed[1]) == ["1,234.50", "6", "9.50"]
    assert not lost_by_page(found)


def test_a_paragraph_keeps_its_lines_as_printed() -> None:
    [paragraph] = read_paragraphs(document("合计 12.50 基本支出 3.00"))
    assert money_figures("\n".join(paragraph.lines)) == ["12.50", "3.00"]


def test_every_table_has_a_row_and_a_title() -> None:
    blocks = [
        TextLine("某单位通讯录", "p1l1", 1),
        TextLine("单位：万元", "p1l2", 1),
        Table([Cell("甲", 0, 0, "p1t1r1c1"), Cell("12.50", 0, 1, "p1t1r1c2")], 1, 2, 1),
        Table([Cell("乙", 0, 0, "p2t1r1c1")], 1, 1, 2),
    ]
    found = printed_tables(Document("application/pdf", blocks), [], [])
    assert [(each.table_no, each.ref, each.page_no, each.title, each.form_no) for each in found] == [
        (1, "p1t1r1c1", 1, "某单位通讯录", None),
        (2, "p2t1r1c1", 2, None, None),
    ]


def test_a_figure_of_a_performance_form_is_a_value_or_a_text_or_not_placed() -> None:
    rows = [
        "项目支出绩效自评表",
        "",
        "项目名称→桥梁检测",
        "项目资金（万元）→→年初预算数→全年预算数→全年执行数→分值→执行率→得分→",
        "→年度资金总额→30.00→28.00→27.50→10→98.21%→9.82→",
        "→不知何款→→→7.25→→→→",
        "年度总体目标→投入12.50万元完成检测→→→→→→→",
        HEADER,
        "→产出指标→成本指标→检测费用→20.50万元→19.50万元→20→20→",
    ]
    forms = read_performance(document("\n".join(rows)))
    roles: dict[str, int] = {}
    for figure in performance_figures(forms):
        roles[figure.role] = roles.get(figure.role, 0) + 1
    assert roles == {"funding": 4, "unplaced": 1, "text": 1, "indicator": 2}


def test_a_page_of_a_pdf_prints_what_pdfium_finds_on_it() -> None:
    found = read_document(pdf(text("Total 1,234.50", 50, 700) + text("9.50", 300, 400)))
    assert money_figures(found.printed[1]) == ["1,234.50", "9.50"]
    found.blocks = found.blocks[:1]
    assert lost_by_page(found) == {1: 1}
