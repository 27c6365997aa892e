"""Whose figures the rows of a form are: forms may break them down by budget unit, whose names stand in rows or columns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from ingest.cover.unit_names import clean_name, is_unit_name
from ingest.document.text import fold
from ingest.forms.classes import is_known_class
from ingest.forms.grid import TOTAL_LINES
from ingest.forms.lines import Line
from ingest.forms.model import RecognisedForm
from ingest.registry import any_of

_OWN_OFFICE = re.compile(rf"[（(]?{any_of('members.own')}[)）]?$")


def settle_units(lines: list[Line]) -> dict[str, str]:
    """Say whose each row is: where a form breaks its figures down by budget unit, the rows of a unit are that unit's.

    Returns the names of the units whose codes the rows print as well. A unit's name stands in a column of its own, or in a row above the unit's rows. What stands before the first
    unit and the total without a unit are the publisher's own. A form that names one unit and prints no total beside
    it is that unit's own; so is a department's row above the row of its own office.
    """
    has_codes = any(line.codes for line in lines)
    for line in lines:
        is_bare = line.kind == "coded" and not line.codes and not line.project
        if is_bare and is_unit_name(line.name) and (has_codes or not is_known_class(line.name)):
            line.become("line", "unit")
    groups, names = _unit_groups(lines)
    units = {unit for unit, _ in groups if unit}
    has_own_total = any(
        line.kind == "total" or line.line_code in TOTAL_LINES
        for unit, rows in groups
        if not unit
        for line in rows
    )
    is_single = len(units) == 1 and not has_own_total
    for number, (unit, rows) in enumerate(groups):
        is_own = is_single or not unit or _is_department(groups, number)
        parts = [line for line in rows if line.line_code == "unit"]
        parts = parts or [line for line in rows if line.line_code == "subtotal"]
        for line in rows:
            if unit and parts == [line]:
                line.become("total", "total")
            if not is_own:
                line.belong_to(unit)
    return names


def _unit_groups(lines: list[Line]) -> tuple[list[tuple[str, list[Line]]], dict[str, str]]:
    """Consecutive rows of one budget unit, with its name; '' for rows that are no unit's. Also the names by code."""
    groups: list[tuple[str, list[Line]]] = []
    unit = ""
    names: dict[str, str] = {}
    uncoded = ""
    is_by_row = _name_units_by_row(lines)
    for line in lines:
        is_total = line.kind == "total" or line.line_code in TOTAL_LINES
        if line.line_code == "unit":
            uncoded = "" if line.unit else line.name
        elif uncoded and fold(line.unit).isdigit() and line.unit not in names:
            names[line.unit], uncoded = uncoded, ""  # the code of the unit that a row above names
        named = names.get(line.unit, line.unit)
        if line.line_code == "unit" or (line.kind == "record" and is_unit_name(line.name)):
            named = line.name or named
            if line.unit:
                names[line.unit] = named
        if named:
            unit = clean_name(named) or named
        elif is_total or is_by_row:
            unit = ""
        if not groups or groups[-1][0] != unit or line.line_code == "unit" or line.kind == "record":
            groups.append((unit, []))
        groups[-1][1].append(line)
    return groups, names


def _name_units_by_row(lines: list[Line]) -> bool:
    """Whether each row that is a unit's names it: then a row without a name, between rows of one unit, is no unit's.

    Where the rows of units stand below a row of the unit, or the unit is named once for all of its rows, none comes back.
    """
    if any(line.line_code == "unit" for line in lines):
        return False
    runs = [unit for unit, _ in groupby(line.unit for line in lines)]
    return any(runs.count(unit) > 1 for unit in {*runs} - {""})


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


def name_units(forms: Sequence[RecognisedForm]) -> None:
    """Give rows of a unit that their form knows by its code alone the name that another form prints beside it.

    A form that breaks its figures down by several units, one of which is named nowhere, says of none whose they are.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for form in forms:
        for code, name in form.unit_names.items():
            named[code].add(name)
    for form in forms:
        of_units = [cell for cell in form.cells if cell.budget_unit_name]
        for cell in of_units:
            names = named.get(cell.budget_unit_name or "", set())
            cell.budget_unit_name = min(names) if len(names) == 1 else cell.budget_unit_name
        units = {cell.budget_unit_name or "" for cell in of_units}
        if len(units) > 1 and any(fold(unit).isdigit() for unit in units):
            for cell in of_units:
                cell.problem = "unit_unnamed"
