"""One scratch warehouse for all cases: each case is a document, the real seeds and models judge it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import astuple, dataclass
from pathlib import Path

import duckdb
import pytest

from .lines import form_statuses, read_lines, scan_counts, shorthand

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).with_name("cases.csv")
AS_OF = "2025-06-30"
SEEDS = [
    "identities", "identity_terms", "tolerance_policies", "waivers", "forms", "fund", "measure", "revenue_source",
    "balance_item", "three_public_item",
]  # fmt: skip
MODELS = ["int_identity__*", "identity", "fct_identity_check", "fct_finding", "int_document__audit_status"]


@dataclass(frozen=True)
class Case:
    """One row of cases.csv; what follows `holds` states only what differs from it."""

    document_id: str
    identity_id: str
    name: str
    doc_type: str
    scope: str
    tokens: dict[str, str]
    status: str
    reason: str


def read_cases() -> list[Case]:
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


WAIVED = [  # waives the broken case of its identity: document, scope, last day in force
    ("AL-T00-001", "expenditure/all/total/total/final", AS_OF),
    ("AL-T00-002", None, "2026-01-01"),
    ("AL-T00-003", None, "2025-06-29"),
    ("AL-T00-004", "expenditure/all/208/total/final", "2026-01-01"),
    ("READ-001", "expenditure", "2026-01-01"),
]


@dataclass(frozen=True)
class Warehouse:
    """The scratch build file and the dbt command that fills it."""

    path: Path

    def dbt(self, *arguments: str) -> None:
        scratch = self.path.parent
        command = [
            sys.executable, "-m", "dbt.cli.main", *arguments,
            "--target-path", str(scratch / "target"), "--log-path", str(scratch / "logs"),
        ]  # fmt: skip
        environment = os.environ | {"MINGZHANG_BUILD_DB": str(self.path)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def query(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()


def load_cases(path: Path) -> None:
    """Stand in for the models upstream: documents, forms and lines of every case, and the waivers."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema if not exists staging; create schema if not exists intermediate")
        connection.execute(
            "create table staging.stg_disclosure__document (document_id varchar, doc_type varchar)"
        )
        connection.execute(
            "create table intermediate.int_form__status"
            " (document_id varchar, statement_code varchar, status varchar, is_form_cut boolean)"
        )
        connection.execute(
            "create table intermediate.int_document__scan_counted"
            " (document_id varchar, page_no integer, figure_count bigint, uncertain_count bigint)"
        )
        connection.execute(
            "create table intermediate.int_line__unified (document_id varchar, statement_code varchar, source varchar,"
            " fact varchar, fund_code varchar, basis varchar, row_key varchar, parent_row_key varchar, level varchar,"
            " column_key varchar, parent_column_key varchar, occurrence integer, label varchar,"
            " amount_yuan decimal(20, 2), reported_value decimal(20, 6), reported_unit varchar,"
            " reported_decimals integer, half_width_yuan decimal(28, 8), source_ref varchar, page_no integer, form_no integer,"
            " form_status varchar, is_form_cut boolean)"
        )
        for case in read_cases():
            lines = read_lines(case.document_id, case.doc_type, case.tokens)
            statuses = form_statuses(case.tokens, {line.statement_code for line in lines})
            connection.execute(
                "insert into staging.stg_disclosure__document values (?, ?)",
                [case.document_id, case.doc_type],
            )
            for statement, (status, is_cut) in statuses.items():
                connection.execute(
                    "insert into intermediate.int_form__status values (?, ?, ?, ?)",
                    [case.document_id, statement, status, is_cut],
                )
            if counts := scan_counts(case.tokens):
                connection.execute(
                    "insert into intermediate.int_document__scan_counted values (?, 1, ?, ?)",
                    [case.document_id, *counts],
                )
            if lines:
                marks = ", ".join("?" * len(astuple(lines[0])))
                connection.executemany(
                    f"insert into intermediate.int_line__unified values ({marks})",
                    [astuple(line) for line in lines],
                )
        connection.executemany(
            "insert into seeds.waivers values (?, ?, ?, '经核对与原文一致', '审核人', '2025-01-01', ?)",
            [(identity, f"{identity}.broken", scope, until) for identity, scope, until in WAIVED],
        )


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    built = Warehouse(tmp_path_factory.mktemp("identities") / "cases.duckdb")
    built.dbt("seed", "--select", *SEEDS)
    load_cases(built.path)
    built.dbt("build", "--select", *MODELS, "--vars", f"{{as_of: '{AS_OF}'}}")
    return built
