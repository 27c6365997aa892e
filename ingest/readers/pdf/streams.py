"""Looks through the content of a PDF's pages, without parsing the file, for what pdfium would misread silently."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason

_STREAM = b"stream"
_END = b"endstream"
_LINE_ENDS = (b"\r", b"\n")
_LONGEST_HEAD = 4096
"""How many bytes before its content a stream's dictionary may begin."""
_OTHER_KINDS = re.compile(rb"/(?:Type|Subtype|Length1|Alternate|FunctionType|ShadingType|Width)\b")
"""What dictionaries of fonts, pictures, colours and of the file's own structure say, and those of a page's content do not."""
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_FILTERED = re.compile(rb"/Filter\s*(?:\[\s*)?/(\w+)\s*(?:\]|/(?!\w+Decode\b)|>>)")
"""A stream with one filter, and its name."""
_PIECE = 1 << 20
"""How many bytes of a stream are unpacked at a time."""
EXPONENT = re.compile(rb"(?<![^\s\[])[+-]?\d+(?:\.\d+)?[eE][+-]\d{1,3}(?![^\s\]])")
"""A number that PDF does not allow, but some programs write: 6.1e-17."""
_EXPONENT_SIGNS = (b"e-", b"E-", b"e+", b"E+")
_OVERLAP = 64
"""Bytes of a piece that are looked at again with the next."""


def fault_of(data: bytes) -> str | None:
    """Why pdfium would misread a page of the file and not say so; None where nothing shows that it would.

    Raises DocumentError CONTENT_TOO_LARGE where a page's content unpacks to more than LIMITS.expanded_bytes.
    """
    if b"/Encrypt" in data:
        return None
    for head, start in _contents(data):
        is_whole, has_exponents = True, False
        if b"/Filter" not in head:
            has_exponents = _has_exponents(data[start : max(start, data.find(_END, start))])
        elif (found := _FILTERED.search(head)) and found[1] in (b"FlateDecode", b"Fl"):
            is_whole, has_exponents = _unpacked(data, start)
        if has_exponents:
            return "a number is written with an exponent"
        if not is_whole:
            return "a stream is damaged"
    return None


def _contents(data: bytes) -> Iterator[tuple[bytes, int]]:
    """The dictionary of each stream that may be a page's content or a form, and where its bytes begin."""
    found = data.find(_STREAM)
    while found >= 0:
        end = found + len(_STREAM)
        begins = data.rfind(b" obj", max(0, found - _LONGEST_HEAD), found)
        head = data[begins:found]
        if begins >= 0 and data[end : end + 1] in _LINE_ENDS and b"endobj" not in head:
            if not _OTHER_KINDS.search(head) or _FORM.search(head):
                yield head, end + (2 if data[end : end + 2] == b"\r\n" else 1)
            end = data.find(_END, end) + len(_END)
            if end < len(_END):  # no later stream ends either
                return
        found = data.find(_STREAM, end)


def _unpacked(data: bytes, start: int) -> tuple[bool, bool]:
    """Whether a packed stream is whole, and whether it writes numbers with an exponent."""
    inflater, length, end, has_exponents = zlib.decompressobj(), 0, b"", False
    ends = data.find(_END, start)
    rest = data[start : ends if ends >= 0 else len(data)]
    try:
        while rest and not inflater.eof:
            piece = inflater.decompress(rest, _PIECE)
            has_exponents = has_exponents or _has_exponents(end + piece)
            length, end = length + len(piece), piece[-_OVERLAP:]
            rest = inflater.unconsumed_tail
            if length > LIMITS.expanded_bytes:
                raise DocumentError(
                    Reason.CONTENT_TOO_LARGE, f"a page unpacks to more than {LIMITS.expanded_bytes} bytes"
                )
    except zlib.error:
        return False, has_exponents
    return inflater.eof, has_exponents


def _has_exponents(content: bytes) -> bool:
    return any(sign in content for sign in _EXPONENT_SIGNS) and EXPONENT.search(content) is not None
