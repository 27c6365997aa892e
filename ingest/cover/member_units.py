"""The units that a department's document takes in, as its chapter 单位构成 (机构设置) lists them: in a table, a list or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.cover.unit_names import clean_name, is_labelled_name
from ingest.document.model import Cell, Document, Table, TextLine
from ingest.document.paragraphs import Paragraph
from ingest.document.text import PAGE_NUMBER, fold, squeeze, strip_enumerator
from ingest.registry import any_of

_TAKES_IN = re.compile(any_of("members.takes_in"))
"""What the line above a list of units speaks of."""
_LIST_FOLLOWS = re.compile(rf"{any_of('members.list_follows')}[:：。]?$")
_LISTED = re.compile(
    rf"(?:编制|汇总)范围的[^。:：]{{0,30}}?{any_of('members.sentence_lists')}[:：]?(?P<units>[^。:：]+)[。]?$"
)
"""A sentence that lists the units itself (纳入…编制范围的单位包括：甲局本级、乙中心)."""
_DIVISIONS = re.compile(rf"{any_of('members.not_units')}[^,，。;；]*$")
"""What a line speaks of last when the list below it is not a list of units."""
_NAME_HEADER = re.compile(rf"^{any_of('members.column_head')}?单位(?:名称|全称)$|^名称$")
_OWN = re.compile(rf"{any_of('members.own')}$")
"""What distinguishes the department's own offices from the units below it."""
_NOT_SEPARATE = re.compile(any_of("members.not_separate"))
"""A remark that a unit has no accounts of its own: its figures stand in another's."""
_TAIL = re.compile(r"(?:部门|单位)?(?:预算|决算)$")
_NAME_ENDS = re.compile(r"[,，;；。:：、]")
_PLACEHOLDER = re.compile(r"[Xx×＊*○…]{2}|^[。.…]+$")
_MOST_COLUMNS, _LINES_BEFORE, _TAIL_LENGTH = 6, 4, 30
_SCOPE = "范围的"
"""Words that stand in every sentence that lists the units itself."""


@dataclass(frozen=True, slots=True)
class MemberUnit:
    """One entry of the list.

    ``unit_name`` is null where the entry does not read like a unit's name; ``is_own`` tells the department's own offices
    (本级), ``is_separate`` is false where the entry's ``note`` says that the unit has no accounts of its own.
    """

    unit_no: int
    printed_text: str
    unit_name: str | None
    is_own: bool
    is_separate: bool
    note: str | None
    source_ref: str
    page_no: int | None


def read_member_units(document: Document, paragraphs: Sequence[Paragraph]) -> list[MemberUnit]:
    """The first list of units that a document prints, in printed order; empty where it has none."""
    for found in (*_tables(document), *_lists(paragraphs), *_sentences(paragraphs)):
        if found:
            return [replace(unit, unit_no=number) for number, unit in enumerate(found, start=1)]
    return []


def _tables(document: Document) -> Iterator[list[MemberUnit]]:
    """Tables with a column of units' names below a line that speaks of the units, with what of them is on the next page."""
    before: list[str] = []
    listed: list[MemberUnit] = []
    head: tuple[Table, int] | None = None
    for block in document.blocks:
        if isinstance(block, TextLine):
            if block.text.strip():
                before = [*before[1 - _LINES_BEFORE :], block.text]
            continue
        if head and _continues(head[0], block, before):
            listed += _rows(block, head[1], 0)
            head = block, head[1]
        elif block.col_count <= _MOST_COLUMNS and _TAKES_IN.search("".join(map(fold, before))):
            yield listed
            listed, head = [], None
            if (found := _head(block)) is not None:
                listed, head = list(_rows(block, found.col, found.row + 1)), (block, found.col)
        before = []
    yield listed


def _continues(above: Table, below: Table, between: Sequence[str]) -> bool:
    """Whether a table without a head of its own goes on with the rows of the one on the page before."""
    return (
        above.page_no is not None
        and below.page_no == above.page_no + 1
        and below.col_count == above.col_count
        and all(PAGE_NUMBER.match(fold(line)) for line in between)
        and _head(below) is None
    )


def _head(table: Table) -> Cell | None:
    """The head of the column of names."""
    return next((cell for cell in table.cells if cell.row == 0 and _NAME_HEADER.match(fold(cell.text))), None)


def _rows(table: Table, column: int, first: int) -> Iterator[MemberUnit]:
    for row in range(first, table.row_count):
        cells = list(dict.fromkeys(cell for cell in table.grid[row] if cell))
        named = table.grid[row][column]
        if named is None or not fold(named.text):
            continue
        note = " ".join(squeeze(cell.text) for cell in cells if cell.col > column and cell.text.strip())
        yield _member(squeeze(named.text), note or None, named.ref, table.page_no)


def _lists(paragraphs: Sequence[Paragraph]) -> Iterator[list[MemberUnit]]:
    """Numbered paragraphs below one that says that a list of units follows, where half of them read like names.

    A line of a table of contents (二、部门预算单位构成) looks the same, with the other chapters below it.
    """
    for place, paragraph in enumerate(paragraphs):
        if not _LIST_FOLLOWS.search(fold(paragraph.text[-_TAIL_LENGTH:])):
            continue
        folded = fold(paragraph.text)
        if _TAKES_IN.search(folded) and not _DIVISIONS.search(folded):
            found = []
            for item in paragraphs[place + 1 :]:
                bare = strip_enumerator(fold(item.text))
                if bare == fold(item.text):
                    break
                text = squeeze(item.text)
                text = text[len(fold(text)) - len(bare) :] if len(fold(text)) == len(text) else bare
                name, note = _divided(text)
                found.append(_member(name, note, item.ref, item.page_no))
            if 2 * sum(unit.unit_name is not None for unit in found) >= len(found):
                yield found


def _divided(text: str) -> tuple[str, str | None]:
    """An entry of a list, divided into the name and the note behind it."""
    end = _NAME_ENDS.search(text)
    if end is None:
        return text, None
    return text[: end.start()], text[end.end() :].strip("。;；") or None


def _sentences(paragraphs: Sequence[Paragraph]) -> Iterator[list[MemberUnit]]:
    """Sentences that list the units themselves; a sentence with an entry that is not a name is left out."""
    for paragraph in paragraphs:
        for sentence in paragraph.sentences() if _SCOPE in paragraph.text else ():
            listed = _LISTED.search(squeeze(sentence.text))
            if listed:
                found = [
                    _member(_TAIL.sub("", strip_enumerator(part)), None, sentence.ref, paragraph.page_no)
                    for part in re.split(r"[、;；,，]|以?及", listed.group("units"))
                    if part
                ]
                if len(found) > 1 and all(unit.unit_name for unit in found):
                    yield found


def _member(printed: str, note: str | None, ref: str, page_no: int | None) -> MemberUnit:
    is_own = bool(_OWN.search(fold(printed)))
    is_name = not _PLACEHOLDER.search(printed) and (is_own or is_labelled_name(printed))
    return MemberUnit(
        unit_no=0,
        printed_text=printed,
        unit_name=clean_name(printed) if is_name else None,
        is_own=is_own,
        is_separate=not (note and _NOT_SEPARATE.search(fold(note))),
        note=note,
        source_ref=ref,
        page_no=page_no,
    )
