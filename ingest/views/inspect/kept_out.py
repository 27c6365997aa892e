"""What a PDF page draws and no line or cell of it holds: watermarks, what cannot be seen, what is drawn twice.

It is found without the reader: pdfium's own characters are counted off against the texts that were read where they stand.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.document.model import Box, Cell, TextLine
from ingest.document.text import fold
from ingest.readers.page.printed import as_meant
from ingest.readers.page.visible import PALE, WHITE

_LEANING = math.radians(5)
_TWICE = 0.15
"""Ems within which two equal characters are one, drawn twice to look bold."""
_REACH = 1.0
"""Points by which a character's middle may stand outside the box of its text."""
_OVERFLOW = 60.0
"""Points within which the rest of a text that is wider than its cell may stand, and push that of the next on."""
_HANGING = 4.0
"""Points by which a mark may stand above or below the box of its text."""
_LEAST_SHOWN = 0.15
"""The part of a character that must be inside what cuts it off for it to be seen."""
_FINE = 100
"""Parts of a point in which places are asked for."""


class Why(StrEnum):
    """Why a character is in no text."""

    WATERMARK = "watermark"
    INVISIBLE = "invisible"
    OUTSIDE = "outside the page"
    CUT_OFF = "cut off"
    TWICE = "drawn twice"
    UNREAD = "not read"


WHY_NAMES = {
    Why.WATERMARK: "水印", Why.INVISIBLE: "不可见", Why.OUTSIDE: "页外", Why.CUT_OFF: "被裁去",
    Why.TWICE: "重复描印", Why.UNREAD: "未读",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A character that the page draws: its box in points from the upper left corner, and why it may be no print."""

    text: str
    box: Box
    why: Why | None


def kept_out(
    data: bytes, page_no: int, size: tuple[float, float], texts: Iterable[TextLine | Cell]
) -> list[Drawn]:
    """The characters of a page of a PDF that are in none of the ``texts`` read of it; none where it cannot be opened.

    ``size`` is the page's size as it was read.
    """
    drawn = drawn_on(data, page_no, size)
    placed = [(each.box, each.text) for each in texts if each.box]
    owners = _owners(drawn, [box for box, _ in placed])
    left = {number: Counter(_letters(text)) for number, (_, text) in enumerate(placed)}
    found = []
    for each, owner in sorted(zip(drawn, owners, strict=True), key=lambda pair: pair[0].why is not None):
        letters = _letters(each.text)
        if owner >= 0 and all(left[owner][letter] > 0 for letter in letters):
            left[owner].subtract(letters)
        elif each.why:
            found.append(each)
        else:
            found.append(Drawn(each.text, each.box, Why.UNREAD))
    return [each for each in found if each.why is not Why.UNREAD or not _is_in_one_near(each, placed, left)]


def drawn_on(data: bytes, page_no: int, size: tuple[float, float]) -> list[Drawn]:
    """The characters that a page of a PDF draws, blanks left out; none where it cannot be opened."""
    try:
        with closing(pdfium.PdfDocument(data)) as pdf:
            return _drawn(pdf[page_no - 1], size)
    except pdfium.PdfiumError:
        return []


def _is_in_one_near(drawn: Drawn, placed: Sequence[tuple[Box, str]], left: dict[int, Counter[str]]) -> bool:
    """Whether a text beside a character lacks it: texts may be wider than the cells that they belong to."""
    x, y = (drawn.box[0] + drawn.box[2]) / 2, (drawn.box[1] + drawn.box[3]) / 2
    for number, ((x0, y0, x1, y1), _) in enumerate(placed):
        is_near = x0 - _OVERFLOW < x < x1 + _OVERFLOW and y0 - _HANGING < y < y1 + _HANGING
        if is_near and all(left[number][letter] > 0 for letter in _letters(drawn.text)):
            left[number].subtract(_letters(drawn.text))
            return True
    return False


def _letters(text: str) -> str:
    return "".join(fold(as_meant(text)).split())


def _owners(drawn: Sequence[Drawn], boxes: Sequence[Box]) -> list[int]:
    """The number of the box in which each character stands, the smallest where there are several; -1 for none."""
    if not drawn or not boxes:
        return [-1] * len(drawn)
    places = np.array([each.box for each in drawn])
    x, y = ((places[:, :2] + places[:, 2:]) / 2).T[:, :, None]
    left, top, right, bottom = np.array(boxes).T
    inside = (x > left - _REACH) & (x < right + _REACH) & (y > top - _REACH) & (y < bottom + _REACH)
    areas = np.where(inside, (right - left) * (bottom - top), np.inf)
    owners: list[int] = np.where(inside.any(axis=1), areas.argmin(axis=1), -1).tolist()
    return owners


def _drawn(page: pdfium.PdfPage, size: tuple[float, float]) -> list[Drawn]:
    """The characters that the page draws, blanks left out."""
    width, height = page.get_size()
    stretch = size[0] / width, size[1] / height
    found: list[Drawn] = []
    before: dict[str, list[Box]] = {}
    clips: dict[int, Box] = {}
    with closing(page.get_textpage()) as text_page:
        for number in range(text_page.count_chars()):
            code = raw.FPDFText_GetUnicode(text_page, number)
            text = chr(code) if 0x20 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
            if not text.strip() or raw.FPDFText_IsGenerated(text_page, number) == 1 or code == 0xFFFE:
                continue
            sides = text_page.get_charbox(number, loose=False)
            box = _box(page, sides, (width, height), stretch)
            why = _why(text_page, number, box, size)
            if why is None and _is_cut_off(sides, _clip(text_page, number, clips)):
                why = Why.CUT_OFF
            near = before.setdefault(text, [])
            if why is None and any(_is_near(box, other) for other in near):
                why = Why.TWICE
            near.append(box)
            found.append(Drawn(text, box, why))
    return found


def _box(
    page: pdfium.PdfPage,
    sides: tuple[float, float, float, float],
    size: tuple[float, float],
    stretch: tuple[float, float],
) -> Box:
    """A box of the page's content as it is seen, the page's rotation applied."""
    places = []
    for x, y in ((sides[0], sides[1]), (sides[2], sides[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(
            page, 0, 0, round(size[0] * _FINE), round(size[1] * _FINE), 0, x, y, across, down
        )
        places.append((across.value / _FINE * stretch[0], down.value / _FINE * stretch[1]))
    (x0, y0), (x1, y1) = places
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _why(text_page: pdfium.PdfTextPage, number: int, box: Box, size: tuple[float, float]) -> Why | None:
    """Why a character may be no print by itself."""
    if box[2] <= 0 or box[3] <= 0 or box[0] >= size[0] or box[1] >= size[1]:
        return Why.OUTSIDE
    owner = raw.FPDFText_GetTextObject(text_page, number)
    mode = raw.FPDFTextObj_GetTextRenderMode(owner) if owner else raw.FPDF_TEXTRENDERMODE_FILL
    colour = [ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()]
    raw.FPDFText_GetFillColor(text_page, number, *colour)
    *parts, opacity = (each.value / 255 for each in colour)
    if mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP) or opacity == 0:
        return Why.INVISIBLE
    angle = raw.FPDFText_GetCharAngle(text_page, number) % (math.pi / 2)
    if _LEANING < angle < math.pi / 2 - _LEANING:
        return Why.WATERMARK
    if mode == raw.FPDF_TEXTRENDERMODE_FILL and min(parts) >= WHITE:
        return Why.INVISIBLE
    if mode == raw.FPDF_TEXTRENDERMODE_FILL and (min(parts) >= PALE or opacity <= PALE):
        return Why.WATERMARK
    return None


def _clip(text_page: pdfium.PdfTextPage, number: int, known: dict[int, Box]) -> Box:
    """The part of the page in which a character's object is seen: left, bottom, right, top."""
    owner = raw.FPDFText_GetTextObject(text_page, number)
    address = ctypes.cast(owner, ctypes.c_void_p).value or 0
    if address not in known:
        known[address] = (-math.inf, -math.inf, math.inf, math.inf)
        path = raw.FPDFPageObj_GetClipPath(owner) if owner else None
        for each in range(max(0, raw.FPDFClipPath_CountPaths(path)) if path else 0):
            x, y = ctypes.c_float(), ctypes.c_float()
            places = []
            for segment in range(raw.FPDFClipPath_CountPathSegments(path, each)):
                raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(path, each, segment), x, y)
                places.append((x.value, y.value))
            if places:
                left, bottom, right, top = known[address]
                across, up = zip(*places, strict=True)
                known[address] = (
                    max(left, min(across)),
                    max(bottom, min(up)),
                    min(right, max(across)),
                    min(top, max(up)),
                )
    return known[address]


def _is_cut_off(sides: Box, clip: Box) -> bool:
    """Whether hardly anything of a character is inside its clip."""
    width = min(sides[2], clip[2]) - max(sides[0], clip[0])
    height = min(sides[3], clip[3]) - max(sides[1], clip[1])
    return (
        width < _LEAST_SHOWN * (sides[2] - sides[0]) - 1e-3
        or height < _LEAST_SHOWN * (sides[3] - sides[1]) - 1e-3
    )


def _is_near(box: Box, other: Box) -> bool:
    reach = _TWICE * max(box[3] - box[1], box[2] - box[0])
    return abs(box[0] - other[0]) <= reach and abs(box[1] - other[1]) <= reach
