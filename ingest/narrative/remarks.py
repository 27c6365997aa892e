"""Statements of the text that can be checked and are not figures of a fact: comparisons in words, reasons, years, numbers of
units, floor areas, template words left over.

The expressions are data (``remark_patterns``); this module finds where each stands and which figure was printed last before
it in its paragraph. The models that compare the figures decide what it means for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from ingest.document.paragraphs import Paragraph
from ingest.document.text import fold_in_place
from ingest.narrative.model import Claim
from ingest.narrative.starts import Starts, known_starts, starts_in
from ingest.registry import vocabulary_rows

_BRACKETS, _QUOTATION_MARKS = {"(": ")", "（": "）"}, {"“": "”"}
_CLOSED_BY = _BRACKETS | _QUOTATION_MARKS
_ALIKE = str.maketrans("()", "（）")
_NUMBER_OF_A_LIST = re.compile(r"(?:^|[。;；,，:：、\s])[0-9a-zA-Z一二三四五六七八九十①-⑳]{1,3}$")
"""What stands before the bracket of ``1）`` and ``一）``, which needs no other."""
_ENDS = ("。", "；", ";")
_AROUND = 12
"""How many characters on either side of a mark without its pair are quoted."""
_REACH = 200
"""How far, in characters, an expression may reach into the sentences behind the one in which it begins."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One expression at its place.

    ``kind`` and ``code`` are those of the registry; ``named`` is what the expression names (a year, 年初), null where it
    names nothing; ``claim_no`` is the last figure printed before it in its paragraph, null where none is.
    """

    remark_no: int
    kind: str
    code: str
    paragraph_no: int
    source_ref: str
    page_no: int | None
    section_path: str
    text: str
    named: str | None
    claim_no: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Expression:
    """An expression of the registry: what it says, where it is looked for, and how its matches can begin."""

    kind: str
    code: str
    place: str
    pattern: re.Pattern[str]
    starts: Starts | None


@cache
def _expressions() -> tuple[_Expression, ...]:
    return tuple(
        _Expression(
            row["kind"],
            row["code"],
            row["place"],
            re.compile(row["pattern"]),
            known_starts(row["pattern"]),
        )
        for row in vocabulary_rows("remark_patterns")
    )


def _expressions_in(paragraph: Paragraph, whole: str) -> list[_Expression]:
    """The expressions that a paragraph can hold."""
    places = ("any", "heading" if paragraph.is_heading else "sentence", "paragraph")
    found = starts_in(whole)
    return [
        each
        for each in _expressions()
        if each.place in places and (each.starts is None or not each.starts.isdisjoint(found))
    ]


def read_remarks(paragraphs: Sequence[Paragraph], claims: Sequence[Claim]) -> list[Remark]:
    """The remarks of a document, in printed order."""
    by_place: dict[str, list[Claim]] = {}
    for claim in claims:
        by_place.setdefault(claim.source_ref, []).append(claim)
    remarks: list[Remark] = []
    for number, paragraph in enumerate(paragraphs, start=1):
        last: int | None = None
        begin = 0
        whole = fold_in_place(paragraph.text)
        expressions = _expressions_in(paragraph, whole)
        for sentence in paragraph.sentences():
            figures = list(_placed(sentence.text, by_place.get(sentence.ref, ())))
            end = begin + len(sentence.text)
            for expression in expressions:
                within = end + _REACH if expression.place == "paragraph" else end
                for match in expression.pattern.finditer(whole, begin, within):
                    if match.start() >= end:
                        break
                    before = [claim_no for at, claim_no in figures if at < match.start() - begin]
                    named = next((group for group in match.groupdict().values() if group), None)
                    remarks.append(
                        Remark(
                            len(remarks) + 1,
                            expression.kind,
                            expression.code,
                            number,
                            sentence.ref,
                            paragraph.page_no,
                            " > ".join(paragraph.section_path),
                            paragraph.text[match.start() : match.end()],
                            named,
                            before[-1] if before else last,
                            sentence.text,
                        )
                    )
            last = figures[-1][1] if figures else last
            begin = end
        begins = (
            number == 1 or paragraphs[number - 2].is_heading or paragraphs[number - 2].text.endswith(_ENDS)
        )
        if begins:
            remarks.extend(_without_pair(paragraph, number, len(remarks) + 1))
    return remarks


def unpaired_marks(text: str) -> list[int]:
    """Where brackets and quotation marks stand whose pair is missing; the brackets of numbers of a list are not counted."""
    opened: list[int] = []
    unpaired: list[int] = []
    for at, mark in enumerate(text):
        if mark in _CLOSED_BY:
            opened.append(at)
        elif mark in _CLOSED_BY.values():
            wanted = mark.translate(_ALIKE)
            pair = next(
                (each for each in reversed(opened) if _CLOSED_BY[text[each]].translate(_ALIKE) == wanted),
                None,
            )
            if pair is not None:
                opened.remove(pair)
            elif mark in "”" or not _NUMBER_OF_A_LIST.search(text[max(0, at - 4) : at]):
                unpaired.append(at)
    return sorted(unpaired + opened)


def _without_pair(paragraph: Paragraph, number: int, remark_no: int) -> Iterator[Remark]:
    """The mark of a whole paragraph of prose whose pair is missing; more of them are a style, or a break of the reading."""
    text = paragraph.text
    if paragraph.is_heading or not text.endswith(_ENDS):
        return
    marks = unpaired_marks(text)
    # the bracket that opens may stand in a cell or on a page that was read apart
    if len(marks) != 1 or text[marks[0]] in _BRACKETS.values():
        return
    [at] = marks
    sentences = list(paragraph.sentences())
    ends = accumulate(len(sentence.text) for sentence in sentences)
    place = next((each for each, end in zip(sentences, ends, strict=True) if at < end), sentences[-1])
    yield Remark(
        remark_no,
        "pair",
        "quotation" if text[at] in "“”" else "bracket",
        number,
        place.ref,
        paragraph.page_no,
        " > ".join(paragraph.section_path),
        text[max(0, at - _AROUND) : at + _AROUND],
        None,
        None,
        place.text,
    )


def _placed(sentence: str, claims: Sequence[Claim]) -> Iterator[tuple[int, int]]:
    """Where each figure of a sentence stands, and its number."""
    at = 0
    for claim in claims:
        found = sentence.find(claim.figure_text, at)
        if found >= 0:
            at = found + len(claim.figure_text)
            yield found, claim.claim_no
