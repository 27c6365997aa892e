"""bytes -> Document. The bytes decide the medium (the file format), never the file's name."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from importlib import import_module

from ingest.document.model import Block, Document, Table, TextLine
from ingest.outcomes import DocumentError, Reason
from ingest.readers.media import Medium, detect_medium

_READERS: dict[Medium, tuple[str, str]] = {
    Medium.PDF: ("ingest.readers.pdf.reader", "read_pdf"),
    Medium.DOCX: ("ingest.readers.office.docx", "read_docx"),
    Medium.XLSX: ("ingest.readers.office.xlsx", "read_xlsx"),
    Medium.XLS: ("ingest.readers.office.xls", "read_xls"),
    Medium.DOC: ("ingest.readers.office.converted", "read_doc"),
    Medium.ODT: ("ingest.readers.office.converted", "read_odt"),
    Medium.ODS: ("ingest.readers.office.converted", "read_ods"),
    Medium.OFD: ("ingest.readers.ofd.reader", "read_ofd"),
    Medium.HTML: ("ingest.readers.web.html", "read_page"),
    Medium.MHTML: ("ingest.readers.web.mhtml", "read_mhtml"),
    Medium.TEXT: ("ingest.readers.plain.reader", "read_text"),
    Medium.IMAGE: ("ingest.readers.scan.reader", "read_image"),
}
"""Module and function of each medium's reader; a module is imported at its first file."""
_GLOSS = re.compile(r"(?<=[\u3400-\u9fff])\([a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,5}\)")
"""The pinyin of a character that a converter put behind it; it is no part of the print."""
_FIELD_CODE = re.compile(r'(?:PAGEREF|HYPERLINK|TOC)(?:[ \t]+(?:_Toc\d{1,12}|\\?[a-z]|"[^"]{0,80}"))+')
"""The code of a word processor's field that a converter left beside what the field prints."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACED = "characters that are halves of a pair, shown as \ufffd"


def read_document(data: bytes, pages: Collection[int] | None = None) -> Document:
    """Read one file's bytes; of a PDF only ``pages`` (from 1) where they are named: the others then have no blocks.

    Raises DocumentError with a stable code when the bytes are empty, of a medium that has no reader, damaged, or
    print nothing. The message says what the bytes are, so that a mislabelled file is recognised.
    """
    medium = detect_medium(data)
    if medium is Medium.ARCHIVE:
        raise DocumentError(Reason.MEDIA_UNKNOWN, "an archive is not a document; each of its members is")
    module, function = _READERS[medium]
    chosen = {"pages": pages} if medium is Medium.PDF and pages is not None else {}
    document = _as_text(getattr(import_module(module), function)(data, **chosen))
    if not any(_prints(block) for block in document.blocks):
        raise DocumentError(Reason.NO_CONTENT, f"nothing is printed in the file ({document.media_type})")
    return document


def _as_text(document: Document) -> Document:
    """The document with complete characters only, without a converter's glosses and codes: other text cannot be encoded or stored.

    Pairs of surrogates become the character that they encode, single ones U+FFFD; the pages' notes say so.
    """
    changed: dict[int | None, int] = {}

    def whole(text: str, page_no: int | None) -> str:
        text = _GLOSS.sub("", text) if "(" in text else text
        text = _FIELD_CODE.sub("", text) if "_Toc" in text else text
        if not _SURROGATE.search(text):
            return text
        mended = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        replaced = mended.count("\ufffd") - text.count("\ufffd")
        if replaced:
            changed[page_no] = changed.get(page_no, 0) + replaced
        return mended

    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Table):
            texts = [whole(cell.text, block.page_no) for cell in block.cells]
            if any(text is not cell.text for text, cell in zip(texts, block.cells, strict=True)):
                cells = [replace(cell, text=text) for cell, text in zip(block.cells, texts, strict=True)]
                block = replace(block, cells=cells)
        else:
            text = whole(block.text, block.page_no)
            block = block if text is block.text else replace(block, text=text)
        blocks.append(block)
    pages = []
    for page in document.pages:
        note = page.note and whole(page.note, page.page_no)
        if page.page_no in changed:
            note = "; ".join(filter(None, (note, f"{changed[page.page_no]} {_REPLACED}")))
        pages.append(page if note is page.note else replace(page, note=note))
    printed = {page_no: _GLOSS.sub("", text) for page_no, text in document.printed.items()}
    return replace(document, blocks=blocks, pages=pages, printed=printed)


def _prints(block: Block) -> bool:
    if isinstance(block, TextLine):
        return bool(block.text.strip())
    return any(cell.text.strip() for cell in block.cells)
