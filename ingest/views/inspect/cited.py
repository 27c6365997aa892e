"""The parts of a document's pages that a finding cites, with what it cites framed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from PIL import Image, ImageDraw

from ingest.document.model import Box
from ingest.extraction.extract import Extraction
from ingest.views.evidence import Evidence
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


def draw_cited(extraction: Extraction, data: bytes, evidence: Evidence) -> Image.Image | None:
    """The page parts that a finding cites, one below the other, with its left side framed red and its right side blue.

    None where the file format has no pages to draw or no cited place is on one. Raises DocumentError where a page cannot be
    drawn and OSError where the font is missing.
    """
    if not can_draw(extraction.document.media_type):
        return None
    by_page: dict[int, list[tuple[str, Box]]] = defaultdict(list)
    for side, page_no, box in _boxes(extraction, evidence):
        by_page[page_no].append((side, box))
    return _stacked([_part(extraction, data, page_no, by_page[page_no]) for page_no in sorted(by_page)])


def _boxes(extraction: Extraction, evidence: Evidence) -> Iterator[tuple[str, int, Box]]:
    cells = {
        cell.ref: (table.page_no, cell.box) for table in extraction.document.tables() for cell in table.cells
    }
    paragraphs = {paragraph.ref: paragraph for paragraph in extraction.paragraphs}
    lines = {line.ref: line for line in extraction.document.lines()}
    for place in evidence.places:
        ref = place.source_ref
        found = _SENTENCE.fullmatch(ref)
        if ref in cells:
            page_no, box = cells[ref]
            if page_no and box:
                yield place.side, page_no, box
        elif paragraph := paragraphs.get(found[1] if found else ref):
            for page_no, box in stretch_boxes(extraction, paragraph, place.printed):
                yield place.side, page_no, box
        elif (line := lines.get(ref)) and line.page_no and line.box:
            yield place.side, line.page_no, line.box


def _part(extraction: Extraction, data: bytes, page_no: int, boxes: Iterable[tuple[str, Box]]) -> Image.Image:
    page, scale = seen_page(extraction, data, page_no)
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
