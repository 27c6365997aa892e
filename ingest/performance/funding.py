"""The funding block of one form: fund lines by their labels, amounts by their columns."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.document.text import fold, header_unit, is_amount
from ingest.performance.align import align
from ingest.performance.fits import FUNDING, UNFIT
from ingest.performance.heads import column_label, paths
from ingest.performance.model import FundingRow, Joined, PrintedCell, PrintedRow
from ingest.performance.stream import indicator_roles
from ingest.performance.values import value_kind
from ingest.performance.words import bare_label, fund_line, header_role, is_fund
from ingest.registry import any_of
from ingest.seeds import money_unit_pattern

_MOST_HEAD_ROWS = 3
_MONEY = ("initial", "adjusted", "executed")
_BLOCK = re.compile(any_of("performance.funding_block"))
_LABEL_AND_VALUE = re.compile(
    rf"([^\d:：]{{2,20}})[:：]\s*(-?\d[\d,，. ]*)(?:[(（]?(?:{money_unit_pattern()})[)）]?)?"
)
_WITH_UNIT = re.compile(rf"(-?\d[\d,]{{0,20}}(?:\.\d{{1,9}})?)({money_unit_pattern()})")
_ANNUAL = re.compile(any_of("performance.annual"))
_SOURCES = re.compile(any_of("performance.funding_sources"))
_SUM_ROW = re.compile(any_of("performance.funding_total"))


def read_funding(rows: list[PrintedRow], unit_text: str | None) -> list[FundingRow]:
    """The fund lines in the rows of one form, above its indicators.

    ``unit_text`` is the unit printed above the table; the block's own unit, then a label's own, come first.
    """
    stop = next((at for at, row in enumerate(rows) if indicator_roles(row)), len(rows))
    head = [row for row in rows[:stop] if row.cells]
    found = (
        _by_heads(head, 2)
        or _by_columns(head)
        or _by_fund_columns(head)
        or _by_heads(head, 0)
        or _by_pairs(head)
    )
    block_unit = _block_unit(head) or unit_text
    for row in found:
        own = row.unit_text if is_fund(row.label) else None
        row.unit_text = own or block_unit
    return found


def _kind(text: str) -> str:
    kind = value_kind(text)
    if kind in ("rate", "points", "dash"):
        return kind
    return "amount" if is_amount(text) else "text"


def _block_unit(rows: list[PrintedRow]) -> str | None:
    """The unit in a label or head above the indicators. Fund lines' labels do not count: they may have lost a character."""
    for row in rows:
        for cell in row.cells:
            bare = bare_label(cell.text)
            is_label = (
                not bare or bool(_BLOCK.fullmatch(bare)) or header_role(cell.text, "funding") is not None
            )
            if (is_label or fund_line(cell.text) is None) and (unit := header_unit(cell.text)):
                return unit
    return None


def _header(rows: list[PrintedRow], at: int) -> list[tuple[str, int]]:
    """The columns, (role, position), that a row heads, with the row above it; [] where it holds a value or heads none."""
    row = rows[at]
    if any(_kind(cell.text) != "text" for cell in row.cells):
        return []
    above = rows[at - 1] if at and _is_text(rows[at - 1], row.part) else None
    heads = [
        (cell.text, cell.text, cell.col)
        for number, cell in enumerate(row.cells)
        if number or not header_unit(cell.text)
    ]
    if above and any(cell.span > 1 for cell in above.cells):
        joined = paths([above, row])
        heads = [(path[-1].text, "".join(cell.text for cell in path), col) for col, path in joined.items()]
    found = [
        (role, col)
        for text, whole, col in heads
        if (role := header_role(text, "funding") or header_role(whole, "funding"))
    ]
    roles = {role for role, _ in found}
    if any(cell.span for cell in row.cells):
        found += [("ignored", col) for _, _, col in heads if col not in {each for _, each in found}]
    has_sources = any(_SOURCES.fullmatch(bare_label(cell.text)) for cell in row.cells)
    is_header = bool(roles & set(_MONEY)) and (len(roles) > 1 or has_sources)
    named = [each for each in found if each[0] != "ignored"]
    return sorted(found, key=lambda each: each[1]) if is_header and len(roles) == len(named) else []


def _by_columns(rows: list[PrintedRow]) -> list[FundingRow]:
    """The lines below a header that names the columns."""
    header: list[tuple[str, int]] = []
    found: list[FundingRow] = []
    for at, row in enumerate(rows):
        header = _header(rows, at) or header
        first = next((at for at, cell in enumerate(row.cells) if _kind(cell.text) != "text"), None)
        if not header or not first:
            continue
        labels, values = row.cells[:first], row.cells[first:]
        line = _line_of(labels)
        if line is None or any(_kind(cell.text) == "text" and fund_line(cell.text) for cell in values):
            continue
        kinds = [_kind(cell.text) for cell in values]
        placed = align(
            values,
            [position for _, position in header],
            lambda at, number, kinds=kinds, header=header: FUNDING[header[number][0]].get(kinds[at], UNFIT),  # type: ignore[misc]
        )
        cells = {
            header[number][0]: Joined(cell.text, cell.ref)
            for cell, number in zip(values, placed, strict=True)
            if number is not None and header[number][0] != "ignored"
        }
        found.append(_row(line, labels, cells, values[0].ref, row.page_no))
    return found


def _by_pairs(rows: list[PrintedRow]) -> list[FundingRow]:
    """The lines of a block that prints label and amount side by side."""
    pairs: list[tuple[tuple[str, str], str, PrintedCell, PrintedCell, PrintedRow]] = []
    for row in rows:
        label: PrintedCell | None = None
        for cell in _split_pairs(row.cells):
            if _kind(cell.text) != "amount":
                label = cell
                continue
            if label is None:
                continue
            line = _line_of([label])
            role = "initial"
            if line is None and (named := header_role(label.text, "funding")) in _MONEY:
                line, role = ("total", "total"), str(named)
            if line and line[1]:
                pairs.append((line, role, label, cell, row))
            label = None
    annual = _annual_column([(line[1], label) for line, _, label, _, _ in pairs])
    found: dict[str, FundingRow] = {}
    for line, role, label, cell, row in pairs:
        if annual is None or label.col == annual:
            opened = found.setdefault(line[1], _row(line, [label], {}, cell.ref, row.page_no))
            opened.cells.setdefault(role, Joined(cell.text, cell.ref))
    return list(found.values())


def _annual_column(labels: list[tuple[str, PrintedCell]]) -> int | None:
    """The column of the year's funds where a block prints those of a project's whole period beside them."""
    totals = {label.col: bool(_ANNUAL.search(label.text)) for line, label in labels if line == "total"}
    annual = [col for col, is_annual in totals.items() if is_annual]
    return annual[0] if len(totals) > 1 and len(annual) == 1 else None


def _split_pairs(cells: list[PrintedCell]) -> list[PrintedCell]:
    """The cells, in which ``其他资金：0.00`` becomes two, and the unit behind an amount that of its label."""
    split: list[PrintedCell] = []
    for cell in cells:
        own = _WITH_UNIT.fullmatch(fold(cell.text))
        if own and split:
            split[-1] = replace(split[-1], text=f"{split[-1].text}（{own.group(2)}）")
            split.append(replace(cell, text=own.group(1)))
            continue
        pair = _LABEL_AND_VALUE.fullmatch(cell.text.strip())
        texts = pair.groups() if pair else (cell.text,)
        split.extend(PrintedCell(text, cell.col, cell.ref) for text in texts)
    return split


def _by_fund_columns(rows: list[PrintedRow]) -> list[FundingRow]:
    """The lines of a block whose columns are fund lines: the amounts of its row of totals."""
    columns: dict[int, tuple[str, str]] = {}
    for row in rows:
        lines = {
            cell.col: line
            for cell in row.cells
            if is_fund(cell.text) and (line := fund_line(cell.text)) and line[1]
        }
        if len(lines) > 1 and not any(_kind(cell.text) == "amount" for cell in row.cells):
            columns = lines
            continue
        if columns and _SUM_ROW.fullmatch(bare_label(row.cells[0].text)):
            amounts = [cell for cell in row.cells[1:] if _kind(cell.text) == "amount"]
            if len(amounts) == len(columns):
                placed = zip(columns.values(), amounts, strict=True)
            else:
                placed = zip(
                    [columns[cell.col] for cell in amounts if cell.col in columns],
                    [cell for cell in amounts if cell.col in columns],
                    strict=True,
                )
            return [
                FundingRow(
                    line[0], line[1], None, {"initial": Joined(cell.text, cell.ref)}, cell.ref, row.page_no
                )
                for line, cell in placed
            ]
    return []


def _by_heads(rows: list[PrintedRow], least_roles: int) -> list[FundingRow]:
    """The lines of a block whose heads name funds, measures or both, in one row or several, above one row of totals.

    The row has no label, or that of a sum. ``least_roles``: how many measures the heads must name.
    """
    for at, row in enumerate(rows):
        first = next((number for number, cell in enumerate(row.cells) if _kind(cell.text) != "text"), None)
        labels = row.cells[:first]
        values = row.cells[first:] if first is not None else []
        is_sum = all(_SUM_ROW.fullmatch(bare_label(cell.text)) for cell in labels)
        if len(values) < 2 or not is_sum or any(_kind(cell.text) == "text" for cell in values):
            continue
        heads = paths(_header_above(rows, at))
        lines: dict[str, FundingRow] = {}
        roles: set[str] = set()
        for cell in values:
            line, role = _headed(heads.get(cell.col, ()))
            if line is None:
                continue
            roles |= {role} & set(_MONEY)
            opened = lines.setdefault(line[1], FundingRow(line[0], line[1], None, {}, cell.ref, row.page_no))
            opened.cells.setdefault(role, Joined(cell.text, cell.ref))
        if "total" in lines and len(roles) >= least_roles and (len(lines) > 1 or not least_roles):
            return [line for line in lines.values() if set(line.cells) & set(_MONEY)]
    return []


def _header_above(rows: list[PrintedRow], at: int) -> list[PrintedRow]:
    """The rows of heads nearest above a row: texts, of which the lowest name funds or measures."""
    end = next((above for above in range(at - 1, -1, -1) if _names_funds(rows[above])), None)
    if end is None:
        return []
    start = end
    while start > 0 and end - start < _MOST_HEAD_ROWS - 1 and _is_text(rows[start - 1], rows[end].part):
        start -= 1
    return rows[start : end + 1]


def _names_funds(row: PrintedRow) -> bool:
    heads = [cell for cell in row.cells if is_fund(cell.text) or header_role(cell.text, "funding") in _MONEY]
    return len(heads) > 1 and _is_text(row, row.part)


def _headed(path: tuple[PrintedCell, ...]) -> tuple[tuple[str, str] | None, str]:
    """(word, fund line) and measure of a column; the fund line is None where the heads name none.

    A measure without a fund is that of the total; weight, rate and score are the total's.
    """
    roles = [role for cell in path if (role := header_role(cell.text, "funding"))]
    measure = next((role for role in roles if role in _MONEY), "initial")
    label = column_label(path) if path else None
    if label and is_fund(label.text):
        line = fund_line(label.text)
        return (line, measure) if line and line[1] else (None, measure)
    if roles and label is path[-1]:
        return ("total", "total"), roles[-1]
    return None, measure


def _is_text(row: PrintedRow, part: int) -> bool:
    return row.part == part and all(_kind(cell.text) == "text" for cell in row.cells)


def _line_of(labels: list[PrintedCell]) -> tuple[str, str] | None:
    """(word, fund line) of a row's label, which the print may have cut into several cells."""
    labels = _own_labels(labels)
    joined = "".join(fold(cell.text) for cell in labels)
    for text in (joined, labels[-1].text):
        if is_fund(text):
            return fund_line(text)
    return fund_line(joined) or fund_line(labels[-1].text)


def _own_labels(labels: list[PrintedCell]) -> list[PrintedCell]:
    """A row's labels without that of the whole block."""
    bare = bare_label(labels[0].text)
    return labels[1:] if len(labels) > 1 and (not bare or _BLOCK.fullmatch(bare)) else labels


def _row(
    line: tuple[str, str],
    labels: list[PrintedCell],
    cells: dict[str, Joined],
    ref: str,
    page_no: int | None,
) -> FundingRow:
    unit = next((found for cell in reversed(labels) if (found := header_unit(cell.text))), None)
    labels = _own_labels(labels)
    is_whole = is_fund(labels[-1].text)
    label = labels[-1].text if is_whole else "".join(cell.text for cell in labels)
    return FundingRow(label, line[1] or None, unit, cells, ref, page_no)
