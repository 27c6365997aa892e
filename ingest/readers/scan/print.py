"""Decides which pages of a PDF OCR must read: pictures without text of their own, with invisible text, or with wrong text."""

from __future__ import annotations

import ctypes
import re
from typing import Any

import pypdfium2.raw as raw

LEAST_BESIDE_PICTURE = 50
"""Minimum number of visible characters for a page that is mostly a picture to be read as text."""
_SAMPLE = 200
"""How many characters of a page are examined for whether they have a meaning."""
_FOREIGN = re.compile("[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
"""Letters with accents: programs that rewrite a PDF give them as the names of ideographs where they lose half of the code."""
_FEWEST_FOREIGN, _LEAST_FOREIGN = 2, 0.01
"""From how many such letters, and from what part of the text, a page's text is another than is printed."""


def is_misnamed(text: str) -> bool:
    """Whether a page's text names other characters than its glyphs show."""
    count = len(_FOREIGN.findall(text))
    return count >= _FEWEST_FOREIGN and count >= _LEAST_FOREIGN * len("".join(text.split()))


def is_scan(page: Any) -> bool:
    """Whether a page of an open pypdfium2 document must be read by OCR.

    It must, where something is drawn and there are no characters or most of them have no meaning, and where a picture
    covers most of the page and fewer than 50 characters are visible: invisible text below a picture is the result of
    another OCR, of unknown quality and without confidence, and is not used.
    """
    textpage = page.get_textpage()
    count = textpage.count_chars()
    if count == 0:
        return bool(raw.FPDFPage_CountObjects(page.raw))
    sample = range(0, count, max(1, count // _SAMPLE))
    if 2 * sum(raw.FPDFText_HasUnicodeMapError(textpage, at) == 1 for at in sample) > len(sample):
        return True
    width, height = page.get_size()
    pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    if sum(_area(item.get_bounds()) for item in pictures) < width * height / 2:
        return False
    visible = 0
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3):
        if raw.FPDFTextObj_GetTextRenderMode(item) != raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            visible += len(_text(item, textpage).strip())
        if visible >= LEAST_BESIDE_PICTURE:
            return False
    return True


def _area(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return (right - left) * (top - bottom)


def _text(item: Any, textpage: Any) -> str:
    size = raw.FPDFTextObj_GetText(item, textpage, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFTextObj_GetText(item, textpage, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", errors="replace").rstrip("\x00")
