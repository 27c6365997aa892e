"""Tables that lost title and header, recognised by the document's own order of forms.

A document lists its forms by number, and prints the numbers or titles again where the forms stand. A table
without title and header between two such places is a form where the list leaves only one form for the gap and
the table's columns fit that form and no other. In doubt it is not a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ingest.document.model import TextLine
from ingest.document.text import FORM_NUMBER, fold, is_amount, squeeze
from ingest.forms.columns import Column
from ingest.forms.grid import TOTAL_LINES, Piece, Row
from ingest.registry import find_line, titled_statements

_DIGITS = "一二三四五六七八九"
_ENTRY = re.compile(r"^[-*•#·]*(?:附?表|[(（])?(\d{1,2}|[一二三四五六七八九十]{1,3})[、.．:：)）]?")
_PRINTED_NUMBER = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,3}")
_FEWEST_ENTRIES = 3
_CLASS, _PART = re.compile(r"^2\d\d$"), re.compile(r"^\d{1,2}$")
_WHOLE_CODE = re.compile(r"^2\d{6}$")

Item = TextLine | Piece


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of the document, from item ``start`` to item ``stop``, that holds the one form named."""

    start: int
    stop: int
    statement_code: str
    title: str


def find_gaps(items: list[Item], read: set[str]) -> list[Gap]:
    """The gaps in which the document's list of forms leaves exactly one form that is not among those ``read``."""
    listed, end = _listed(items)
    if len(listed) < _FEWEST_ENTRIES:
        return []
    places = _places(items, [code for code, _ in listed], end)
    gaps = []
    for (start, before), (stop, after) in pairwise(places):
        missing = [entry for entry in listed[max(before - 1, 0) : max(after - 1, 0)] if entry[0] not in read]
        if len(missing) == 1 and missing[0][0]:
            gaps.append(Gap(start, stop, *missing[0]))
    return gaps


def _listed(items: list[Item]) -> tuple[list[tuple[str, str]], int]:
    """The document's list of forms, (statement, title) by number from 1, and the index of the item after it."""
    listed: list[tuple[str, str]] = []
    for index, item in enumerate(items):
        text = item.text if isinstance(item, TextLine) else ""
        entry, statements = _ENTRY.match(fold(text)), titled_statements(text)
        number = _number(entry.group(1)) if entry else None
        if statements and number == len(listed) + 1:
            listed.append((statements[0], _title(text)))
        elif len(listed) >= _FEWEST_ENTRIES:
            return listed, index
        else:
            listed = [(statements[0], _title(text))] if statements and number == 1 else []
    return listed, len(items)


def _title(text: str) -> str:
    return squeeze(text).lstrip("-*•#· ")


def _places(items: list[Item], codes: list[str], start: int) -> list[tuple[int, int]]:
    """(item, number) of each place that prints a listed form's title or number.

    Numbers count only where each that stands beside a title is that title's number in the list.
    """
    titles: list[tuple[int, int]] = []
    numbers: list[tuple[int, int]] = []
    pairs: list[tuple[list[int], list[int]]] = [([], [])]
    for index, item in enumerate(items[start:], start):
        if isinstance(item, Piece):
            pairs.append(([], []))
            continue
        statements, folded = titled_statements(item.text), fold(item.text)
        if statements and codes.count(statements[0]) == 1 and statements[0]:
            titles.append((index, codes.index(statements[0]) + 1))
            pairs[-1][0].append(titles[-1][1])
        elif FORM_NUMBER.match(folded):
            found = _PRINTED_NUMBER.findall(folded)
            if len(found) == 1 and (number := _number(found[0])):
                numbers.append((index, number))
                pairs[-1][1].append(number)
    beside = [(title, number) for title, number in pairs if len(title) == len(number) == 1]
    if not beside or any(title != number for title, number in beside):
        numbers = []
    return sorted(titles + numbers)


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    tens, has_ten, ones = text.partition("十")
    if not has_ten:
        return _DIGITS.index(text) + 1 if len(text) == 1 else None
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return (_DIGITS.index(tens) + 1 if tens else 1) * 10 + (_DIGITS.index(ones) + 1 if ones else 0)


def headerless_project_columns(rows: list[Row], width: int, names: Iterable[str]) -> list[Column] | None:
    """The columns of a project form without its header; None where the rows leave doubt.

    Every row prints a function code (in three parts or whole), the function's name, which one of the
    document's forms prints too (``names``, folded), a project and its amount, all in the same columns; one
    row more, the first or the last, states their total. A row that divides its amount over further columns
    would need their header; one that repeats it there has one amount all the same.
    """
    totals = [row for row in rows if _is_total(row)]
    lines = [row for row in rows if row not in totals]
    if len(totals) != 1 or not lines or not (rows[0] is totals[0] or rows[-1] is totals[0]):
        return None
    patterns = (_WHOLE_CODE,) if _WHOLE_CODE.match(fold(lines[0].text(0))) else (_CLASS, _PART, _PART)
    name, project, amount = range(len(patterns), len(patterns) + 3)
    if width <= amount:
        return None
    known = set(names)
    for row in lines:
        texts = [fold(row.text(index)) for index in range(width)]
        if (
            not all(pattern.match(text) for pattern, text in zip(patterns, texts, strict=False))
            or texts[name] not in known
            or not texts[project]
            or is_amount(texts[project])
            or not is_amount(texts[amount])
            or not set(texts[amount:]) <= {texts[amount], ""}
        ):
            return None
    if not is_amount(totals[0].text(amount)):
        return None
    labels = [{"label": "function", "code": "printed"}] * len(patterns)
    labels += [{"label": "function"}, {"label": "project"}]
    columns = [Column(index, "label", "", dict(words)) for index, words in enumerate(labels)]
    columns.append(Column(amount, "amount", ""))
    for index in range(amount + 1, width):
        is_filled = any(row.text(index).strip() for row in rows)
        columns.append(Column(index, "unknown" if is_filled else "skip", ""))
    return columns


def _is_total(row: Row) -> bool:
    cells = row.distinct()
    is_labelled = all(is_amount(cell.text) for cell in cells[1:])
    line = find_line(fold(cells[0].text), "general_public_project", None, None) if is_labelled else None
    return line is not None and line.line_code in TOTAL_LINES
