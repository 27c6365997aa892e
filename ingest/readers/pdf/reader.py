"""PDF -> Document. pdfium reads every page fast; pdfplumber reads those of which pdfium is unsure, OCR the scans."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page as PlumberPage

from ingest.config import LIMITS
from ingest.document.model import Block, Document, Page
from ingest.outcomes import DocumentError, Reason
from ingest.readers.page.page_blocks import blocks_of, open_edges
from ingest.readers.page.printed import UnsureError
from ingest.readers.pdf import plumber_page
from ingest.readers.pdf.pdfium_page import FastPages
from ingest.readers.scan.print import is_misnamed, is_scan

MEDIA_TYPE = "application/pdf"
_SEVERAL = 2
"""From how many pages with wrong text the text of all pages is distrusted: they share fonts."""
logging.getLogger("pdfminer").setLevel(logging.ERROR)
"""Silenced: it warns about each font; the page's record says what cannot be read of a page."""


def read_pdf(data: bytes, is_fast: bool = True) -> Document:
    """The pages of a PDF as lines and ruled tables in reading order; without ``is_fast``, pdfplumber reads all pages with text.

    Raises DocumentError: PDF_ENCRYPTED, PDF_DAMAGED, PDF_NO_TEXT where nothing is printed, SCAN_UNREADABLE where OCR
    can read nothing of what is, or CONTENT_TOO_LARGE where pages, rules or streams go beyond LIMITS.
    """
    read: list[tuple[list[Block], Page]] = []
    printed: dict[int | None, str] = {}
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf, FastPages(data, len(pdf.pages)) as fast:
            if len(pdf.pages) > LIMITS.pages:
                raise DocumentError(
                    Reason.CONTENT_TOO_LARGE, f"the PDF has {len(pdf.pages)} pages, more than {LIMITS.pages}"
                )
            before: Sequence[float] | None = None
            for page in pdf.pages:
                found, record = _read_page(page, fast, is_fast, before)
                before = open_edges(found)
                read.append((found, record))
                if record.reader != "ocr":
                    text = fast.text(page.page_number)
                    printed[page.page_number] = page.extract_text() if text is None else text
                page.close()
            _read_misnamed(read, printed, fast)
    except DocumentError:
        raise
    except Exception as error:
        refused = next((each for each in (error, *error.args) if isinstance(each, PDFEncryptionError)), None)
        if refused:  # pdfplumber wraps pdfminer's errors in its own
            is_locked = isinstance(refused, PDFPasswordIncorrect)
            why = (
                "asks for a password"
                if is_locked
                else "its kind of encryption (a certificate's, say) is not read"
            )
            raise DocumentError(Reason.PDF_ENCRYPTED, f"the PDF is encrypted and {why}") from error
        raise DocumentError(Reason.PDF_DAMAGED, f"the PDF cannot be read: {error!r}") from error
    if not read:
        raise DocumentError(Reason.PDF_DAMAGED, "the PDF has no pages")
    blocks, pages = [block for found, _ in read for block in found], [page for _, page in read]
    if not blocks and any(page.confidence is not None for page in pages):
        raise DocumentError(
            Reason.SCAN_UNREADABLE, f"OCR finds no readable word on the {len(pages)} pages of the PDF"
        )
    if not blocks:
        raise DocumentError(Reason.PDF_NO_TEXT, f"nothing is printed on the {len(pages)} pages of the PDF")
    return Document(MEDIA_TYPE, blocks, len(pages), pages, printed)


def _read_misnamed(
    read: list[tuple[list[Block], Page]], printed: dict[int | None, str], pages: FastPages
) -> None:
    """Read by OCR the pages whose text names other characters than are printed; if that are several, all pages with text."""
    misnamed = [page_no for page_no, text in printed.items() if is_misnamed(text)]
    if len(misnamed) >= _SEVERAL:
        misnamed = list(printed)
    for page_no in misnamed:
        if page_no is not None:
            scanned = _read_scan(pages, page_no, is_certain=True)
            note = "the text names other characters than are printed"
            found, record = scanned or ([], read[page_no - 1][1])
            read[page_no - 1] = found, replace(record, note="; ".join(filter(None, (note, record.note))))
            del printed[page_no]


def _read_page(
    page: PlumberPage, pages: FastPages, is_fast: bool, before: Sequence[float] | None
) -> tuple[list[Block], Page]:
    """The content of the page, and which reader read it; ``before`` as for ``blocks_of``."""
    size = float(page.width), float(page.height)
    found, doubt = None, None
    may_be_scan = True
    if is_fast:
        try:
            printed = pages.read(page)
            may_be_scan = not printed.texts or 2 * printed.picture_area > size[0] * size[1]
            found = blocks_of(printed, page.page_number, before), Page(page.page_number, *size, "pdfium")
        except UnsureError as error:
            doubt = str(error)
    scanned = _read_scan(pages, page.page_number) if may_be_scan else None
    if scanned and (scanned[0] or found):  # pdfium draws nothing for some pages that it misreads
        return scanned
    if found:
        return found
    if pages.is_misnamed(page.page_number):
        note = f"{doubt}; the page is left out, as its glyphs name other characters than its text has"
        return [], Page(page.page_number, *size, "pdfplumber", note)
    return plumber_page.read_page(page, before), Page(page.page_number, *size, "pdfplumber", doubt)


def _read_scan(pages: FastPages, page_no: int, is_certain: bool = False) -> tuple[list[Block], Page] | None:
    """What OCR reads on a page that is a scan (or is read as one: ``is_certain``); None for a page with text."""
    handle = pages.handle(page_no)
    if handle is None:
        return None
    with closing(handle):
        if not is_certain and not is_scan(handle):
            return None
        from ingest.readers.scan.reader import read_page  # importing it takes a second

        return read_page(handle, page_no)
