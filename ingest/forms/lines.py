"""The rows of a form, once the whole form is read: which are the form's own and which are parts of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from ingest.cover.unit_names import clean_name, is_unit_name
from ingest.document.text import fold, is_amount
from ingest.forms.classes import is_known_class
from ingest.forms.grid import TOTAL_LINES
from ingest.forms.model import CellProblem, FormCell, RowKind
from ingest.registry import any_of

_FEWEST_ITEMS = 2
_BARE_TOTAL = re.compile("^(?:收入|支出)?合计$")
_TOTAL_OF = {
    code: pair
    for pair in (("current_income", "total_income"), ("current_expenditure", "total_expenditure"))
    for code in pair
}
"""The total of the year and the total of all funds at hand, by either."""
_OWN_OFFICE = re.compile(rf"[（(]?{any_of('members.own')}[)）]?$")


@dataclass(slots=True)
class Line:
    """One row of one column group: what it is and the cells that state it.

    ``unit`` is the budget unit that the row itself names in a column of units. In project forms ``project`` is the project's
    name and ``economic`` the class of the economic classification, code or name, that the row prints. ``words``
    is what the labels say of the row's amounts.
    """

    group: int
    codes: str
    name: str
    unit: str
    kind: RowKind
    line_code: str | None
    fund_code: str | None
    project: str = ""
    economic: str = ""
    government: str = ""
    words: dict[str, str] = field(default_factory=dict)
    cells: list[FormCell] = field(default_factory=list)
    budget_unit: str | None = None

    def belong_to(self, unit: str) -> None:
        """Make the line a budget unit's."""
        self.budget_unit = unit
        for cell in self.cells:
            cell.budget_unit_name = unit

    def become(self, kind: RowKind, line_code: str | None, problem: CellProblem | None = None) -> None:
        """Change what the line is, once the whole form is read."""
        self.kind, self.line_code = kind, line_code
        for cell in self.cells:
            cell.row_kind, cell.line_code, cell.problem = kind, line_code, problem or cell.problem


def settle_units(lines: list[Line]) -> None:
    """Say whose each row is: where a form breaks its figures down by budget unit, the rows of a unit are that unit's.

    A unit's name stands in a column of its own, or in a row above the unit's rows. What stands before the first
    unit and the total without a unit are the publisher's own. A form that names one unit and prints no total beside
    it is that unit's own; so is a department's row above the row of its own office.
    """
    has_codes = any(line.codes for line in lines)
    for line in lines:
        is_bare = line.kind == "coded" and not line.codes and not line.project
        if is_bare and is_unit_name(line.name) and (has_codes or not is_known_class(line.name)):
            line.become("line", "unit")
        elif line.kind == "record" and not line.unit and is_unit_name(line.name):
            line.unit = line.name
    groups = _unit_groups(lines)
    units = {unit for unit, _ in groups if unit}
    has_own_total = any(
        line.kind == "total" or line.line_code in TOTAL_LINES
        for unit, rows in groups
        if not unit
        for line in rows
    )
    is_single = len(units) == 1 and not has_own_total
    are_unnamed = len(units) > 1 and any(fold(unit).isdigit() for unit in units)
    for number, (unit, rows) in enumerate(groups):
        is_own = is_single or not unit or _is_department(groups, number)
        parts = [line for line in rows if line.line_code == "unit"]
        parts = parts or [line for line in rows if line.line_code == "subtotal"]
        for line in rows:
            if unit and parts == [line]:
                line.become("total", "total")
            if not is_own:
                line.belong_to(unit)
            if not is_own and are_unnamed:
                line.become(line.kind, line.line_code, "unit_unnamed")


def _unit_groups(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """Consecutive rows of one budget unit, with its name; '' for rows that are no unit's."""
    groups: list[tuple[str, list[Line]]] = []
    unit = ""
    names: dict[str, str] = {}
    uncoded = ""
    for line in lines:
        is_total = line.kind == "total" or line.line_code in TOTAL_LINES
        if line.line_code == "unit":
            uncoded = "" if line.unit else line.name
        elif uncoded and fold(line.unit).isdigit() and line.unit not in names:
            names[line.unit], uncoded = uncoded, ""  # the code of the unit that a row above names
        named = names.get(line.unit, line.unit)
        if line.line_code == "unit":
            named = line.name or named
            if line.unit:
                names[line.unit] = named
        if named:
            unit = clean_name(named) or named
        elif is_total:
            unit = ""
        if not groups or groups[-1][0] != unit or line.line_code == "unit" or line.kind == "record":
            groups.append((unit, []))
        groups[-1][1].append(line)
    return groups


def _is_department(groups: list[tuple[str, list[Line]]], number: int) -> bool:
    """Whether a unit's row is a department's, above the rows of its own office and of its units.

    It then states what the form's own total states, where that is printed.
    """
    unit, rows = groups[number]
    if any(name for name, _ in groups[:number]) or len(rows) > 1 or number + 1 == len(groups):
        return False
    totals = [line for _, above in groups[:number] for line in above if line.line_code == "total"]
    stated = [[cell.cell_text for cell in line.cells] for line in (*totals[:1], *rows)]
    below = groups[number + 1][0]
    return fold(_OWN_OFFICE.sub("", below)) == fold(unit) and stated[0] == stated[-1]


def settle_side_totals(lines: list[Line]) -> None:
    """Say of a bare 合计 on one side of a form whether it is the year's or that of all funds at hand.

    It is the year's beside a 总计; below a total of the year, or as the only total, it is all that there is.
    """
    bare = [line for line in lines if line.line_code in _TOTAL_OF and _BARE_TOTAL.match(fold(line.name))]
    others = {line.line_code for line in lines if line not in bare}
    for line in bare:
        year, whole = _TOTAL_OF[line.line_code or ""]
        line.become(line.kind, year if whole in others and year not in others else whole)


def settle_records(lines: list[Line]) -> None:
    """Several records of one basis and one unit contradict each other: without a total none of them is the form's.

    A record of the publisher's own that repeats the form's total is that total, printed again.
    """
    records: dict[tuple[str | None, str | None], list[Line]] = defaultdict(list)
    for line in lines:
        if line.kind == "record" and any(is_amount(cell.cell_text) for cell in line.cells):
            records[line.words.get("basis"), line.budget_unit].append(line)
    totals = [line for line in lines if line.line_code == "total"]
    has_total = bool(totals)
    for (_, unit), alike in records.items():
        if unit is None and len(alike) == 1 and any(_states(alike[0]) == _states(each) for each in totals):
            alike[0].become("line", "total")
        for line in alike if len(alike) > 1 else []:
            line.become("line", "outside", None if has_total else "unit_unnamed")


def _states(line: Line) -> list[str]:
    """What a row's cells print."""
    return [fold(cell.cell_text) for cell in line.cells]


_ITEMS = ("overseas_travel", "vehicle_total", "vehicle_purchase", "vehicle_operation", "reception")


def settle_items(lines: list[Line]) -> None:
    """In a form of the three public expenses that lists its items in rows, a row that no word knows states none of them.

    A total beside that of 三公经费 is that of meetings and training as well, where rows state these.
    """
    codes = {line.line_code for line in lines}
    if len(codes & set(_ITEMS)) < _FEWEST_ITEMS:
        return
    for line in lines:
        if line.kind == "record" and line.name and not is_unit_name(line.name):
            line.become("unknown", None, "line_unknown")
    totals = [line for line in lines if line.line_code == "total"]
    own = [
        line
        for line in totals
        if "三公" in line.name and any(is_amount(cell.cell_text) for cell in line.cells)
    ]
    if own and codes & {"meeting", "training"}:
        for line in totals:
            if "三公" not in line.name:
                line.become(line.kind, "controlled_total")


def settle_subtotals(lines: list[Line]) -> None:
    """Make the only subtotal the form's total; beside a total of the form it is outside."""
    parts = [line for line in lines if line.line_code == "subtotal"]
    has_total = any(line.line_code in TOTAL_LINES for line in lines)
    for line in parts:
        if has_total:
            line.become("line", "outside")
        elif len(parts) == 1:
            line.become("total", "total")
        else:
            line.become("line", "outside", "subtotals_only")
