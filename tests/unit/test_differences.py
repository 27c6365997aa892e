"""The list of differences names the mechanism of each, and a loss has none."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.document.model import Document, Table, TextLine
from ingest.readers import read_document
from samples.fonts import BODY, register_fonts
from tests.long import list_differences
from tests.long.list_differences import UNEXPLAINED, Tally, compare_file, letters

ROWS = (("项目", "金额"), ("合计", "12.50"))


def _page(has_watermark: bool = False, is_bold: bool = False, overflow: str = "合计") -> bytes:
    """A line and a ruled table of two rows and two columns."""
    register_fonts()
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(400, 300), invariant=1)
    if has_watermark:
        canvas.saveState()
        canvas.setFillGray(0.8)
        canvas.translate(60, 60)
        canvas.rotate(35)
        canvas.setFont(BODY, 40)
        canvas.drawString(0, 0, "部门公开")
        canvas.restoreState()
    canvas.setFont(BODY, 10)
    for shift in (0, 0.3) if is_bold else (0,):
        canvas.drawString(40 + shift, 250, "本年支出预算")
    for row_no, row in enumerate(ROWS):
        for col, text in enumerate(row):
            canvas.rect(40 + 60 * col, 180 - 20 * row_no, 60, 20)
            canvas.drawString(43 + 60 * col, 186 - 20 * row_no, overflow if text == "合计" else text)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _kinds(data: bytes) -> dict[tuple[str, str], int]:
    tally = Tally(2)
    compare_file(data, "page.pdf", 0, tally)
    return {each: count for each, count in tally.counts.items() if each[1] != "same"}


def test_a_page_that_both_read_alike_has_no_difference() -> None:
    tally = Tally(2)
    compare_file(_page(), "page.pdf", 0, tally)
    assert {kind for _, kind in tally.counts} <= {"same", "blanks"}
    assert tally.counts["cell", "same"] == 4
    assert tally.counts["line", "same"] == 1


def test_what_is_kept_out_is_named() -> None:
    assert any(kind == "watermark" for _, kind in _kinds(_page(has_watermark=True)))
    assert any(kind == "drawn twice" for _, kind in _kinds(_page(is_bold=True)))
    wide = _kinds(_page(overflow="一般公共预算支出"))
    for found in (_kinds(_page(has_watermark=True, is_bold=True)), wide):
        assert not [each for each in found if each[1] == UNEXPLAINED]


@pytest.mark.parametrize("what", ["cell", "line"])
def test_a_loss_is_not_explained(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def with_loss(data: bytes) -> Document:
        document = read_document(data)
        for number, block in enumerate(document.blocks):
            if isinstance(block, Table) and what == "cell":
                cells = [replace(cell, text=cell.text.replace("12.50", "2.50")) for cell in block.cells]
                document.blocks[number] = replace(block, cells=cells)
            elif isinstance(block, TextLine) and what == "line":
                document.blocks[number] = replace(block, text="本年预算")
        return document

    monkeypatch.setattr(list_differences, "read_document", with_loss)
    assert (what, UNEXPLAINED) in _kinds(_page())


def test_a_figure_in_another_cell_is_not_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_swap(data: bytes) -> Document:
        document = read_document(data)
        swapped = {"金额": "12.50", "12.50": "金额"}
        document.blocks = [
            replace(
                block,
                cells=[replace(cell, text=swapped.get(cell.text, cell.text)) for cell in block.cells],
            )
            if isinstance(block, Table)
            else block
            for block in document.blocks
        ]
        return document

    monkeypatch.setattr(list_differences, "read_document", with_swap)
    assert ("cell", UNEXPLAINED) in _kinds(_page())


def test_letters_are_compared_as_they_are_meant() -> None:
    assert letters("⽀ 出\n１２") == letters("支出12")
