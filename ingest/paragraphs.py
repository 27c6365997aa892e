"""Lines -> paragraphs with their section path. Sentences that the print broke over lines and pages are whole again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model import Document, TextLine
from ingest.text import PAGE_NUMBER, fold, squeeze

_LEVELS = (
    re.compile(r"^第[一二三四五六七八九十]+部分"),
    re.compile(r"^[一二三四五六七八九十]+、"),
    re.compile(r"^[(（][一二三四五六七八九十]+[)）]"),
    re.compile(r"^\d{1,2}[、.．](?!\d)"),
    re.compile(r"^[(（]\d{1,2}[)）]"),
)
_HEADING_LEVELS = 3
_SENTENCE_END = "。；;：:！!？?"
_LIST_MARK = re.compile(r"^[-*•]\s*(?=\S)")


@dataclass(slots=True)
class Paragraph:
    """One paragraph: its text without the print's line breaks, where it starts, and the headings it stands under."""

    text: str
    ref: str
    page_no: int | None
    line_no: int | None
    section_path: tuple[str, ...]
    is_heading: bool = False


def read_paragraphs(document: Document) -> Iterator[Paragraph]:
    """The paragraphs of a document in reading order, page numbers and running heads left out.

    A line goes on with the next unless it ends a sentence, is a heading, or the next begins a heading, a
    list item or, on pages, is indented.
    """
    path: list[str] = []
    open_paragraph: Paragraph | None = None
    last: TextLine | None = None
    for line in document.lines():
        text = _LIST_MARK.sub("", squeeze(line.text))
        folded = fold(text)
        if not folded or PAGE_NUMBER.match(folded):
            continue
        level = next((number for number, pattern in enumerate(_LEVELS) if pattern.match(folded)), None)
        if open_paragraph and last and level is None and _goes_on(open_paragraph, last, line):
            open_paragraph.text += text
            last = line
            continue
        if open_paragraph:
            yield open_paragraph
        is_heading = (
            level is not None
            and level < _HEADING_LEVELS
            and len(folded) <= 60
            and folded[-1] not in "。；;，,"
        )
        if is_heading and level is not None:
            path = [*path[:level], *[""] * (level - len(path)), text]
        section = tuple(part for part in path if part)
        open_paragraph = Paragraph(text, line.ref, line.page_no, line.line_no, section, is_heading)
        last = line
    if open_paragraph:
        yield open_paragraph


def _goes_on(paragraph: Paragraph, last: TextLine, line: TextLine) -> bool:
    if paragraph.text[-1] in _SENTENCE_END:
        return False
    if line.box is None:
        adjoining = line.line_no is not None and last.line_no is not None and line.line_no - last.line_no <= 2
        return adjoining and not paragraph.is_heading and len(paragraph.text) > 20
    if last.box is None:
        return False
    if last.page_no == line.page_no and line.box[1] - last.box[3] > 1.2 * (last.box[3] - last.box[1]):
        return False
    return not paragraph.is_heading or len(fold(line.text)) <= 8
