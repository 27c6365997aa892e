"""What was recognised on one page, drawn over the page itself.

The page is cut open above each table, and the gap shows what the table was recognised as, so that nothing printed
is hidden. Margins on both sides hold the codes of rows and what the sentences' figures were read as.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont, ImageSequence

from ingest.document.model import Box, Cell, Document, Page, TextLine
from ingest.document.paragraphs import Paragraph, running_lines
from ingest.extraction.extract import Extraction
from ingest.outcomes import DocumentError, Reason
from ingest.views.inspect.kept_out import WHY_NAMES, Drawn, Why, kept_out
from ingest.views.inspect.seen import (
    KIND_NAMES,
    LEAST_CONFIDENCE,
    LOW_CONFIDENCE,
    STATUS_NAMES,
    Kind,
    LinePart,
    SeenPiece,
    claim_says,
    place_on_lines,
    see_prose,
    see_tables,
)

_DPI = 144
_MOST_PIXELS = 16_000_000
_TEXT, _SMALL, _TINY = 20, 16, 14
"""Font sizes in pixels: titles, labels, notes."""
_SPACE = 8
_CUT = 1.5
"""How far above a table, in points, the page is cut, so that the table's upper rule stays with it."""
_NOTE_WIDTH = 420
_GOES_ON = "…"
"""Replaces what a figure was read as, where the figure continues on the next line."""
_NO_FONT = "no font that shows Chinese: install the package pylopdf-fonts-zh-cn"
Colour = tuple[int, int, int]
_BLACK, _GREY, _WHITE = (20, 20, 20), (120, 120, 120), (255, 255, 255)
_GREEN, _RED, _BLUE, _ORANGE = (0, 140, 60), (215, 25, 30), (25, 80, 190), (240, 150, 0)
_COLOURS: dict[Kind, Colour] = {
    Kind.HEADER: (60, 120, 220),
    Kind.CODE: (150, 70, 200),
    Kind.NAME: (235, 180, 20),
    Kind.AMOUNT: (30, 170, 80),
    Kind.BLANK: (170, 225, 190),
    Kind.PART: (90, 190, 190),
    Kind.IGNORED: (150, 150, 150),
    Kind.PROBLEM: (225, 30, 40),
    Kind.TEXT: (255, 255, 255),
    Kind.NO_FORM: (190, 190, 190),
}
_WORDS: dict[str, Colour] = {
    "measure": (0, 110, 50), "fund": (25, 80, 190), "source": (130, 60, 180), "item": (160, 90, 0),
    "balance": (0, 120, 130), "basis": (190, 40, 90), "economic": (110, 110, 0), "funding": (0, 110, 50), "indicator": (160, 90, 0),
}  # fmt: skip
_WORD_NAMES = {
    "measure": "支出类别", "fund": "资金性质", "source": "收入来源", "item": "项目", "balance": "收支结余",
    "basis": "口径", "economic": "经济分类", "funding": "资金", "indicator": "指标",
}  # fmt: skip
_LINE, _RUNNING = (60, 150, 190), (150, 130, 110)
"""The colours of the frames of lines of text, and of those that belong to the page: its number and running heads."""
_KEPT_OUT: dict[Why, Colour] = {
    Why.WATERMARK: (210, 0, 170),
    Why.INVISIBLE: (0, 160, 160),
    Why.OUTSIDE: _GREY,
    Why.CUT_OFF: (90, 90, 200),
    Why.TWICE: (140, 90, 30),
    Why.UNREAD: _RED,
}
_STATUS: dict[str, Colour] = {"read": _GREEN, "set_aside": _GREY, "unread": _RED}


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_font_path()), size)


@cache
def _font_path() -> Path:
    """The font, from the package that also provides the samples' fonts. Raises OSError where it is not installed."""
    try:
        from pylopdf_fonts_zh_cn import sans_path

        path = Path(sans_path())
    except ImportError as error:
        raise OSError(_NO_FONT) from error
    if not path.is_file():
        raise OSError(_NO_FONT)
    return path


def _width(text: str, size: int) -> int:
    return math.ceil(_font(size).getlength(text))


def can_draw(media_type: str) -> bool:
    """Whether a file format's pages can be shown as pictures: PDF and image files."""
    return media_type == "application/pdf" or media_type.startswith("image/")


def page_image(data: bytes, media_type: str, page_no: int) -> Image.Image:
    """The page of a PDF, or the frame of an image file, at about 144 dots per inch. ``page_no`` counts from 1.

    Raises DocumentError: PDF_DAMAGED where the page was read and cannot be drawn.
    """
    if media_type.startswith("image/"):
        with Image.open(io.BytesIO(data)) as opened:
            frame = next(frame for at, frame in enumerate(ImageSequence.Iterator(opened), 1) if at == page_no)
            clear = frame.convert("RGBA")
        clear.thumbnail((int(_MOST_PIXELS**0.5),) * 2)
        on_white = Image.new("RGB", clear.size, _WHITE)
        on_white.paste(clear, mask=clear.getchannel("A"))
        return on_white
    try:
        pdf = pdfium.PdfDocument(data)
        try:
            page = pdf[page_no - 1]
            width, height = page.get_size()
            scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
            shown: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
            return shown
        finally:
            pdf.close()
    except pdfium.PdfiumError as error:
        raise DocumentError(Reason.PDF_DAMAGED, f"page {page_no} cannot be drawn: {error}") from error


@dataclass(slots=True)
class _Gap:
    """A gap in the page at ``top`` (a point on the page, just above its piece), of a height in pixels."""

    top: float
    height: int
    piece: SeenPiece


@dataclass(slots=True)
class _Note:
    """A text beside the page's content: it begins (with ``ends``: ends) at ``x``, in points on the page."""

    top: float
    x: float
    text: str
    colour: Colour
    ends: bool = False


@dataclass(slots=True)
class _Sheet:
    """The page cut open at its gaps: converts points on the page to pixels of the picture."""

    page: Image.Image
    scale: float
    gaps: list[_Gap]
    left: int
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)

    def x(self, point: float) -> int:
        return self.left + round(point * self.scale)

    def y(self, point: float) -> int:
        return round(point * self.scale) + sum(gap.height for gap in self.gaps if gap.top <= point + 0.01)

    def box(self, box: Box) -> tuple[int, int, int, int]:
        """A box in pixels; a gap that opens inside it belongs to what is below it."""
        top, bottom = self.y(box[1]), self.y(box[3] - 0.02)
        return self.x(box[0]), top, self.x(box[2]), bottom


def draw_page(extraction: Extraction, data: bytes, page_no: int) -> Image.Image:
    """A page with what was recognised on it: tables and forms, rows, sentences, and a legend with counts at the bottom."""
    document = extraction.document
    page, scale = seen_page(extraction.document, data, page_no)
    pieces = [piece for piece in see_tables(extraction) if piece.table.page_no == page_no]
    prose = list(_prose_on(extraction, page_no))
    lines = [line for line in document.lines() if line.page_no == page_no]
    running = running_lines(document)
    missing = _missing(extraction, data, page_no)
    notes = [*_row_notes(pieces), *_figure_notes(prose, lines)]
    left = max(
        (_width(note.text, _TINY) - round(note.x * scale) for note in notes if note.ends), default=-_SPACE
    )
    right = max((_length(note) + round(note.x * scale) for note in notes if not note.ends), default=0)
    margins = (max(0, left + _SPACE), max(0, right + _SPACE - page.width))
    gaps = sorted(
        (_gap(piece, scale) for piece in pieces if _top(piece) is not None), key=lambda gap: gap.top
    )
    sheet = _Sheet(page, scale, gaps, margins[0])
    legend = _legend(extraction, page_no, pieces, prose)
    legend[1:1] = _legend_of_text(lines, running, missing)
    width = max(page.width + sum(margins), 900)
    rows = list(_wrap_legend(legend, width))
    below = (len(rows) + 1) * (_TEXT + _SPACE) + _SPACE
    height = max(
        page.height + sum(gap.height for gap in gaps),
        *(_notes_end(sheet, [note for note in notes if note.ends is ends]) for ends in (True, False)),
    )
    sheet.image = Image.new("RGB", (width, height + below), _WHITE)
    _paste_page(sheet)
    for piece in pieces:
        _tint_cells(sheet, piece)
    for each in missing:
        _tint_inside(sheet, each.box, _KEPT_OUT[each.why or Why.UNREAD], 0.3)
    for line in lines:
        if line.ref in running and line.box:
            _tint_inside(sheet, line.box, _RUNNING, 0.25)
    sheet.draw = ImageDraw.Draw(sheet.image)
    for line in lines:
        if line.box:
            colour = _RUNNING if line.ref in running else _LINE
            sheet.draw.rectangle(sheet.box(line.box), outline=colour, width=1)
    for piece in pieces:
        _frame_cells(sheet, piece)
    for gap in gaps:
        _draw_gap(sheet, gap)
    for line in lines:
        _draw_doubt(sheet, line)
    for part, status, text in prose:
        _draw_line_part(sheet, part, status, text)
    _draw_notes(sheet, [note for note in notes if note.ends])
    _draw_notes(sheet, [note for note in notes if not note.ends])
    _draw_legend(sheet, rows, height)
    return sheet.image


def seen_page(document: Document, data: bytes, page_no: int) -> tuple[Image.Image, float]:
    """The page as it was read, turned upright, and its pixels per point.

    Raises DocumentError where it cannot be drawn.
    """
    page = page_image(data, document.media_type, page_no)
    size = _page(document, page_no)
    if size and size.turned:
        page = page.rotate(size.turned, expand=True)
    if size and page.width > (width := round(size.width * _DPI / 72)):
        page = page.resize((width, round(page.height * width / page.width)))
    return page, page.width / size.width if size and size.width else _DPI / 72


def _page(document: Document, page_no: int) -> Page | None:
    return next((page for page in document.pages if page.page_no == page_no), None)


def _length(note: _Note) -> int:
    return min(_NOTE_WIDTH, _width(note.text, _TINY))


def _top(piece: SeenPiece) -> float | None:
    return min((cell.box[1] for cell in piece.cells if cell.box), default=None)


def _left(piece: SeenPiece) -> float:
    return min((cell.box[0] for cell in piece.cells if cell.box), default=0.0)


def _paste_page(sheet: _Sheet) -> None:
    """Copy the page in slices, each moved down by the gaps above it."""
    cuts = [0, *(round(gap.top * sheet.scale) for gap in sheet.gaps), sheet.page.height]
    moved = 0
    for number, (top, bottom) in enumerate(pairwise(cuts)):
        if number:
            moved += sheet.gaps[number - 1].height
        if bottom > top:
            part = sheet.page.crop((0, top, sheet.page.width, bottom))
            sheet.image.paste(part, (sheet.left, top + moved))


def _tint_cells(sheet: _Sheet, piece: SeenPiece) -> None:
    for cell in piece.cells:
        mark = piece.marks.get(cell.ref)
        if mark is None or cell.box is None or mark.kind is Kind.TEXT:
            continue
        box = sheet.box(cell.box)
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        _tint(sheet.image, box, _COLOURS[mark.kind], 0.28)


def _tint_inside(sheet: _Sheet, place: Box, colour: Colour, strength: float) -> None:
    """Tint a box, as far as it lies in the picture."""
    x0, y0, x1, y1 = sheet.box(place)
    box = max(0, x0), max(0, y0), min(sheet.image.width, x1 + 1), min(sheet.image.height, y1 + 1)
    if box[2] > box[0] and box[3] > box[1]:
        _tint(sheet.image, box, colour, strength)


def _tint(image: Image.Image, box: tuple[int, int, int, int], colour: Colour, strength: float) -> None:
    part = image.crop(box)
    image.paste(Image.blend(part, Image.new("RGB", part.size, colour), strength), box[:2])


def _frame_cells(sheet: _Sheet, piece: SeenPiece) -> None:
    for cell in piece.cells:
        if cell.box is None:
            continue
        mark = piece.marks.get(cell.ref)
        colour = _COLOURS[mark.kind] if mark else _GREY
        spans = cell.row_span > 1 or cell.col_span > 1
        edge = colour if mark and mark.kind is not Kind.TEXT else _GREY
        box = sheet.box(cell.box)
        sheet.draw.rectangle(box, outline=_doubt(cell.confidence) or edge, width=2 if spans else 1)
        if spans:
            _corner(sheet, box, f"{cell.row_span}×{cell.col_span}", _BLUE)
        if mark and mark.kind is Kind.PROBLEM and mark.note:
            _corner(sheet, box, mark.note, _RED)
        if (doubt := _doubt(cell.confidence)) and cell.confidence is not None:
            _corner(sheet, box, f"{cell.confidence:.0%}", doubt)


def _corner(sheet: _Sheet, box: tuple[int, int, int, int], text: str, colour: Colour) -> None:
    """Write a tiny text in a cell's lower right corner, where it fits."""
    size = _TINY - 2
    if _width(text, size) < box[2] - box[0]:
        sheet.draw.text((box[2] - 2, box[3] - 1), text, colour, _font(size), anchor="rd")


def _doubt(confidence: float | None) -> Colour | None:
    if confidence is None or confidence >= LOW_CONFIDENCE:
        return None
    return _RED if confidence < LEAST_CONFIDENCE else _ORANGE


def _draw_doubt(sheet: _Sheet, line: TextLine) -> None:
    colour = _doubt(line.confidence)
    if colour and line.box:
        sheet.draw.rectangle(sheet.box(line.box), outline=colour, width=1)


def _gap(piece: SeenPiece, scale: float) -> _Gap:
    """The gap above a piece: a line for its title, and lines for the meanings of its columns."""
    deepest = max((len(lines) for _, _, lines in _column_labels(piece, scale, 0)), default=0)
    return _Gap(max(0.0, (_top(piece) or 0.0) - _CUT), _TEXT + 2 * _SPACE + deepest * (_TINY + 3) + 4, piece)


def _column_labels(
    piece: SeenPiece, scale: float, left: int
) -> Iterator[tuple[int, int, list[tuple[str, Colour]]]]:
    """Per column: its left and right side in pixels and the coloured lines of its label."""
    by_col: dict[int, list[Cell]] = {}
    for cell in piece.cells:
        if cell.col_span == 1 and cell.box:
            by_col.setdefault(cell.col, []).append(cell)
    for column in piece.columns:
        boxes = [cell.box for cell in by_col.get(column.col, []) if cell.box]
        if not boxes:
            continue
        x0 = left + round(min(box[0] for box in boxes) * scale)
        x1 = left + round(max(box[2] for box in boxes) * scale)
        if column.kind is Kind.AMOUNT:
            lines = [
                (value, _WORDS.get(word, _BLACK)) for word, value in column.meanings if word != "neutral"
            ]
        else:
            lines = []
        room = x1 - x0 - 4
        if not lines:
            name = column.kind.value
            lines = [(name if _width(name, _TINY) <= room else "–", _COLOURS[column.kind])]
        yield x0, x1, [(part, colour) for text, colour in lines for part in _fold_word(text, room)]


def _fold_word(text: str, room: int) -> Iterator[str]:
    """A code split at its underscores into lines that fit; a part that is too long is shortened."""
    line = ""
    for part in text.replace("_", "_ ").replace(" ", " \0").split("\0"):
        part = part.replace("_ ", "_")
        if line and _width(line + part, _TINY) > room:
            yield line
            line = ""
        line += part
    while len(line) > 2 and _width(line, _TINY) > room:
        line = line.rstrip("…")[:-1] + "…"
    yield line


def _draw_gap(sheet: _Sheet, gap: _Gap) -> None:
    piece, bottom = gap.piece, sheet.y(gap.top)
    top = bottom - gap.height
    sheet.draw.rectangle((0, top, sheet.image.width, bottom - 1), fill=(246, 247, 250))
    is_form = bool(piece.form or piece.performance)
    has_problem = any(mark.kind is Kind.PROBLEM for mark in piece.marks.values())
    colour = _RED if has_problem else _BLUE if is_form else _GREY
    x = min(sheet.x(_left(piece)), sheet.left + sheet.page.width // 3)
    sheet.draw.text((x, top + _SPACE // 2), piece.title(), colour, _font(_TEXT), anchor="la")
    for x0, x1, lines in _column_labels(piece, sheet.scale, sheet.left):
        y = bottom - 8 - len(lines) * (_TINY + 3)
        sheet.draw.line((x0 + 1, bottom - 3, x1 - 1, bottom - 3), lines[-1][1], 3)
        for text, each in lines:
            sheet.draw.text(((x0 + x1) // 2, y), text, each, _font(_TINY), anchor="ma")
            y += _TINY + 3


def _row_notes(pieces: Iterable[SeenPiece]) -> Iterator[_Note]:
    """The form rows that the registry knows, beside their printed rows; those of the right side, right of the table."""
    for piece in pieces:
        for (row, side), code in piece.line_codes.items():
            cells = [cell.box for cell in piece.cells if cell.row == row and cell.row_span == 1 and cell.box]
            if not cells:
                continue
            middle = (min(box[1] for box in cells) + max(box[3] for box in cells)) / 2
            ends = side != "expenditure" or all(other == side for _, other in piece.line_codes)
            x = min(box[0] for box in cells) - 3 if ends else max(box[2] for box in cells) + 3
            yield _Note(middle - _TINY * 0.4, x, code, _COLOURS[Kind.CODE], ends)


def _figure_notes(prose: list[tuple[LinePart, str, str]], lines: list[TextLine]) -> Iterator[_Note]:
    """What each figure was read as, on the right of all lines."""
    x = max((line.box[2] for line in lines if line.box), default=0.0) + 12
    for part, status, text in prose:
        if text not in ("", _GOES_ON) and part.line.box:
            yield _Note(part.line.box[1], x, text, _STATUS[status])


def _place_notes(sheet: _Sheet, notes: list[_Note]) -> Iterator[tuple[int, _Note, list[str]]]:
    """Draw notes from top to bottom without overlap, each as near to its place as the others allow."""
    free = 0
    for note in sorted(notes, key=lambda note: sheet.y(note.top)):
        y, lines = max(free, sheet.y(note.top)), list(_wrap(note.text, _NOTE_WIDTH, _TINY))
        yield y, note, lines
        free = y + len(lines) * (_TINY + 3) + 2


def _notes_end(sheet: _Sheet, notes: list[_Note]) -> int:
    """Where the last note ends, in pixels."""
    return max(
        (y + len(lines) * (_TINY + 3) + _SPACE for y, _, lines in _place_notes(sheet, notes)), default=0
    )


def _draw_notes(sheet: _Sheet, notes: list[_Note]) -> None:
    for top, note, lines in _place_notes(sheet, notes):
        for number, line in enumerate(lines):
            place = sheet.x(note.x), top + number * (_TINY + 3)
            sheet.draw.text(place, line, note.colour, _font(_TINY), anchor="ra" if note.ends else "la")


def _wrap(text: str, room: int, size: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and _width(longer, size) > room:
            yield line
            longer = f"   {word}"
        line = longer
    yield line


def _prose_on(extraction: Extraction, page_no: int) -> Iterator[tuple[LinePart, str, str]]:
    """The stretches of a page's lines that belong to sentences with figures, as (stretch, status, note); the note is
    the figure's number on the page and what it was read as, or ''."""
    prose = [each for each in see_prose(extraction) if each.sentences]
    number = 0
    placed = place_on_lines(extraction.document, [each.paragraph for each in prose])
    for each, parts in zip(prose, placed, strict=True):
        for start, end, status in each.sentences:
            for part in _stretches(parts, start, end):
                if part.line.page_no == page_no:
                    yield part, status, ""
        for figure in each.figures:
            found = [
                part
                for part in _stretches(parts, figure.start, figure.end)
                if part.line.page_no == page_no and part.line.box
            ]
            number += bool(found)
            said = f"{number}) {figure.claim.figure_text}{figure.claim.unit_text} {claim_says(figure.claim)}"
            for part in found:
                yield part, figure.claim.status, said
                said = _GOES_ON


def _stretches(parts: list[tuple[int, LinePart]], start: int, end: int) -> Iterator[LinePart]:
    """The part of each line that a stretch of a paragraph fills."""
    for offset, part in parts:
        first, last = max(start, offset), min(end, offset + part.end - part.start)
        if first < last:
            move = part.start - offset
            yield LinePart(part.line, part.text, first + move, last + move)


def _draw_line_part(sheet: _Sheet, part: LinePart, status: str, text: str) -> None:
    """Underline a sentence; frame a figure (``text`` is its note), with its note's number above the frame."""
    if part.line.box is None:
        return
    x0, top, x1, bottom = sheet.box(part.line.box)
    first, last = _shares(part)
    start, end = x0 + (x1 - x0) * first, x0 + (x1 - x0) * last
    if text:
        sheet.draw.rectangle((start - 2, top - 2, end + 2, bottom + 2), outline=_STATUS[status], width=2)
    if text not in ("", _GOES_ON):
        number, font, place = text.split(")")[0], _font(_TINY - 2), (end + 3, top - 2)
        sheet.draw.rectangle(sheet.draw.textbbox(place, number, font, anchor="rb"), fill=_WHITE)
        sheet.draw.text(place, number, _STATUS[status], font, anchor="rb")
    if not text:
        sheet.draw.line((start, bottom + 4, end, bottom + 4), _STATUS[status], 2)


def stretch_boxes(document: Document, paragraph: Paragraph, text: str) -> Iterator[tuple[int, Box]]:
    """Where a stretch of a paragraph's text is printed, line by line: page and box."""
    start = paragraph.text.find(text)
    [parts] = place_on_lines(document, [paragraph])
    for part in _stretches(parts, start, start + len(text)) if start >= 0 else ():
        if part.line.box and part.line.page_no:
            x0, top, x1, bottom = part.line.box
            first, last = _shares(part)
            yield part.line.page_no, (x0 + (x1 - x0) * first, top, x0 + (x1 - x0) * last, bottom)


def _shares(part: LinePart) -> tuple[float, float]:
    """Where a part of a line begins and ends, as shares of the line's width."""
    printed = part.line.text.strip()
    places = _places(printed, part.text)
    whole = _font(_TEXT).getlength(printed) or 1.0
    first = _font(_TEXT).getlength(printed[: places[part.start]]) / whole
    return first, _font(_TEXT).getlength(printed[: places[part.end - 1] + 1]) / whole


def _places(printed: str, squeezed: str) -> list[int]:
    """The position of each character of a squeezed text in the printed text."""
    places, at = [], 0
    for char in squeezed:
        found = printed.find(char, at) if char != " " else at
        at = max(found, at)
        places.append(at)
        at += char != " "
    return places


def _legend(
    extraction: Extraction, page_no: int, pieces: list[SeenPiece], prose: list[tuple[LinePart, str, str]]
) -> list[tuple[str, Colour]]:
    """The words of the legend, each in its colour: kinds of cells, figures of the prose, the page's reader."""
    kinds = Counter(mark.kind for piece in pieces for mark in piece.marks.values())
    figures = Counter(status for _, status, text in prose if text not in ("", _GOES_ON))
    cells = sum(len(piece.cells) for piece in pieces)
    owned = [piece for piece in pieces if piece.form or piece.performance]
    document = extraction.document
    legend = [
        (f"第 page {page_no} / {document.page_count} 页", _BLACK),
        (f"表格 tables {len(pieces)} (已识别 of forms {len(owned)})", _BLACK),
        (f"单元格 cells {cells}", _BLACK),
    ]
    legend += [
        (f"■ {KIND_NAMES[kind]} {kind.value} {kinds[kind]}", _COLOURS[kind])
        for kind in Kind
        if kinds[kind] and kind is not Kind.TEXT
    ]
    legend += [(f"□ {STATUS_NAMES[status]} {figures[status]}", colour) for status, colour in _STATUS.items()]
    words = {
        word
        for piece in pieces
        for column in piece.columns
        for word, _ in column.meanings
        if column.kind is Kind.AMOUNT
    }
    legend += [
        (f"━ 栏 column: {_WORD_NAMES[word]} {word}", colour)
        for word, colour in _WORDS.items()
        if word in words
    ]
    if any(piece.line_codes for piece in pieces):
        legend.append(("行 line of the form (表外 beside the table)", _COLOURS[Kind.CODE]))
    if any(cell.row_span > 1 or cell.col_span > 1 for piece in pieces for cell in piece.cells):
        legend.append(("2×1 合并单元格 merged: rows × columns", _BLUE))
    if page := _page(extraction.document, page_no):
        sure = f", 置信度 confidence {page.confidence:.0%}" if page.confidence is not None else ""
        legend.append((f"读取 read by {page.reader}{sure}{f' ({page.note})' if page.note else ''}", _BLACK))
    if any(_doubt(each.confidence) for each in _texts(extraction, page_no)):
        legend.append((f"□ 置信度低于 OCR below {LOW_CONFIDENCE:.0%}", _ORANGE))
        legend.append((f"□ 置信度低于 OCR below {LEAST_CONFIDENCE:.0%}", _RED))
    return legend


def _missing(extraction: Extraction, data: bytes, page_no: int) -> list[Drawn]:
    """What the page draws and no text of it holds; nothing of pictures, which have no characters."""
    page = _page(extraction.document, page_no)
    if page is None or page.reader == "ocr" or extraction.document.media_type != "application/pdf":
        return []
    return kept_out(data, page_no, (page.width, page.height), _texts(extraction, page_no))


def _legend_of_text(
    lines: list[TextLine], running: set[str], missing: list[Drawn]
) -> list[tuple[str, Colour]]:
    """The words of the legend for lines, running heads and what was kept out."""
    heads = sum(line.ref in running for line in lines)
    legend = [(f"□ 行 lines {len(lines) - heads}", _LINE)]
    if heads:
        legend.append((f"■ 页眉页脚页码 running heads, page numbers {heads}", _RUNNING))
    counts = Counter(each.why or Why.UNREAD for each in missing)
    legend += [
        (f"■ {WHY_NAMES[why]} {why.value} {counts[why]}", _KEPT_OUT[why]) for why in Why if counts[why]
    ]
    return legend


def _texts(extraction: Extraction, page_no: int) -> Iterator[TextLine | Cell]:
    for block in extraction.document.blocks:
        if block.page_no == page_no:
            if isinstance(block, TextLine):
                yield block
            else:
                yield from block.cells


def _wrap_legend(legend: list[tuple[str, Colour]], width: int) -> Iterator[list[tuple[int, str, Colour]]]:
    row: list[tuple[int, str, Colour]] = []
    x = _SPACE
    for text, colour in legend:
        length = _width(text, _SMALL)
        if row and x + length > width - _SPACE:
            yield row
            row, x = [], _SPACE
        row.append((x, text, colour))
        x += length + 3 * _SPACE
    yield row


def _draw_legend(sheet: _Sheet, rows: list[list[tuple[int, str, Colour]]], top: int) -> None:
    sheet.draw.line((0, top, sheet.image.width, top), _BLACK, 2)
    for number, row in enumerate(rows):
        for x, text, colour in row:
            y = top + _SPACE + number * (_TEXT + _SPACE)
            sign = 1 if text[0] in "■□━" else 0
            sheet.draw.text((x, y), text[:sign], colour, _font(_SMALL))
            rest = _BLACK if sign else colour
            sheet.draw.text((x + _width(text[:sign], _SMALL), y), text[sign:], rest, _font(_SMALL))
