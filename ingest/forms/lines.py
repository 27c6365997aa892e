"""The rows of a form, once the whole form is read: which are the form's own and which are parts of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from ingest.cover.unit_names import is_unit_name
from ingest.document.text import fold, is_amount
from ingest.forms.grid import TOTAL_LINES
from ingest.forms.model import CellProblem, FormCell, RowKind

_FEWEST_ITEMS = 2
_BARE_TOTAL = re.compile("^(?:收入|支出)?合计$")
_TOTAL_OF = {
    code: pair
    for pair in (("current_income", "total_income"), ("current_expenditure", "total_expenditure"))
    for code in pair
}
"""The total of the year and the total of all funds at hand, by either."""


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


def settle_side_totals(lines: list[Line]) -> None:
    """Say of a bare 合计 on one side of a form whether it is the year's or that of all funds at hand.

    It is the year's beside a 总计; below a total of the year, or as the only total, it is all that there is.
    """
    bare = [line for line in lines if line.line_code in _TOTAL_OF and _BARE_TOTAL.match(fold(line.name))]
    others = {line.line_code for line in lines if line not in bare}
    for line in bare:
        year, whole = _TOTAL_OF[line.line_code or ""]
        line.become(line.kind, year if whole in others and year not in others else whole)


def settle_repeated(lines: list[Line]) -> None:
    """Leave a line of one side unread that was printed before, if an unknown line stands between: it is one of that line's parts.

    What a known line (上年结转) opens is told apart by its block; an unknown one may open a block as well.
    """
    above: set[tuple[str | None, str | None]] = set()
    since: set[tuple[str | None, str | None]] = set()
    for line in lines:
        if line.kind == "unknown":
            above |= since
            since.clear()
        if line.kind != "line" or line.line_code in (*TOTAL_LINES, "outside", "subtotal", None):
            continue
        source = line.line_code, line.fund_code
        if source in above:
            line.become("unknown", None, "line_unknown")
        else:
            since.add(source)


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
        for cell in line.cells if line.line_code in _ITEMS else []:
            cell.words.pop("item", None)
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
