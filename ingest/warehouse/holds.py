"""Documents that break a rule of the warehouse are held, one by one, with the rule and the rows; the others continue.

The rules are the models' contracts, dbt's tests and the checks of the publishing gate. A document is held the first
time that it breaks a rule: its figures stay out of the facts. Where that does not help, because the rule is about something
that is made of every document, only its row in ``raw.document`` is kept, without anything that was read.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from ingest.config import Policy
from ingest.files import literal

SHOWN_ROWS = 3
"""How many offending rows are kept per document and rule."""
RULE_TABLE = (
    "create table if not exists raw.broken_rule (document_id varchar, reason_code varchar, table_name varchar,"
    " rule varchar, row_count bigint, example varchar, is_emptied boolean)"
)
_READ_COLUMNS = (
    "title", "doc_type", "stage", "fiscal_year", "unit_name", "unit_kind", "region_name", "unit_from", "fiscal_year_from",
    "stage_from", "region_code", "zone_name",
)  # fmt: skip
"""The columns of ``raw.document`` that come from reading the document."""


class HoldReason(StrEnum):
    """Why a document is held under any publish policy. Codes are permanent."""

    IDENTITY_UNKNOWN = "IDENTITY_UNKNOWN"
    NOT_DEPARTMENTAL = "NOT_DEPARTMENTAL"
    CONTRACT_NULL = "CONTRACT_NULL"
    CONTRACT_KEY = "CONTRACT_KEY"
    CONTRACT_LIST = "CONTRACT_LIST"
    CONTRACT_REFERENCE = "CONTRACT_REFERENCE"
    CONTRACT_VALUE = "CONTRACT_VALUE"
    CONTRACT_RULE = "CONTRACT_RULE"


_REASON_OF_RULE = {
    "not_null": HoldReason.CONTRACT_NULL,
    "never_null": HoldReason.CONTRACT_NULL,
    "required": HoldReason.CONTRACT_NULL,
    "unique": HoldReason.CONTRACT_KEY,
    "unique_combination": HoldReason.CONTRACT_KEY,
    "key": HoldReason.CONTRACT_KEY,
    "closed_lists": HoldReason.CONTRACT_LIST,
    "list": HoldReason.CONTRACT_LIST,
    "pattern": HoldReason.CONTRACT_LIST,
    "foreign_keys": HoldReason.CONTRACT_REFERENCE,
    "reference": HoldReason.CONTRACT_REFERENCE,
    "value": HoldReason.CONTRACT_VALUE,
}


def reason_of(kind: str) -> HoldReason:
    """The code for a kind of rule: a dbt test's name, a rule of the gate's contract, or ``value``."""
    return _REASON_OF_RULE.get(kind, HoldReason.CONTRACT_RULE)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule of a table that one document breaks, how many of its rows break it, and the first of them as JSON.

    ``is_emptied``: only the document's own row is left in the build file.
    """

    document_id: str
    reason_code: str
    table_name: str
    rule: str
    row_count: int
    example: str
    is_emptied: bool = False

    def __str__(self) -> str:
        return f"{self.reason_code}: {self.table_name}: {self.rule} ({self.row_count} rows, {self.example})"


def rows_by_document(
    con: duckdb.DuckDBPyConnection, sql: str, reason: HoldReason, table_name: str, rule: str
) -> list[BrokenRule]:
    """The rows of a query by document; empty where a row does not say which document it belongs to.

    A row names its document by ``document_id``, else all documents of a unit by ``unit_id``.
    """
    for source in (
        f"select document_id, to_json(t) as example from (\n{sql}\n) as t",
        f"select document.document_id, to_json(t) as example from (\n{sql}\n) as t"
        " left join intermediate.int_document__unit_identified as document on t.unit_id = document.unit_id",
    ):
        try:
            found = con.execute(
                f"select document_id, count(*), list(example order by example)[:{SHOWN_ROWS}]::varchar"
                f" from ({source}) group by document_id order by document_id"
            ).fetchall()
        except (duckdb.BinderException, duckdb.CatalogException):
            continue
        if found and all(document_id is not None for document_id, _, _ in found):
            return [
                BrokenRule(document_id, reason, table_name, rule, count, example)
                for document_id, count, example in found
            ]
    return []


def take_out(con: duckdb.DuckDBPyConnection, broken: Iterable[BrokenRule], emptied: Collection[str]) -> None:
    """Record the rules that documents broke in the build file of this connection; delete all rows of those ``emptied``."""
    con.execute(RULE_TABLE)
    for rule in broken:
        con.execute(
            "delete from raw.broken_rule where document_id = ? and table_name = ? and rule = ?",
            [rule.document_id, rule.table_name, rule.rule],
        )
        con.execute(
            "insert into raw.broken_rule values (?, ?, ?, ?, ?, ?, ?)",
            [
                rule.document_id,
                rule.reason_code,
                rule.table_name,
                rule.rule,
                rule.row_count,
                rule.example,
                rule.is_emptied,
            ],
        )
    if not emptied:
        return
    tables = con.execute(
        "select table_name from duckdb_columns() where database_name = current_database() and schema_name = 'raw'"
        " and column_name = 'document_id' and not list_contains(['document', 'outcome', 'broken_rule'], table_name)"
    ).fetchall()
    for (table,) in tables:
        con.execute(f'delete from raw."{table}" where list_contains(?, document_id)', [list(emptied)])
    con.execute(
        f"update raw.document set {', '.join(f'{name} = null' for name in _READ_COLUMNS)}"
        " where list_contains(?, document_id)",
        [list(emptied)],
    )
    con.execute(
        "update raw.broken_rule set is_emptied = true where list_contains(?, document_id)", [list(emptied)]
    )


def record(build_file: Path, broken: Collection[BrokenRule]) -> None:
    """Write what an earlier attempt has found into a build file, before its models are built. Raises duckdb.Error."""
    with duckdb.connect() as con:
        con.execute(f"attach {literal(build_file)} as build")
        con.execute("use build")
        take_out(con, broken, {rule.document_id for rule in broken if rule.is_emptied})
        con.execute("checkpoint build")


def broken_rules(build_file: Path) -> list[BrokenRule]:
    """The rules that documents of a build file broke. Raises duckdb.Error."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        rows = con.execute("select * from raw.broken_rule order by all").fetchall()
    return [BrokenRule(*row) for row in rows]


def broken_at_the_gate(build_file: Path, publish_policy: Policy) -> list[BrokenRule]:
    """The rules of the gate's contract that rows of documents break; none where a row does not name its document.

    A document that is already held for a rule, and still breaks one, is to be emptied. Raises duckdb.Error.
    """
    from expectations.contract import read_contract, subjects
    from expectations.measure import wrong_documents

    checks = [check for subject in subjects(read_contract(), publish_policy) for check in subject.checks]
    held = {rule.document_id for rule in broken_rules(build_file)}
    with duckdb.connect(str(build_file), read_only=True) as con:
        return [
            BrokenRule(
                document_id, reason_of(check.rule), check.table, check.label, count,
                json.dumps(examples, ensure_ascii=False), is_emptied=document_id in held,
            )
            for check, document_id, count, examples in wrong_documents(con, checks)
        ]  # fmt: skip
