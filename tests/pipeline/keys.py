"""Compares a warehouse with an answer key: the row that each line picks, and the values that it must have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb

FACTS = (
    *("fct_expenditure", "fct_revenue", "fct_balance", "fct_economic_expenditure", "fct_three_public"),
    *("fct_project_budget", "fct_disclosure_metric", "fct_reported_ratio"),
    *("fct_project_funding", "fct_performance_indicator"),
)
ABOUT_THE_DOCUMENT = ("dim_document", "dim_unit", "extraction_coverage")


@dataclass
class Comparison:
    """The lines that matched, those that did not, and the rows that no line picks."""

    matched: int = 0
    misses: list[str] = field(default_factory=list)
    extra: Counter[str] = field(default_factory=Counter)


def compare(
    con: duckdb.DuckDBPyConnection,
    document_id: str,
    lines: Iterable[tuple[str, dict[str, Any], dict[str, Any]]],
) -> Comparison:
    """Compare the facts of one document, of forms and of prose, with the lines (table, where, expect) of its key."""
    result = Comparison()
    picked: dict[str, set[int]] = {table: set() for table in FACTS}
    for table, where, expect in lines:
        if table not in FACTS + ABOUT_THE_DOCUMENT:
            raise ValueError(f"no table {table}")
        rows = _pick(con, document_id, table, where, list(expect))
        if table in picked and len(rows) == 1:
            picked[table].add(rows[0][0])
        if len(rows) == 1 and all(
            _same(got, want) for got, want in zip(rows[0][1:], expect.values(), strict=True)
        ):
            result.matched += 1
        else:
            result.misses.append(f"{table} {where} -> {expect}: got {[row[1:] for row in rows]}")
    for table in FACTS:
        found = con.execute(
            f"select count(*) from marts.{table} where document_id = ?", [document_id]
        ).fetchall()
        result.extra[table] = found[0][0] - len(picked[table])
    return result


def _pick(
    con: duckdb.DuckDBPyConnection, document_id: str, table: str, where: dict[str, Any], columns: list[str]
) -> list[tuple[Any, ...]]:
    schema = "audit" if table == "extraction_coverage" else "marts"
    unit = "unit_id = (select unit_id from marts.dim_document where document_id = ?)"
    tests, values = [unit if table == "dim_unit" else "document_id = ?"], [document_id]
    for column, value in where.items():
        tests.append(f'"{column}" is not distinct from ?')
        values.append(value)
    names = ", ".join(f'"{column}"' for column in columns)
    return con.execute(
        f"select rowid, {names} from {schema}.{table} where {' and '.join(tests)}", values
    ).fetchall()


def _same(got: object, want: object) -> bool:
    if got is None or want is None or isinstance(want, bool):
        return got is want or got == want
    try:
        return Decimal(str(got)) == Decimal(str(want).replace(",", ""))
    except InvalidOperation:
        return "".join(str(got).split()) == "".join(str(want).split())
