"""The header of a form's indicator columns, printed in one row or several, damaged or whole."""

from __future__ import annotations

import re

from ingest.performance.levels import exact_level, is_level
from ingest.performance.model import PrintedRow
from ingest.performance.values import value_kind
from ingest.performance.words import header_role
from ingest.registry import any_of

_ANNUAL = re.compile(any_of("performance.annual"))
_PERIOD = re.compile(any_of("performance.period"))


def read_header(rows: list[PrintedRow], start: int) -> tuple[list[tuple[str, int]], int]:
    """The columns, (role, position) from left to right, of a header of one or several rows; the body's first row."""
    texts = {cell.col: cell.text for cell in rows[start].cells}
    at = start + 1
    while at < len(rows) and (_is_lower_row(rows[at]) or _continues_header(texts, rows[at])):
        is_lower = _is_lower_row(rows[at])
        for cell in rows[at].cells:
            texts[cell.col] = cell.text if is_lower else texts.get(cell.col, "") + cell.text
        at += 1
    roles = {col: role for col, text in texts.items() if (role := header_role(text, "indicator"))}
    _keep_annual(roles, _with_upper(texts, rows, start))
    names = sorted(
        (col for col, role in roles.items() if role == "name"), key=lambda col: ("三级" in texts[col], col)
    )
    for col in names[:-1]:
        del roles[col]
    if any(cell.span for cell in rows[start].cells):
        _add_unheaded_levels(roles, rows[at:], rows[start].part)
        first = min(roles, default=0)
        roles |= {col: "ignored" for col in texts if col > first and col not in roles}
    else:
        _add_lost_columns(roles, texts)
    return sorted(((role, col) for col, role in roles.items()), key=lambda item: item[1]), at


def _with_upper(texts: dict[int, str], rows: list[PrintedRow], start: int) -> dict[int, str]:
    """The columns' heads, each with what the row above prints over it."""
    above = rows[start - 1] if start and rows[start - 1].part == rows[start].part else None
    if above is None or any(char.isdigit() for cell in above.cells for char in cell.text):
        return texts
    starts = [cell.col for cell in above.cells] + [max(texts, default=0) + 1]
    reach = {
        col: cell.text
        for cell, following in zip(above.cells, starts[1:], strict=True)
        for col in range(cell.col, cell.col + (cell.span or following - cell.col))
    }
    return {col: reach.get(col, "") + text for col, text in texts.items()}


def _keep_annual(roles: dict[int, str], heads: dict[int, str]) -> None:
    """Of columns that are printed for several periods keep those of the year; the others are ignored."""
    for role in set(roles.values()) - {"ignored", "remark", "rule", "evidence"}:
        columns = [col for col, each in roles.items() if each == role]
        annual = [col for col in columns if _ANNUAL.search(heads[col])]
        if not annual:
            annual = [col for col in columns if not _PERIOD.search(heads[col])]
        if len(columns) > 1 and len(annual) == 1:
            roles.update({col: "ignored" for col in columns if col not in annual})


def _add_unheaded_levels(roles: dict[int, str], body: list[PrintedRow], part: int) -> None:
    """Name the columns before the name that hold level words below an empty header cell."""
    name = next((col for col, role in roles.items() if role == "name"), 0)
    for row in body:
        for cell in row.cells if row.part == part else ():
            for level in ("level1", "level2"):
                is_free = cell.col < name and cell.col not in roles and level not in roles.values()
                if is_free and exact_level(cell.text, level):
                    roles[cell.col] = level


def _add_lost_columns(roles: dict[int, str], texts: dict[int, str]) -> None:
    """Name the columns whose header is damaged or lost: the levels before the name, target and actual behind it."""
    name = next((col for col, role in roles.items() if role == "name"), None)
    if name is None:
        return
    damaged = [
        col for col in sorted(texts) if col not in roles and col < name and re.search("级|指", texts[col])
    ]
    empty = [col for col in (name - 2, name - 1) if col >= 0 and col not in roles]
    for level in ("level2", "level1"):
        if level not in roles.values() and (damaged or empty):
            roles[(damaged or empty).pop()] = level
    if not {"target", "actual"} & set(roles.values()):
        stop = min((col for col in roles if col > name), default=name)
        roles.update(
            zip(
                [col for col in range(name + 1, stop) if col not in texts], ("target", "actual"), strict=False
            )
        )


def _is_lower_row(row: PrintedRow) -> bool:
    """Whether a row heads columns below a merged header cell: all of its cells are headers."""
    return len(row.cells) > 1 and all(header_role(cell.text, "indicator") for cell in row.cells)


def _continues_header(texts: dict[int, str], row: PrintedRow) -> bool:
    """Whether a row holds the rest of header cells: its texts end words that begin in the header above."""
    if any(value_kind(cell.text) in ("target", "number", "rate", "points", "dash") for cell in row.cells):
        return False
    ended = [
        cell
        for cell in row.cells
        if cell.col in texts
        and header_role(texts[cell.col] + cell.text, "indicator")
        and not is_level(cell.text, "level1")
    ]
    return len(ended) * 2 >= len(row.cells) and all(cell.col in texts for cell in row.cells)
