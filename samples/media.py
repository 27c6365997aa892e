"""Writes one sample document in a medium."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from samples.docx import render_docx
from samples.html import render_html
from samples.ofd import render_ofd
from samples.parts import Disclosure
from samples.pdf import render_pdf
from samples.scan import scan_pages, write_scan
from samples.text import render_cell_lines, render_tabbed
from samples.xlsx import render_xlsx

_CELL_LINES = ("cell_line_final",)  # kinds with one table cell per line of text; elsewhere a line is a row


@dataclass(frozen=True)
class Rendered:
    """A file's bytes, the suffix of its name and, for paged media, its number of pages."""

    content: bytes
    suffix: str
    page_count: int | None = None


def render(disclosure: Disclosure, medium: str, rng: Random) -> Rendered:
    """Write a disclosure in one of MEDIA; the same disclosure and numbers always give the same bytes."""
    return MEDIA[medium](disclosure, rng)


def _pdf(disclosure: Disclosure, _: Random) -> Rendered:
    content, page_count = render_pdf(disclosure.document, disclosure.is_landscape)
    return Rendered(content, "pdf", page_count)


def _scan(file_format: str, disclosure: Disclosure, rng: Random) -> Rendered:
    content, page_count = render_pdf(disclosure.document, disclosure.is_landscape)
    return Rendered(write_scan(scan_pages(content, rng), file_format), file_format, page_count)


def _ofd(disclosure: Disclosure, _: Random) -> Rendered:
    content, page_count = render_ofd(disclosure.document, disclosure.is_landscape)
    return Rendered(content, "ofd", page_count)


def _html(disclosure: Disclosure, _: Random) -> Rendered:
    return Rendered(render_html(disclosure.document).encode(), "html")


def _docx(disclosure: Disclosure, _: Random) -> Rendered:
    return Rendered(render_docx(disclosure.document), "docx")


def _xlsx(disclosure: Disclosure, _: Random) -> Rendered:
    return Rendered(render_xlsx(disclosure.document), "xlsx")


def _text(encoding: str, disclosure: Disclosure, rng: Random) -> Rendered:
    if disclosure.document.kind in _CELL_LINES:
        text = render_cell_lines(disclosure.document)
    else:
        text = render_tabbed(disclosure.document, rng)
    # "utf-16" alone writes the byte order of this machine, which may differ on the next one.
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding)
    return Rendered(content, "txt")


MEDIA: dict[str, Callable[[Disclosure, Random], Rendered]] = {
    "pdf": _pdf,
    "ofd": _ofd,
    "html": _html,
    "docx": _docx,
    "xlsx": _xlsx,
    "scan": partial(_scan, "pdf"),
    "tiff": partial(_scan, "tiff"),
    "utf-8": partial(_text, "utf-8"),
    "utf-16": partial(_text, "utf-16"),
    "gb18030": partial(_text, "gb18030"),
}
"""The writers by medium: PDF, OFD, HTML, Office files, a scan as a PDF of pictures or as a TIFF, or the encoding of a text."""
