"""What the pages show, read from a published file and grouped by unit or document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from ingest.views.html_report import COVERAGE_SQL
from ingest.views.query import published_run, records

Row = dict[str, Any]
_CITED_SQL = """
with cited as (
    select document_id, source_ref from marts.rpt_spending_by_function
    union select document_id, source_ref from marts.rpt_spending_by_economic
    union select document_id, source_ref from marts.rpt_revenue_by_source
    union select document_id, source_ref from marts.rpt_three_public_by_unit
)

select
    evidence.document_id,
    evidence.source_ref,
    evidence.page_no,
    concat_ws(' ', evidence.row_code_text, evidence.row_label) as row_text,
    evidence.header_path,
    evidence.printed_text
from audit.evidence as evidence
inner join cited using (document_id, source_ref)
where list_contains($1, evidence.document_id)
order by evidence.document_id, evidence.page_no, evidence.line_no, evidence.source_ref
"""
_FINDING_PLACE_SQL = """
with cited as (
    select finding_key, document_id, unnest(string_split(concat_ws(' ', lhs_ref, rhs_ref), ' ')) as source_ref
    from audit.fct_finding
    where not accepted and list_contains($1, document_id)
)

select distinct
    cited.finding_key,
    evidence.page_no,
    evidence.line_no,
    concat_ws(' ', evidence.row_code_text, evidence.row_label) as row,
    list_last(string_split(evidence.header_path, ' > ')) as column,
    evidence.printed_text as printed
from cited
inner join audit.evidence as evidence using (document_id, source_ref)
qualify row_number() over (partition by cited.finding_key order by evidence.page_no, evidence.line_no, evidence.source_ref) <= $2
order by all
"""
_MOST_PLACES = 8
"""How many cited cells of a finding are listed; a long sum has hundreds."""
_IDENTITY_SQL = """
with counted as (
    select
        identity_id,
        count(*) filter (where status = 'pass') as passed,
        count(*) filter (where status = 'fail') as failed,
        count(*) filter (where status = 'not_evaluable') as not_evaluable
    from audit.fct_identity_check
    group by identity_id
),

found as (
    select identity_id, count(*) filter (where is_cause) as findings from marts.rpt_finding group by identity_id
)

select
    identity.*,
    coalesce(counted.passed, 0) as passed,
    coalesce(counted.failed, 0) as failed,
    coalesce(counted.not_evaluable, 0) as not_evaluable,
    100.0 * counted.passed / nullif(counted.passed + counted.failed, 0) as rate,
    coalesce(found.findings, 0) as findings
from audit.identity as identity
left join counted using (identity_id)
left join found using (identity_id)
order by identity.identity_id
"""
_DOCUMENTS_SQL = """
select document.*, unit.unit_name
from marts.dim_document as document
inner join marts.dim_unit as unit using (unit_id)
order by document.fiscal_year desc nulls last, document.file_name
"""
_FINDINGS_SQL = """
select * from marts.rpt_finding
where is_cause
order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, page_no nulls last, identity_id, finding_key
"""
_BY_YEAR = "order by fiscal_year desc nulls last, stage"
_PROJECT_ORDER = "scope desc, form, project_no nulls first, budget_unit_name nulls first, document_id"
_BATCH = 500
"""How many units or documents are read at a time."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The figures of some units, each kind by unit."""

    functions: dict[str, list[Row]]
    economic: dict[str, list[Row]]
    revenue: dict[str, list[Row]]
    three_public: dict[str, list[Row]]
    projects: dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """What was read of some documents: forms and cited figures by document, the places of findings by finding."""

    coverage: dict[str, list[Row]]
    printed: dict[str, list[Row]]
    places: dict[str, list[Row]]


class SiteData:
    """What the pages show. Lists of units, documents, identities and findings are read at once, figures a few units at a time.

    ``profile`` is by unit. Raises duckdb.Error.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        release, made_at = published_run(con) or ("-", "-")
        self.run_id = release
        self.release = f"{release}, {str(made_at)[:19]} UTC"
        self.units = records(con, "from marts.dim_unit order by unit_name, unit_id")
        self.documents = records(con, _DOCUMENTS_SQL)
        self.identities = records(con, _IDENTITY_SQL)
        self.findings = records(con, _FINDINGS_SQL)
        self.profile = _by(records(con, f"from marts.rpt_unit_profile {_BY_YEAR}"), "unit_id")

    def figures_of_units(self, unit_ids: Collection[str]) -> UnitFigures:
        """The figures of some units."""

        def of(report: str, order: str) -> dict[str, list[Row]]:
            query = f"from marts.{report} where list_contains($1, unit_id) order by fiscal_year desc nulls last, {order}"
            return _by(records(self._con, query, list(unit_ids)), "unit_id")

        return UnitFigures(
            functions=of(
                "rpt_spending_by_function", "stage, is_unit_total desc, fund_code, function_code nulls last"
            ),
            economic=of("rpt_spending_by_economic", "stage, part, economic_code"),
            revenue=of("rpt_revenue_by_source", "stage, amount_yuan desc, revenue_source"),
            three_public=of("rpt_three_public_by_unit", "stage, item"),
            projects=of("rpt_project_performance", _PROJECT_ORDER),
        )

    def figures_of_documents(self, document_ids: Collection[str]) -> DocumentFigures:
        """What was read of some documents."""
        ids = list(document_ids)
        return DocumentFigures(
            coverage=_by(records(self._con, COVERAGE_SQL, ids), "document_id"),
            printed=_by(records(self._con, _CITED_SQL, ids), "document_id"),
            places=_by(records(self._con, _FINDING_PLACE_SQL, ids, _MOST_PLACES), "finding_key"),
        )

    def projects(self) -> Iterator[tuple[str, int, str]]:
        """The projects with a name: unit, number in its unit's list, name."""
        cursor = self._con.execute(
            "select unit_id, number, project_name from (select unit_id, project_name, row_number() over ("
            f"partition by unit_id order by fiscal_year desc nulls last, {_PROJECT_ORDER}) as number"
            " from marts.rpt_project_performance) where project_name is not null order by unit_id, number"
        )
        yield from cursor.fetchall()


def batches(found: list[Row]) -> Iterator[list[Row]]:
    """Rows in batches of which the figures fit into memory."""
    for start in range(0, len(found), _BATCH):
        yield found[start : start + _BATCH]


def _by(found: list[Row], key: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row[key]].append(row)
    return grouped
