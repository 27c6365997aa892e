"""What inspect shows is what the build reads: every figure at its place, in a picture or as text."""

from __future__ import annotations

import io
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from rich.console import Console
from typer.testing import CliRunner

from ingest.cli import app
from ingest.document.model import Document, Page, TextLine
from ingest.document.text import is_amount
from ingest.extraction.extract import Extraction, extract
from ingest.forms.columns import ColumnKind
from ingest.performance.stream import STATEMENTS as PERFORMANCE_STATEMENTS
from ingest.readers import read_document
from ingest.views.inspect import picture, seen
from ingest.views.inspect.kept_out import Why, kept_out
from ingest.views.inspect.picture import draw_page
from ingest.views.inspect.printed import part_name, parts, print_overview, print_part
from ingest.views.inspect.seen import Kind, form_name, place_on_lines, see_prose, see_tables
from samples.documents import KINDS
from samples.fonts import BODY, register_fonts
from samples.media import render
from tests.unit.documents import table


def _written(kind: str, medium: str) -> bytes:
    rng = Random(f"{kind}/{medium}")
    return render(KINDS[kind](rng, kind, "itemised"), medium, rng).content


@pytest.fixture(scope="module")
def budget() -> tuple[bytes, Extraction]:
    data = _written("yuan_budget", "pdf")
    return data, extract(data)


@pytest.fixture(scope="module")
def report() -> tuple[bytes, Extraction]:
    data = _written("performance_report", "html")
    return data, extract(data)


def test_every_amount_of_a_form_is_shown_as_one(budget: tuple[bytes, Extraction]) -> None:
    _, extraction = budget
    pieces = [piece for piece in see_tables(extraction) if piece.form and not piece.performance]
    marks = Counter(mark.kind for piece in pieces for mark in piece.marks.values())
    read = [
        cell
        for form in extraction.forms
        if form.statement_code not in PERFORMANCE_STATEMENTS
        for cell in form.cells
        if cell.source_ref and is_amount(cell.cell_text)
    ]
    assert read
    assert marks[Kind.AMOUNT] + marks[Kind.PART] + marks[Kind.PROBLEM] == len(read)
    assert marks[Kind.PROBLEM] == sum(cell.problem is not None for cell in read)
    shown = {piece.form.form_no for piece in pieces if piece.form}
    assert shown == {
        form.form_no for form in extraction.forms if form.statement_code not in PERFORMANCE_STATEMENTS
    }


def test_every_cell_of_a_performance_form_is_shown_by_its_role(report: tuple[bytes, Extraction]) -> None:
    _, extraction = report
    notes = {ref: mark.note for piece in see_tables(extraction) for ref, mark in piece.marks.items()}
    forms = [form for form in extraction.performance if form.source == "table"]
    rows = [row.cells for form in forms for row in form.funding]
    rows += [row.cells for form in forms for row in form.indicators]
    assert rows
    for cells in rows:
        assert {role: notes[cell.ref] for role, cell in cells.items()} == {role: role for role in cells}


@pytest.mark.parametrize("which", ["budget", "report"])
def test_every_figure_of_the_prose_stands_where_it_is_printed(
    which: str, request: pytest.FixtureRequest
) -> None:
    extraction: Extraction = request.getfixturevalue(which)[1]
    paragraphs = see_prose(extraction)
    figures = [figure for each in paragraphs for figure in each.figures]
    assert figures
    assert Counter(id(figure.claim) for figure in figures) == Counter(id(each) for each in extraction.claims)
    for each, placed in zip(
        paragraphs, place_on_lines(extraction.document, extraction.paragraphs), strict=True
    ):
        covered = sum(part.end - part.start for _, part in placed)
        assert not each.figures or covered == len(each.paragraph.text)
        for offset, part in placed:
            length = part.end - part.start
            assert part.text[part.start : part.end] == each.paragraph.text[offset : offset + length]


def test_a_page_is_drawn_with_its_amounts(budget: tuple[bytes, Extraction]) -> None:
    data, extraction = budget
    pieces = [piece for piece in see_tables(extraction) if piece.form]
    kinds = {piece.table.page_no: {mark.kind for mark in piece.marks.values()} for piece in pieces}
    forms = {page_no for page_no, found in kinds.items() if page_no and Kind.AMOUNT in found}
    for page_no in (1, min(forms), max(forms)):
        plain = picture.page_image(data, "application/pdf", page_no)
        drawn = draw_page(extraction, data, page_no)
        assert drawn.width >= plain.width
        assert drawn.height > plain.height
        greens = sum(count for count, colour in drawn.getcolors(1 << 24) or [] if _is_amount_tint(colour))
        assert (greens > 1000) == (page_no in forms), page_no


def _is_amount_tint(colour: object) -> bool:
    white = Image.new("RGB", (1, 1), "white")
    picture._tint(white, (0, 0, 1, 1), picture._COLOURS[Kind.AMOUNT], 0.28)
    return colour == white.getpixel((0, 0))


def _with_more_than_print() -> bytes:
    """A page with a line, and what is no print: a watermark, hidden, white and bold text, and text beside the paper."""
    register_fonts()
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(400, 300), invariant=1)
    canvas.setFont(BODY, 12)
    canvas.drawString(40, 200, "本年收入100元")
    canvas.drawString(420, 100, "预算")
    canvas.drawString(40, 20, "1")
    for shift in (0, 0.4):
        canvas.drawString(200 + shift, 200, "合")
    canvas.saveState()
    hidden = canvas.beginText(40, 150)
    hidden.setTextRenderMode(3)
    hidden.textOut("部门")
    canvas.drawText(hidden)
    canvas.restoreState()
    canvas.setFillGray(1)
    canvas.drawString(40, 120, "支出")
    canvas.setFillGray(0.8)
    canvas.translate(60, 60)
    canvas.rotate(35)
    canvas.setFont(BODY, 30)
    canvas.drawString(0, 0, "公开")
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def test_what_is_no_print_is_told_by_why_it_is_kept_out() -> None:
    data = _with_more_than_print()
    size = 400.0, 300.0
    lines = [
        TextLine("本年收入100元", "p1l1", 1, box=(40, 88, 130, 103)),
        TextLine("合", "p1l2", 1, box=(200, 88, 213, 103)),
        TextLine("1", "p1l3", 1, box=(40, 270, 46, 283)),
    ]
    found = {each.text: each.why for each in kept_out(data, 1, size, lines)}
    others = {text: why for text, why in found.items() if text != "合"}
    assert others == dict.fromkeys("公开", Why.WATERMARK) | dict.fromkeys(
        "部门支出", Why.INVISIBLE
    ) | dict.fromkeys("预算", Why.OUTSIDE)
    assert found.get("合", Why.TWICE) is Why.TWICE
    unread = {each.text for each in kept_out(data, 1, size, lines[:1]) if each.why is Why.UNREAD}
    assert unread == {"合", "1"}
    assert kept_out(b"%PDF-1.4", 1, size, lines) == []


def test_text_that_is_wider_than_its_cell_is_not_taken_for_unread() -> None:
    narrow = TextLine("本年收入100元", "p1l1", 1, box=(40, 88, 95, 103))
    missing = kept_out(_with_more_than_print(), 1, (400.0, 300.0), [narrow])
    assert {each.text for each in missing if each.why is Why.UNREAD} == {"合", "1"}


def test_the_picture_shows_lines_running_heads_and_what_was_kept_out(
    budget: tuple[bytes, Extraction],
) -> None:
    data = _with_more_than_print()
    document = read_document(data)
    extraction = replace(
        budget[1], document=document, forms=[], performance=[], paragraphs=[], declarations=[], claims=[]
    )
    drawn = draw_page(extraction, data, 1)
    colours = {colour for _, colour in drawn.getcolors(1 << 24) or []}
    assert {picture._LINE, picture._RUNNING} <= colours
    [line, *_, number] = document.lines()
    missing = kept_out(data, 1, (400.0, 300.0), [line, number])
    legend = picture._legend_of_text([line, number], {number.ref}, missing)
    shown = " ".join(text for text, _ in legend)
    for words in ("lines", "水印 watermark 2", "不可见 invisible 4", "页外 outside the page 2"):
        assert words in shown
    assert "not read" not in shown


def test_every_kind_of_column_has_a_colour() -> None:
    assert set(get_args(ColumnKind)) == set(seen._COLUMN_KINDS)


def test_notes_keep_apart_and_inside_the_picture(budget: tuple[bytes, Extraction]) -> None:
    data, _ = budget
    crowded = [
        picture._Note(100.0, 10.0, f"{number}) 1.00万元 expenditure: total · general_public", (0, 0, 0))
        for number in range(200)
    ]
    sheet = picture._Sheet(picture.page_image(data, "application/pdf", 1), 2.0, [], 0)
    ends = 0
    for top, _, lines in picture._place_notes(sheet, crowded):
        assert top >= ends
        ends = top + len(lines) * picture._TINY
    assert picture._notes_end(sheet, crowded) > ends > sheet.page.height


def test_a_scanned_page_is_turned_as_it_was_read_and_its_doubtful_lines_are_framed(
    budget: tuple[bytes, Extraction],
) -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (2400, 1200), (0, 0, 0, 0)).save(stream, "PNG")
    line = TextLine("单位：万元", "p1l1", page_no=1, box=(50.0, 100.0, 150.0, 120.0), confidence=0.5)
    page = Page(1, 300.0, 600.0, "ocr", note="turned by 90 degrees", confidence=0.5, turned=90)
    scan = Document("image/png", [line], page_count=1, pages=[page])
    extraction = replace(
        budget[1], document=scan, forms=[], performance=[], paragraphs=[], declarations=[], claims=[]
    )
    drawn = draw_page(extraction, stream.getvalue(), 1)
    assert 1200 < drawn.height < 1400
    assert drawn.getpixel((100, 220)) == picture._RED
    assert drawn.getpixel((400, 600)) == (255, 255, 255)


@pytest.mark.parametrize("medium", ["html", "utf-8"])
def test_a_document_without_pages_is_printed_part_by_part(medium: str) -> None:
    extraction = extract(_written("performance_report", medium))
    stream = io.StringIO()
    out = Console(file=stream, width=200)
    print_overview(out, extraction)
    for form in extraction.performance:
        assert form_name(form.statement_code) in stream.getvalue()
    for number in range(1, len(parts(extraction.document)) + 1):
        print_part(out, extraction, number)
    printed = stream.getvalue()
    for claim in extraction.claims:
        assert claim.figure_text in printed
    assert printed.count(" → ") == len(extraction.claims)


def test_parts_cover_a_document_and_never_cut_a_table() -> None:
    lines = [TextLine(f"第{number}行", f"L{number}", line_no=number) for number in range(1, 131)]
    document = Document("text/plain", [*lines[:10], table(*(("一", "1"),) * 100), *lines[10:]])
    found = parts(document)
    assert [block for part in found for block in part] == document.blocks
    assert [len(part) for part in found] == [11, 60, 60]


def test_the_sheets_of_a_workbook_are_its_parts() -> None:
    first, third = TextLine("收支总表", "s1!A1"), TextLine("收入表", "s3!A1")
    pages = [Page(number, 0.0, 0.0, "sheet") for number in (1, 2, 3)]
    document = Document("application/x", [first, third], page_count=3, pages=pages)
    assert parts(document) == [[first], [], [third]]
    assert part_name(document) == "sheet"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspect")
    paged = _written("performance_report", "pdf")
    (folder / "report.pdf").write_bytes(paged)
    (folder / "report.txt").write_bytes(_written("performance_report", "utf-8"))
    (folder / "cut.pdf").write_bytes(paged[:2000])
    (folder / "letter.txt").write_bytes("你好，今天天气很好。\n".encode())
    return folder


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (["none.pdf"], 2, "no such file or folder"),
        (["report.pdf", "--page", "99"], 2, "no page 99: the document has"),
        (["report.txt", "--page", "99"], 2, "no part 99: the document has"),
        (["report.pdf", "--form", "99"], 2, "no form 99: the document has"),
        (["report.txt", "--page", "1", "--output", "x.png"], 2, "--output is for the picture of a page"),
        (["cut.pdf"], 1, "PDF_DAMAGED"),
        (["letter.txt", "--page", "1"], 1, "NOT_A_DISCLOSURE"),
        (["."], 1, "IsADirectoryError"),
    ],
)
def test_what_cannot_be_shown_is_said(
    files: Path, arguments: list[str], exit_code: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    result = CliRunner().invoke(app, ["inspect", *arguments])
    assert (result.exit_code, message in result.output) == (exit_code, True), result.output


def test_a_page_is_written_as_png_where_it_is_asked_for(files: Path) -> None:
    output = files / "new" / "page.png"
    result = CliRunner().invoke(
        app, ["inspect", str(files / "report.pdf"), "--page", "1", "--output", str(output)]
    )
    assert result.exit_code == 0, result.output
    assert result.output.replace("\n", "") == str(output)
    with Image.open(output) as written:
        assert written.format == "PNG"


def test_without_a_chinese_font_the_message_says_what_to_install(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture._font.cache_clear()
    picture._font_path.cache_clear()
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    arguments = ["inspect", str(files / "report.pdf"), "--page", "1", "--output", str(files / "no.png")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "pylopdf-fonts-zh-cn" in result.output
    assert not (files / "no.png").exists()
