"""Choices that make one publisher's forms look different from another's."""

from dataclasses import dataclass, replace

from samples.model import Cell
from samples.money import MoneyStyle

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Layout:
    """Conventions of one publisher.

    `code_columns` is 1 (`2010301`) or 3 (`201 | 03 | 01`); `pads_codes` keeps the leading zeros; `levels` are
    the levels of the code tree that forms list; `total_first` puts the 合计 row above the codes;
    `counts_columns` adds the 栏次 row and the 行次 columns; `spaced_words` puts blanks into short headers
    (`合 计`).
    """

    money: MoneyStyle
    code_columns: int = 1
    pads_codes: bool = True
    levels: tuple[str, ...] = ("class", "section", "item")
    total_first: bool = True
    counts_columns: bool = False
    spaced_words: bool = False
    landscape: bool = False
    repeats_header: bool = True

    def printing_nothing_as(self, nothing: str) -> MoneyStyle:
        """The money style with another sign for nothing."""
        return replace(self.money, nothing=nothing)

    @property
    def unit_line(self) -> str:
        """The form's unit line."""
        return f"单位：{self.money.unit}"

    def word(self, text: str) -> str:
        """A two-character header word, with a blank inside where the layout prints one."""
        return f"{text[0]} {text[1]}" if self.spaced_words and len(text) == 2 else text

    def code_cells(self, code: str) -> tuple[Cell, ...]:
        """The code of a row in its columns."""
        if self.code_columns == 1:
            return (Cell(code, align="left"),)
        parts = [code[:3], *(code[at : at + 2] for at in range(3, 3 + 2 * (self.code_columns - 1), 2))]
        return tuple(Cell(part if self.pads_codes else part.lstrip("0")) for part in parts)


def numeral(number: int) -> str:
    """Chinese numeral of 1 to 99 (`二十一`)."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")
