"""The fast way to read a PDF gives what pdfplumber's characters and rules give, or leaves the file to pdfplumber and says why;
both give what pdfplumber itself reads, except where that is not what is printed."""

from __future__ import annotations

import math
import zlib
from io import BytesIO

import pdfplumber
import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.document.model import Document, Page, TextLine
from ingest.outcomes import DocumentError, Reason
from ingest.readers.pdf import reader
from ingest.readers.pdf.pdfium_page import FastPages
from ingest.readers.pdf.reader import read_pdf
from ingest.readers.pdf.streams import fault_of
from ingest.readers.scan.beside import settled
from ingest.readers.scan.print import is_misnamed
from tests import plumber_witness
from tests.same_document import differences
from tests.unit.pdfs import pdf


def text(words: str, x: float, y: float, font: str = "Helv", size: float = 10, more: str = "") -> str:
    """A string of a simple font at a place."""
    return f"BT {more} /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({words}) Tj ET\n"


def song(words: str, x: float, y: float, font: str = "Song", size: float = 10) -> str:
    """A string of the CJK font that is not embedded."""
    code = words.encode("utf-16-be").hex()
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm <{code}> Tj ET\n"


def given(letters: str, content: str) -> str:
    """Content for which a mark gives a text."""
    return f"/Span << /ActualText <FEFF{letters.encode('utf-16-be').hex()}> >> BDC {content} EMC\n"


def glyphs(codes: str, x: float, y: float, font: str = "Sketched") -> str:
    """A string of glyphs by their codes."""
    return f"BT /{font} 10 Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET\n"


def grid(
    xs: tuple[float, ...] = (50, 150, 250, 350), ys: tuple[float, ...] = (100, 120, 140, 160), how: str = "S"
) -> str:
    """Rules at these places."""
    lines = [f"{x} {ys[0]} m {x} {ys[-1]} l {how}" for x in xs]
    lines += [f"{xs[0]} {y} m {xs[-1]} {y} l {how}" for y in ys]
    return "\n".join(lines) + "\n"


def turned(words: str, degrees: float, x: float, y: float) -> str:
    """A string that leans by an angle."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return f"BT /Helv 10 Tf {cos:.6f} {sin:.6f} {-sin:.6f} {cos:.6f} {x} {y} Tm ({words}) Tj ET\n"


CELLS = "".join(
    text(f"{col}{row}.{col}5", 55 + 100 * col, 105 + 20 * row) for row in range(3) for col in range(3)
)
TABLE = grid() + CELLS
OPEN_ROW = "".join(f"{x} 100 m {x} 80 l S\n" for x in (50, 150, 250, 350)) + text("cut", 55, 85)
"""The sides of a row that continues on another page."""
ONE_ROW = (
    "".join(f"{x} 60 m {x} 40 l S\n" for x in (50, 150, 250, 350))
    + text("head", 55, 45)
    + text("more", 255, 45)
)
"""The sides of a row that hang from one rule: what a page break leaves of a table that begins at the foot of a page."""
TITLE = text("A title above, and a line", 60, 200) + song("部门收支总表", 60, 220)
FRAME = {
    "Inner": ("/Matrix [0.5 0 0 0.5 20 30]", TABLE + TITLE),
    "Outer": ("/Matrix [1 0 0 1 10 -5]", "q 1.2 0 0 1.2 3 4 cm /Inner Do Q " + text("outer", 20, 280)),
}

SONG_TURNED = pdf(f"q 0 1 -1 0 400 0 cm {TABLE}{TITLE} Q", media="0 0 400 400", page="/Rotate 90")
SURE = {
    "plain": pdf(TABLE + TITLE),
    "radicals named for ideographs": pdf(TABLE + song("部⻔收⽀总表", 60, 220) + song("⼀⻚∕", 300, 105)),
    "fonts in turn": pdf(
        TABLE + "BT /Song 10 Tf 60 220 Td [<5E745EA6> -2000 <51B37B97>] TJ ET " + text("2024", 80, 220)
    ),
    "compressed": pdf(TABLE + TITLE, pack=zlib.compress),
    "rotated 90": pdf(TABLE + TITLE, page="/Rotate 90"),
    "rotated 180": pdf(TABLE + TITLE, page="/Rotate 180"),
    "rotated 270": pdf(TABLE + TITLE, page="/Rotate 270"),
    "rotated -90": pdf(TABLE + TITLE, page="/Rotate -90"),
    "rotated 90 back by its matrix": pdf(
        f"q 0 1 -1 0 400 0 cm {TABLE} Q", media="0 0 400 400", page="/Rotate 90"
    ),
    "turned text": pdf(
        TABLE
        + "BT /Helv 10 Tf 0 1 -1 0 30 100 Tm (upwards) Tj ET BT /Helv 10 Tf 0 -1 1 0 380 200 Tm (downwards) Tj ET BT /Helv 10 Tf -1 0 0 -1 200 250 Tm (on its head) Tj ET"
    ),
    "media box moved": pdf(TABLE + TITLE, media="20 -30 400 300"),
    "media box moved and rotated": pdf(TABLE + TITLE, media="20 -30 400 300", page="/Rotate 90"),
    "crop box": pdf(TABLE + TITLE, page="/CropBox [100 110 300 210]"),
    "crop box and rotated": pdf(TABLE + TITLE, page="/CropBox [100 110 300 210] /Rotate 270"),
    "partly outside": pdf(
        TABLE
        + TITLE
        + text("beyond the right side", 350, 250)
        + text("left", -10, 250)
        + text("below", 50, -4)
        + text("far away", 900, 900)
    ),
    "user unit": pdf(TABLE + TITLE, page="/UserUnit 2"),
    "form": pdf("q /Inner Do Q", forms=FRAME),
    "forms in forms": pdf(TITLE + "q 1 0 0 1 7 130 cm /Outer Do Q /Inner Do", forms=FRAME),
    "form turned": pdf("q 0 1 -1 0 300 0 cm /Inner Do Q", forms=FRAME),
    "form twice": pdf("q /Inner Do Q q 1 0 0 1 150 0 cm /Inner Do Q", forms=FRAME),
    "clipped": pdf("q 60 100 120 100 re W n " + TABLE + TITLE + " Q"),
    "white text": pdf(TABLE + "1 g 1 1 1 rg " + TITLE),
    "outlined text": pdf(
        TABLE + text("only outlines", 60, 200, more="1 Tr") + text("both", 60, 220, more="2 Tr")
    ),
    "dashed": pdf("[3 2] 0 d " + TABLE),
    "dashes drawn one by one": pdf(
        CELLS
        + "".join(f"{x} 160 m {x + 4} 160 l S " for x in range(50, 350, 6))
        + grid(ys=(100, 120, 140))
        + "150 140 m 150 160 l S 50 140 m 50 160 l S 350 140 m 350 160 l S 250 140 m 250 160 l S"
    ),
    "double lines": pdf(TABLE + grid((51.5, 151.5, 251.5, 351.5), (101.5, 121.5, 141.5, 161.5))),
    "lines of many pieces": pdf(
        CELLS
        + "".join(f"50 {y} m 150 {y} l 250 {y} l 350 {y} l S " for y in (100, 120, 140, 160))
        + grid(ys=(100, 160))
    ),
    "coloured cells": pdf(
        "".join(
            f"0.{8 + row} 0.9 1 rg {50 + 100 * col} {100 + 20 * row} 100 20 re f "
            for row in range(2)
            for col in range(3)
        )
        + "0 g "
        + TABLE
    ),
    "coloured cells only": pdf(
        "".join(
            f"0.8 0.9 1 rg {50 + 100 * col} {100 + 20 * row} 99 19 re f "
            for row in range(3)
            for col in range(3)
        )
        + "0 g "
        + CELLS
    ),
    "filled and stroked": pdf(
        "0.9 g 50 100 100 20 re B 150 100 100 20 re b 250 100 100 20 re B* 0 g" + CELLS
    ),
    "thin fills for rules": pdf(
        "".join(f"{x} 100 0.5 60 re f " for x in (50, 150, 250, 350))
        + "".join(f"50 {y} 300 0.5 re f* " for y in (100, 120, 140, 160))
        + CELLS
    ),
    "rectangles turned round": pdf(
        "350 160 -300 -60 re S 50 120 300 20 re S " + "150 160 100 -60 re S " + CELLS
    ),
    "rectangles of lines": pdf(
        "".join(
            f"{50 + 100 * col} {100 + 20 * row} m {150 + 100 * col} {100 + 20 * row} l {150 + 100 * col} {120 + 20 * row} l {50 + 100 * col} {120 + 20 * row} l h S "
            for row in range(3)
            for col in range(3)
        )
        + CELLS
    ),
    "rectangles left open": pdf(
        "".join(
            f"{50 + 100 * col} {100 + 20 * row} m {150 + 100 * col} {100 + 20 * row} l {150 + 100 * col} {120 + 20 * row} l {50 + 100 * col} {120 + 20 * row} l S "
            for row in range(3)
            for col in range(3)
        )
        + CELLS
    ),
    "several shapes in a path": pdf("50 100 300 60 re 150 100 100 60 re 50 120 300 20 re S " + CELLS),
    "no rules": pdf(CELLS + TITLE),
    "rules without painting": pdf(grid(how="n") + CELLS),
    "curves": pdf(
        TABLE + "60 200 m 100 280 140 280 180 200 c S 200 200 m 240 280 280 200 v 300 200 320 240 y h f"
    ),
    "rounded frame": pdf(
        CELLS
        + grid(ys=(120, 140))
        + "60 100 m 340 100 l 350 100 350 100 350 110 c 350 150 l 350 160 350 160 340 160 c 60 160 l 50 160 50 160 50 150 c 50 110 l 50 100 50 100 60 100 c S"
    ),
    "slanting lines": pdf(TABLE + "50 100 m 150 160 l S 300 200 m 350 200.4 l S 50 200 m 50.3 280 l S"),
    "open at the sides": pdf(
        grid(xs=(150, 250), ys=(100, 120, 140, 160))
        + "".join(f"50 {y} m 350 {y} l S " for y in (100, 120, 140, 160))
        + CELLS
    ),
    "two tables": pdf(
        TABLE + grid(ys=(200, 220, 240)) + text("7,000.00", 60, 205) + text("second", 160, 225)
    ),
    "merged cells": pdf(
        "50 100 300 60 re S 50 140 m 350 140 l S 150 100 m 150 140 l S 150 120 m 350 120 l S 250 120 m 250 160 l S"
        + CELLS
    ),
    "char and word spacing": pdf(
        TABLE
        + text("spaced out", 60, 200, more="4 Tc")
        + text("one two three", 60, 220, more="12 Tw")
        + text("tight", 60, 240, more="-1 Tc")
    ),
    "stretched": pdf(
        TABLE + text("half as wide", 60, 200, more="50 Tz") + text("twice", 60, 220, more="200 Tz")
    ),
    "kerned": pdf("BT /Helv 10 Tf 60 200 Td [(12) -400 (34) 120 (5) -2000 (far)] TJ ET " + TABLE),
    "blanks": pdf(text("  leading", 60, 200) + text("   ", 60, 220) + text("a  b   c ", 60, 240) + TABLE),
    "negative size": pdf(TABLE + "BT /Helv -10 Tf 1 0 0 -1 60 200 Tm (mirrored twice) Tj ET"),
    "mirrored": pdf(
        TABLE
        + "BT /Helv 10 Tf 1 0 0 -1 60 200 Tm (upside) Tj ET BT /Helv 10 Tf -1 0 0 1 260 220 Tm (leftwards) Tj ET"
    ),
    "scaled by the matrix": pdf(
        "q 0.1 0 0 0.1 0 0 cm BT /Helv 100 Tf 600 2000 Td (small) Tj ET Q BT /Helv 1 Tf 12 0 0 12 60 220 Tm (big) Tj ET "
        + TABLE
    ),
    "CJK not embedded": pdf(
        TABLE
        + song("一般公共预算财政拨款支出，合计：１２３．４５万元", 60, 200)
        + song("ABC 12.5 万元", 60, 220)
    ),
    "Unicode of its own": pdf("BT /Says 10 Tf 60 200 Td <0003000300060003> Tj ET " + TABLE),
    "ligatures": pdf("BT /Says 10 Tf 60 200 Td <00030004000600050003> Tj ET " + TABLE),
    "beyond the first plane": pdf("BT /Says 10 Tf 60 200 Td <000300070003> Tj ET " + TABLE),
    "dashes": pdf(text("- 1-2 -", 60, 216) + text("3,000.00 - ", 60, 228) + TABLE),
    "mixed case of boxes": pdf(
        TABLE + "q 2 0 0 2 0 0 cm 30 100 40 20 re S Q 1 0 0 -1 0 300 cm 60 20 40 20 re S"
    ),
    "lines near each other": pdf(
        "".join(text(f"line {n}", 60 + 40 * n, 200 + 2.9 * n) for n in range(6)) + TABLE
    ),
    "tables whose rules stand nearly below each other": pdf(
        TABLE
        + grid((50, 152, 254, 356), (180, 200, 220))
        + grid((50, 154, 258, 362), (240, 260, 280))
        + text("7,000.00", 60, 185)
        + text("8,000.00", 160, 245)
    ),
    "drawn characters that say what they are": pdf(
        TABLE + glyphs("030506", 60, 200) + glyphs("04", 78, 200) + glyphs("0305", 155, 105)
    ),
    "radicals given as ideographs": pdf(
        TABLE + glyphs("03", 60, 200) + given("一", glyphs("04", 66, 200)) + glyphs("05", 72, 200)
    ),
    "texts given as they are drawn": pdf(TABLE + given("drawn", text("drawn", 60, 200))),
    "a row that hangs from its only rule": pdf(
        TABLE + TITLE + ONE_ROW + "50 60 m 150 60 l S\n150 60 m 350 60 l S\n"
    ),
    "a row that stands on its only rule": pdf(TITLE + ONE_ROW + "50 40 m 350 40 l S\n"),
    "a frame open below": pdf(
        TITLE + "50 60 m 50 40 l S\n350 60 m 350 40 l S\n50 60 m 350 60 l S\n" + text("no", 55, 45)
    ),
    "a row cut open below": pdf(OPEN_ROW + TABLE),
    "a row cut open above": pdf(
        OPEN_ROW.replace("100 m", "160 m").replace("80 l", "185 l").replace(" 85 ", " 170 ") + TABLE
    ),
    "nothing but rules": pdf(grid() + text("x", 10, 10)),
    "italic by its matrix": pdf(TABLE + "BT /Helv 10 Tf 1 0 0.3 1 60 200 Tm (italic) Tj ET"),
    "askew": pdf(TABLE + turned("8,askew", 18, 60, 90)),
    "a pale word across the table": pdf(
        TABLE + "0.75 g " + text("8 COPY 8", 60, 105, size=48) + "0 g " + TITLE
    ),
    "a large pale title": pdf(TABLE + "0.75 g " + text("Accounts", 60, 200, size=30)),
    "leaning a little": pdf(TABLE + turned("leaning", 1.5, 60, 200)),
    "a rule that leans a little": pdf(CELLS + grid(ys=(100, 120, 160)) + "50 140 m 350 140.02 l S "),
    "a paper painted white": pdf("1 g 50 0 300 300 re f 0 g " + TABLE + TITLE),
    "a title on white": pdf("1 g 50 160 300 90 re f 0 g " + TABLE + TITLE),
    "white boxes on a coloured area": pdf(
        "0.2 g 40 90 320 80 re f 1 g "
        + "".join(f"{51 + 100 * col} {101 + 20 * row} 98 18 re f " for row in range(3) for col in range(3))
        + "0 g "
        + CELLS
    ),
    "sizes on one line": pdf(TABLE + text("2025", 60, 200, size=9) + song("年度部门预算", 80, 200, size=18)),
    "a square of two points": pdf("60 200 2 2 re f " + text("a point", 66, 200)),
    "a bar of two points": pdf("60 190 200 2 re f " + text("a head", 66, 200)),
    "fake bold": pdf(TABLE + text("bold title", 60, 200) + text("bold title", 60.3, 200)),
    "the same twice": pdf(TABLE + text("twice", 60, 220) * 2),
    "a character twice": pdf(TABLE + text("12", 60, 200) + text("25", 65.56, 200)),
    "a character twice between others": pdf(TABLE + text("123456", 60, 200) + text("929", 60.2, 200)),
    "divided word": pdf(text("a hyphen-", 60, 240) + text("ated word", 60, 228) + TABLE),
    "accents of a standard font": pdf(TABLE + text("f\\222", 60, 220, "Bold")),
    "encoding of its own": pdf(TABLE + text("ABC", 60, 200, "Moved")),
    "no encoding": pdf(TABLE + text("ABC", 60, 200, "Bare")),
    "text for another": pdf(TABLE + "/Span << /ActualText (other) >> BDC " + text("drawn", 60, 200) + "EMC"),
    "rotated CJK that is not embedded": SONG_TURNED,
    "CJK that is not embedded, one by one": pdf(
        TABLE + "".join(song(letter, 60 + 10 * n, 200) for n, letter in enumerate("部门预算"))
    ),
}
JUDGED = {
    "negative size": "mirrored text, nonsense in both",
    "mirrored": "mirrored text, nonsense in both",
    "askew": "what leans is a watermark or a stamp",
    "a pale word across the table": "what is large and pale and stands across others is a watermark",
    "a rule that leans a little": "a rule may lean by what arithmetic leaves",
    "a paper painted white": "white on white is not seen",
    "rounded frame": "three texts of a row are not those of one cell",
    "a title on white": "white on white is not seen",
    "sizes on one line": "one base line is one line",
    "fake bold": "drawn twice is printed once",
    "the same twice": "drawn twice is printed once",
    "a character twice": "drawn twice is printed once",
    "a character twice between others": "drawn twice is printed once",
    "numbers with exponents": "pdfplumber takes 1e-17 for 1",
    "packed numbers with exponents": "pdfplumber takes 1e-17 for 1",
    "numbers with exponents in a form": "pdfplumber takes 1e-17 for 1",
}
"""Cases in which pdfplumber reads something other than what is printed, and why."""

MISREAD = {
    "damaged stream": (
        pdf(TABLE + TITLE, pack=lambda content: zlib.compress(content)[:-30]),
        "a stream is damaged",
    ),
    "damaged in the middle": (
        pdf(
            TABLE + TITLE,
            pack=lambda content: zlib.compress(content)[:150] + b"?" + zlib.compress(content)[151:],
        ),
        "a stream is damaged",
    ),
    "numbers with exponents": (
        pdf(f"1 1e-17 -1E-17 1 0 0 cm {TABLE}{TITLE}"),
        "a number is written with an exponent",
    ),
    "packed numbers with exponents": (
        pdf(f"1 1e-17 -1E-17 1 0 0 cm {TABLE}{TITLE}", pack=zlib.compress),
        "a number is written with an exponent",
    ),
    "numbers with exponents in a form": (
        pdf("/Inner Do", forms={"Inner": ("", f"1 1e-17 -1E-17 1 0 0 cm {TABLE}{TITLE}")}),
        "a number is written with an exponent",
    ),
}
"""What pdfium opens and would misread, and why."""


@pytest.mark.parametrize("case", SURE)
def test_the_fast_way_gives_what_pdfplumber_gives(case: str) -> None:
    fast = read_pdf(SURE[case])
    assert differences(fast, read_pdf(SURE[case], is_fast=False)) == []
    assert [(page.reader, page.note) for page in fast.pages] == [("pdfium", None)]


@pytest.mark.parametrize("case", [*SURE, *MISREAD])
def test_pdfplumber_itself_reads_the_same_but_where_it_is_judged_wrong(case: str) -> None:
    data = SURE[case] if case in SURE else MISREAD[case][0]
    found = differences(read_pdf(data), plumber_witness.read_pdf(data), has_line_boxes=False)
    assert bool(found) == (case in JUDGED), found


def texts_of(data: bytes) -> tuple[list[str], list[list[str]]]:
    """The lines of a page, and its tables' cells."""
    read = read_pdf(data)
    return [line.text for line in read.lines()], [
        [cell.text for cell in table.cells] for table in read.tables()
    ]


WHOLE = texts_of(SURE["plain"])


@pytest.mark.parametrize(
    "case",
    [
        "askew",
        "a pale word across the table",
        "a rule that leans a little",
        "a paper painted white",
        "a title on white",
        "white boxes on a coloured area",
        "numbers with exponents",
        "numbers with exponents in a form",
    ],
)
def test_what_is_not_print_changes_no_cell(case: str) -> None:
    data = SURE[case] if case in SURE else MISREAD[case][0]
    assert texts_of(data)[1] == WHOLE[1]


def test_text_that_is_not_painted_is_not_print() -> None:
    """Below a picture stands what another OCR read of it, and text may only cut off what is painted later."""
    hidden = text("9", 140, 125, more="3 Tr") + text("printed below a scan", 60, 200, more="3 Tr")
    assert texts_of(pdf(TABLE + hidden + text("clips", 60, 220, more="7 Tr")))[1] == WHOLE[1]
    outlined = pdf(TABLE + text("only outlines", 60, 200, more="1 Tr"))
    assert texts_of(outlined)[0] == ["only outlines"]


def test_a_row_that_a_page_break_cuts_is_what_is_seen_of_it() -> None:
    """The first line of the row is above the page, half of its second one under the head, which it does not reach."""
    heads = text("Item", 60, 147) + text("Sum", 160, 147)
    row = text("0101", 60, 148) + text("all", 60, 137) + text("1.00", 160, 137) + text("of it", 60, 125)
    rules = grid(xs=(50, 150, 250), ys=(160, 140, 120))
    cut = pdf(rules + heads + "q 50 120 200 20 re W n " + row + "Q ")
    assert texts_of(cut)[1] == [["Item", "Sum", "all\nof it", "1.00"]]
    whole = pdf(rules + heads + "q 50 100 200 80 re W n " + text("1.00", 160, 125) + "Q ")
    assert texts_of(whole)[1] == [["Item", "Sum", "", "1.00"]]


def test_what_is_large_and_pale_by_itself_is_print() -> None:
    assert texts_of(SURE["a large pale title"])[0] == ["Accounts"]


def test_text_is_one_line_by_its_base_line_whatever_its_size() -> None:
    assert texts_of(SURE["sizes on one line"])[0] == ["2025年度部门预算"]


@pytest.mark.parametrize("descent", [-120, -500, -1049, 0])
def test_what_a_font_claims_to_reach_below_its_line_changes_nothing(descent: int) -> None:
    names = "".join(song(f"科目{row}号", 55, 105 + 20 * row) for row in range(3))
    amounts = "".join(text(f"{row},000.00", 155, 105 + 20 * row) for row in range(3))
    title = text("2025", 60, 200, size=16) + song("年部门预算", 96, 200, size=16)
    data = pdf(grid(xs=(50, 150, 250)) + names + amounts + title)
    claimed = data.replace(b"/Descent -120 ", f"/Descent {descent} ".encode())
    assert texts_of(claimed) == (
        ["2025年部门预算"],
        [["科目2号", "2,000.00", "科目1号", "1,000.00", "科目0号", "0,000.00"]],
    )


def test_the_ends_of_a_text_wider_than_its_cell_are_not_the_next_cells() -> None:
    """Ten points a character: the first head begins in the middle of the last column, the figures keep to theirs."""
    heads = song("预算数", 60, 145) + song("支出经济分类科目", 143, 145) + song("金额", 260, 145)
    figures = text("1.00", 60, 125) + text("22.00", 160, 125) + text("333.00", 260, 125)
    whole = pdf(grid(xs=(50, 150, 210, 350), ys=(160, 140, 120)) + heads + figures)
    assert texts_of(whole)[1] == [["预算数", "支出经济分类科目", "金额", "1.00", "22.00", "333.00"]]


def test_a_text_of_which_much_stands_in_another_cell_is_divided_as_it_is_ruled() -> None:
    heads = song("支出经济分类科目", 115, 145) + text("1.00", 60, 125) + text("2.00", 160, 125)
    whole = pdf(grid(xs=(50, 150, 250), ys=(160, 140, 120)) + heads)
    assert texts_of(whole)[1] == [["支出经", "济分类科目", "1.00", "2.00"]]


@pytest.mark.parametrize("offset", [0.3, 0.5, 1.0])
def test_what_is_drawn_twice_to_look_bold_is_read_once(offset: float) -> None:
    words = "Budget 2025, 1,100.00 all"
    data = pdf(TABLE + text(words, 60, 200, size=12) + text(words, 60 + offset, 200, size=12))
    assert texts_of(data) == ([words], WHOLE[1])


def test_outlines_that_make_letters_bold_are_not_rules() -> None:
    curves = "0.3 w 70 200 m " + "70 202 72 203 71 201 c " * 9 + "S "
    outline = "60.5 200 7 8 re S 60.5 204 m 67.5 204 l S "
    data = pdf(TABLE + text("Budget", 60, 200, size=12) + curves + outline)
    assert texts_of(data) == (["Budget"], WHOLE[1])
    assert len(texts_of(pdf(TABLE + text("Budget", 60, 200, size=12) + outline))[1]) == 2


def test_a_page_whose_text_names_other_characters_is_read_by_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    record = Page(1, 595, 842, "ocr", confidence=0.99)
    found = [TextLine("2025年度部门预算", "p1l1", 1, 1)]
    monkeypatch.setattr(reader, "_begin_scan", lambda *_, **how: settled((found, record)) if how else None)
    data = pdf(text("\\320\\0331\\360\\343 2025 1.00", 60, 200))
    read = read_pdf(data)
    assert [line.text for line in read.lines()] == ["2025年度部门预算"]
    assert read.pages[0].note == "the text names other characters than are printed"
    assert read.printed == {}


@pytest.mark.parametrize(
    ("printed", "is_wrong"), [("一、部门概况", False), ("Ð1部门概况 ÿ", True), ("± 5 × 3 °C, wàn", False)]
)
def test_letters_with_accents_among_ideographs_are_wrong_names(printed: str, is_wrong: bool) -> None:
    assert is_misnamed(printed) == is_wrong


@pytest.mark.parametrize("case", ["a square of two points", "a bar of two points"])
def test_a_bar_is_no_table(case: str) -> None:
    lines, tables = texts_of(SURE[case])
    assert (len(lines), tables) == (1, [])


@pytest.mark.parametrize("case", ["a row cut open below", "a row cut open above"])
def test_a_row_without_its_outer_rule_is_a_row_of_the_table(case: str) -> None:
    [table] = read_pdf(SURE[case]).tables()
    assert table.row_count == 4
    assert "cut" in [cell.text for cell in table.cells]


@pytest.mark.parametrize(
    "case", ["a row that hangs from its only rule", "a row that stands on its only rule"]
)
def test_a_row_with_one_rule_is_a_table(case: str) -> None:
    *_, table = read_pdf(SURE[case]).tables()
    assert [cell.text for cell in table.cells] == ["head", "", "more"]


def test_a_frame_that_is_open_is_no_table() -> None:
    assert not list(read_pdf(SURE["a frame open below"]).tables())


def test_radicals_are_read_as_ideographs() -> None:
    """A font draws both with one glyph; programs that map glyphs back to characters name the wrong one."""
    read = read_pdf(SURE["radicals named for ideographs"])
    assert [line.text for line in read.lines()] == ["部门收支总表"]
    assert any(cell.text.endswith("一页／") for table in read.tables() for cell in table.cells)


@pytest.mark.parametrize("case", MISREAD)
def test_what_pdfium_would_misread_pdfplumber_reads(case: str) -> None:
    data, fault = MISREAD[case]
    read = read_pdf(data)
    assert differences(read, read_pdf(data, is_fast=False)) == []
    assert [(page.reader, page.note) for page in read.pages] == [("pdfplumber", fault)]


def test_streams_without_an_end_are_looked_through_once() -> None:
    hostile = b"%PDF-1.7\n" + b"1 0 obj <<>> stream\n" * 100_000
    assert fault_of(hostile) is None


def test_a_file_that_pdfium_cannot_open_pdfplumber_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: bytes) -> None:
        raise pdfium.PdfiumError("refused", err_code=3)

    monkeypatch.setattr(pdfium, "PdfDocument", refuse)
    read = read_pdf(SURE["plain"])
    assert [(page.reader, page.note) for page in read.pages] == [
        ("pdfplumber", "pdfium cannot open the PDF: refused")
    ]
    assert [line.text for line in read.lines()] == WHOLE[0]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (text("\\200 \\245 5\\260C", 60, 200), "€ ¥ 5°C"),
        ("BT /Says 10 Tf 60 200 Td <0003000800030008> Tj ET ", "A A"),
        ("BT /Mute 10 Tf 60 200 Td <00030004> Tj ET ", "\ufffd\ufffd"),
        (text("aaa", 60, 200, "Drawn"), "\ufffd\ufffd\ufffd"),
        (song("竖排", 60, 290, "Down"), "竖"),
    ],
)
def test_pdfium_reads_every_font_and_says_what_it_does_not_know(content: str, line: str) -> None:
    read = read_pdf(pdf(TABLE + content))
    assert next(read.lines()).text == line
    assert [(page.reader, page.note) for page in read.pages] == [("pdfium", None)]


def test_a_page_that_pdfium_cannot_read_is_left_out_with_the_reason() -> None:
    deep = {f"F{n}": ("", f"/F{n + 1} Do") for n in range(20)} | {"F20": ("", text("deep", 60, 200))}
    with pytest.raises(DocumentError, match="nothing is printed"):
        read_pdf(pdf("/F0 Do", forms=deep))


TOFU = text("1,234.50", 55, 200) + glyphs("03", 100, 200)
TOFU += given("算", glyphs("03", 106, 200)) + given("表", glyphs("03", 112, 200))


def test_a_glyph_for_every_letter_is_read_by_the_texts_that_are_given() -> None:
    read = read_pdf(pdf(TABLE + TOFU))
    assert [line.text for line in read.lines()] == ["1,234.50 预算表"]
    assert [page.reader for page in read.pages] == ["pdfium"]


def test_a_page_is_left_out_whose_glyphs_name_other_characters_without_places() -> None:
    with pytest.raises(DocumentError, match="nothing is printed"):
        read_pdf(pdf(TABLE + TOFU + given("合计", glyphs("03", 118, 200))))


def test_tables_one_below_the_other_keep_their_columns() -> None:
    """Rules of three tables, each 2 points beside the last one's, are not one rule."""
    read = read_pdf(SURE["tables whose rules stand nearly below each other"])
    assert [table.col_edges for table in read.tables()] == [
        pytest.approx(edges) for edges in ((50, 154, 258, 362), (50, 152, 254, 356), (50, 150, 250, 350))
    ]


def test_only_a_page_that_draws_more_than_rules_may_be_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(reader, "_begin_scan", lambda _, page_no, *_rest: asked.append(page_no))
    curve = "60 200 m 100 280 140 280 180 200 c S "
    for content, may_be_picture in ((grid(), False), (grid() + curve, True), ("/Gray Do", True)):
        asked.clear()
        with pytest.raises(DocumentError, match="nothing is printed"):
            read_pdf(pdf(content))
        assert bool(asked) == may_be_picture


def test_the_area_of_pictures_is_known() -> None:
    image = "q 200 0 0 100 50 60 cm /Gray Do Q "
    data = pdf(image + "/Inner Do " + TITLE, forms={"Inner": ("/Matrix [0.5 0 0 0.5 0 0]", image)})
    with pdfplumber.open(BytesIO(data)) as plumber, FastPages(data) as fast:
        page = plumber.pages[0]
        area = fast.read(1).picture_area
        assert area == pytest.approx(25_000)
        assert area == pytest.approx(sum(image["width"] * image["height"] for image in page.images))


def test_what_cannot_be_opened_is_refused_as_before() -> None:
    whole = SURE["plain"]
    assert _refusal(b"%PDF-1.7\n" + b"no objects at all " * 40) == Reason.PDF_DAMAGED
    assert _refusal(pdf("")) == Reason.PDF_NO_TEXT
    no_page = whole.replace(b"[3 0 R] /Count 1", b"[     ] /Count 0").replace(
        b"/Type /Page /", b"/Type /None /"
    )
    assert _refusal(no_page) == Reason.PDF_DAMAGED
    assert _refusal(_locked(user="secret")) == Reason.PDF_ENCRYPTED


def test_a_locked_pdf_that_asks_for_no_password_is_read() -> None:
    data = _locked(user="")
    assert differences(read_pdf(data), read_pdf(data, is_fast=False)) == []


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.8, 0.95, 0.99])
def test_a_truncated_pdf_ends_alike_in_both_ways(cut: float) -> None:
    data = SURE["forms in forms"]
    data = data[: int(len(data) * cut)]
    assert _outcome(data, is_fast=True) == _outcome(data, is_fast=False)


def _outcome(data: bytes, is_fast: bool) -> list[str]:
    try:
        return differences(read_pdf(data, is_fast), Document("", []))
    except DocumentError as error:
        return [error.reason]


def _refusal(data: bytes) -> Reason:
    with pytest.raises(DocumentError) as caught:
        read_pdf(data)
    return caught.value.reason


def _locked(user: str) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user, ownerPassword="owner"))
    canvas.drawString(50, 500, "behind a lock")
    canvas.save()
    return out.getvalue()
