"""OFD -> Document. The text and the rules of each page are read as those of a PDF are; pages of pictures by OCR."""

from __future__ import annotations

import posixpath
from concurrent.futures import Future
from dataclasses import replace

from ingest.document.model import Block, Document, Page
from ingest.outcomes import DocumentError, Reason
from ingest.readers.ofd.content import Drawn, text_of
from ingest.readers.ofd.numbers import numbers
from ingest.readers.ofd.parts import Element, OfdPackage, PageParts, box_of
from ingest.readers.office.package import child, children, local
from ingest.readers.page.page_blocks import blocks_of, open_edges
from ingest.readers.scan.beside import Beside, settled
from ingest.readers.scan.print import LEAST_BESIDE_PICTURE, is_misnamed

MEDIA_TYPE = "application/ofd"
Read = tuple[list[Block], Page]
"""The content of a page and its record."""
_A4 = (210.0, 297.0)
_LARGEST = 10_000.0
"""Millimetres of a page's longest side."""
_POINTS = 72 / 25.4


def read_ofd(data: bytes) -> Document:
    """The pages of an OFD document as lines and tables in reading order.

    Raises DocumentError: OFFICE_ENCRYPTED, OFFICE_DAMAGED where nothing can be read of what is there, SCAN_UNREADABLE where OCR can read
    nothing of what is printed, or CONTENT_TOO_LARGE.
    """
    package = OfdPackage(data)
    begun: list[Future[Read]] = []
    printed: dict[int | None, str] = {}
    lost: DocumentError | None = None
    with Beside[Read]() as beside:
        for page_no, parts in enumerate(package.pages(), start=1):
            try:
                read, text = _begin_page(package, parts, page_no, begun[-1] if begun else None, beside)
            except DocumentError as error:
                if error.reason is not Reason.OFFICE_DAMAGED:
                    raise
                lost, text = error, None
                note = f"the page cannot be read: {error}"
                read = settled(([], Page(page_no, *_size(parts.box), "ofd", note)))
            begun.append(read)
            if text is not None:
                printed[page_no] = text
        results = [each.result() for each in begun]
    blocks, pages = [block for found, _ in results for block in found], [page for _, page in results]
    if lost and not printed and not blocks:
        raise lost
    if not blocks and any(page.confidence is not None for page in pages):
        raise DocumentError(
            Reason.SCAN_UNREADABLE,
            f"OCR finds no readable word on the {len(pages)} pages of the OFD document",
        )
    if not blocks and (
        why := next((page.note for page in pages if page.note and page.reader == "ofd"), None)
    ):
        raise DocumentError(Reason.OFFICE_DAMAGED, f"nothing can be read of the OFD document: {why}")
    return Document(MEDIA_TYPE, blocks, len(pages), pages, printed)


def _begin_page(
    package: OfdPackage, parts: PageParts, page_no: int, last: Future[Read] | None, beside: Beside[Read]
) -> tuple[Future[Read], str | None]:
    """The content of a page with its record, and its text as the file holds it where it has one; ``last`` is the page before."""
    root = package.page(parts.name)
    size = _size(box_of(child(root, "Area")) or parts.box)
    own = package.resources(posixpath.dirname(parts.name), root, ("PageRes",), parts.resources)
    drawn = Drawn(*size, own)
    behind, ahead = _templates(package, root, parts)
    for each in (*behind, root, *ahead):
        drawn.add(each)
    page = drawn.page()
    text = text_of(drawn)
    notes = [f"{drawn.broken} objects cannot be read"] if drawn.broken else []
    is_picture = 2 * page.picture_area > size[0] * size[1] or not page.texts
    if drawn.pictures and is_picture and sum(map(len, page.texts)) < LEAST_BESIDE_PICTURE:
        return _begin_scan(package, drawn, page_no, notes, beside), None
    if is_misnamed(text):
        note = "; ".join(
            ["the page is left out, as its text names other characters than are printed", *notes]
        )
        return settled(([], Page(page_no, *size, "ofd", note))), None
    if drawn.drawings and not page.texts:
        notes.append("the page draws shapes that may be letters; these are not read")
    before = open_edges(last.result()[0]) if last and page.texts else None
    record = Page(page_no, *size, "ofd", "; ".join(notes) or None)
    return settled((blocks_of(page, page_no, before), record)), text


def _begin_scan(
    package: OfdPackage, drawn: Drawn, page_no: int, notes: list[str], beside: Beside[Read]
) -> Future[Read]:
    """What OCR reads on a page that is a picture."""
    from ingest.readers.ofd.pictures import page_picture  # importing it takes a second
    from ingest.readers.scan.reader import read_picture

    picture, scale, own, lost = page_picture(
        package, drawn.resources.pictures, drawn.pictures, (drawn.width, drawn.height)
    )
    if lost:
        notes = [*notes, f"{lost} pictures are missing or of a kind that is not read"]

    def read() -> Read:
        found, page = read_picture(picture, scale, page_no, own)
        return found, replace(page, note="; ".join(filter(None, (page.note, *notes))) or None)

    return beside.begin(read)


def _templates(package: OfdPackage, root: Element, parts: PageParts) -> tuple[list[Element], list[Element]]:
    """The templates behind the page's content and before it."""
    behind: list[Element] = []
    ahead: list[Element] = []
    for each in children(root):
        name, is_before = parts.templates.get(each.get("TemplateID", ""), ("", False))
        if local(each) == "Template" and name:
            place = each.get("ZOrder")
            is_before = place.lower() == "foreground" if place else is_before
            (ahead if is_before else behind).append(package.page(name))
    return behind, ahead


def _size(box: str) -> tuple[float, float]:
    """A page's width and height in points; those of A4 where its box gives none."""
    try:
        _, _, width, height = numbers(box, 4)
    except ValueError:
        width, height = _A4
    if not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        width, height = _A4
    return width * _POINTS, height * _POINTS
