"""PDF -> Document. Every page is read the fast way, by pdfium, or where that is unsure, by pdfplumber."""

from __future__ import annotations

import io

import pdfplumber
from pdfplumber.page import Page as PlumberPage

from ingest.config import LIMITS
from ingest.model import Block, Document, Page
from ingest.outcomes import DocumentError, Reason
from ingest.readers import plumber_page
from ingest.readers.page_blocks import blocks_of
from ingest.readers.pdfium_page import FastPages
from ingest.readers.printed import UnsureError

MEDIA_TYPE = "application/pdf"


def read_pdf(data: bytes, is_fast: bool = True) -> Document:
    """The pages of a PDF as lines and ruled tables in reading order; all by pdfplumber where not ``is_fast``.

    Raises DocumentError: PDF_ENCRYPTED, PDF_DAMAGED, PDF_NO_TEXT where no page has a character, or
    CONTENT_TOO_LARGE where pages, rules or streams go beyond LIMITS.
    """
    blocks: list[Block] = []
    pages: list[Page] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf, FastPages(data, len(pdf.pages)) as fast:
            if len(pdf.pages) > LIMITS.pages:
                raise DocumentError(
                    Reason.CONTENT_TOO_LARGE, f"the PDF has {len(pdf.pages)} pages, more than {LIMITS.pages}"
                )
            for page in pdf.pages:
                found, record = _read_page(page, fast if is_fast else None)
                blocks.extend(found)
                pages.append(record)
                page.close()
    except DocumentError:
        raise
    except Exception as error:
        if "PDFPasswordIncorrect" in repr(error):  # pdfplumber wraps pdfminer's errors in its own
            raise DocumentError(
                Reason.PDF_ENCRYPTED, "the PDF is encrypted and asks for a password"
            ) from error
        raise DocumentError(Reason.PDF_DAMAGED, f"the PDF cannot be read: {error!r}") from error
    if not pages:
        raise DocumentError(Reason.PDF_DAMAGED, "the PDF has no pages")
    if not blocks:
        raise DocumentError(Reason.PDF_NO_TEXT, f"none of the {len(pages)} pages has a text layer")
    return Document(MEDIA_TYPE, blocks, len(pages), pages)


def _read_page(page: PlumberPage, fast: FastPages | None) -> tuple[list[Block], Page]:
    """What stands on the page, and which reader read it."""
    size = float(page.width), float(page.height)
    doubt = None
    if fast:
        try:
            printed = fast.read(page)
            return blocks_of(printed, page.page_number), Page(page.page_number, *size, "pdfium")
        except UnsureError as error:
            doubt = str(error)
    return plumber_page.read_page(page), Page(page.page_number, *size, "pdfplumber", doubt)
