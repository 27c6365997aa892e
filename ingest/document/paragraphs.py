"""Lines -> paragraphs with their section path. Sentences that break over lines and pages are joined."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.document.model import Document, TextLine
from ingest.document.text import PAGE_NUMBER, fold, squeeze
from ingest.seeds import money_unit_pattern

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
_MOST = 2_000
"""Maximum characters of a sentence. A longer one is read in pieces that end with a clause, or at least not in a figure."""
_SENTENCE = re.compile(
    rf"(?:[^{_SENTENCE_END}]|[{_SENTENCE_END}](?=[)）])){{0,{_MOST}}}+(?:[{_SENTENCE_END}]|$)|[^{_SENTENCE_END}]{{1,{_MOST}}}(?<=[，,；;、])(?!\d)"
    rf"|[^{_SENTENCE_END}]{{1,{_MOST}}}(?<![\d.,，])|[^{_SENTENCE_END}]{{{_MOST}}}"
)
LEAST_PROSE = 10
"""How many paragraphs with whole sentences make prose of a text; fewer are notes, or the beginning of a disclosure."""
LONGEST_HEADING = 100
"""Maximum characters of a heading."""
_HEAD, _TAIL = 40, 8
"""How many characters at the beginning and end of a paragraph decide whether it continues."""
_CLAUSE_END = "；;：:"
_MARGIN = 12
"""How far, in points, a line that continues may stop short of the next line's right edge."""
_USUAL_GAP = 1.2
"""Maximum distance between two lines of a paragraph, in line heights."""
_WIDEST_GAP = 2.5
"""Maximum distance between two lines of a sentence that stops within a clause, in line heights."""
_CLAUSE_MARK = re.compile(r"[，,。；;：:](?!$)|[，,。；;]$|\d(?:万?元|%)")
"""What a heading does not contain: a clause that continues, or a figure."""
_CLAUSE_GOES_ON = "，,、（("
"""What a line ends with only if its clause continues."""
_REST_OF_CLAUSE = re.compile(r"[,，。、;；)）]")
"""What a line begins with only if it continues the line above."""
_LEAST_HEADS = 3
"""How many pages print a line that is their running head."""
_CLOSING = "）)”》"
"""Characters after which a clause may continue, as after a letter."""
_UNIT = re.compile(rf"{money_unit_pattern()}|%")
_TITLE_END = re.compile(r"(?:表|说明|情况|报告|概况|预算|决算|目录|公开|[）)])$")
"""The ending of a title that the text below does not continue."""
_BARE_HEADING = re.compile(
    r"^[^，,。；;：:、]{2,40}(?:情况的?(?:总体)?说明|编制说明|公开说明|名词解释|机构设置|主要职[能责]|目录|概况)$"
)
"""A heading without a number."""
_MINOR_HEADING = re.compile(
    r"^[^\"《]{2,22}(?:情况|说明|分析|结论|规模|安排|使用|内容|范围|计划|过程|职[能责]|问题|措施|建议|构成|控制)$"
)
"""A numbered line that is a heading and not a list item."""
_CLOSED_HEADING = re.compile(r"(?:情况|说明|概况|职[能责]|设置|构成)。$")
"""The ending of a heading with a full stop behind it."""
_RUN_ON_HEADING = re.compile(
    r"^(?P<heading>[（(]?[一二三四五六七八九十]+[、)）][^，,。；;：:\d]{4,45}?(?:情况的?(?:总体)?说明|情况))(?=20\d\d年|本部门|本单位|本年)"
)
"""A heading that text follows on the same line."""
_FIELD = re.compile(
    r"^(?!主要|其中|原因|具体|包括|分别|用于|[^:：]*[(（][类款项][)）])[\u4e00-\u9fff()“”\"]{2,12}[:：]"
)
"""A labelled line (``项目名称：…``)."""
_NAME_LINE = re.compile(r"^(?:\d{1,2}[、.．]|\(\d{1,2}\))?项目名称:")
"""A labelled line with a name and without a figure."""
_LABELLED = re.compile(r"^[^,，。]{2,18}[:：]")
_CODE = re.compile(r"(?<!\d)2\d{6}(?!\d)")
_FIGURE_SOON = re.compile(rf"[\u4e00-\u9fff]{{0,8}}\d[\d.,]{{0,20}}(?:{money_unit_pattern()})")
"""What a line begins with that ends the amount of the code named in the line above."""
_LIST_MARK = re.compile(r"^\s*(?:[-*•]\s+|[●◆■▲◇○★※►▶▪·]\s*|[-—–]{2,}\s*)(?=\S)")


@dataclass(slots=True)
class Paragraph:
    """One paragraph: its text without the printed line breaks, where it starts, and the headings above it.

    ``confidences`` gives where in the text each of its lines begins and the OCR confidence of the line; it is empty
    where the file itself holds the text. ``lines`` are its lines as printed.
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
        """The sentences in printed order, each with the OCR confidence of its least certain line."""
        begins = [begin for begin, _ in self.confidences]
        for number, match in enumerate(_SENTENCE.finditer(self.text), start=1):
            if match.group():
                first = max(0, bisect_right(begins, match.start()) - 1)
                lines = self.confidences[first : bisect_left(begins, match.end())]
                sure = min((confidence for _, confidence in lines), default=None)
                yield Sentence(match.group(), f"{self.ref}s{number}", sure)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a paragraph; ``confidence`` is that of its least certain line."""

    text: str
    ref: str
    confidence: float | None


class _Open:
    """A paragraph that may continue: keeps its parts, which are joined once, and what decides whether it continues."""

    def __init__(self, paragraph: Paragraph, folded: str) -> None:
        self.paragraph = paragraph
        self.length = 0
        self.head = self.tail = ""
        self.has_clause = self.has_sentence = False
        self._parts: list[str] = []
        self.add(paragraph.text, folded)

    @property
    def is_heading(self) -> bool:
        return self.paragraph.is_heading

    def add(self, text: str, folded: str) -> None:
        """Add a line, as printed and folded."""
        self._parts.append(text)
        self.length += len(text)
        self.head += folded[: _HEAD - len(self.head)]
        around = self.tail + text
        self.has_clause = self.has_clause or bool(_CLAUSE_MARK.search(around))
        self.has_sentence = self.has_sentence or any(end in text for end in _SENTENCE_END)
        self.tail = around[-_TAIL:]

    def whole(self) -> Paragraph:
        """The paragraph with all that was added."""
        self.paragraph.text = "".join(self._parts)
        self._parts = [self.paragraph.text]
        return self.paragraph


def read_paragraphs(document: Document) -> Iterator[Paragraph]:
    """The paragraphs of a document in reading order, page numbers and running heads left out.

    The next line continues a line unless the line ends a sentence or is a heading, or the next begins a heading or a
    list item or, on pages, is indented.
    """
    path: list[str] = []
    opened: _Open | None = None
    last: TextLine | None = None
    heads = _running_heads(document)
    for line in document.lines():
        text = squeeze(_LIST_MARK.sub("", line.text))
        folded = fold(text)
        if not folded or PAGE_NUMBER.match(folded) or line.ref in heads:
            continue
        level = _level(folded)
        if opened and last and level is None and _goes_on(opened, last, line):
            if line.confidence is not None:
                opened.paragraph.confidences.append((opened.length, line.confidence))
            opened.add(text, folded)
            opened.paragraph.lines.append(line.text)
            if opened.is_heading and _FIGURE_SOON.match(folded):
                path = path[:-1]
                opened.paragraph.is_heading = False
                opened.paragraph.section_path = tuple(part for part in path if part)
            elif opened.is_heading:
                path[-1] = opened.whole().text
                opened.paragraph.section_path = tuple(part for part in path if part)
            last = line
            continue
        if opened:
            yield opened.whole()
        sure = [] if line.confidence is None else [(0, line.confidence)]
        run_on = _RUN_ON_HEADING.match(text)
        if run_on and level is not None:
            heading = run_on.group("heading")
            path = [*path[:level], *[""] * (level - len(path)), heading]
            section = tuple(part for part in path if part)
            yield Paragraph(heading, line.ref, line.page_no, line.line_no, section, True, [*sure])
            text = text[len(heading) :]
            folded = fold(text)
            level = None
        is_heading = level is not None and _is_heading(folded, level)
        if is_heading and level is not None:
            path = [*path[:level], *[""] * (level - len(path)), text]
        section = tuple(part for part in path if part)
        paragraph = Paragraph(
            text, line.ref, line.page_no, line.line_no, section, is_heading, sure, [line.text]
        )
        opened, last = _Open(paragraph, folded), line
    if opened:
        yield opened.whole()


def running_lines(document: Document) -> set[str]:
    """The places of the lines that are in no paragraph since they belong to pages: their numbers and running heads."""
    numbers = {line.ref for line in document.lines() if PAGE_NUMBER.match(fold(squeeze(line.text)))}
    return numbers | _running_heads(document)


def _running_heads(document: Document) -> set[str]:
    """The places of the lines that pages print above or below their text: the same first or last line on several pages."""
    edges: dict[tuple[bool, str], list[str]] = {}
    pages: dict[int, list[TextLine]] = {}
    for line in document.lines():
        if line.page_no is not None and not PAGE_NUMBER.match(fold(squeeze(line.text))):
            pages.setdefault(line.page_no, []).append(line)
    for lines in pages.values():
        for edge in {0, len(lines) - 1}:
            text = fold(squeeze(lines[edge].text))
            if len(text) <= _HEAD and not _CLAUSE_MARK.search(text):
                edges.setdefault((edge == 0, text), []).append(lines[edge].ref)
    return {ref for found in edges.values() if len(found) >= _LEAST_HEADS for ref in found[1:]}


def item_level(text: str) -> int | None:
    """The outline level of the mark that a text begins with (一、 （一） 1. …); None where it begins with none."""
    folded = fold(text)
    return next((number for number, pattern in enumerate(_LEVELS) if pattern.match(folded)), None)


def _level(folded: str) -> int | None:
    """The outline level of what a line begins; None where it begins nothing."""
    level = item_level(folded)
    return 0 if level is None and _BARE_HEADING.match(folded) else level


def _is_heading(folded: str, level: int) -> bool:
    if _CLOSED_HEADING.search(folded):
        folded = folded[:-1]
    if _CLAUSE_MARK.search(_LEVELS[0].sub("", folded)):
        return False
    return len(folded) <= 60 if level < _HEADING_LEVELS else bool(_MINOR_HEADING.match(folded))


def _is_broken_off(paragraph: _Open, rest: str) -> bool:
    """Whether a sentence stops within a clause, as converters that make each printed line a paragraph leave it."""
    text = paragraph.tail
    if paragraph.is_heading:
        return False
    if text[-1] in _CLAUSE_GOES_ON or _REST_OF_CLAUSE.match(rest):
        return True
    if text[-1].isdigit() and _UNIT.match(rest):
        return True
    if paragraph.length <= 20 or not (text[-1].isalnum() or text[-1] in _CLOSING):
        return False
    if paragraph.has_clause:
        return True
    return bool(_CLAUSE_MARK.search(rest)) and not _TITLE_END.search(text)


def _goes_on(paragraph: _Open, last: TextLine, line: TextLine) -> bool:
    end, folded = paragraph.tail[-1], fold(line.text)
    if paragraph.is_heading and _CODE.search(paragraph.head) and _FIGURE_SOON.match(folded):
        return end not in _SENTENCE_END
    if end in _SENTENCE_END or (paragraph.is_heading and paragraph.length + len(folded) > LONGEST_HEADING):
        return False
    if _NAME_LINE.match(paragraph.head) and re.search(r"\d", line.text):
        return False
    if _FIELD.match(folded) and _LABELLED.match(paragraph.head) and not paragraph.has_sentence:
        return False
    if line.box is None or last.box is None:
        if end in _CLAUSE_END:
            return False
        if line.line_no is None or last.line_no is None or paragraph.is_heading:
            return False
        return line.line_no - last.line_no <= _MOST_BLANK_LINES and paragraph.length > 20
    if end in _CLAUSE_END and last.box[2] < line.box[2] - _MARGIN:
        return False
    gap, height = line.box[1] - last.box[3], last.box[3] - last.box[1]
    widest = _WIDEST_GAP if _is_broken_off(paragraph, folded) else _USUAL_GAP
    if last.page_no == line.page_no and gap > widest * height:
        return False
    return not paragraph.is_heading or len(folded) <= 8


def prose_count(paragraphs: Iterable[Paragraph]) -> int:
    """How many paragraphs hold whole sentences."""
    return sum(1 for each in paragraphs if not each.is_heading and "。" in each.text)
