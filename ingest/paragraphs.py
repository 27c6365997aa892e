"""Lines -> paragraphs with their section path. Sentences that the print broke over lines and pages are whole again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.model import Document, TextLine
from ingest.text import PAGE_NUMBER, fold, squeeze

_LEVELS = (
    re.compile(r"^第[一二三四五六七八九十]+(?:部分|章)[:：]?"),
    re.compile(r"^第[一二三四五六七八九十]+节[:：]?"),
    re.compile(r"^[一二三四五六七八九十]+、"),
    re.compile(r"^[(（][一二三四五六七八九十]+[)）]"),
    re.compile(r"^\d{1,2}[、.．](?!\d)"),
    re.compile(r"^[(（]\d{1,2}[)）]"),
)
_HEADING_LEVELS = 4
_MOST_BLANK_LINES = 6
_SENTENCE_END = "。！!？?"
_SENTENCE = re.compile(rf"[^{_SENTENCE_END}]*(?:[{_SENTENCE_END}]|$)")
_CLAUSE_END = "；;：:"
_MARGIN = 12
"""How far, in points, a line that goes on may stop short of the next line's right edge."""
_USUAL_GAP = 1.2
"""How many heights of a line may lie between two lines of a paragraph."""
_WIDEST_GAP = 2.5
"""How many heights of a line may lie between two lines of a sentence that stops within a clause."""
_CLAUSE_MARK = re.compile(r"[，,。；;：:](?!$)|[，,。；;]$|\d(?:万?元|%)")
"""What a heading does not hold: a clause that goes on, or a figure."""
_CLAUSE_GOES_ON = "，,、（("
"""What a line does not end with unless its clause goes on."""
_REST_OF_CLAUSE = re.compile(r"[,，。、;；)）]")
"""What a line does not begin with unless it goes on with the one above."""
_CLOSING = "）)”》"
"""What a clause may go on after, as after a letter."""
_UNIT = re.compile(r"[万亿千]?元|%")
_TITLE_END = re.compile(r"(?:表|说明|情况|报告|概况|预算|决算|目录|公开|[）)])$")
"""How a title ends that the text below does not go on with."""
_BARE_HEADING = re.compile(
    r"^[^，,。；;：:、]{2,40}(?:情况的?(?:总体)?说明|编制说明|公开说明|名词解释|机构设置|主要职[能责]|目录|概况)$"
)
"""A heading without a number."""
_MINOR_HEADING = re.compile(
    r"^[^\"《]{2,22}(?:情况|说明|分析|结论|规模|安排|使用|内容|范围|计划|过程|职[能责]|问题|措施|建议|构成|控制)$"
)
"""A numbered line that is a heading and no list item."""
_RUN_ON_HEADING = re.compile(
    r"^(?P<heading>[（(]?[一二三四五六七八九十]+[、)）][^，,。；;：:\d]{4,45}?(?:情况的?(?:总体)?说明|情况))(?=20\d\d年|本部门|本单位|本年)"
)
"""A heading that the text goes on with on the same line."""
_FIELD = re.compile(
    r"^(?!主要|其中|原因|具体|包括|分别|用于|[^:：]*[(（][类款项][)）])[\u4e00-\u9fff()“”\"]{2,12}[:：]"
)
"""A labelled line (``项目名称：…``)."""
_NAME_LINE = re.compile(r"^(?:\d{1,2}[、.．]|\(\d{1,2}\))?项目名称:")
"""A labelled line that holds a name and no figure."""
_LABELLED = re.compile(r"^[^,，。]{2,18}[:：]")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s+|[●◆■▲◇○★※►▶▪·]\s*|[-—–]{2,}\s*)(?=\S)")


@dataclass(slots=True)
class Paragraph:
    """One paragraph: its text without the print's line breaks, where it starts, and the headings it stands under.

    ``confidences`` says where in the text each of its lines begins and how sure OCR is of the line; it is empty
    where the file holds the text. ``lines`` are its lines as printed.
    """

    text: str
    ref: str
    page_no: int | None
    line_no: int | None
    section_path: tuple[str, ...]
    is_heading: bool = False
    confidences: list[tuple[int, float]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def sentences(self) -> Iterator[Sentence]:
        """The sentences in printed order."""
        for number, match in enumerate(_SENTENCE.finditer(self.text), start=1):
            if match.group():
                yield Sentence(match.group(), f"{self.ref}s{number}", self._confidence(*match.span()))

    def _confidence(self, start: int, end: int) -> float | None:
        """How sure OCR is of the least sure line between two places of the text."""
        line_ends = [begin for begin, _ in self.confidences[1:]] + [len(self.text)]
        return min(
            (
                confidence
                for (begin, confidence), line_end in zip(self.confidences, line_ends, strict=False)
                if begin < end and line_end > start
            ),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a paragraph; ``confidence`` is that of the least sure line that it stands on."""

    text: str
    ref: str
    confidence: float | None


def read_paragraphs(document: Document) -> Iterator[Paragraph]:
    """The paragraphs of a document in reading order, page numbers and running heads left out.

    A line goes on with the next unless it ends a sentence, is a heading, or the next begins a heading, a
    list item or, on pages, is indented.
    """
    path: list[str] = []
    open_paragraph: Paragraph | None = None
    last: TextLine | None = None
    for line in document.lines():
        text = squeeze(_LIST_MARK.sub("", line.text))
        folded = fold(text)
        if not folded or PAGE_NUMBER.match(folded):
            continue
        level = _level(folded)
        if open_paragraph and last and level is None and _goes_on(open_paragraph, last, line):
            if line.confidence is not None:
                open_paragraph.confidences.append((len(open_paragraph.text), line.confidence))
            open_paragraph.text += text
            open_paragraph.lines.append(line.text)
            if open_paragraph.is_heading:
                path[-1] = open_paragraph.text
                open_paragraph.section_path = tuple(part for part in path if part)
            last = line
            continue
        if open_paragraph:
            yield open_paragraph
        sure = [] if line.confidence is None else [(0, line.confidence)]
        run_on = _RUN_ON_HEADING.match(text)
        if run_on and level is not None:
            heading = run_on.group("heading")
            path = [*path[:level], *[""] * (level - len(path)), heading]
            section = tuple(part for part in path if part)
            yield Paragraph(heading, line.ref, line.page_no, line.line_no, section, True, [*sure])
            text = text[len(heading) :]
            level = None
        is_heading = level is not None and _is_heading(folded, level)
        if is_heading and level is not None:
            path = [*path[:level], *[""] * (level - len(path)), text]
        section = tuple(part for part in path if part)
        open_paragraph = Paragraph(
            text, line.ref, line.page_no, line.line_no, section, is_heading, sure, [line.text]
        )
        last = line
    if open_paragraph:
        yield open_paragraph


def _level(folded: str) -> int | None:
    """How deep in the outline a line begins something; None where it begins nothing."""
    level = next((number for number, pattern in enumerate(_LEVELS) if pattern.match(folded)), None)
    return 0 if level is None and _BARE_HEADING.match(folded) else level


def _is_heading(folded: str, level: int) -> bool:
    if _CLAUSE_MARK.search(_LEVELS[0].sub("", folded)):
        return False
    return len(folded) <= 60 if level < _HEADING_LEVELS else bool(_MINOR_HEADING.match(folded))


def _is_broken_off(paragraph: Paragraph, line: TextLine) -> bool:
    """Whether a sentence stops within a clause, as converters that make each printed line a paragraph leave it."""
    text, rest = paragraph.text, fold(line.text)
    if paragraph.is_heading:
        return False
    if text[-1] in _CLAUSE_GOES_ON or _REST_OF_CLAUSE.match(rest):
        return True
    if text[-1].isdigit() and _UNIT.match(rest):
        return True
    if len(text) <= 20 or not (text[-1].isalnum() or text[-1] in _CLOSING):
        return False
    if _CLAUSE_MARK.search(text):
        return True
    return bool(_CLAUSE_MARK.search(rest)) and not _TITLE_END.search(text)


def _goes_on(paragraph: Paragraph, last: TextLine, line: TextLine) -> bool:
    if paragraph.text[-1] in _SENTENCE_END:
        return False
    if _NAME_LINE.match(fold(paragraph.text)) and re.search(r"\d", line.text):
        return False
    if _FIELD.match(fold(line.text)) and _LABELLED.match(fold(paragraph.text)):
        return False
    if line.box is None or last.box is None:
        if paragraph.text[-1] in _CLAUSE_END:
            return False
        if line.line_no is None or last.line_no is None or paragraph.is_heading:
            return False
        return line.line_no - last.line_no <= _MOST_BLANK_LINES and len(paragraph.text) > 20
    if paragraph.text[-1] in _CLAUSE_END and last.box[2] < line.box[2] - _MARGIN:
        return False
    gap, height = line.box[1] - last.box[3], last.box[3] - last.box[1]
    widest = _WIDEST_GAP if _is_broken_off(paragraph, line) else _USUAL_GAP
    if last.page_no == line.page_no and gap > widest * height:
        return False
    return not paragraph.is_heading or len(fold(line.text)) <= 8
