"""No report counts twice: its leaves, summed by each of its dimensions, are the totals that the documents print."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

OWN = "budget_unit_name is null and budget_part is null and occurrence = 1"
STATED = "basis = case stage when 'final' then 'final' else 'initial_budget' end"
SUMS = {
    "rpt_spending_by_function": (
        "amount_yuan", "is_leaf",
        f"select document_id, amount_yuan from marts.fct_expenditure where statement_code = 'expenditure' and source = 'table'"
        f" and level = 'total' and measure = 'total' and function_name is null and {OWN} and {STATED}",
    ),
    "rpt_revenue_by_source": (
        "amount_yuan", "true",
        "select document_id, amount_yuan from marts.fct_revenue where statement_code = 'summary' and source = 'table'"
        f" and revenue_source = 'total' and {OWN} and {STATED}",
    ),
    "rpt_spending_by_economic": (
        "amount_yuan", "part = 'basic'",
        "select document_id, amount_yuan from marts.fct_economic_expenditure where statement_code = 'general_public_basic'"
        f" and source = 'table' and level = 'total' and measure = 'total' and {OWN} and {STATED}",
    ),
    "rpt_three_public_by_unit": (
        "coalesce(final_yuan, initial_budget_yuan)", "is_leaf",
        f"select document_id, amount_yuan from marts.fct_three_public where source = 'table' and item = 'total' and {OWN} and {STATED}",
    ),
    "rpt_budget_against_final": (
        "final_yuan", "is_leaf and fund_code = 'general_public'",
        "select document_id, amount_yuan from marts.fct_expenditure where statement_code = 'general_public_expenditure'"
        f" and source = 'table' and level = 'total' and measure = 'total' and stage = 'final' and {OWN} and {STATED}",
    ),
    "rpt_unit_profile": (
        "spending_yuan", "true",
        "select document_id, amount_yuan from marts.fct_expenditure where statement_code = 'expenditure' and source = 'table'"
        f" and level = 'total' and measure = 'total' and function_name is null and {OWN} and {STATED}",
    ),
}  # fmt: skip
"""Report -> what is summed, over which rows, and the totals that documents print (document_id, amount_yuan)."""
DIMENSIONS = ("unit_id", "unit_name", "region_name", "province_name", "fiscal_year", "document_id")


@pytest.fixture
def printed(warehouse: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, with ``sound``: documents whose figures agree with each other, and what they are of."""
    warehouse.execute(
        "create temp table sound as select document_id, document.unit_id, unit_name, region_name, province_name, document.fiscal_year"
        " from marts.dim_document as document inner join marts.dim_unit using (unit_id)"
        " where audit_status != 'held' and document_id not in (select document_id from audit.fct_finding where severity = 'error')"
    )
    yield warehouse
    warehouse.execute("drop table sound")


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("report", SUMS)
def test_leaves_of_a_report_sum_to_what_is_printed(
    printed: duckdb.DuckDBPyConnection, report: str, dimension: str
) -> None:
    measure, rows, totals = SUMS[report]
    printed.execute(f"create or replace temp table total as {totals}")
    in_print = dict(
        printed.execute(
            f"select sound.{dimension}, sum(amount_yuan) from total inner join sound using (document_id) group by all"
        ).fetchall()
    )
    in_report = dict(
        printed.execute(
            f"select {dimension}, sum({measure}) from marts.{report} where {rows}"
            " and document_id in (select document_id from sound) and document_id in (select document_id from total)"
            " group by all"
        ).fetchall()
    )
    assert in_print
    rounding = Decimal(2)
    differing = {key: (in_report.get(key), amount) for key, amount in in_print.items()
                 if in_report.get(key) is None or abs(in_report[key] - amount) > rounding}  # fmt: skip
    assert differing == {}
    assert set(in_report) == set(in_print)


@pytest.mark.parametrize("report", SUMS)
def test_a_row_names_its_unit_year_and_document(warehouse: duckdb.DuckDBPyConnection, report: str) -> None:
    assert (
        warehouse.execute(
            f"select count(*) from marts.{report} where unit_name is null or fiscal_year is null or document_choice is null"
        ).fetchall()
        == [(0,)]
    )  # fmt: skip
