"""Scanned pages and image files -> Document, by OCR. Knows pictures of pages; nothing about budgets.

A page is turned upright, its red stamps are removed, its printed rules give the tables, and every printed line is cut
out and recognised: inside tables cell by cell, outside line by line. Tables without rules are read as lines. Boxes are
in points of the upright page; the note of a page that had to be turned says so.
"""

from __future__ import annotations

import io
import warnings
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import cv2
import numpy as np
import pypdfium2.raw as raw
from PIL import Image, ImageSequence

from ingest.config import LIMITS
from ingest.document.model import Block, Box, Cell, Document, Page, Table, TextLine
from ingest.outcomes import DocumentError, Reason
from ingest.readers.scan.beside import Beside
from ingest.readers.scan.ink_rules import Grid, Mask, find_grids, find_rules
from ingest.readers.scan.ocr import FIGURE, Picture, Reading, is_well_formed, plain_figure, recognise

_LEAST_SCALE, _USUAL_SCALE, _MOST_SCALE = 150 / 72, 200 / 72, 300 / 72
"""Pixels per point: below the minimum a picture is enlarged; a page without a picture is drawn at the usual value."""
_POOR_SCALE = 90 / 72
"""Pixels per point below which decimal points get lost without a trace; figures of such a picture are not used."""
_MOST_PIXELS = 40_000_000
_A4 = 595.0
"""The assumed width in points of a picture without a stated resolution."""
_MOST_SKEW = 3.0
_TURNED = 0.8
"""The mean confidence below which a page may be turned on its side or upside down."""
_FEW_LETTERS = 3
"""The number of letters in a wide strip below which a page may be turned on its side."""
_LEAST_READABLE = 0.5
"""The mean confidence below which what was read of a page is discarded."""
_STAMP = (40.0, 220.0)
"""The minimum and maximum side of a stamp in points."""
_LEAST_CONTRAST = 18
"""Levels of grey by which ink is darker than the paper around it."""
_MOST_STRIPS = 4_000
"""More printed pieces than a page of small print has: a picture with more is not a scan of a document."""
_TELLING = 12
"""How many strips are used to decide which way up a page is."""
_TALLEST_LINE = 60.0
_LEAST_LETTER = 6.0
"""The height in pixels below which no letter is legible."""
_WIDEST_STROKE, _FLAT = 24.0, 0.4
"""A stroke's maximum width in points, and its maximum height as a fraction of its width."""
_SURE = 0.9
"""The confidence below which a strip is read in two more ways."""
_NARROWER, _SOFTER = 0.88, 0.35
"""For further readings: the width as a fraction of the cut's width, and the blur in points."""
ILLEGIBLE = "〓"
"""Replaces print in a cell that cannot be read: the cell is not blank."""
_SPECK = 1.6
"""The side in points below which ink in a cell is a speck."""

Read = tuple[list[Block], Page]
"""The content of a page and its record."""
Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(slots=True)
class _Strip:
    """One printed run of text: its place, and what was read there."""

    area: Area
    reading: Reading | None = None


@dataclass(slots=True)
class _Sheet:
    """A page's upright picture, with ``scale`` pixels per point.

    ``ink`` is its text without rules, ``paper`` the grey of its paper, ``skew`` the degrees by which it was turned.
    ``cells`` holds the strips of each cell of each grid, ``lines`` those of each line outside grids.
    """

    grey: Picture
    ink: Mask
    grids: list[Grid]
    scale: float
    paper: int
    skew: float = 0.0
    cells: list[list[list[_Strip]]] = field(default_factory=list)
    lines: list[list[_Strip]] = field(default_factory=list)

    def strips(self) -> list[_Strip]:
        """All strips, those of cells first."""
        in_cells = (strip for cells in self.cells for strips in cells for strip in strips)
        return [*in_cells, *(strip for line in self.lines for strip in line)]


def begin_page(beside: Beside[Read], page: Any, page_no: int) -> Future[Read]:
    """Begin to read a page of an open pypdfium2 document by OCR: its lines and tables in reading order.

    The page is drawn at the resolution of its largest picture, within limits.
    """
    own = _own_scale(page)
    scale = drawn_scale(page.get_size(), own)
    drawn = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    return beside.begin(partial(read_picture, np.ascontiguousarray(drawn), scale, page_no, own))


def read_image(data: bytes) -> Document:
    """The pages of an image file (PNG, JPEG, TIFF, BMP, WebP, GIF) as lines and tables.

    Raises DocumentError: IMAGE_DAMAGED, CONTENT_TOO_LARGE for more pixels or pages than a scan has, or
    SCAN_UNREADABLE where no page shows a readable word.
    """
    blocks: list[Block] = []
    pages: list[Page] = []
    media_type = "image/*"
    with Beside[Read]() as beside:
        begun: list[Future[Read]] = []
        for page_no, (told, picture, scale) in enumerate(_frames(data), start=1):
            if page_no > LIMITS.pages:
                raise DocumentError(Reason.CONTENT_TOO_LARGE, f"the image has more than {LIMITS.pages} pages")
            media_type = told or media_type
            begun.append(beside.begin(partial(read_picture, picture, scale, page_no)))
        for each in begun:
            found, page = each.result()
            blocks.extend(found)
            pages.append(page)
    if not blocks:
        raise DocumentError(
            Reason.SCAN_UNREADABLE, f"OCR finds no readable word on the {len(pages)} pages of the image"
        )
    return Document(media_type, blocks, len(pages), pages)


def _frames(data: bytes) -> Iterator[tuple[str | None, Picture, float]]:
    """The frames of an image file: the file's stated kind, the picture, and its pixels per point.

    Raises DocumentError: IMAGE_DAMAGED, or CONTENT_TOO_LARGE.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                for frame in ImageSequence.Iterator(image):
                    yield image.get_format_mimetype(), *_frame_picture(frame)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DocumentError(Reason.CONTENT_TOO_LARGE, f"the image has too many pixels: {error}") from error
    except Exception as error:  # Pillow raises many kinds of errors for damaged bytes
        raise DocumentError(Reason.IMAGE_DAMAGED, f"the image cannot be read: {error!r}") from error


def read_picture(picture: Picture, scale: float, page_no: int, own: float | None = None) -> Read:
    """Read a page's RGB picture of ``scale`` pixels per point: its blocks in reading order and the page's record.

    ``own`` is the scale at which the page was scanned, where the picture is drawn at another.
    """
    if _LEAST_LETTER / scale > _TALLEST_LINE:
        size = picture.shape[1] / scale, picture.shape[0] / scale
        return [], Page(page_no, *size, reader="ocr", note="the picture is too small to show print")
    if int(np.ptp(picture)) <= _LEAST_CONTRAST:
        size = picture.shape[1] / scale, picture.shape[0] / scale
        return [], Page(page_no, *size, reader="ocr", note="nothing is printed")
    is_poor = (own or scale) < _POOR_SCALE
    picture, scale = _sized(picture, scale)
    sheet = _sheet(picture, scale)
    turned = 0
    if sheet.strips() and _is_upended(sheet):
        sheet, turned = _upright(sheet, picture, scale)
    height, width = sheet.grey.shape
    size = width / scale, height / scale
    count = len(sheet.strips())
    if not count:
        return [], Page(page_no, *size, reader="ocr", note="nothing is printed")
    confidence = _sureness(sheet, count) if count <= _MOST_STRIPS else 0.0
    is_readable = confidence >= _LEAST_READABLE
    if is_readable:
        for strip in sheet.strips():
            strip.reading = _confirmed(sheet, strip)
        confidence = _sureness(sheet, count)
    notes = [f"turned by {90 * turned} degrees"] if turned else []
    if not is_readable:
        notes = ["what is printed cannot be read"]
    elif is_poor:
        notes.append("the resolution is too low to tell decimal points")
        _doubt(sheet)
    note = "; ".join(notes) or None
    page = Page(page_no, *size, reader="ocr", note=note, confidence=round(confidence, 4), turned=90 * turned)
    return _blocks(sheet, page_no) if is_readable else [], page


def _upright(sheet: _Sheet, picture: Picture, scale: float) -> tuple[_Sheet, int]:
    """The sheet of a picture that is legible when it is turned, and by how many quarters; the most legible where none is."""
    sheets = {0: sheet}
    for quarters in (1, 3, 2):
        turned = _sheet(np.ascontiguousarray(np.rot90(picture, quarters)), scale)
        if turned.strips() and not _is_upended(turned):
            return turned, quarters
        sheets[quarters] = turned
    best = max(sheets, key=lambda quarters: (_legibility(sheets[quarters]), -quarters))
    return sheets[best], best


def _own_scale(page: Any) -> float | None:
    """The pixels per point of a PDF page's largest picture; None where no picture covers a quarter of it."""
    width, height = page.get_size()
    scale = 0.0
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) > width * height / 4:
            scale = max(scale, max(item.get_px_size()) / max(right - left, top - bottom))
    return scale or None


def drawn_scale(size: tuple[float, float], own: float | None) -> float:
    """The pixels per point at which a page of a size in points is drawn: its own value within limits."""
    width, height = size
    wanted = _USUAL_SCALE if own is None or own < _LEAST_SCALE else min(own, _MOST_SCALE)
    return float(min(wanted, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5))


def _frame_picture(frame: Image.Image) -> tuple[Picture, float]:
    """A frame in RGB on white, and its pixels per point: as stated, else as if the page were A4 wide."""
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        clear = frame.convert("RGBA")
        frame = Image.new("RGB", clear.size, "white")
        frame.paste(clear, mask=clear.getchannel("A"))
    elif frame.mode.startswith("I;16"):
        frame = frame.point(lambda value: value / 256).convert("L")
    picture = np.asarray(frame.convert("RGB"))
    short, long = sorted(picture.shape[:2])
    stated = float(frame.info.get("dpi", (0, 0))[0]) / 72
    is_likely = stated and 200 < short / stated < 1300 and long / stated < 2000
    return picture, stated if is_likely else short / _A4


def _sized(picture: Picture, scale: float) -> tuple[Picture, float]:
    """The picture, scaled to within the limits of resolution."""
    wanted = scale
    if scale < _LEAST_SCALE:
        wanted = _USUAL_SCALE
    elif scale > _MOST_SCALE:
        wanted = _MOST_SCALE
    height, width = picture.shape[:2]
    factor = min(wanted / scale, (_MOST_PIXELS / (width * height)) ** 0.5)
    if abs(factor - 1) < 0.01:
        return picture, scale
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8), scale * factor


def _blocks(sheet: _Sheet, page_no: int) -> list[Block]:
    """The tables and lines of a page whose strips were read, from top to bottom."""
    tables = (
        _table(sheet, grid, found, page_no, number)
        for number, (grid, found) in enumerate(zip(sheet.grids, sheet.cells, strict=True), start=1)
    )
    blocks: list[Block] = [table for table in tables if any(cell.text for cell in table.cells)]
    blocks.extend(_text_lines(sheet, page_no))
    return sorted(blocks, key=lambda block: (block.box or (0, 0, 0, 0))[1])


def _doubt(sheet: _Sheet) -> None:
    """Set the confidence of every figure of a page to 0."""
    for strip in sheet.strips():
        if strip.reading and FIGURE.search(strip.reading.text):
            strip.reading = replace(strip.reading, confidence=0.0)


def _is_upended(sheet: _Sheet) -> bool:
    """Whether the widest strips are read badly, or show little more than single letters: the lines then run another way."""
    count = min(_TELLING, len(sheet.strips()))
    return _sureness(sheet, count) < _TURNED or _legibility(sheet) < _FEW_LETTERS * count


def _legibility(sheet: _Sheet) -> float:
    """How many letters the widest strips show; uncertain ones count little."""
    _sureness(sheet, _TELLING)
    read = (strip.reading for strip in sheet.strips() if strip.reading)
    return sum(
        sorted((len(reading.text) * reading.confidence**2 for reading in read), reverse=True)[:_TELLING]
    )


def _sureness(sheet: _Sheet, count: int) -> float:
    """The mean confidence over the characters of a page's widest strips, which are read if they were not read yet."""
    widest = sorted(sheet.strips(), key=lambda strip: strip.area[0] - strip.area[2])[:count]
    for strip in widest:
        strip.reading = strip.reading or recognise(_cut(sheet, strip.area, 0.15))
    read = [strip.reading for strip in widest if strip.reading]
    letters = sum(len(reading.text) for reading in read)
    return sum(reading.confidence * len(reading.text) for reading in read) / letters if letters else 0.0


def _sheet(picture: Picture, scale: float) -> _Sheet:
    """The picture without red stamps, straightened, with its rules found and painted over."""
    grey = _without_stamps(picture, scale)
    ink = _ink(grey, scale)
    if not ink.any():
        return _Sheet(grey, ink, [], scale, paper=255)
    grey, skew = _straightened(grey, ink)
    ink = _ink(grey, scale) if skew else ink
    across, down = find_rules(ink, scale)
    grids = find_grids(across, down, scale)
    rules = _printed_rules(across, down, grids, scale)
    ink = np.where(rules > 0, np.uint8(0), ink)
    paper = int(np.percentile(grey[::7, ::7], 90))
    sheet = _Sheet(np.where(rules > 0, np.uint8(paper), grey), ink, grids, scale, paper, skew)
    sheet.cells = [[_cell_strips(sheet, cell.box) for cell in grid.cells] for grid in grids]
    sheet.lines = _outside_lines(sheet)
    return sheet


def _without_stamps(picture: Picture, scale: float) -> Picture:
    """The picture in grey; spots of saturated red ink of a stamp's size are replaced by paper."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    red, green, blue = (picture[:, :, band].astype(np.int16) for band in range(3))
    is_red = ((red - np.maximum(green, blue) > 50) & (red > 110)).astype(np.uint8)
    if not is_red.any():
        return grey
    reach = max(3, round(6 * scale))
    joined = cv2.morphologyEx(is_red, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    for number in range(1, count):
        x, y, width, height, _ = stats[number]
        sides = (min(width, height) / scale, max(width, height) / scale)
        if _STAMP[0] <= sides[0] and sides[1] <= _STAMP[1] and sides[1] < 2.5 * sides[0]:
            area = (slice(y, y + height), slice(x, x + width))
            within = labels[area] == number
            grey[area] = np.where(within, np.maximum(grey[area], picture[area][:, :, 0]), grey[area])
    return grey


def _ink(grey: Picture, scale: float) -> Mask:
    """What is darker than the paper around it (255), without specks."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    block = round(15 * scale) | 1
    dark = cv2.adaptiveThreshold(
        smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, _LEAST_CONTRAST
    )
    ink = np.asarray(dark, np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    kept = stats[:, cv2.CC_STAT_AREA] > max(3, round(0.6 * scale * scale))
    kept[0] = False
    return np.where(kept[labels], np.uint8(255), np.uint8(0)) if count > 1 else ink


def _straightened(grey: Picture, ink: Mask) -> tuple[Picture, float]:
    """The picture turned by the small angle (in degrees) at which its rows of ink are sharpest, and the angle."""
    small = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    best, step = 0.0, _MOST_SKEW / 6
    angles = np.arange(-_MOST_SKEW, _MOST_SKEW + step / 2, step)
    while step > 0.02:
        best = float(max(angles, key=lambda angle: _sharpness(small, angle)))
        step /= 4
        angles = best + step * np.arange(-3, 4)
    if abs(best) < 0.03:
        return grey, 0.0
    paper = int(np.percentile(grey[::7, ::7], 90))
    return np.asarray(_turned(grey, best, cv2.INTER_CUBIC, paper), np.uint8), best


def _sharpness(ink: Mask, angle: float) -> float:
    rows = _turned(ink, angle, cv2.INTER_NEAREST, 0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _turned(picture: Picture, angle: float, method: int, around: int) -> Any:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(picture, turn, (width, height), flags=method, borderValue=around)


def _printed_rules(across: Mask, down: Mask, grids: list[Grid], scale: float) -> Mask:
    """The rules to paint over: those on the sides of cells."""
    sides = np.zeros((2, *across.shape), np.uint8)
    reach = max(2, round(1.5 * scale))
    for left, top, right, bottom in (cell.box for grid in grids for cell in grid.cells):
        for y in (top, bottom):
            sides[0, max(0, y - reach) : y + reach + 1, max(0, left - reach) : right + reach] = 255
        for x in (left, right):
            sides[1, max(0, top - reach) : bottom + reach, max(0, x - reach) : x + reach + 1] = 255
    rules = cv2.bitwise_or(cv2.bitwise_and(across, sides[0]), cv2.bitwise_and(down, sides[1]))
    return np.asarray(cv2.dilate(rules, np.ones((3, 3), np.uint8)), np.uint8)


def _cell_strips(sheet: _Sheet, box: Area) -> list[_Strip]:
    """The printed lines of a cell."""
    inset = max(1, round(0.6 * sheet.scale))
    left, top, right, bottom = box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset
    if right <= left or bottom <= top:
        return []
    ink = sheet.ink[top:bottom, left:right]
    if not ink.any():
        return []
    strips = []
    for x0, y0, x1, y1 in _line_areas(ink, sheet.scale):
        if max(x1 - x0, y1 - y0) >= _SPECK * sheet.scale:
            strips.append(_Strip((left + x0, top + y0, left + x1, top + y1)))
    return strips


def _outside_lines(sheet: _Sheet) -> list[list[_Strip]]:
    """The printed lines outside tables, each in runs from left to right."""
    ink = sheet.ink.copy()
    reach = round(1.5 * sheet.scale)
    for grid in sheet.grids:
        ink[
            max(0, grid.tops[0] - reach) : grid.tops[-1] + reach,
            max(0, grid.lefts[0] - reach) : grid.lefts[-1] + reach,
        ] = 0
    lines = []
    for area in _line_areas(ink, sheet.scale):
        runs = [
            run
            for run in _runs_of(ink, area)
            if max(run[2] - run[0], run[3] - run[1]) >= _SPECK * sheet.scale
        ]
        if runs and area[3] - area[1] <= _TALLEST_LINE * sheet.scale:
            lines.append([_Strip(run) for run in runs])
    return lines


def _line_areas(ink: Mask, scale: float) -> list[Area]:
    """The areas of the printed lines in an ink mask, from top to bottom."""
    reach = round(10 * scale)
    joined = cv2.dilate(ink, np.ones((1, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    spots = sorted(
        ((int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:count]),
        key=lambda s: s[1] - s[3],
    )
    lines: list[Area] = []
    for x0, y0, x1, y1 in spots:
        for number, (a0, b0, a1, b1) in enumerate(lines):
            if min(y1, b1) - max(y0, b0) >= 0.5 * (y1 - y0):
                lines[number] = (min(a0, x0), min(b0, y0), max(a1, x1), max(b1, y1))
                break
        else:
            lines.append((x0, y0, x1, y1))
    shrunk = []
    for x0, y0, x1, y1 in _with_strokes(sorted(lines, key=lambda area: area[1]), reach, scale):
        inked = np.flatnonzero(ink[y0:y1, x0:x1].any(axis=0))
        if inked.size:
            shrunk.append((x0 + int(inked[0]), y0, x0 + int(inked[-1]) + 1, y1))
    return shrunk


def _with_strokes(lines: list[Area], reach: int, scale: float) -> list[Area]:
    """The areas of lines, ``reach`` wider than their ink; the flat strokes of single letters (元, 二, 三) are joined to
    what is printed just above or below them."""
    joined: list[Area] = []
    for line in lines:
        if joined and _is_one_letter(joined[-1], line, reach, scale):
            others = joined.pop()
            line = min(others[0], line[0]), others[1], max(others[2], line[2]), max(others[3], line[3])
        joined.append(line)
    return joined


def _is_one_letter(upper: Area, lower: Area, reach: int, scale: float) -> bool:
    widths = [area[2] - area[0] - reach for area in (upper, lower)]
    heights = [area[3] - area[1] for area in (upper, lower)]
    return any(
        width <= _WIDEST_STROKE * scale
        and height <= _FLAT * width
        and min(upper[2], lower[2]) - max(upper[0], lower[0]) > reach
        and lower[1] - upper[3] <= width / 2
        and lower[3] - upper[1] <= 2 * width
        for width, height in zip(widths, heights, strict=True)
    )


def _runs_of(ink: Mask, area: Area) -> Iterator[Area]:
    """A line's area, split at gaps wider than twice its height."""
    x0, y0, x1, y1 = area
    inked = np.flatnonzero(ink[y0:y1, x0:x1].any(axis=0))
    cuts = np.flatnonzero(np.diff(inked) > 2 * (y1 - y0))
    for start, end in zip([0, *(cuts + 1)], [*cuts, len(inked) - 1], strict=True):
        yield x0 + int(inked[start]), y0, x0 + int(inked[end]) + 1, y1


def _confirmed(sheet: _Sheet, strip: _Strip) -> Reading | None:
    """What a strip shows, read again where it shows figures or is uncertain.

    Figures that differ or are cut off get confidence 0. Where a second, larger cut agrees but one reading is uncertain,
    the strip is read in two more ways: narrower and blurred. If all four agree, the highest confidence counts.
    """
    first = strip.reading
    if first is None or not first.text:
        return first
    has_figures = FIGURE.search(first.text) is not None
    if has_figures and _is_cut_off(sheet, strip.area):
        return replace(first, confidence=0.0)
    if not has_figures and first.confidence >= _SURE:
        return first
    second = recognise(_cut(sheet, strip.area, 0.35))
    agreed = _agreed(first, second)
    if not 0 < agreed.confidence < _SURE:
        return agreed
    cut = _cut(sheet, strip.area, 0.25)
    narrow = cv2.resize(cut, None, fx=_NARROWER, fy=1, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(cut, (0, 0), _SOFTER * sheet.scale)
    readings = [first, second, *(recognise(np.asarray(picture, np.uint8)) for picture in (narrow, soft))]
    if len({_content(reading.text) for reading in readings}) > 1:
        return agreed
    return replace(agreed, confidence=max(reading.confidence for reading in readings))


def _content(text: str) -> tuple[str, ...]:
    """A text's letters and figures, without punctuation."""
    figure = plain_figure(text)
    return (figure,) if figure else ("".join(filter(str.isalnum, text)), *FIGURE.findall(text))


def _is_cut_off(sheet: _Sheet, area: Area) -> bool:
    """Whether an area reaches the edge of the paper, which is slanted where the picture was straightened."""
    height, width = sheet.grey.shape
    x0, y0, x1, y1 = area
    slant = abs(np.tan(np.radians(sheet.skew)))
    beside = slant * max(abs(y - height / 2) for y in (y0, y1)) + sheet.scale
    above = slant * max(abs(x - width / 2) for x in (x0, x1)) + sheet.scale
    return bool(min(x0, width - x1) < beside or min(y0, height - y1) < above)


def _agreed(first: Reading, second: Reading) -> Reading:
    """One reading of two: as a plain figure, if it is one, and with confidence 0 where their figures differ."""
    figure, again = plain_figure(first.text), plain_figure(second.text)
    if figure is None:
        is_same = again is None and FIGURE.findall(first.text) == FIGURE.findall(second.text)
        return first if is_same else replace(first, confidence=0.0)
    if figure != again or not is_well_formed(figure):
        return Reading(figure, 0.0)
    return Reading(figure, min(first.confidence, second.confidence))


def _cut(sheet: _Sheet, area: Area, margin: float) -> Picture:
    """The picture of an area with a margin (a fraction of its height) and paper beside it: letters that touch the edge
    are read badly."""
    x0, y0, x1, y1 = area
    high = max(y1 - y0, round(5 * sheet.scale))
    near = max(1, round(0.6 * sheet.scale))
    inner = sheet.grey[max(0, y0 - near) : y1 + near, max(0, x0 - near) : x1 + near]
    rest, beside = max(0, round(margin * high) - near + (high - (y1 - y0)) // 2), round(0.4 * high)
    padded = cv2.copyMakeBorder(inner, rest, rest, beside, beside, cv2.BORDER_CONSTANT, value=sheet.paper)
    return np.asarray(cv2.cvtColor(padded, cv2.COLOR_GRAY2BGR), np.uint8)


def _table(sheet: _Sheet, grid: Grid, found: list[list[_Strip]], page_no: int, table_no: int) -> Table:
    cells = []
    for cell, strips in zip(grid.cells, found, strict=True):
        read = [strip.reading for strip in strips if strip.reading]
        cells.append(
            Cell(
                text="\n".join(reading.text or ILLEGIBLE for reading in read),
                row=cell.row,
                col=cell.col,
                ref=f"p{page_no}t{table_no}r{cell.row + 1}c{cell.col + 1}",
                row_span=cell.row_span,
                col_span=cell.col_span,
                box=_points(cell.box, sheet.scale),
                confidence=_cell_confidence(read),
            )
        )
    return Table(
        cells=_without_lost_points(cells),
        row_count=len(grid.tops) - 1,
        col_count=len(grid.lefts) - 1,
        page_no=page_no,
        box=_points((grid.lefts[0], grid.tops[0], grid.lefts[-1], grid.tops[-1]), sheet.scale),
        has_spans=True,
        col_edges=tuple(x / sheet.scale for x in grid.lefts),
    )


def _without_lost_points(cells: list[Cell]) -> list[Cell]:
    """The cells of a grid; a figure of several digits without a point is doubtful where most of its column have one."""
    columns: dict[int, list[bool]] = defaultdict(list)
    for cell in cells:
        if plain_figure(cell.text):
            columns[cell.col].append("." in cell.text)
    return [
        replace(cell, confidence=0.0)
        if _is_whole(cell.text) and 2 * sum(columns[cell.col]) > len(columns[cell.col])
        else cell
        for cell in cells
    ]


def _is_whole(text: str) -> bool:
    figure = plain_figure(text)
    return figure is not None and "." not in figure and sum(char.isdigit() for char in figure) > 1


def _cell_confidence(read: list[Reading]) -> float | None:
    """The confidence of a cell's least certain line; 0 for figures below each other, since a rule was missed there."""
    if sum(plain_figure(reading.text) is not None for reading in read) > 1:
        return 0.0
    return min((reading.confidence for reading in read), default=None)


def _text_lines(sheet: _Sheet, page_no: int) -> Iterator[TextLine]:
    number = 0
    for strips in sheet.lines:
        read = [(strip.area, strip.reading) for strip in strips if strip.reading and strip.reading.text]
        if not read:
            continue
        number += 1
        areas = [area for area, _ in read]
        yield TextLine(
            text=" ".join(reading.text for _, reading in read),
            ref=f"p{page_no}l{number}",
            page_no=page_no,
            line_no=number,
            box=_points(
                (areas[0][0], min(a[1] for a in areas), areas[-1][2], max(a[3] for a in areas)), sheet.scale
            ),
            confidence=min(reading.confidence for _, reading in read),
        )


def _points(area: Area, scale: float) -> Box:
    left, top, right, bottom = (edge / scale for edge in area)
    return left, top, right, bottom
