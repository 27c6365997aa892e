"""Compares a warehouse with an answer key: the row that each line picks, and the values that it must have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb

from tests.rows import Rows

FACTS = (
    *("fct_expenditure", "fct_revenue", "fct_balance", "fct_economic_expenditure", "fct_three_public"),
    *("fct_project_budget", "fct_disclosure_metric", "fct_reported_ratio"),
    *("fct_project_funding", "fct_performance_indicator", "fct_procurement"),
)
WHERE_LISTED = ("fct_change_reason",)
"""Facts that are compared only where the key has lines of them."""
ABOUT_THE_DOCUMENT = ("dim_document", "dim_unit", "extraction_coverage")


@dataclass
class Comparison:
    """What became of each line (match, wrong, missing or ambiguous), those that did not match, and the rows that no line
    picks."""

    outcomes: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    extra: Counter[str] = field(default_factory=Counter)

    @property
    def matched(self) -> int:
        return self.outcomes.count("match")


def compare(
    con: duckdb.DuckDBPyConnection,
    document_id: str,
    lines: Iterable[tuple[str, dict[str, Any], dict[str, Any]]],
) -> Comparison:
    """Compare the facts of one document, of forms and of prose, with the lines (table, where, expect) of its key."""
    result = Comparison()
    document = Rows(con, document_id)
    lines = list(lines)
    listed = {table for table, _, _ in lines}
    picked: dict[str, set[int]] = {table: set() for table in (*FACTS, *listed.intersection(WHERE_LISTED))}
    for table, where, expect in lines:
        if table not in FACTS + WHERE_LISTED + ABOUT_THE_DOCUMENT:
            raise ValueError(f"no table {table}")
        rows = document.pick(table, where, list(expect))
        if table in picked and len(rows) == 1:
            picked[table].add(rows[0][0])
        result.outcomes.append(_outcome(rows, list(expect.values())))
        if result.outcomes[-1] != "match":
            result.misses.append(f"{table} {where} -> {expect}: got {[row[1:] for row in rows]}")
    for table in picked:
        result.extra[table] = len(document.rows(table)) - len(picked[table])
    return result


def _outcome(rows: list[tuple[Any, ...]], wanted: list[Any]) -> str:
    if len(rows) != 1:
        return "ambiguous" if rows else "missing"
    is_same = all(_same(got, want) for got, want in zip(rows[0][1:], wanted, strict=True))
    return "match" if is_same else "wrong"


def _same(got: object, want: object) -> bool:
    if got is None or want is None or isinstance(want, bool):
        return got is want or got == want
    try:
        return Decimal(str(got)) == Decimal(str(want).replace(",", ""))
    except InvalidOperation:
        return "".join(str(got).split()) == "".join(str(want).split())
