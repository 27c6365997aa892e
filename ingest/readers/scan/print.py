"""Decides which pages of a PDF are scans: pictures of pages without text of their own, or with invisible text."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as raw

_LEAST_BESIDE_PICTURE = 50
"""Minimum number of visible characters for a page that is mostly a picture to be read as text."""
_SAMPLE = 200
"""How many characters of a page are examined for whether they have a meaning."""


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
        if visible >= _LEAST_BESIDE_PICTURE:
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
