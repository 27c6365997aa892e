"""The rows of a form, once the whole form is read: which are the form's own and which are parts of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ingest.cover.unit_names import is_unit_name
from ingest.document.text import is_amount
from ingest.forms.grid import TOTAL_LINES
from ingest.forms.model import CellProblem, FormCell, RowKind


@dataclass(slots=True)
class Line:
    """One row of one column group: what it is and the cells that state it.

    ``unit`` is the budget unit that the row itself names. In project forms ``project`` is the project's
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
    words: dict[str, str] = field(default_factory=dict)
    cells: list[FormCell] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        """What the row is about, whichever unit prints it."""
        return self.codes or self.name, self.project, self.economic

    def become(self, kind: RowKind, line_code: str | None, problem: CellProblem | None = None) -> None:
        """Change what the line is, once the whole form is read."""
        self.kind, self.line_code = kind, line_code
        for cell in self.cells:
            cell.row_kind, cell.line_code, cell.problem = kind, line_code, problem or cell.problem


def tell_units_apart(lines: list[Line]) -> None:
    """Where rows repeat unit by unit, mark the figures of each unit: they are not figures of the form as a whole."""
    has_codes = any(line.codes for line in lines)
    seen: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    unit = ""
    for line in lines:
        if (
            has_codes
            and line.kind == "coded"
            and not line.codes
            and not line.project
            and is_unit_name(line.name)
        ):
            line.become("line", "unit")
        unit = line.name if line.line_code == "unit" and line.name else line.unit or unit
        if line.kind == "coded":
            seen[line.key].add(unit)
    for line in lines:
        if line.kind == "coded" and len(seen[line.key]) > 1:
            line.become("coded", None, "unit_breakdown")
    totals = [line for line in lines if line.kind == "total"]
    units = {line.unit for line in totals}
    for line in totals:
        if line.unit and len(units) > 1:
            line.become("line", "outside", None if "" in units else "unit_breakdown")


def settle_records(lines: list[Line]) -> None:
    """Several records of one basis belong to several units: without a total none of them is the form's."""
    records: dict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        if line.kind == "record" and any(is_amount(cell.cell_text) for cell in line.cells):
            records[line.words.get("basis")].append(line)
    has_total = any(line.line_code == "total" for line in lines)
    for alike in records.values():
        for line in alike if len(alike) > 1 else []:
            line.become("line", "outside", None if has_total else "unit_breakdown")


def settle_parts(lines: list[Line], line_code: str, problem: CellProblem) -> None:
    """Make the only part's total the form's total; beside a total of the form it is outside."""
    parts = [line for line in lines if line.line_code == line_code]
    has_total = any(line.line_code in TOTAL_LINES for line in lines)
    for line in parts:
        if has_total:
            line.become("line", "outside")
        elif len(parts) == 1:
            line.become("total", "total")
        else:
            line.become("line", "outside", problem)
