"""Scans: what is printed on a picture of a page, its confidence, and what is not loaded because of low confidence."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ingest.document.certainty import LEAST_CONFIDENCE
from ingest.document.model import Cell, Document, Table
from ingest.document.paragraphs import Paragraph
from ingest.extraction.certainty import mark_uncertain
from ingest.forms.model import FormCell, RecognisedForm
from ingest.outcomes import DocumentError, Reason
from ingest.readers import read_document
from ingest.readers.scan.ocr import Reading, is_well_formed, plain_figure
from ingest.readers.scan.reader import (
    _agreed,
    _confirmed,
    _is_cut_off,
    _line_areas,
    _Sheet,
    _Strip,
    read_picture,
)
from samples.fonts import BODY, register_fonts
from samples.scan import Scanner, scan_pages, write_scan

ROWS = (
    ("科目编码", "科目名称", "合计"),
    ("2010301", "行政运行", "1,234,567.89"),
    ("", "合计", "1,314,673.49"),
)
LEFTS = (60.0, 130.0, 330.0, 430.0)


def _page() -> bytes:
    """A page with a title, a sentence and a ruled table; as wide as A4, which is what a picture without a
    resolution is taken to be."""
    register_fonts()
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(595, 600), invariant=1)
    canvas.setFont(BODY, 12)
    canvas.drawString(60, 200, "2024年一般公共预算支出表")
    canvas.drawString(60, 180, "本年支出1,314,673.49元，增长5.43%。")
    canvas.setFont(BODY, 9)
    for row_no, row in enumerate(ROWS):
        y = 140 - 20 * row_no
        for left, right, text in zip(LEFTS, LEFTS[1:], row, strict=False):
            canvas.rect(left, y, right - left, 20)
            canvas.drawString(left + 3, y + 6, text)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _texts(document: Document) -> list[list[str]]:
    (table,) = document.tables()
    return [["".join(table.text_at(row, col).split()) for col in range(3)] for row in range(len(ROWS))]


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return next(scan_pages(_page(), Random(1), Scanner(skew=1.0)))


@pytest.mark.parametrize("file_format", ["pdf", "tiff"])
def test_pages_that_are_read_beside_each_other_are_read_as_one_by_one(
    picture: Image.Image, file_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = write_scan(iter([picture, picture.rotate(0.4, fillcolor=250), picture]), file_format)
    read = []
    for share in (1, 3):
        monkeypatch.setattr("ingest.processes.cores._share", share)
        read.append(read_document(scan))
    assert read[0] == read[1]
    assert [page.page_no for page in read[0].pages] == [1, 2, 3]


@pytest.mark.parametrize("noise", [0, 5])
def test_a_blank_page_costs_nothing(noise: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a blank page is read")

    for name in ("recognise", "find_rules", "_straightened"):
        monkeypatch.setattr(f"ingest.readers.scan.reader.{name}", fail)
    grey = np.random.default_rng(1).normal(245, noise, (1400, 1000, 1)).clip(0, 255).astype(np.uint8)
    blocks, page = read_picture(np.repeat(grey, 3, axis=2), 200 / 72, 7)
    assert (blocks, page.note, page.page_no, page.confidence) == ([], "nothing is printed", 7, None)


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF", "GIF"])
def test_an_image_gives_lines_and_ruled_tables(picture: Image.Image, file_format: str) -> None:
    written = io.BytesIO()
    picture.save(written, file_format, dpi=(200, 200))
    document = read_document(written.getvalue())
    assert _texts(document) == [list(row) for row in ROWS]
    assert "".join(line.text for line in document.lines()).replace(",", "，").count("1，314，673.49元") == 1
    assert [page.reader for page in document.pages] == ["ocr"]
    figures = [cell.confidence for table in document.tables() for cell in table.cells if cell.col == 2]
    assert all(confidence is not None and 0.5 < confidence <= 1 for confidence in figures)


@pytest.mark.parametrize("turns", [1, 2])
def test_a_turned_page_is_set_upright_and_says_so(turns: int) -> None:
    scanner = Scanner(dpi=150, turns=turns)
    document = read_document(write_scan(scan_pages(_page(), Random(2), scanner), "pdf", scanner))
    assert _texts(document) == [list(row) for row in ROWS]
    assert document.pages[0].note == f"turned by {360 - 90 * turns} degrees"


def test_a_hidden_text_below_a_picture_is_not_used(picture: Image.Image) -> None:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(595, 600))
    canvas.drawInlineImage(picture, 0, 0, 595, 600)
    text = canvas.beginText(60, 200)
    text.setTextRenderMode(3)
    text.textOut("9,999,999.99 another reading of this page that nobody sees, and of unknown quality")
    canvas.drawText(text)
    canvas.save()
    document = read_document(written.getvalue())
    assert _texts(document) == [list(row) for row in ROWS]
    assert not any("9,999" in line.text for line in document.lines())


def _refused(data: bytes) -> Reason:
    with pytest.raises(DocumentError) as caught:
        read_document(data)
    return caught.value.reason


def test_bad_images_are_refused_with_a_code(picture: Image.Image) -> None:
    written = io.BytesIO()
    picture.save(written, "PNG")
    assert _refused(written.getvalue()[:3000]) == Reason.IMAGE_DAMAGED
    assert _refused(b"\x89PNG\r\n\x1a\n and nothing more") == Reason.IMAGE_DAMAGED
    blank, bomb = io.BytesIO(), io.BytesIO()
    Image.new("L", (600, 800), 255).save(blank, "PNG")
    assert _refused(blank.getvalue()) == Reason.SCAN_UNREADABLE
    Image.new("1", (10_000, 10_000)).save(bomb, "PNG")
    assert _refused(bomb.getvalue()) == Reason.CONTENT_TOO_LARGE


def test_noise_is_no_text() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (300, 400), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(noise).save(written, "PNG")
    assert _refused(written.getvalue()) == Reason.SCAN_UNREADABLE


@pytest.mark.parametrize(
    ("printed", "figure", "is_formed"),
    [
        ("1,234.56", "1,234.56", True),
        ("1.234.56", "1,234.56", True),
        ("1，234。56", "1,234.56", True),
        ("1O3.5", "103.5", True),
        ("12,34", "12,34", False),
        ("1234.5.6", "1234.5.6", False),
        ("OO", None, None),
        ("合计", None, None),
    ],
)
def test_a_figure_is_put_right_only_where_its_digits_tell(
    printed: str, figure: str | None, is_formed: bool | None
) -> None:
    assert plain_figure(printed) == figure
    if figure:
        assert is_well_formed(figure) is is_formed


def test_two_readings_that_differ_in_a_figure_are_in_doubt() -> None:
    assert _agreed(Reading("12.50", 0.99), Reading("12.50", 0.97)).confidence == 0.97
    assert _agreed(Reading("12.50", 0.99), Reading("1250", 0.99)).confidence == 0.0
    assert _agreed(Reading("增加3.5万元", 0.99), Reading("增加35万元", 0.99)).confidence == 0.0
    assert _agreed(Reading("增加3.5万元", 0.99), Reading("增加3.5方元", 0.9)).confidence == 0.99


def _mask(*areas: tuple[int, int, int, int]) -> np.ndarray:
    ink = np.zeros((90, 200), np.uint8)
    for left, top, right, bottom in areas:
        ink[top:bottom, left:right] = 255
    return ink


@pytest.mark.parametrize(
    ("areas", "lines"),
    [
        ([(62, 20, 78, 22), (60, 29, 80, 31), (58, 38, 82, 40)], 1),  # 三
        ([(63, 20, 77, 22), (58, 27, 82, 41), (86, 38, 92, 42)], 1),  # 元。
        ([(60, 20, 70, 36), (60, 44, 70, 60)], 2),  # digits below each other
        ([(60, 20, 80, 40), (62, 55, 78, 57)], 2),  # a dash on the next line
        ([(20, 20, 180, 40), (20, 43, 180, 45)], 2),  # a line and the blank to fill in below it
    ],
)
def test_the_strokes_of_a_lone_letter_are_one_line(
    areas: list[tuple[int, int, int, int]], lines: int
) -> None:
    assert len(_line_areas(_mask(*areas), 2.0)) == lines


def test_a_figure_is_sure_where_four_ways_to_read_it_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.full((60, 200), 255, np.uint8)
    sheet = _Sheet(picture, np.zeros_like(picture), [], 2.0, 255)

    def confidence(first: Reading, *others: Reading) -> float:
        coming = iter(others)
        monkeypatch.setattr("ingest.readers.scan.reader.recognise", lambda _: next(coming))
        confirmed = _confirmed(sheet, _Strip((10, 10, 90, 40), first))
        assert confirmed
        return confirmed.confidence

    unsure, sure, other = Reading("12.50", 0.6), Reading("12.50", 0.97), Reading("12.80", 0.99)
    assert confidence(sure, sure) == 0.97
    assert confidence(unsure, unsure, unsure, sure) == 0.97
    assert confidence(unsure, unsure, unsure, unsure) == 0.6
    assert confidence(unsure, sure, sure, other) == 0.6
    assert confidence(unsure, other) == 0.0
    name, misread = Reading("合计", 0.7), Reading("台计", 0.9)
    assert confidence(name, name, name, Reading("合计", 0.95)) == 0.95
    assert confidence(name, name, name, misread) == 0.7


def test_a_figure_at_the_edge_of_the_paper_may_be_cut_off() -> None:
    picture = np.full((800, 600), 255, np.uint8)
    straight, skewed = (_Sheet(picture, picture, [], 2.0, 255, skew) for skew in (0.0, 2.0))
    assert _is_cut_off(straight, (500, 400, 599, 420))
    assert not _is_cut_off(straight, (500, 700, 590, 720))
    assert _is_cut_off(skewed, (500, 700, 590, 720))
    assert not _is_cut_off(skewed, (500, 390, 590, 410))


def _amount(ref: str, code: str) -> FormCell:
    return FormCell(1, 1, None, "coded", None, None, code, "行政运行", {}, "合计", "1", ref, 1)


def test_uncertain_figures_and_those_of_uncertain_codes_are_marked() -> None:
    low, sure = LEAST_CONFIDENCE - 0.01, LEAST_CONFIDENCE
    cells = [
        Cell("2010301", 0, 0, "a0", confidence=sure), Cell("1", 0, 1, "a1", confidence=sure),
        Cell("2010302", 1, 0, "b0", confidence=sure), Cell("2", 1, 1, "b1", confidence=low),
        Cell("2010303", 2, 0, "c0", confidence=low), Cell("3", 2, 1, "c1", confidence=sure),
    ]  # fmt: skip
    form = RecognisedForm(1, "expenditure", "支出表", "元", 1, 1, 1, None)
    form.cells = [_amount("a1", "2010301"), _amount("b1", "2010302"), _amount("c1", "2010303")]
    mark_uncertain(Document("image/png", [Table(cells, 3, 2)]), [form], [])
    assert [cell.problem for cell in form.cells] == [None, "low_confidence", "low_confidence"]


def test_a_sentence_is_as_sure_as_its_least_sure_line() -> None:
    paragraph = Paragraph("一二。三四五。六。", "p1l1", 1, 1, (), confidences=[(0, 0.9), (4, 0.3), (7, 0.8)])
    assert [sentence.confidence for sentence in paragraph.sentences()] == [0.9, 0.3, 0.8]


def test_a_picture_too_small_for_print_is_not_enlarged(monkeypatch: pytest.MonkeyPatch) -> None:
    def sized(*_: object) -> None:
        raise AssertionError("it was enlarged")

    monkeypatch.setattr("ingest.readers.scan.reader._sized", sized)
    content = io.BytesIO()
    Image.new("RGB", (350, 8), "white").save(content, "PNG")
    with pytest.raises(DocumentError) as refused:
        read_document(content.getvalue())
    assert refused.value.reason is Reason.SCAN_UNREADABLE


_RECOGNISED = """
import numpy
from ingest.readers.scan.ocr import recognise
recognise(numpy.full((48, 200, 3), 255, numpy.uint8))
"""


def test_the_recogniser_reports_to_nobody(tmp_path: Path) -> None:
    """Where its runtime does, it keeps an id of the device and what it is to send in the user's cache."""
    places = {name: str(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", _RECOGNISED], env=environment | places, check=True)
    assert not list(tmp_path.rglob("*"))
