"""Sample documents with one error each, of the kinds that real disclosures have: what a reader of the project sees first."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from samples.documents import KINDS
from samples.media import render
from samples.model import Block, Cell, Form, Paragraph, SampleDocument

_AMOUNT = re.compile(r"\d[\d,]*\.\d\d")
_SHARE = re.compile(r"(?<=占)[1-8]\d\.\d\d(?=%)")
_AS_OF = re.compile(r"(?<=截至)\d{4}(?=年12月31日)")
_TEXT_AMOUNT = re.compile(r"(?<=支出)[1-9]\d*\.\d\d(?=万元)")


@dataclass(frozen=True)
class Planted:
    """A written document with one error: the family of identities that it breaks, and what is printed in place of what."""

    file_name: str
    family: str
    original: str
    printed: str


def write_planted_samples(directory: Path, seed: int = 7) -> list[Planted]:
    """Write one document per kind of error; the same seed always gives the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (family, kind, medium, plant) in enumerate(_ERRORS):
        rng = Random(f"{seed}/planted/{number}")
        disclosure = KINDS[kind](rng, f"planted_{family}", "itemised")
        document, original, printed = plant(disclosure.document)
        rendered = render(replace(disclosure, document=document), medium, rng)
        file_name = f"{document.stem}.{rendered.suffix}"
        (directory / file_name).write_bytes(rendered.content)
        written.append(Planted(file_name, family, original, printed))
    return written


Change = tuple[SampleDocument, str, str]
"""A document with one error, what it printed before, and what it prints now."""


def _wrong_row(document: SampleDocument) -> Change:
    """An amount in the body of the form of expenditure has another first digit: the form no longer adds up."""
    for number, block in enumerate(document.blocks):
        if isinstance(block, Form) and block.statement_code == "expenditure":
            for row_no, row in enumerate(block.body[1:], 1):
                for column, cell in enumerate(row):
                    if cell.facts and _AMOUNT.fullmatch(cell.text) and cell.text[0] in "12345678":
                        wrong = _raised(cell.text)
                        return (
                            _with(document, number, _with_cell(block, row_no, column, wrong)),
                            cell.text,
                            wrong,
                        )
    raise ValueError("no amount in the form of expenditure")


def _in_text(pattern: re.Pattern[str], other: Callable[[str], str]) -> Callable[[SampleDocument], Change]:
    """The first passage of the prose that matches is printed otherwise."""

    def plant(document: SampleDocument) -> Change:
        for number, block in enumerate(document.blocks):
            found = pattern.search(block.text) if isinstance(block, Paragraph) else None
            if isinstance(block, Paragraph) and found:
                wrong = other(found[0])
                text = block.text[: found.start()] + wrong + block.text[found.end() :]
                return _with(document, number, replace(block, text=text)), found[0], wrong
        raise ValueError(f"no passage of the prose matches {pattern.pattern}")

    return plant


def _raised(figure: str) -> str:
    """The figure with its first digit one higher."""
    return str(int(figure[0]) % 9 + 1) + figure[1:]


def _with(document: SampleDocument, number: int, block: Block) -> SampleDocument:
    return replace(document, blocks=(*document.blocks[:number], block, *document.blocks[number + 1 :]))


def _with_cell(form: Form, row_no: int, column: int, text: str) -> Form:
    row = list(form.body[row_no])
    cell: Cell = replace(row[column], text=text)
    row[column] = cell
    return replace(form, body=(*form.body[:row_no], tuple(row), *form.body[row_no + 1 :]))


_ERRORS: tuple[tuple[str, str, str, Callable[[SampleDocument], Change]], ...] = (
    ("sum", "national_final", "pdf", _wrong_row),
    ("narrative_vs_table", "split_code_final", "html", _in_text(_TEXT_AMOUNT, _raised)),
    ("share", "tabbed_budget", "utf-8", _in_text(_SHARE, _raised)),
    ("year", "cell_line_final", "utf-8", _in_text(_AS_OF, lambda year: str(int(year) - 1))),
)
