"""Word and Excel files made by the test: what they print is what is read, and what they hide is not."""

from __future__ import annotations

import io
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlwt
from docx import Document as new_word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from ingest.config import LIMITS
from ingest.document.model import Document, Table, TextLine
from ingest.inbox.sources import find_sources
from ingest.outcomes import DocumentError, Reason
from ingest.readers import read_document
from ingest.readers.office.number_format import printed_number, printed_text

RULES = Border(left=Side("thin"), right=Side("thin"), top=Side("thin"), bottom=Side("thin"))
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'


def texts(document: Document) -> list[str | list[list[str]]]:
    """The blocks: a line's text, or a table's texts by row with '<' and '^' where a merged cell continues."""
    found: list[str | list[list[str]]] = []
    for block in document.blocks:
        if isinstance(block, TextLine):
            found.append(block.text)
            continue
        rows = []
        for row_no, row in enumerate(block.grid):
            rows.append(
                [
                    ""
                    if cell is None
                    else "^"
                    if cell.row != row_no
                    else "<"
                    if cell.col != col_no
                    else cell.text
                    for col_no, cell in enumerate(row)
                ]
            )
        found.append(rows)
    return found


def word(*elements: str) -> bytes:
    """A Word document whose body holds the given XML."""
    document = new_word()
    for element in elements:
        parsed = parse_xml(element.replace(">", f" {nsdecls('w', 'r')}>", 1))
        document.element.body.insert(len(document.element.body) - 1, parsed)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def paragraph(text: str, about: str = "") -> str:
    """A paragraph of one run; ``about`` are the run's properties."""
    return f"<w:p><w:r><w:rPr>{about}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def book(fill: Callable[[Workbook], None]) -> bytes:
    """A workbook after ``fill`` has written into it."""
    made = Workbook()
    fill(made)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def changed(package: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed, or added where there is none."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(written, "w") as target:
        for member in source.namelist():
            if member != name:
                target.writestr(member, source.read(member))
        target.writestr(name, change(source.read(name) if name in source.namelist() else b""))
    return written.getvalue()


def reason(data: bytes) -> Reason:
    with pytest.raises(DocumentError) as caught:
        read_document(data)
    return caught.value.reason


def test_word_reads_insertions_and_no_deletions_hidden_text_or_field_codes() -> None:
    data = word(
        "<w:p><w:r><w:t>2025年</w:t></w:r><w:ins w:id='1'><w:r><w:t>部门</w:t></w:r></w:ins>"
        "<w:del w:id='2'><w:r><w:delText>单位</w:delText></w:r></w:del><w:r><w:t>预算</w:t></w:r></w:p>",
        paragraph("看不见", "<w:vanish/>"),
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>7</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
    )
    assert texts(read_document(data)) == ["2025年部门预算", "7"]


def test_word_tables_keep_merged_cells_and_read_tables_inside_cells_as_text() -> None:
    def cell(text: str, about: str = "") -> str:
        return f"<w:tc><w:tcPr>{about}</w:tcPr>{text if '<' in text else paragraph(text)}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell('甲')}{cell('乙')}</w:tr></w:tbl><w:p/>"
    grid = "<w:tblGrid>" + '<w:gridCol w:w="2000"/>' * 3 + "</w:tblGrid>"
    down, across = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    data = word(
        f"<w:tbl>{grid}<w:tr>{cell('项目', down)}{cell('支出', across)}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('基本支出')}{cell('项目支出')}</w:tr>"
        f"<w:tr>{cell('教育支出')}{cell('1.00')}{cell(inner)}</w:tr></w:tbl>"
    )
    assert texts(read_document(data)) == [
        [["项目", "支出", "<"], ["^", "基本支出", "项目支出"], ["教育支出", "1.00", "甲 乙"]]
    ]


def test_word_prints_automatic_numbers() -> None:
    document = new_word()
    for text in ("甲", "乙"):
        document.add_paragraph(text, style="List Number")
    written = io.BytesIO()
    document.save(written)
    assert texts(read_document(written.getvalue())) == ["1. 甲", "2. 乙"]


def test_word_text_box_is_read_once_and_tabs_set_a_table() -> None:
    box = f"<w:txbxContent>{paragraph('框内文字')}</w:txbxContent>"
    data = word(
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent "
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        "<w:p><w:r><w:t>科目</w:t><w:tab/><w:t>金额</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>教育支出</w:t><w:tab/><w:t>1.00</w:t></w:r></w:p>",
    )
    assert texts(read_document(data)) == ["正文", "框内文字", [["科目", "金额"], ["教育支出", "1.00"]]]


def test_word_headings_and_sentences_that_tabs_set_are_lines() -> None:
    """Programs that make a document of a PDF put tabs where a line begins."""
    data = word(
        "<w:p><w:r><w:t>第三部分 情况说明</w:t><w:tab/><w:tab/><w:t>一、收支总体情况</w:t></w:r></w:p>",
        "<w:p><w:r><w:tab/><w:t>（一）收入总体情况</w:t></w:r></w:p>",
        "<w:p><w:r><w:tab/><w:t>本年收入5.00万元。</w:t></w:r></w:p>",
    )
    assert texts(read_document(data)) == [
        "第三部分 情况说明", "一、收支总体情况", "（一）收入总体情况", "本年收入5.00万元。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code", "printed"),
    [
        (1234.5, "0.00", "1234.50"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0.1234, "0.00%", "12.34%"),
        (1.005, "0.00", "1.01"),
        (-12.3, "#,##0.00_);(#,##0.00)", "(12.30)"),
        (-12.3, "0.00;[Red]0.00", "-12.30"),
        (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (0, "0.00;;", ""),
        (12345, "0!.0,", "1.2"),
        (123456, '0.00,"千元"', "123.46千元"),
        (505, "00000", "00505"),
        (0.1 + 0.2, "General", "0.3"),
        (45658, 'yyyy"年"m"月"d"日"', "2025年1月1日"),
        (120000, '[>=10000]0,"千";0', "120千"),
        (1e30, "#,##0.00", "1" + ",000" * 10 + ".00"),
        (12.5, "[>1.2.3]0.0", "12.5"),
        (float("nan"), "0.00", "#NUM!"),
        (float("-inf"), "yyyy/m/d", "#NUM!"),
        (1e300, "yyyy/m/d", "###"),
        (2_958_465.9999999, "yyyy/m/d", "###"),
        (-1e300, "0.00E+00", "-1.00E+300"),
    ],
)
def test_numbers_are_printed_by_their_formats(value: float, code: str, printed: str) -> None:
    assert printed_number(value, code) == printed


def test_text_is_printed_by_a_formats_fourth_section() -> None:
    assert printed_text("合计", '0;0;0;@"："') == "合计："
    assert printed_text("合计", "0.00") == "合计"


def test_long_numbers_and_formats_are_printed_and_endless_formats_are_not() -> None:
    assert printed_number(1e308, "0.0%%") == "1" + "0" * 312 + ".0%%"
    assert printed_number(1.5, "0." + "0" * 300) == "1.5" + "0" * 299
    assert printed_number(1.5, "0." + "0" * 5_000) == "1.5"


def test_a_date_beyond_the_calendar_that_starts_in_1904_is_no_date() -> None:
    assert printed_number(2_958_400, "yyyy", starts_1904=True) == "###"


def _form(made: Workbook) -> None:
    sheet = made.active
    sheet.title = "表1"
    sheet["A1"] = "支出表"
    sheet.merge_cells("A1:C1")
    sheet["C2"] = "单位：万元"
    for row in (("科目", "金额", None), (None, "基本", "项目"), ("2010101", 1234.5, 0.25)):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:C3")
    sheet["B5"].number_format, sheet["C5"].number_format = "#,##0.00", "0%"
    for row in sheet["A3:C5"]:
        for cell in row:
            cell.border = RULES
    sheet["A8"] = "注：本表反映支出情况。"


def test_workbook_reads_printed_values_and_merged_cells() -> None:
    document = read_document(book(_form))
    assert texts(document) == [
        "支出表",
        "单位：万元",
        [["科目", "金额", "<"], ["^", "基本", "项目"], ["2010101", "1,234.50", "25%"]],
        "注：本表反映支出情况。",
    ]
    assert [(page.page_no, page.reader, page.note) for page in document.pages] == [
        (1, "sheet", "sheet '表1'")
    ]
    assert next(document.tables()).cells[-1].ref == "s1!C5"


@pytest.mark.parametrize("is_merged", [False, True])
def test_without_rules_labels_alone_in_their_rows_are_part_of_the_table(is_merged: bool) -> None:
    labels = ["一、拨款支出", "二、外交支出", "三、国防支出", "四、公共安全支出"]

    def fill(made: Workbook) -> None:
        sheet = made.active
        sheet.append(["收支总表"])
        sheet.merge_cells("A1:H1")
        sheet.append(["项目", None, 3, None, labels[0], None, None, 3])
        for label in labels[1:]:
            sheet.append([None] * 4 + [label])
        if is_merged:
            sheet.append(["合计", None, 3, None, "合计", None, None, 3])
            for row in range(2, 7):
                sheet.merge_cells(f"A{row}:B{row}")
                sheet.merge_cells(f"E{row}:G{row}")
        else:  # a blank row of the table
            sheet.cell(7, 1, "合计")
            sheet.cell(7, 3, 3)

    title, table, *rest = texts(read_document(book(fill)))
    assert (title, rest) == ("收支总表", [])
    assert [row[2] for row in table[:4]] == labels
    assert table[-1][:2] == ["合计", "3"]


@pytest.mark.parametrize(
    ("captions", "head"),
    [
        (["用餐支出表", "单位：万元"], "用餐经费"),  # a head over all columns
        (["单位：万元", "用餐支出表"], None),  # a line lies between the unit and the table
        (["用餐支出表"], None),  # nothing says that the table begins above the text
    ],
)
def test_a_text_over_all_columns_right_below_the_money_unit_is_a_head(
    captions: list[str], head: str | None
) -> None:
    def fill(made: Workbook) -> None:
        sheet = made.active
        for number, caption in enumerate([*captions, "用餐经费"], start=1):
            sheet.append([caption])
            sheet.merge_cells(f"A{number}:D{number}")
        sheet.append(["合计", None, "茶水", None])
        sheet.merge_cells(f"A{len(captions) + 2}:B{len(captions) + 2}")
        sheet.merge_cells(f"C{len(captions) + 2}:D{len(captions) + 2}")
        sheet.append(["预算数", "决算数", "预算数", "决算数"])
        sheet.append([3, 2, 1, 1])

    *lines, table = texts(read_document(book(fill)))
    assert lines == (captions if head else [*captions, "用餐经费"])
    assert (table[0][0] == head) == (head is not None)


def test_hidden_sheets_rows_and_columns_are_not_read_and_are_named() -> None:
    def fill(made: Workbook) -> None:
        _form(made)
        sheet = made.active
        sheet.insert_cols(2)
        sheet["B5"], sheet["A6"], sheet["B6"] = "藏", "藏", "藏"
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[6].hidden = True
        made.create_sheet("底稿").append(["藏"])
        made["底稿"].sheet_state = "hidden"
        made.create_sheet("空表")

    document = read_document(book(fill))
    assert "藏" not in str(texts(document))
    notes = " ".join(page.note or "" for page in document.pages)
    assert [page.page_no for page in document.pages] == [1, 2, 3]
    assert all(
        word in notes for word in ("1 hidden rows", "columns are not read: B", "'底稿'; hidden", "empty")
    )


def test_a_formula_without_a_stored_result_is_no_figure() -> None:
    def fill(made: Workbook) -> None:
        made.active.append(["合计", "=SUM(A1:A3)"])

    document = read_document(book(fill))
    assert texts(document) == [[["合计", "=SUM(A1:A3)"]]]
    assert "1 formulas without a stored result, not calculated (B1)" in (document.pages[0].note or "")
    stored = changed(
        book(fill),
        "xl/worksheets/sheet1.xml",
        lambda part: (
            part.replace(b"<v />", b"<v>6.5</v>")
            .replace(b"<v></v>", b"<v>6.5</v>")
            .replace(b"<v/>", b"<v>6.5</v>")
        ),
    )
    assert texts(read_document(stored)) == [[["合计", "6.5"]]]


def test_a_cell_at_the_far_corner_costs_nothing_and_too_many_cells_are_refused() -> None:
    def corner(made: Workbook) -> None:
        made.active["A1"], made.active["B1"], made.active["XFD1048576"] = "科目", "金额", "1.00"

    assert [type(block) for block in read_document(book(corner)).blocks] == [Table, TextLine]

    def diagonal(made: Workbook) -> None:
        for place in range(1, 3000):
            made.active.cell(place, place).value = "1"
            made.active.cell(place, place + 1).value = "1"

    assert reason(book(diagonal)) is Reason.CONTENT_TOO_LARGE


def test_old_workbook_reads_printed_values(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("表1")
    for number, text in enumerate(("科目", "金额", "比重")):
        sheet.write(1, number, text)
    sheet.write_merge(0, 0, 0, 2, "支出表")
    sheet.write(2, 0, "教育支出")
    sheet.write(2, 1, 1234.5, xlwt.easyxf(num_format_str="#,##0.00"))
    sheet.write(2, 2, 0.25, xlwt.easyxf(num_format_str="0.0%"))
    made.add_sheet("底稿").write(0, 0, "藏")
    made.get_sheet(1).visibility = 1
    made.save(str(tmp_path / "old.xls"))
    document = read_document((tmp_path / "old.xls").read_bytes())
    assert texts(document) == ["支出表", [["科目", "金额", "比重"], ["教育支出", "1,234.50", "25.0%"]]]
    assert document.media_type == "application/vnd.ms-excel"


def test_bad_office_files_are_refused_by_name() -> None:
    plain, document = book(_form), word(paragraph("正文"))
    assert reason(book(lambda _: None)) is Reason.NO_CONTENT
    assert reason(word()) is Reason.NO_CONTENT
    assert reason(plain[: len(plain) // 2]) is Reason.OFFICE_DAMAGED
    assert reason(changed(plain, "xl/vbaProject.bin", lambda _: b"x")) is Reason.OFFICE_MACRO
    assert reason(changed(document, "word/document.xml", lambda part: part[:-40])) is Reason.OFFICE_DAMAGED
    for package, part in ((plain, "xl/worksheets/sheet1.xml"), (document, "word/document.xml")):
        bomb = changed(
            package,
            part,
            lambda content: (
                content.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
                if b"?>" in content
                else b'<!DOCTYPE a [<!ENTITY b "c">]>' + content
            ),
        )
        assert reason(bomb) is Reason.OFFICE_DAMAGED
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", TYPES.format(""))
        target.writestr("word/document.xml", b" " * (80 * 2**20))
    assert reason(written.getvalue()) is Reason.CONTENT_TOO_LARGE


def renamed(package: bytes, change: Callable[[str], str | None]) -> bytes:
    """The package with other names of its parts; a part that is named None is left out."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(written, "w") as target:
        for member in source.namelist():
            name = change(member)
            if name is not None:
                target.writestr(zipfile.ZipInfo(name), source.read(member))
    return written.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda name: name.replace("/", "\\"),
        lambda name: f"/{name}",
        str.upper,
        lambda name: name.replace("heet", "%68eet").replace("ocument", "%6Fcument"),
        lambda name: name if name != "[Content_Types].xml" else None,
    ],
)
def test_parts_are_found_however_they_are_named(change: Callable[[str], str | None]) -> None:
    workbook, document = book(_form), word(paragraph("正文"))
    assert texts(read_document(renamed(document, change))) == ["正文"]
    assert texts(read_document(renamed(workbook, change))) == texts(read_document(workbook))


def test_parts_may_stand_at_the_root_of_the_package() -> None:
    def flat(package: bytes, folder: str) -> bytes:
        named = renamed(package, lambda name: name.replace(f"{folder}/", "", 1))
        for part in ("[Content_Types].xml", "_rels/.rels"):
            named = changed(named, part, lambda content: content.replace(f"{folder}/".encode(), b""))
        return changed(
            named,
            "_rels/workbook.xml.rels",
            lambda content: content.replace(b"/xl/", b"/"),
        )

    workbook = book(_form)
    assert texts(read_document(flat(word(paragraph("正文")), "word"))) == ["正文"]
    assert texts(read_document(flat(workbook, "xl"))) == texts(read_document(workbook))


def test_a_size_that_lies_costs_no_more_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", TYPES.format(""))
        target.writestr("word/document.xml", b" " * (48 * 2**20))
    data = bytearray(package.getvalue())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    asked: list[int] = []
    read = zipfile.ZipExtFile.read

    def watched(file: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        asked.append(-1 if size is None else size)
        return read(file, size)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", watched)
    with pytest.raises(DocumentError, match=r"part word/document.xml") as caught:
        read_document(bytes(data))
    assert caught.value.reason is Reason.OFFICE_DAMAGED
    assert 0 < min(asked) <= max(asked) <= 2**20


def test_half_characters_are_shown_as_such_and_whole_ones_kept() -> None:
    def fill(made: Workbook) -> None:
        made.active.append(["备注_xD83D_字", "_xD83D__xDE00_"])
        made.active.append(["科目", "金额"])

    document = read_document(book(fill))
    assert texts(document) == [[["备注\ufffd字", "\U0001f600"], ["科目", "金额"]]]
    assert (document.pages[0].note or "").endswith(
        "; 1 characters that are halves of a pair, shown as \ufffd"
    )
    drawn = word("<w:p><w:r><w:t>甲</w:t><w:sym w:font='宋体' w:char='D83D'/><w:t>乙</w:t></w:r></w:p>")
    assert texts(read_document(drawn)) == ["甲\ufffd乙"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ('<row r="0"><c r="A1"><v>1</v></c></row>', "a row at '0'"),
        ('<row r="99999999"><c r="A1"><v>1</v></c></row>', "a row at '99999999'"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "'-1' at A1"),
        ('<row r="1"><c r="A1" t="d"><v>9999-99-99</v></c></row>', "'9999-99-99' at A1"),
        ('<row r="1"><c r="一"><v>1</v></c></row>', "a cell at '一'"),
    ],
)
def test_a_sheet_that_holds_nonsense_is_damaged_at_a_named_place(cells: str, message: str) -> None:
    data = changed(
        book(_form),
        "xl/worksheets/sheet1.xml",
        lambda _: (
            f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}'
            "</sheetData></worksheet>"
        ).encode(),
    )
    with pytest.raises(DocumentError, match=message) as caught:
        read_document(data)
    assert caught.value.reason is Reason.OFFICE_DAMAGED


def test_a_sheet_without_a_part_is_damage_and_a_merge_told_backwards_is_a_merge() -> None:
    workbook = book(_form)
    lost = changed(workbook, "xl/_rels/workbook.xml.rels", lambda _: b"<Relationships/>")
    assert reason(lost) is Reason.OFFICE_DAMAGED
    backwards = changed(
        workbook, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'"B3:C3"', b'"C3:B3"')
    )
    assert texts(read_document(backwards)) == texts(read_document(workbook))


def old_book(change: Callable[[bytes], bytes] = bytes) -> bytes:
    """An old workbook of one table, its bytes changed."""
    made = xlwt.Workbook()
    sheet = made.add_sheet("1")
    for row, values in enumerate((("科目", "金额"), ("教育支出", 0.1234567))):
        for col, value in enumerate(values):
            sheet.write(row, col, value)
    written = io.BytesIO()
    made.save(written)
    data = change(written.getvalue())
    assert data != written.getvalue() or change is bytes
    return data


def test_old_workbook_with_a_cell_that_is_no_number_is_read() -> None:
    number, no_number = struct.pack("<d", 0.1234567), struct.pack("<d", float("nan"))
    data = old_book(lambda whole: whole.replace(number, no_number))
    assert texts(read_document(data)) == [[["科目", "金额"], ["教育支出", "#NUM!"]]]


@pytest.mark.parametrize(("number", "printed"), [(57, "1899年12月"), (59, "0.1234567")])
def test_old_workbook_with_a_format_that_only_has_a_number_is_read(number: int, printed: str) -> None:
    style, format_number = struct.pack("<2H", 0xE0, 20), struct.pack("<H", number)
    data = old_book(
        lambda whole: re.sub(
            b"(" + re.escape(style) + b"..)..", rb"\g<1>" + format_number, whole, flags=re.DOTALL
        )
    )
    assert texts(read_document(data)) == [[["科目", "金额"], ["教育支出", printed]]]


def test_names_of_streams_are_compared_without_regard_to_case() -> None:
    name = "Workbook".encode("utf-16-le")
    capitals = old_book(lambda whole: whole.replace(name, "WORKBOOK".encode("utf-16-le")))
    assert texts(read_document(capitals)) == texts(read_document(old_book()))


def test_a_chain_of_sectors_that_runs_in_a_circle_ends() -> None:
    end, used, free = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    head = struct.pack("<8s16s5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10L", 0, 1, 1, 0, 4096, 2, 1, end, 0, 0) + struct.pack("<L", free) * 108
    chains = struct.pack("<4L", used, end, end, end).ljust(512, b"\xff")
    circle = struct.pack("<L", 0).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int) -> bytes:
        text = name.encode("utf-16-le")
        links = struct.pack("<HBB3L36xLQ", len(text) + 2, kind, 1, free, free, child, start, 512)
        return text.ljust(64, b"\x00") + links

    entries = (entry("Root Entry", 5, 1, 3) + entry("Workbook", 2, free, 0)).ljust(512, b"\x00")
    assert reason(head + chains + entries + circle + bytes(512)) is Reason.OFFICE_DAMAGED


def test_rich_text_needs_the_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert reason(b"{\\rtf1 text}") is Reason.CONVERTER_MISSING


def test_a_converter_that_fails_or_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    converter = tmp_path / "soffice"
    monkeypatch.setattr(shutil, "which", lambda _: str(converter))
    monkeypatch.setattr("ingest.readers.office.converted.LIMITS", replace(LIMITS, converter_seconds=0.5))
    for script in ("echo cannot load; exit 1", "sleep 60 & sleep 60"):
        converter.write_text(f"#!/bin/sh\n{script}\n")
        converter.chmod(0o755)
        assert reason(b"{\\rtf1 text}") is Reason.CONVERTER_FAILED


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_rich_text_is_read_through_the_converter() -> None:
    document = read_document(b"{\\rtf1\\ansi{\\b 2025} budget\\par 1.00\\par}")
    assert texts(document) == ["2025 budget", "1.00"]
    assert document.media_type == "application/rtf"


def spreadsheet() -> bytes:
    """A workbook of one row in the format that ET shares with Excel."""
    made, buffer = xlwt.Workbook(), io.BytesIO()
    sheet = made.add_sheet("一")
    for col, value in enumerate(("合计", 1100.0)):
        sheet.write(0, col, value, xlwt.easyxf(num_format_str="#,##0.00"))
    made.save(buffer)
    return buffer.getvalue()


def word_document(suffix: str, folder: Path) -> bytes:
    """A document of one table, by LibreOffice in the format that WPS shares with Word 97 where ``suffix`` is ``doc``."""
    made = new_word()
    table = made.add_table(1, 2, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("合计", "1,100.00"), strict=True):
        cell.text = text
    made.add_paragraph("注")
    made.save(str(folder / "made.docx"))
    if suffix == "doc":
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "doc", "made.docx"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return (folder / f"made.{suffix}").read_bytes()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize("suffix", ["doc", "docx"])
def test_a_file_of_wps_is_read_by_its_bytes(suffix: str, tmp_path: Path) -> None:
    (tmp_path / "部门预算.wps").write_bytes(word_document(suffix, tmp_path))
    assert texts(read_by_name(tmp_path / "部门预算.wps")) == [[["合计", "1,100.00"]], "注"]


def test_a_file_of_et_is_read_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "部门预算.et").write_bytes(spreadsheet())
    assert texts(read_by_name(tmp_path / "部门预算.et")) == [[["合计", "1,100.00"]]]


def read_by_name(file: Path) -> Document:
    """The document of a file that is found in a folder, as a build finds it."""
    [source] = find_sources([file])
    return read_document(source.read())


def open_document(kind: str, content: str, manifest: str = "", *more: str) -> bytes:
    """An OpenDocument container with this body."""
    names = "office text table"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names.split()
    )
    medium = f"application/vnd.oasis.opendocument.{kind}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", medium)
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces} office:version="1.3"><office:body>{content}</office:body>'
            "</office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<m:file-entry m:full-path="/" m:media-type="{medium}"/>'
            f'<m:file-entry m:full-path="content.xml" m:media-type="text/xml">{manifest}</m:file-entry></m:manifest>',
        )
        for name in more:
            archive.writestr(name, b"")
    return buffer.getvalue()


ROW = "".join(
    f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("合计", "1,100.00")
)
COLUMNS = '<table:table-column table:number-columns-repeated="2"/>'
SHEET = (
    f'<table:table table:name="a">{COLUMNS}{f"<table:table-row>{ROW}</table:table-row>" * 2}</table:table>'
)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
@pytest.mark.parametrize(("kind", "body"), [("text", "text"), ("spreadsheet", "spreadsheet")])
def test_open_documents_are_read_through_the_converter(kind: str, body: str) -> None:
    document = read_document(open_document(kind, f"<office:{body}>{SHEET}</office:{body}>"))
    [table] = document.tables()
    assert [cell.text for cell in table.cells] == ["合计", "1,100.00"] * 2
    assert document.media_type == f"application/vnd.oasis.opendocument.{kind}"


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_a_locked_open_document_or_one_with_macros_is_refused(kind: str) -> None:
    assert reason(open_document(kind, "", "<m:encryption-data/>")) is Reason.OFFICE_ENCRYPTED
    assert reason(open_document(kind, "", "", "Basic/Standard/Module1.xml")) is Reason.OFFICE_MACRO
