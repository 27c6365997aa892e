"""The parts of a document's pages that a finding cites, with what it cites framed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from PIL import Image, ImageDraw

from ingest.document.model import Box, Document
from ingest.document.paragraphs import Paragraph, read_paragraphs
from ingest.extraction.extract import restored
from ingest.readers import read_document
from ingest.views.evidence import Place
from ingest.views.inspect.picture import can_draw, seen_page, stretch_boxes

_AROUND = 40.0
"""How much of the page is shown above and below a cited place, in points."""
_FRAME = 3
_OUTSIDE = {"left": 2 * _FRAME + 1, "right": _FRAME}
"""The distance of each side's frame from the box, in pixels, so that a place that both sides cite shows both frames."""
_BETWEEN = 12
FRAMES = {"left": (215, 25, 30), "right": (25, 80, 190)}
"""The colour of each side's frame."""
_GREY, _WHITE = (150, 150, 150), (255, 255, 255)
_SENTENCE = re.compile(r"(.+?)s\d+")


def read_cited(data: bytes, places: Collection[Place]) -> tuple[Document, list[Paragraph]]:
    """What is printed on the pages of the places and next to them; in the whole file, where that is not enough to find each place.

    Reading a page takes longer than drawing it, and a finding cites few. Raises DocumentError.
    """
    pages = {page + step for place in places if (page := place.page_no) for step in (-1, 0, 1)}
    read = _printed(read_document(data, pages)) if pages else None
    return read if read and _are_there(*read, places) else _printed(read_document(data))


def _printed(document: Document) -> tuple[Document, list[Paragraph]]:
    document = restored(document)
    return document, list(read_paragraphs(document))


def _are_there(document: Document, paragraphs: list[Paragraph], places: Collection[Place]) -> bool:
    """Whether every place prints what was cited."""
    texts = {cell.ref: cell.text for table in document.tables() for cell in table.cells}
    texts |= {line.ref: line.text for line in document.lines()}
    texts |= {paragraph.ref: paragraph.text for paragraph in paragraphs}
    return all(place.printed in texts.get(_ref(place), "") for place in places)


def _ref(place: Place) -> str:
    """The cell, line or paragraph of a place: a sentence is a part of its paragraph."""
    found = _SENTENCE.fullmatch(place.source_ref)
    return found[1] if found else place.source_ref


def draw_cited(
    document: Document, paragraphs: Iterable[Paragraph], data: bytes, places: Iterable[Place]
) -> Image.Image | None:
    """The page parts that a finding cites, one below the other, with its left side framed red and its right side blue.

    None where the file format has no pages to draw or no cited place is on one. Raises DocumentError where a page cannot be
    drawn and OSError where the font is missing.
    """
    if not can_draw(document.media_type):
        return None
    by_page: dict[int, list[tuple[str, Box]]] = defaultdict(list)
    for side, page_no, box in _boxes(document, paragraphs, places):
        by_page[page_no].append((side, box))
    return _stacked([_part(document, data, page_no, by_page[page_no]) for page_no in sorted(by_page)])


def _boxes(
    document: Document, paragraphs: Iterable[Paragraph], places: Iterable[Place]
) -> Iterator[tuple[str, int, Box]]:
    cells = {cell.ref: (table.page_no, cell.box) for table in document.tables() for cell in table.cells}
    at_ref = {paragraph.ref: paragraph for paragraph in paragraphs}
    lines = {line.ref: line for line in document.lines()}
    for place in places:
        ref = place.source_ref
        if ref in cells:
            page_no, box = cells[ref]
            if page_no and box:
                yield place.side, page_no, box
        elif paragraph := at_ref.get(_ref(place)):
            for page_no, box in stretch_boxes(document, paragraph, place.printed):
                yield place.side, page_no, box
        elif (line := lines.get(ref)) and line.page_no and line.box:
            yield place.side, line.page_no, line.box


def _part(document: Document, data: bytes, page_no: int, boxes: Iterable[tuple[str, Box]]) -> Image.Image:
    page, scale = seen_page(document, data, page_no)
    draw = ImageDraw.Draw(page)
    framed = list(boxes)
    for side, box in framed:
        out = _OUTSIDE[side]
        x0, top, x1, bottom = (point * scale for point in box)
        draw.rectangle((x0 - out, top - out, x1 + out, bottom + out), outline=FRAMES[side], width=_FRAME)
    top = max(0, round((min(box[1] for _, box in framed) - _AROUND) * scale))
    bottom = min(page.height, round((max(box[3] for _, box in framed) + _AROUND) * scale))
    return page.crop((0, top, page.width, bottom))


def _stacked(parts: list[Image.Image]) -> Image.Image | None:
    if not parts:
        return None
    width = max(part.width for part in parts)
    height = sum(part.height for part in parts) + _BETWEEN * (len(parts) - 1)
    whole = Image.new("RGB", (width, height), _WHITE)
    top = 0
    for number, part in enumerate(parts):
        if number:
            ImageDraw.Draw(whole).line((0, top - _BETWEEN // 2, width, top - _BETWEEN // 2), _GREY, 1)
        whole.paste(part, (0, top))
        top += part.height + _BETWEEN
    return whole
