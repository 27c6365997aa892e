"""PDF -> Document. pdfium reads the pages, OCR the scans; pdfplumber reads only files that pdfium cannot open or would misread."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace

from ingest.config import LIMITS
from ingest.document.model import Block, Document, Page
from ingest.outcomes import DocumentError, Reason
from ingest.readers.page.page_blocks import blocks_of, open_edges
from ingest.readers.page.printed import UNKNOWN, UnsureError
from ingest.readers.pdf.pdfium_page import FastPages
from ingest.readers.scan.beside import Beside, settled
from ingest.readers.scan.print import is_misnamed, is_scan

MEDIA_TYPE = "application/pdf"
_SEVERAL = 2
"""From how many pages with wrong text the text of all pages is distrusted: they share fonts."""
Read = tuple[list[Block], Page]


def read_pdf(data: bytes, is_fast: bool = True, pages: Collection[int] | None = None) -> Document:
    """The pages of a PDF as lines and ruled tables in reading order; without ``is_fast``, pdfplumber reads all pages with text.

    With ``pages`` (from 1), pdfium leaves out the others: they have no blocks. What a page shares with the whole document
    (a table that goes on, text that is distrusted because other pages' is) is then known only from these pages.

    Raises DocumentError: PDF_ENCRYPTED, PDF_DAMAGED, PDF_NO_TEXT where nothing is printed, SCAN_UNREADABLE where OCR
    can read nothing of what is, or CONTENT_TOO_LARGE where pages, rules or streams go beyond LIMITS.
    """
    read: list[Read] = []
    printed: dict[int | None, str] = {}
    try:
        with FastPages(data) as opened:
            is_read = is_fast and opened.fault is None
            for found, record, text in _by_pdfium(opened, pages) if is_read else _by_pdfplumber(data, opened):
                read.append((found, record))
                if text is not None:
                    printed[record.page_no] = text
            _read_misnamed(read, printed, opened)
    except DocumentError:
        raise
    except Exception as error:
        raise DocumentError(Reason.PDF_DAMAGED, f"the PDF cannot be read: {error!r}") from error
    if not read:
        raise DocumentError(Reason.PDF_DAMAGED, "the PDF has no pages")
    blocks, records = [block for found, _ in read for block in found], [page for _, page in read]
    if not blocks and any(page.confidence is not None for page in records):
        raise DocumentError(
            Reason.SCAN_UNREADABLE, f"OCR finds no readable word on the {len(records)} pages of the PDF"
        )
    if not blocks:
        raise DocumentError(Reason.PDF_NO_TEXT, f"nothing is printed on the {len(records)} pages of the PDF")
    return Document(MEDIA_TYPE, blocks, len(records), records, printed)


def _by_pdfium(
    pages: FastPages, chosen: Collection[int] | None
) -> Iterator[tuple[list[Block], Page, str | None]]:
    """What each page prints, which reader read it, and the text that it holds (None of a scan, and of a page that is not chosen)."""
    _refuse_many(len(pages))
    with Beside[Read]() as beside:
        begun: list[Future[Read]] = []
        for page_no in range(1, len(pages) + 1):
            if chosen is None or page_no in chosen:
                begun.append(_begin_page(pages, page_no, begun[-1] if begun else None, beside))
            else:
                begun.append(settled(([], Page(page_no, *pages.size(page_no), "pdfium", None))))
        for page_no, each in enumerate(begun, start=1):
            found, record = each.result()
            is_text = record.reader != "ocr" and (chosen is None or page_no in chosen)
            yield found, record, pages.text(page_no) if is_text else None


def _begin_page(
    pages: FastPages, page_no: int, last: Future[Read] | None, beside: Beside[Read]
) -> Future[Read]:
    """The content of the page, and which reader read it; ``last`` is the page before."""
    found: list[Block] = []
    size, note = None, None
    try:
        printed = pages.read(page_no)
        size = printed.width, printed.height
        if printed.texts:
            may_be_scan = UNKNOWN in printed.texts or 2 * printed.picture_area > size[0] * size[1]
        else:
            may_be_scan = bool(printed.picture_area) or printed.has_drawings
        scanned = _begin_scan(pages, page_no, beside) if may_be_scan else None
        if scanned:
            return scanned
        before = open_edges(last.result()[0]) if last and printed.texts else None
        found = blocks_of(printed, page_no, before)
    except UnsureError as error:
        note = f"{error}; the page is left out"
        scanned = _begin_scan(pages, page_no, beside)
        if scanned and scanned.result()[0]:  # pdfium draws nothing of what it misreads
            return scanned
    return settled((found, Page(page_no, *(size or pages.size(page_no)), "pdfium", note)))


def _by_pdfplumber(data: bytes, pages: FastPages) -> Iterator[tuple[list[Block], Page, str | None]]:
    """The same as ``_by_pdfium``."""
    import pdfplumber  # importing it takes long, and few files need it

    from ingest.readers.pdf import plumber_page

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        _refuse_many(len(pdf.pages))
        before: Sequence[float] | None = None
        for page in pdf.pages:
            page_no = page.page_number
            scanned = _read_scan(pages, page_no)
            if scanned and scanned[0]:  # pdfium draws nothing of what it misreads
                found, record = scanned
            else:
                found = plumber_page.read_page(page, before)
                record = Page(page_no, float(page.width), float(page.height), "pdfplumber", pages.fault)
            before = open_edges(found)
            text = pages.text(page_no) if record.reader != "ocr" else None
            yield found, record, page.extract_text() if text is None and record.reader != "ocr" else text
            page.close()


def _refuse_many(page_count: int) -> None:
    if page_count > LIMITS.pages:
        raise DocumentError(
            Reason.CONTENT_TOO_LARGE, f"the PDF has {page_count} pages, more than {LIMITS.pages}"
        )


def _read_misnamed(read: list[Read], printed: dict[int | None, str], pages: FastPages) -> None:
    """Read by OCR the pages whose text names other characters than are printed; if that are several, all pages with text."""
    misnamed = [page_no for page_no, text in printed.items() if is_misnamed(text)]
    if len(misnamed) >= _SEVERAL:
        misnamed = list(printed)
    with Beside[Read]() as beside:
        begun = {
            page_no: _begin_scan(pages, page_no, beside, is_certain=True) for page_no in misnamed if page_no
        }
        for page_no, each in begun.items():
            note = "the text names other characters than are printed"
            found, record = each.result() if each else ([], read[page_no - 1][1])
            read[page_no - 1] = found, replace(record, note="; ".join(filter(None, (note, record.note))))
            del printed[page_no]


def _read_scan(pages: FastPages, page_no: int) -> Read | None:
    """What OCR reads on a page that is a scan; None for a page with text."""
    with Beside[Read](1) as beside:
        begun = _begin_scan(pages, page_no, beside)
        return begun.result() if begun else None


def _begin_scan(
    pages: FastPages, page_no: int, beside: Beside[Read], is_certain: bool = False
) -> Future[Read] | None:
    """Begin to read by OCR a page that is a scan (or is read as one: ``is_certain``); None for a page with text."""
    handle = pages.handle(page_no)
    if handle is None:
        return None
    with closing(handle):
        if not is_certain and not is_scan(handle):
            return None
        from ingest.readers.scan.reader import begin_page  # importing it takes a second

        return begin_page(beside, handle, page_no)
