"""Lines in a shorthand, as the conformed table `int_line__unified` holds them.

exp:expenditure/201/basic=60.00    fact:statement/row/column=amount
bal:summary/total_income=100.00    the column is omitted where it is the total
exp:summary[general_public]/201=5  fund, where it is not the form's widest
tp:three_public/total@final=9.00   basis, where it is not the document's own
exp:expenditure/201#2=61.00        printed again
~exp:expenditure/total=9.00        printed in the text
=60.00 is yuan, =0.01万 is ten thousand yuan, =- is a blank cell, =x removes the line
form:expenditure=partial           status of a form: partial, cut, absent, empty_by_declaration
scan:figures=100 scan:uncertain=3  figures on scanned pages, and how many of them are uncertain
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

FACTS = {"exp": "expenditure", "rev": "revenue", "bal": "balance", "eco": "economic", "tp": "three_public"}
WIDEST_FUND = {
    "appropriation_summary": "fiscal_appropriation",
    "general_public_expenditure": "general_public",
    "general_public_basic": "general_public",
    "three_public": "fiscal_appropriation",
    "government_fund": "government_fund",
    "state_capital": "state_capital",
}
LEVELS = {3: "class", 5: "section", 7: "item"}
COLUMN_PARENT = {
    "basic": "total", "basic_personnel": "basic", "basic_public": "basic", "project": "total", "operating": "total",
    "personnel": "total", "public": "total", "fiscal_appropriation": "total", "general_public": "fiscal_appropriation",
    "general_resources": "general_public", "government_fund": "fiscal_appropriation",
    "state_capital": "fiscal_appropriation", "institutional": "total", "other": "total",
}  # fmt: skip
ITEM_PARENT = {
    "overseas_travel": "total", "vehicle_total": "total", "reception": "total",
    "vehicle_purchase": "vehicle_total", "vehicle_operation": "vehicle_total",
}  # fmt: skip
TOKEN = re.compile(
    r"(?P<text>~?)(?P<fact>\w+):(?P<statement>\w+)(?:\[(?P<fund>\w+)\])?/(?P<row>\w+)(?:/(?P<column>\w+))?"
    r"(?:@(?P<basis>\w+))?(?:#(?P<occurrence>\d+))?$"
)


@dataclass(frozen=True)
class Line:
    """One row of `int_line__unified`, of a whole document: neither one budget unit's nor a part of the budget's."""

    document_id: str
    statement_code: str
    source: str
    fact: str
    fund_code: str
    basis: str
    row_key: str
    parent_row_key: str | None
    level: str | None
    column_key: str
    parent_column_key: str | None
    occurrence: int
    label: str
    amount_yuan: Decimal | None
    reported_value: Decimal | None
    reported_unit: str
    reported_decimals: int | None
    half_width_yuan: Decimal | None
    source_ref: str
    page_no: int
    form_no: int
    form_status: str
    is_form_cut: bool
    share_suffix: str = ""


def shorthand(text: str) -> dict[str, str]:
    """The tokens of a case: the name before '=' and the value after it."""
    return dict(token.split("=", 1) for token in text.split())


def form_statuses(tokens: dict[str, str], statements: set[str]) -> dict[str, tuple[str, bool]]:
    """statement -> (status, is_form_cut) of the forms that the document has."""
    named = {key.removeprefix("form:"): value for key, value in tokens.items() if key.startswith("form:")}
    known = dict.fromkeys(statements, ("extracted", False))
    for statement, value in named.items():
        if value == "absent":
            known.pop(statement, None)
        else:
            known[statement] = ("extracted", True) if value == "cut" else (value, False)
    return known


def scan_counts(tokens: dict[str, str]) -> tuple[int, int] | None:
    """Figures on scanned pages and the uncertain ones among them; None where no page is scanned."""
    if "scan:figures" not in tokens:
        return None
    return int(tokens["scan:figures"]), int(tokens["scan:uncertain"])


def read_lines(document_id: str, doc_type: str, tokens: dict[str, str]) -> list[Line]:
    """The lines of one case, each with its nearest printed parents."""
    own_basis = "initial_budget" if doc_type == "departmental_budget" else "final"
    parsed = []
    for number, (key, value) in enumerate(tokens.items(), start=1):
        if key.startswith(("form:", "scan:")) or value == "x":
            continue
        match = TOKEN.match(key)
        if match is None:
            raise ValueError(f"not a line: {key}")
        fact = FACTS[match["fact"]]
        column = match["column"] or ("amount" if fact in ("balance", "three_public") else "total")
        fund = match["fund"] or WIDEST_FUND.get(match["statement"], "all")
        parsed.append((number, match, fact, fund, match["basis"] or own_basis, column, value))

    rows: dict[tuple[str, str], set[str]] = {}
    columns: dict[tuple[str, str, str, str, str], set[str]] = {}
    for _, match, fact, fund, basis, column, _ in parsed:
        rows.setdefault((match["statement"], fact), set()).add(match["row"])
        columns.setdefault((match["statement"], fact, fund, basis, match["row"]), set()).add(column)
    statuses = form_statuses(tokens, {match["statement"] for _, match, *_ in parsed})

    lines = []
    for number, match, fact, fund, basis, column, value in parsed:
        statement, row = match["statement"], match["row"]
        factor = Decimal(10_000) if value.endswith("万") else Decimal(1)
        printed = None if value == "-" else Decimal(value.removesuffix("万"))
        half = None if printed is None else Decimal(5).scaleb(int(printed.as_tuple().exponent) - 1) * factor
        status, is_cut = statuses[statement]
        lines.append(
            Line(
                document_id, statement, "narrative" if match["text"] else "table", fact, fund, basis,
                row, row_parent(fact, row, rows[statement, fact]),
                "total" if row == "total" else LEVELS.get(len(row)) if row.isdigit() else None,
                column, column_parent(column, columns[statement, fact, fund, basis, row]),
                int(match["occurrence"] or 1), f"名称{row}",
                None if printed is None else printed * factor, printed, "万元" if value.endswith("万") else "元",
                None if printed is None else max(0, -int(printed.as_tuple().exponent)), half,
                f"p1.{number}", 1, 1, status, is_cut,
            )
        )  # fmt: skip
    return lines


def row_parent(fact: str, row: str, printed: set[str]) -> str | None:
    """The nearest printed row above, 'total' at the top."""
    if fact == "balance" or row == "total":
        return None
    if fact == "three_public":
        return ITEM_PARENT[row]
    above = [
        other for other in printed if other != "total" and len(other) < len(row) and row.startswith(other)
    ]
    return max(above, key=len, default="total")


def column_parent(column: str, printed: set[str]) -> str | None:
    """The nearest printed column above, 'total' at the top."""
    parent = COLUMN_PARENT.get(column)
    while parent is not None and parent != "total" and parent not in printed:
        parent = COLUMN_PARENT[parent]
    return parent
