"""Two-sided forms that a converter printed cell after cell, without row numbers, put together again by their list markers.

A cell is a line, or a part of a line between pipes; empty cells may be missing. In a form of revenue beside expenditure each row
prints a name and its amount twice, and both columns of names count their rows (一、二、三、): a name belongs to the column
whose next number it has, and the number behind it is its amount. Nothing else is read of such a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.document.text import FORM_NUMBER, NOTE, fold, is_amount, printed_unit
from ingest.registry import any_of, forms, is_header_word, titled_form

_ITEM_HEAD = re.compile(r"^项目(?:[(].*[)])?$")
_SIDES = ("收入", "支出")
_NUMBERED = re.compile(r"^(?P<number>[一二三四五六七八九十]{1,3})、")
_NUMERALS = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}
_PART = re.compile(r"^(?:\([一二三四五六七八九十\d]{1,3}\)|其中[:]?|\d{1,2}[.、])")
_INCOME = re.compile(any_of("form.side_income"))
_EXPENDITURE = re.compile(any_of("form.side_expenditure"))
_TOTAL = re.compile(rf"^{any_of('form.total')}$")
_SENTENCE = re.compile(r"[。;,，；!！?？]")
_MOST_HEADS, _MOST_CELLS, _LONGEST = 24, 400, 40
"""How many cells a form's heads and body may have here, and how many characters a name."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A printed cell: its text and the line that prints it; ``number`` counts the cells of the line."""

    text: str
    line: TextLine
    number: int

    @property
    def folded(self) -> str:
        return fold(self.text)

    def cell(self, row: int, col: int) -> Cell:
        return Cell(self.text, row, col, f"{self.line.ref}c{self.number}", 1, 1, line_no=self.line.line_no)

    def head(self, text: str, row: int, col: int) -> Cell:
        """A cell with a head that the text does not print for this column; its place is that of the first name."""
        ref = f"{self.line.ref}c{self.number}h{row}{col}"
        return Cell(text, row, col, ref, 1, 1, line_no=self.line.line_no)


@dataclass(slots=True)
class _Entry:
    """A name with its printed row and the numbers that follow it."""

    label: _Piece
    row: int
    values: list[_Piece] = field(default_factory=list)


@dataclass(slots=True)
class _Column:
    """One side of a form: the heads of its amounts, and its names; ``next_number`` is the list marker of its next name."""

    heads: list[_Piece] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    next_number: int = 1

    def amount(self, entry: _Entry) -> _Piece | None:
        """The amount of a name that is certain: the only one, or the first where the first of several columns is their total."""
        is_total = len(self.heads) > 1 and bool(_TOTAL.match(self.heads[0].folded))
        if len(entry.values) == 1 or (is_total and 1 < len(entry.values) <= len(self.heads)):
            return entry.values[0] if is_total or len(self.heads) < 2 else None
        return None


def restore_streams(document: Document) -> Document:
    """The document with such forms as tables; unchanged where it has none.

    The last number of a text is not read: where the text is cut, so may the number be.
    """
    blocks: list[Block] = []
    for is_text, group in groupby(document.blocks, lambda each: isinstance(each, TextLine) and not each.box):
        run = list(group)
        lines = [each for each in run if isinstance(each, TextLine)]
        blocks.extend(_restored(lines, document.blocks[-1]) if is_text else run)
    return replace(document, blocks=blocks)


def _restored(lines: Sequence[TextLine], last: Block) -> Iterator[Block]:
    at = 0
    while at < len(lines):
        yield lines[at]
        at += 1
        if not _is_title(lines[at - 1].text):
            continue
        pieces = list(_pieces(lines[at:]))
        found = _read(pieces)
        if found is None:
            continue
        head, sides, end = found
        taken = pieces[:end]
        yield from _whole_lines(pieces[:head])
        cut = pieces[end - 1] if taken[-1].line is last and end == len(pieces) else None
        yield _table(sides, cut)
        stop = lines.index(taken[-1].line, at) + 1
        rest = [each for each in pieces[end:] if each.line is taken[-1].line]
        yield from (replace(each.line, text=each.text) for each in rest)
        at = stop


def _is_title(text: str) -> bool:
    form = titled_form(text)
    return bool(form and form.statement_code and forms()[form.statement_code].layout == "two_sided")


def _pieces(lines: Sequence[TextLine]) -> Iterator[_Piece]:
    count = 0
    for line in lines:
        parts = line.text.split("|") if "|" in line.text else [line.text]
        for number, part in enumerate(parts, start=1):
            if part.strip():
                count += 1
                yield _Piece(part.strip(), line, number)
        if count > _MOST_CELLS:
            return


def _read(pieces: Sequence[_Piece]) -> tuple[int, tuple[_Column, _Column], int] | None:
    """Where the heads of a form begin, its two sides, and where it ends; None where the cells are not such a form."""
    first = next(
        (at for at, each in enumerate(pieces[:_MOST_HEADS]) if _number_of(each) == 1 or is_amount(each.text)),
        None,
    )
    if first is None or _number_of(pieces[first]) != 1:
        return None
    head = first
    while head and (is_header_word(pieces[head - 1].text) or pieces[head - 1].folded in _SIDES):
        head -= 1
    if any(_is_title(each.text) or not _stands_above(each) for each in pieces[:head]):
        return None
    items = [at for at in range(head, first) if _ITEM_HEAD.match(pieces[at].folded)]
    if len(items) != 2:
        return None
    heads = [pieces[items[0] + 1 : items[1]], pieces[items[1] + 1 : first]]
    sides = (_Column(list(heads[0])), _Column(_lowest(heads[1])))
    end = _read_body(pieces, first, sides)
    is_read = all(side.entries for side in sides) and any(
        side.amount(entry) for side in sides for entry in side.entries
    )
    return (head, sides, end) if is_read else None


def _lowest(heads: Sequence[_Piece]) -> list[_Piece]:
    """The heads of the columns: those from a total on, where another head stands above all of them."""
    total = next((at for at, each in enumerate(heads) if _TOTAL.match(each.folded)), 0)
    return list(heads[total:])


def _stands_above(piece: _Piece) -> bool:
    """Whether a cell may stand between a form's title and its heads: its number, unit, money unit or year."""
    text = piece.folded
    is_short = len(text) <= _LONGEST and not _SENTENCE.search(text)
    return bool(printed_unit(piece.text) or FORM_NUMBER.search(text)) or (
        is_short and (":" in text or text.endswith("表"))
    )


def _read_body(pieces: Sequence[_Piece], start: int, sides: tuple[_Column, _Column]) -> int:
    """Give the cells to the sides as far as they are a form's body, and return where it ends."""
    last: _Column | None = None
    row = 0
    for at in range(start, len(pieces)):
        piece = pieces[at]
        if is_amount(piece.text):
            if last is None:
                return at
            last.entries[-1].values.append(piece)
            continue
        side = _side_of(piece, sides, last)
        if side is None:
            return at
        number = _number_of(piece)
        side.next_number = number + 1 if number else side.next_number
        is_next = last is None or side is sides[0] or last is side
        row += is_next
        side.entries.append(_Entry(piece, row))
        last = side
    return len(pieces)


def _side_of(piece: _Piece, sides: tuple[_Column, _Column], last: _Column | None) -> _Column | None:
    """The side that a name belongs to; None where the cell is no name of the form, or nothing tells the sides apart."""
    text = piece.folded
    if len(text) > _LONGEST or _SENTENCE.search(text) or NOTE.match(text) or titled_form(piece.text):
        return None
    number = _number_of(piece)
    if number:
        fitting = [side for side in sides if side.next_number == number]
        if len(fitting) == 1:
            return fitting[0]
        return _by_words(text, sides) if fitting else None
    side = _by_words(text, sides)
    return side or (last if _PART.match(text) else None)


def _by_words(text: str, sides: tuple[_Column, _Column]) -> _Column | None:
    """The side that the words of a name say, where they say one only."""
    is_income, is_expenditure = bool(_INCOME.search(text)), bool(_EXPENDITURE.search(text))
    return None if is_income == is_expenditure else sides[0] if is_income else sides[1]


def _number_of(piece: _Piece) -> int | None:
    """The list marker of a name, up to 99; None where it has none."""
    match = _NUMBERED.match(piece.folded)
    if match is None:
        return None
    tens, ten, ones = match["number"].rpartition("十")
    if not ten:
        return _NUMERALS.get(match["number"])
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)


def _table(sides: tuple[_Column, _Column], cut: _Piece | None) -> Table:
    """The sides as a table of four columns with two rows of heads; an amount that the text's end may cut is left out."""
    cells: list[Cell] = []
    for number, side in enumerate(sides):
        col = 2 * number
        label = side.entries[0].label
        cells.append(replace(label.head(_SIDES[number], 0, col), col_span=2))
        cells.append(label.head("项目", 1, col))
        head = side.heads[0] if side.heads else None
        cells.append(head.cell(1, col + 1) if head else label.head("金额", 1, col + 1))
        for entry in side.entries:
            cells.append(entry.label.cell(entry.row + 1, col))
            amount = side.amount(entry)
            if amount and amount is not cut:
                cells.append(amount.cell(entry.row + 1, col + 1))
    return Table(cells, 2 + max(entry.row for side in sides for entry in side.entries), 4)


def _whole_lines(pieces: Sequence[_Piece]) -> Iterator[TextLine]:
    """The lines of cells, each once."""
    for _, group in groupby(pieces, lambda each: each.line.ref):
        yield next(iter(group)).line
