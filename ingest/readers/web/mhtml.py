"""MHTML (a web page saved as one file, also by Word and Excel) -> Document, by the standard library's mail parser."""

from __future__ import annotations

import email
from email.message import Message

from ingest.document.model import Block, Document
from ingest.outcomes import DocumentError, Reason
from ingest.readers.plain.charset import decode
from ingest.readers.web.html import declared_charsets, read_html, shown_text

MEDIA_TYPE = "multipart/related"


def read_mhtml(data: bytes) -> Document:
    """The lines and tables of the pages in an MHTML file, in their order; linked content is not read.

    Raises DocumentError: MEDIA_UNKNOWN where the parts are nested too deep,
    TEXT_UNDECODABLE, or CONTENT_TOO_LARGE.
    """
    try:
        pages = [
            part for part in email.message_from_bytes(data).walk() if part.get_content_type() == "text/html"
        ]
    except RecursionError as error:
        raise DocumentError(
            Reason.MEDIA_UNKNOWN, "the parts of the MHTML file are nested too deep"
        ) from error
    blocks: list[Block] = []
    printed: list[str] = []
    line_no = 1
    for page in pages:
        text = _text(page)
        blocks.extend(read_html(text, line_no))
        printed.append(shown_text(text))
        line_no += text.count("\n") + 1
    return Document(MEDIA_TYPE, blocks, printed={None: "\n".join(printed)})


def _text(page: Message) -> str:
    payload = page.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    declared = page.get_content_charset()
    return (
        decode(content, [*([declared] if declared else []), *declared_charsets(content)]) if content else ""
    )
