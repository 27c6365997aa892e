"""Tables that a converter printed as text, cell after cell, put together again by the row numbers that they print (行次)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from ingest.document.model import Block, Cell, Document, Table, TextLine
from ingest.document.text import NOTE, fold, is_amount
from ingest.registry import any_of, is_header_word, titled_statements

_ORDER_HEAD = re.compile(rf"^{any_of('form.order_row')}$")
_ITEM_HEAD = re.compile(r"^项目(?:[(].*[)])?$")
_SIDES = ("收入", "支出")
_WHOLE = re.compile(r"^\d{1,3}$")
_LEAST_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or number with the line that prints it; ``number`` counts the tokens of the document."""

    text: str
    line: TextLine
    number: int

    @property
    def is_number(self) -> bool:
        """Whether it is a number, or a dash that stands for one."""
        return is_amount(self.text) or not any(char.isalnum() for char in self.text)

    @property
    def is_order_head(self) -> bool:
        """Whether it heads row numbers or columns' numbers."""
        return bool(_ORDER_HEAD.match(fold(self.text)))

    def cell(self, row: int, col: int) -> Cell:
        return Cell(self.text, row, col, f"{self.line.ref}n{self.number}", 1, 1, line_no=self.line.line_no)


@dataclass(slots=True)
class _Row:
    """A printed row: its label, its number, and the numbers that follow it."""

    label: list[_Token]
    number: _Token
    values: list[_Token] = field(default_factory=list)

    def amounts(self, width: int) -> list[_Token]:
        """The row's amounts in a block of so many columns of them: one that is printed several times counts once."""
        is_repeated = width == 1 and len({fold(each.text) for each in self.values}) == 1
        values = self.values[:1] if is_repeated else self.values
        return values if len(values) == width else []


@dataclass(slots=True)
class _Side:
    """The rows of one block of columns: what heads it, its names, their numbers and its amounts; its rows in printed order."""

    head: _Token | None
    item: _Token
    order: _Token | None = None
    heads: list[_Token] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many columns of amounts the block has."""
        return max(1, len(self.heads))

    def unclear(self) -> list[_Token]:
        """The numbers that are no row's amounts for certain."""
        return [each for row in self.rows if not row.amounts(self.width) for each in row.values]

    def take_back(self, number: int) -> None:
        """Make the rows without a label from this number on values of the row above them: a row with a label has the number."""
        at = next((at for at, row in enumerate(self.rows) if int(fold(row.number.text)) == number), 0)
        if at and not any(row.label for row in self.rows[at:]):
            self.rows[at - 1].values += [each for row in self.rows[at:] for each in (row.number, *row.values)]
            del self.rows[at:]

    def expects(self, number: int) -> bool:
        """Whether a row of this number is the next one; a first row may have any number."""
        return not self.rows or int(fold(self.rows[-1].number.text)) + 1 == number


def restore_tables(document: Document) -> Document:
    """The document with its flattened numbered tables as tables; unchanged where it has none.

    A table is restored only where each row prints its number and the numbers follow each other without a gap: nothing else
    says in such a text which figure belongs to which row. The numbers of a row that has more or fewer of them than its block has
    amounts are a line below the table.
    """
    blocks: list[Block] = []
    for is_text, run in groupby(document.blocks, lambda each: isinstance(each, TextLine) and not each.box):
        lines = list(run)
        if is_text and any(_ORDER_HEAD.match(fold(word)) for word in _words(lines)):
            blocks.extend(_restore(lines))
        else:
            blocks.extend(lines)
    return replace(document, blocks=blocks)


def _words(lines: list[Block]) -> Iterator[str]:
    return (word for line in lines if isinstance(line, TextLine) for word in line.text.split())


def _restore(lines: list[Block]) -> list[Block]:
    """The blocks of a run of lines, flattened tables restored.

    Of the words between a table's blocks its unit and number stand above it; notes, and the title once more, below.
    """
    tokens: list[_Token] = []
    for line in lines:
        if isinstance(line, TextLine):
            tokens += [_Token(word, line, len(tokens) + at) for at, word in enumerate(line.text.split())]
    found: list[Block] = []
    start = last = 0
    while (head := _next_head(tokens, start)) is not None:
        sides, between, end = _read_sides(tokens, head)
        if sum(len(side.rows) for side in sides) < _LEAST_ROWS:
            start = max(end, head + 1)
            continue
        found += _as_lines(tokens[last:head])
        ends = [bool(NOTE.match(fold(each.text)) or titled_statements(each.text)) for each in between]
        found += _as_lines([each for each, is_end in zip(between, ends, strict=True) if not is_end])
        found.append(_table(sides))
        found += _as_lines([each for side in sides for each in side.unclear()])
        found += _as_lines([each for each, is_end in zip(between, ends, strict=True) if is_end])
        start = last = end
    return [*found, *_as_lines(tokens[last:])] if last else lines


def _next_head(tokens: list[_Token], start: int) -> int | None:
    """Where the next run of heads that includes one of row numbers begins."""
    order = next((at for at in range(start, len(tokens)) if tokens[at].is_order_head), None)
    if order is None:
        return None
    while order > start and not tokens[order - 1].is_number and is_header_word(tokens[order - 1].text):
        order -= 1
    return order


def _read_sides(tokens: list[_Token], head: int) -> tuple[list[_Side], list[_Token], int]:
    """The blocks of columns that begin at a head, the words between them that are no rows, and where the table ends."""
    sides: list[_Side] = []
    between: list[_Token] = []
    at = end = head
    is_first = False
    while at < len(tokens):
        words_end = _end_of(tokens, at, is_number=False)
        words = tokens[at:words_end]
        numbers = tokens[words_end : _end_of(tokens, words_end, is_number=True)]
        heads = _heads_of(words)
        if heads and numbers:
            between += words[: len(words) - len(heads)]
            sides += _sides(heads)
        elif not numbers or not _add_row(sides, words, numbers, is_first):
            break
        is_first = bool(heads)
        at = end = words_end + len(numbers)
    return sides, between, end


def _end_of(tokens: list[_Token], start: int, is_number: bool) -> int:
    return next((at for at in range(start, len(tokens)) if tokens[at].is_number != is_number), len(tokens))


def _heads_of(words: list[_Token]) -> list[_Token]:
    """The heads at the end of a run of words, where one of them heads row numbers or columns' numbers."""
    start = len(words)
    while start and is_header_word(words[start - 1].text):
        start -= 1
    heads = words[start:]
    return heads if any(each.is_order_head for each in heads) else []


def _sides(heads: list[_Token]) -> list[_Side]:
    """The blocks of columns that a run of heads begins: one for each head of the rows' names."""
    outer = [each for each in heads if fold(each.text) in _SIDES]
    found: list[_Side] = []
    for each in heads:
        if _ITEM_HEAD.match(fold(each.text)):
            found.append(_Side(outer[len(found)] if len(found) < len(outer) else None, each))
        elif found and each.is_order_head:
            found[-1].order = found[-1].order or each
        elif found and each not in outer:
            found[-1].heads.append(each)
    return found


def _add_row(sides: list[_Side], words: list[_Token], numbers: list[_Token], is_first: bool) -> bool:
    """Give a row, and those without a label that follow it, to the block whose next row it is; False where it is none's.

    The first row below heads begins a block, as does one that is no begun block's next.
    """
    number = numbers[0]
    if not words or not _WHOLE.match(fold(number.text)):
        return False
    value = int(fold(number.text))
    for begun in sides:
        begun.take_back(value)
    started = [side for side in sides if side.rows and side.expects(value)]
    waiting = [side for side in sides if not side.rows][:1]
    side = next(iter(waiting + started if is_first else started + waiting), None)
    if side is None:
        return False
    row = _Row(words, number)
    side.rows.append(row)
    for each in numbers[1:]:
        whole = fold(each.text)
        if _WHOLE.match(whole) and side.expects(int(whole)):
            row = _Row([], each)
            side.rows.append(row)
        else:
            row.values.append(each)
    return True


def _table(sides: list[_Side]) -> Table:
    """Blocks of columns as a table with two rows of heads: name, number and amounts of each block."""
    cells: list[Cell] = []
    col = 0
    for side in sides:
        width = side.width
        if side.head:
            cells.append(side.head.cell(0, col))
        cells += [
            each.cell(1, col + at) for at, each in enumerate([side.item, side.order, *side.heads]) if each
        ]
        for row_no, row in enumerate(side.rows, start=2):
            if row.label:
                label = "".join(each.text for each in row.label)
                cells.append(replace(row.label[0].cell(row_no, col), text=label))
            cells.append(row.number.cell(row_no, col + 1))
            cells += [each.cell(row_no, col + 2 + at) for at, each in enumerate(row.amounts(width))]
        col += 2 + width
    return Table(cells, 2 + max(len(side.rows) for side in sides), col)


def _as_lines(tokens: list[_Token]) -> list[Block]:
    """Words as lines: whole lines as they were printed, and each word of a line that a table cuts."""
    found: list[Block] = []
    for _, group in groupby(tokens, lambda each: each.line.ref):
        words = list(group)
        line = words[0].line
        if len(words) == len(line.text.split()):
            found.append(line)
        else:
            found += [replace(line, text=each.text, ref=f"{line.ref}n{each.number}") for each in words]
    return found
