"""bytes -> Document. The bytes decide the medium, never the file's name."""

from __future__ import annotations

from importlib import import_module

from ingest.model import Block, Document, TextLine
from ingest.outcomes import DocumentError, Reason
from ingest.readers.media import Medium, detect_medium

_READERS: dict[Medium, tuple[str, str]] = {
    Medium.PDF: ("ingest.readers.pdf", "read_pdf"),
    Medium.DOCX: ("ingest.readers.docx", "read_docx"),
    Medium.XLSX: ("ingest.readers.xlsx", "read_xlsx"),
    Medium.XLS: ("ingest.readers.xls", "read_xls"),
    Medium.DOC: ("ingest.readers.doc", "read_doc"),
    Medium.HTML: ("ingest.readers.html", "read_page"),
    Medium.MHTML: ("ingest.readers.mhtml", "read_mhtml"),
    Medium.IMAGE: ("ingest.readers.scan", "read_image"),
    Medium.TEXT: ("ingest.readers.plain", "read_text"),
    Medium.IMAGE: ("ingest.readers.scan", "read_image"),
}
"""Module and function of each medium's reader; a module is imported when its first file comes."""


def read_document(data: bytes) -> Document:
    """Read one file's bytes.

    Raises DocumentError with a stable code when the bytes are empty, of a medium that has no reader, damaged, or
    print nothing. The message says what the bytes are, so that a mislabelled file is recognised.
    """
    medium = detect_medium(data)
    if medium is Medium.ARCHIVE:
        raise DocumentError(
            Reason.MEDIA_UNKNOWN, "an archive is no document; its members are read one by one"
        )
    module, function = _READERS[medium]
    document: Document = getattr(import_module(module), function)(data)
    if not any(_prints(block) for block in document.blocks):
        raise DocumentError(Reason.NO_CONTENT, f"nothing is printed in the file ({document.media_type})")
    return document


def _prints(block: Block) -> bool:
    if isinstance(block, TextLine):
        return bool(block.text.strip())
    return any(cell.text.strip() for cell in block.cells)
