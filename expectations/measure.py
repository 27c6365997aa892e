"""Small tables about the warehouse: what each check of the contract counted, and the results of each identity's checks.

The counting runs inside DuckDB, so what Great Expectations sees does not grow with the number of documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from expectations.contract import ABSENT, NOT_DUE, WAREHOUSE, Check

_EXAMPLES = 3
_FACTS = "select table_name from information_schema.columns where table_schema = 'marts' and table_name like 'fct%'"
_TALLY = """
with active as (
    select * from audit.identity where lifecycle = 'active'
),

due_document as (
    select active.identity_id, document.document_id
    from active
    inner join marts.dim_document as document
        on document.doc_type is null or list_contains(string_split(active.document_kind, '|'), document.doc_type)
),

evaluated as (
    select * from audit.fct_identity_check
),

silent as (
    select identity_id, document_id from due_document
    anti join evaluated using (identity_id, document_id)
    union all
    select identity_id, document_id from ({due_scope}) as due_scope
    anti join evaluated using (check_key)
    semi join evaluated using (identity_id, document_id)
),

silent_count as (
    select identity_id, count(*) as silent from silent group by identity_id
),

published as (
    {published}
),

counted as (
    select
        identity_id,
        count(*) as evaluated,
        count(*) filter (where status = 'pass') as passed,
        count(*) filter (where status = 'fail') as failed,
        count(*) filter (where status = 'not_evaluable') as not_evaluable,
        count(*) filter (where status = 'not_applicable') as not_applicable,
        count(*) filter (where status = 'waived') as waived,
        count(distinct document_id) filter (
            where status = 'fail' and document_id in (select document_id from published)
        ) as leaked
    from evaluated
    group by identity_id
)

select
    active.identity_id,
    active.title_zh,
    active.title_en,
    active.family,
    active.basis_zh,
    active.severity,
    active.on_fail,
    coalesce(counted.evaluated, 0) + coalesce(silent_count.silent, 0) as due,
    coalesce(counted.passed, 0),
    coalesce(counted.failed, 0),
    coalesce(counted.not_evaluable, 0),
    coalesce(counted.not_applicable, 0),
    coalesce(counted.waived, 0),
    due - coalesce(passed + failed + not_evaluable + not_applicable + waived, 0) as unresolved,
    coalesce(counted.leaked, 0)
from active
left join counted using (identity_id)
left join silent_count using (identity_id)
order by active.identity_id
"""
"""Counts each active identity's checks. ``due_scope`` and ``published`` are the queries that ``tally`` puts in."""


Types = Mapping[tuple[str, str], str]
"""The types of columns, by table (with its schema) and column."""


@dataclass(frozen=True)
class Measurement:
    """The result of one check: a column's type, or the number of wrong rows (null where it could not be counted)."""

    check: Check
    found_type: str | None = None
    violations: int | None = None
    examples: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True)
class Tally:
    """The results of one identity's checks over all documents."""

    identity_id: str
    title_zh: str
    title_en: str
    family: str
    basis_zh: str
    severity: str
    on_fail: str
    due: int
    passed: int
    failed: int
    not_evaluable: int
    not_applicable: int
    waived: int
    unresolved: int
    leaked: int

    @property
    def evaluated(self) -> int:
        """The number of decided checks."""
        return self.passed + self.failed + self.waived


def column_types(con: duckdb.DuckDBPyConnection) -> Types:
    """The type of every column of the open warehouse."""
    return {
        (f"{schema}.{table}", column): data_type
        for schema, table, column, data_type in con.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns"
        ).fetchall()
    }


def measure(con: duckdb.DuckDBPyConnection, checks: Iterable[Check], types: Types) -> list[Measurement]:
    """Run every check against the open warehouse, whose columns have these types. A query that cannot run is recorded as such."""
    tables = {table for table, _ in types}
    checks = list(checks)
    lacking = {
        one.table for one in checks if one.column and one.due_when is None and _place(one) not in types
    }
    measured = []
    for check in checks:
        is_absent = check.column is not None and _place(check) not in types
        not_due = is_absent and check.due_when is not None and not _has_rows(con, check.table, check.due_when)
        if check.is_about_type:
            found = NOT_DUE if not_due else types.get(_place(check), ABSENT)
            measured.append(Measurement(check, found_type=found))
        elif not_due:
            measured.append(Measurement(check, violations=0))
        elif check.rule != "exists" and (is_absent or check.table not in {*tables, WAREHOUSE}):
            measured.append(Measurement(check, problem=ABSENT))
        else:
            measured.append(_count(con, check, check.table in lacking))
    return measured


def wrong_documents(
    con: duckdb.DuckDBPyConnection, checks: Iterable[Check]
) -> Iterator[tuple[Check, str, int, list[str]]]:
    """For each check and document with wrong rows: how many there are, and the first of them.

    A wrong row whose name begins with a unit is one of every document of that unit. A check whose wrong rows are not all
    of documents, or that cannot be counted, gives nothing.
    """
    for check in checks:
        if check.is_about_type or check.severity != "critical":
            continue
        try:
            found = con.execute(
                f"with wrong(example) as ({check.rows}) select document.document_id, count(*),"
                f" list(distinct example order by example)[:{_EXAMPLES}] from wrong left join marts.dim_document as document"
                " on document.document_id = left(example, 16) or document.unit_id = split_part(example, ' ', 1)"
                " group by document.document_id"
            ).fetchall()
        except duckdb.Error:
            continue
        if all(document_id is not None for document_id, _, _ in found):
            for document_id, count, examples in found:
                yield check, document_id, count, examples


def _place(check: Check) -> tuple[str, str]:
    return check.table, str(check.column)


def _count(con: duckdb.DuckDBPyConnection, check: Check, is_lacking: bool) -> Measurement:
    """Count the wrong rows. Where a query cannot be bound, the reason is a column that the table lacks.

    Examples are asked for only where there are any: planning the query takes the time, and nearly all checks hold.
    """
    try:
        [(count,)] = con.execute(f"select count(*) from ({check.rows})").fetchall()
        examples = con.execute(
            f"select distinct cast(example as varchar) as example from ({check.rows}) as wrong(example)"
            f" order by example limit {_EXAMPLES}"
        ).fetchall() if count else []  # fmt: skip
    except duckdb.Error as error:
        is_cause = is_lacking and isinstance(error, duckdb.BinderException)
        return Measurement(check, problem=ABSENT if is_cause else str(error).splitlines()[0])
    return Measurement(check, violations=count, examples=tuple(str(example) for (example,) in examples))


def _has_rows(con: duckdb.DuckDBPyConnection, table: str, condition: str) -> bool:
    try:
        return con.execute(f"select 1 from {table} where {condition} limit 1").fetchone() is not None
    except duckdb.Error:
        return True


def tally(con: duckdb.DuckDBPyConnection) -> list[Tally]:
    """Count each active identity's checks, against the documents and scopes for which they are due.

    Every document of the identity's kind is due and, while the build's own due set is in the file, each of its scopes.
    A due document or scope without a check, or with an unknown status, is unresolved. Documents in the facts in which
    the identity is broken are leaked.
    """
    due_scope = "select null::varchar as check_key, null::varchar as document_id, null::varchar as identity_id where false"
    if _has_table(con, "intermediate", "int_identity__due"):
        due_scope = "select check_key, document_id, identity_id from intermediate.int_identity__due"
    facts = sorted({name for (name,) in con.execute(_FACTS).fetchall()})
    published = (
        " union ".join(f"select document_id from marts.{name}" for name in facts) or "select '' where false"
    )
    rows = con.execute(_TALLY.format(due_scope=due_scope, published=published)).fetchall()
    return [Tally(*row) for row in rows]


def _has_table(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = con.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
    ).fetchone()
    return found is not None
