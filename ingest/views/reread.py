"""Reads what a finding cites again, by other means than the build did: is it printed so, or was it misread?

A page of a PDF that holds its text is read by pdfplumber, and a cell that prints a figure also from its picture, by OCR.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2 as pdfium

from ingest.document.model import Box
from ingest.document.text import fold, is_amount, squeeze
from ingest.readers.scan.ocr import plain_figure, recognise
from ingest.readers.scan.print import is_scan
from ingest.views.evidence import Place

_DPI = 300
_RULE = 1.0
"""How far inside its box, in points, a cell is cut from the picture, so that its rules are left out."""
_LEAST_SURE = 0.9
_FIGURE = re.compile(r"\d(?:[\d,.]*\d)?%?")


@dataclass(frozen=True, slots=True)
class Reread:
    """What another reader (``pdfplumber`` or ``ocr``) finds at a place; ``is_same`` is None where it is unsure."""

    source_ref: str
    reader: str
    is_same: bool | None
    printed: str


def reread(data: bytes, media_type: str, places: Iterable[Place]) -> list[Reread]:
    """Read the places of a PDF's text again. Other file formats and scans have no second reader and give no result."""
    if media_type != "application/pdf":
        return []
    found: list[Reread] = []
    pdf = pdfium.PdfDocument(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as plumber:
            for place in {place.source_ref: place for place in places}.values():
                if place.page_no is None or is_scan(pdf[place.page_no - 1]):
                    continue
                if place.box:
                    found.extend(
                        _cell(plumber.pages[place.page_no - 1], pdf[place.page_no - 1], place, place.box)
                    )
                else:
                    found.append(_sentence(plumber.pages[place.page_no - 1 : place.page_no + 1], place))
    finally:
        pdf.close()
    return found


def _cell(page: Any, picture_page: Any, place: Place, box: Box) -> Iterator[Reread]:
    text = _bare(page.filter(lambda item: _is_inside(item, box)).extract_text() or "")
    yield Reread(place.source_ref, "pdfplumber", text == _bare(place.printed), text)
    if not is_amount(place.printed):
        return
    seen = recognise(_picture(picture_page, box))
    figure = plain_figure(seen.text)
    is_same = figure is not None and figure == plain_figure(place.printed)
    is_sure = is_same or (figure is not None and seen.confidence >= _LEAST_SURE)
    yield Reread(place.source_ref, "ocr", is_same if is_sure else None, seen.text)


def _is_inside(item: dict[str, Any], box: Box) -> bool:
    if item["object_type"] != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _picture(page: Any, box: Box) -> Any:
    scale = _DPI / 72
    image = page.render(scale=scale).to_numpy()[:, :, :3]
    x0, top, x1, bottom = (
        round(side * scale) for side in (box[0] + _RULE, box[1] + _RULE, box[2] - _RULE, box[3] - _RULE)
    )
    return np.ascontiguousarray(image[max(0, top) : max(top + 1, bottom), max(0, x0) : max(x0 + 1, x1)])


def _sentence(pages: list[Any], place: Place) -> Reread:
    """A sentence is the same where its whole text is found or, if a page head or table interrupts it, all its figures are."""
    text = "".join(_bare(page.extract_text() or "") for page in pages)
    wanted = _bare(place.printed)
    figures, printed = _FIGURE.findall(wanted), set(_FIGURE.findall(text))
    missing = [figure for figure in figures if figure not in printed]
    is_same = wanted in text or (bool(figures) and not missing)
    return Reread(place.source_ref, "pdfplumber", is_same, "" if is_same else " ".join(missing))


def _bare(text: str) -> str:
    return "".join(squeeze(fold(text)).split())
