"""What the reports sum to, by each of their dimensions, against the totals that documents print."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb


@dataclass(frozen=True, slots=True)
class Sum:
    """What is summed over which rows of a report, and where documents print its total.

    Rows and totals of one document belong together where they agree in the columns of ``place``.
    """

    measure: str
    rows: str
    fact: str
    totals: str
    place: tuple[str, ...] = ()


_OF_ALL = "statement_code = 'expenditure' and level = 'total' and measure = 'total' and function_name is null"
SUMS = {
    "rpt_spending_by_function": Sum(
        "amount_yuan", "is_leaf", "fct_expenditure",
        "level = 'total' and measure = 'total' and function_name is null", ("statement_code", "source", "fund_code"),
    ),
    "rpt_revenue_by_source": Sum(
        "amount_yuan", "revenue_source != 'total'", "fct_revenue",
        "statement_code in ('summary', 'revenue') and revenue_source = 'total' and fund_code = 'all'", ("source",),
    ),
    "rpt_spending_by_economic": Sum(
        "amount_yuan", "part = 'basic'", "fct_economic_expenditure",
        "level = 'total' and measure in ('total', 'basic')", ("statement_code",),
    ),
    "rpt_three_public_by_unit": Sum(
        "coalesce(final_yuan, initial_budget_yuan)", "is_leaf", "fct_three_public", "item = 'total'", ("source", "fund_code"),
    ),
    "rpt_budget_against_final": Sum(
        "final_yuan", "is_leaf", "fct_expenditure",
        "stage = 'final' and level = 'total' and measure = 'total' and function_name is null", ("statement_code", "source", "fund_code"),
    ),
    "rpt_unit_profile": Sum("spending_yuan", "true", "fct_expenditure", f"{_OF_ALL} and fund_code in ('all', 'fiscal_appropriation')"),
}  # fmt: skip
DIMENSIONS = (
    "unit_id",
    "unit_name",
    "region_name",
    "province_name",
    "city_name",
    "fiscal_year",
    "document_id",
)
_PRINTED_SQL = """
with sound as (
    select document_id
    from marts.dim_document
    where
        audit_status != 'held'
        and document_id not in (
            select document_id from audit.fct_finding where severity = 'error' and family in ('sum', 'cross_form', 'structure')
        )
),

printed as (
    select distinct
        {key},
        amount_yuan,
        case reported_unit when '亿元' then 100000000 when '万元' then 10000 when '千元' then 1000 else 1 end
        / pow(10, coalesce(reported_decimals, 0)) / 2 as half_a_digit
    from marts.{fact}
    where
        {totals}
        and source = 'table'
        and occurrence = 1
        and budget_unit_name is null
        and budget_part is null
        and basis = case stage when 'final' then 'final' else 'initial_budget' end
        and document_id in (select document_id from sound)
)
"""
_SQL = (
    _PRINTED_SQL
    + """,

summed as (
    select {of_row}, sum({measure}) as amount_yuan, count({measure}) as figures
    from marts.{report}
    where {rows}
    group by all
    having count({measure}) > 0
)

select {of_row}, summed.amount_yuan, printed.amount_yuan, half_a_digit * (figures + 1)
from summed
inner join printed using ({key})
qualify row_number() over (partition by {of_row} order by abs(summed.amount_yuan - printed.amount_yuan)) = 1
"""
)
"""The sums of a report, each with the printed total that is meant: a document may print it with and without what stands beside a form."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Documents that print a total, those of them in the report, and what differs by more than rounding, by value of a dimension."""

    printing: set[str]
    documents: set[str]
    differing: dict[object, tuple[Decimal, Decimal]]


def compare_sums(con: duckdb.DuckDBPyConnection, report: str, dimension: str) -> Compared:
    """Sum the rows of a report by a dimension, and the totals that its documents print, of documents whose figures agree with each other."""
    asked = SUMS[report]
    key = ", ".join(("document_id", *asked.place))
    of_row = ", ".join(dict.fromkeys((*key.split(", "), dimension)))
    printed_sql = _PRINTED_SQL.format(key=key, fact=asked.fact, totals=asked.totals)
    printing = con.execute(f"{printed_sql} select distinct document_id from printed").fetchall()
    found = con.execute(
        _SQL.format(
            key=key, of_row=of_row, report=report, measure=asked.measure, rows=asked.rows, fact=asked.fact, totals=asked.totals
        )
    )  # fmt: skip
    names = of_row.split(", ")
    sums: dict[object, list[Decimal]] = {}
    documents = set()
    for *row, ours, printed, rounding in found.fetchall():
        named = dict(zip(names, row, strict=True))
        documents.add(named["document_id"])
        total = sums.setdefault(named[dimension], [Decimal(0)] * 3)
        total[:] = (total[0] + ours, total[1] + printed, total[2] + Decimal(rounding))
    return Compared(
        {document_id for (document_id,) in printing},
        documents,
        {value: (ours, printed) for value, (ours, printed, rounding) in sums.items() if abs(ours - printed) > rounding},
    )  # fmt: skip
