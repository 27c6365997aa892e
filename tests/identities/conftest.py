"""One scratch warehouse for all cases: each case is a document, which the real seeds and models check."""

from __future__ import annotations

import csv
import shutil
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.warehouse.compiled import Statements
from ingest.warehouse.load import RawLoader
from ingest.warehouse.transform import transform
from tests.conftest import Compiled

from .given import TABLES, Rows, qualified, read_topics, rows_given
from .lines import form_statuses, read_lines, scan_counts, shorthand

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).with_name("cases.csv")
AS_OF = "2025-06-30"
"""The day on which the cases are judged."""
MODELS = [
    "int_identity__*",
    "int_rate__*",
    "int_subject__named",
    "int_finding__suspect",
    "identity",
    "fct_identity_check",
    "fct_finding",
    "int_document__audit_status",
    "int_form__held",
]


@dataclass(frozen=True)
class Case:
    """One row of cases.csv or one case of a topic; it states only what differs from `holds`."""

    document_id: str
    identity_id: str
    name: str
    doc_type: str
    scope: str
    tokens: dict[str, str]
    status: str
    reason: str
    given: Rows = field(default_factory=dict)


def read_cases() -> list[Case]:
    return [*line_cases(), *given_cases()]


def given_cases() -> list[Case]:
    return [
        Case(
            document_id=f"{identity_id}.{name}",
            identity_id=identity_id,
            name=name,
            doc_type=case.get("doc_type", topic.get("doc_type")),
            scope=case.get("scope", topic.get("scope")),
            tokens=shorthand(topic.get("lines", "")) | shorthand(case.get("lines", "")),
            status=case["status"],
            reason=case.get("reason", ""),
            given=rows_given(topic.get("given", {}), case.get("given", {})),
        )
        for identity_id, topic in read_topics()
        for name, case in topic["cases"].items()
    ]


def line_cases() -> list[Case]:
    cases: list[Case] = []
    base: dict[str, dict[str, str]] = {}
    with CASES.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            tokens = shorthand(row["lines"])
            if row["case"] == "holds":
                base[row["identity_id"]] = tokens
            cases.append(
                Case(
                    document_id=f"{row['identity_id']}.{row['case']}",
                    identity_id=row["identity_id"],
                    name=row["case"],
                    doc_type=row["doc_type"],
                    scope=row["scope"],
                    tokens=base[row["identity_id"]] | tokens,
                    status=row["status"],
                    reason=row["reason"],
                )
            )
    return cases


IDENTIFIED = {"fiscal_year": 2024, "stage": "final", "unit_key": "某单位"}
"""The kind, year and stage of a case's document, unless the case says otherwise."""
WAIVED = [  # waives the broken case of its identity: document, scope, last day in force
    ("AL-T00-001", "expenditure/all/total/total/final", AS_OF),
    ("AL-T00-002", None, "2026-01-01"),
    ("AL-T00-003", None, "2025-06-29"),
    ("AL-T00-004", "expenditure/all/208/total/final", "2026-01-01"),
    ("READ-001", "expenditure", "2026-01-01"),
]


@dataclass(frozen=True)
class Warehouse:
    """The scratch build file and what makes its models."""

    path: Path
    compiled: Compiled

    def make(self) -> None:
        """Make and test the models that judge the cases."""
        statements = self.compiled.statements("hold").only(
            lambda name: any(fnmatchcase(name, pattern) for pattern in MODELS)
        )
        # reports on findings are made of dimensions that the cases do not have
        statements = replace(
            statements, tests=[test for test in statements.tests if '"marts"' not in test.sql]
        )
        seeds = self.path.with_name("with_waivers.duckdb")
        shutil.copyfile(statements.seeds, seeds)
        waive(seeds)
        made = transform(replace(as_of(statements), seeds=seeds), self.path)
        assert not made.broken

    def make_audit_status(self, policy: str) -> None:
        """Make the documents' audit status again, under a policy, without its tests."""
        statements = self.compiled.statements(policy).only(lambda name: name == "int_document__audit_status")
        assert len(statements.models) == 1
        transform(replace(statements, tests=[]), self.path)

    def query(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()


def load_cases(path: Path) -> None:
    """Replace the models upstream: documents, forms, lines and given rows of every case."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for case in read_cases():
        lines = read_lines(case.document_id, case.doc_type, case.tokens)
        statuses = form_statuses(case.tokens, {line.statement_code for line in lines})
        own = {"document_id": case.document_id}
        given = {
            table: {name: own | row for name, row in named.items()} for table, named in case.given.items()
        }
        documents = given.setdefault("stg_disclosure__document", {})
        documents["document"] = own | IDENTIFIED | {"doc_type": case.doc_type} | documents.get("document", {})
        rows["intermediate.int_form__status"] += [
            own | {"statement_code": statement, "status": status, "is_form_cut": is_cut}
            for statement, (status, is_cut) in statuses.items()
        ]
        if counts := scan_counts(case.tokens):
            rows["intermediate.int_document__scan_counted"].append(
                own | {"page_no": 1, "figure_count": counts[0], "uncertain_count": counts[1]}
            )
        rows["intermediate.int_line__unified"] += [asdict(line) for line in lines]
        for table, named in given.items():
            for row in named.values():
                name = str(row["document_id"])
                is_other = name.partition(".")[0] == "other"
                other = {"document_id": f"{case.document_id}.{name}"} if is_other else {}
                rows[qualified(table)].append(row | other)
    with RawLoader(path, "cases"):
        pass
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema if not exists staging; create schema if not exists intermediate")
        for table, columns in TABLES.items():
            connection.execute(f"create table {table} ({columns})")
            for row in rows[table]:
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
                )


def waive(seeds: Path) -> None:
    """Add the cases' waivers to a file of seeds."""
    with duckdb.connect(str(seeds)) as connection:
        connection.executemany(
            "insert into seeds.waivers values (?, ?, ?, '经核对与原文一致', '审核人', '2025-01-01', ?)",
            [(identity, f"{identity}.broken", scope, until) for identity, scope, until in WAIVED],
        )


def as_of(statements: Statements) -> Statements:
    """The statements with the day of the cases in the place of today."""
    day = f"cast('{AS_OF}' as date)"
    models = [replace(model, sql=model.sql.replace("current_date", day)) for model in statements.models]
    assert sum(one != other for one, other in zip(models, statements.models, strict=True)) == 1
    return replace(statements, models=models)


@pytest.fixture(scope="session")
def warehouse(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    built = Warehouse(tmp_path_factory.mktemp("identities") / "cases.duckdb", compiled)
    load_cases(built.path)
    built.make()
    return built
