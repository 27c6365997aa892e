"""The expectations pass on a correct warehouse and say what is wrong with a broken one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.contract import ABSENT, NOT_DUE, read_contract, subjects
from expectations.measure import Measurement, column_types, measure, tally
from expectations.run import Verdict, run_expectations
from expectations.suites import identity_suite, table_suite
from ingest.seeds import closed_list

ROOT = Path(__file__).parents[2]
SHA256 = "0123456789abcdef" * 4
DOCUMENT = SHA256[:16]
HEADER = {
    "document_id": DOCUMENT,
    "unit_id": "u1",
    "fiscal_year": 2024,
    "stage": "final",
    "source": "table",
    "page_no": 1,
}
MONEY = {
    "basis": "final",
    "occurrence": 1,
    "unit_inferred": False,
    "amount_yuan": 125000,
    "reported_value": 12.5,
    "reported_unit": "万元",
    "reported_decimals": 2,
}
CHECK = {"document_id": DOCUMENT, "scope": "-", "difference": 0, "tolerance": 100, "value_unit": "yuan"}
BEYOND_THE_CONTRACT = {
    "audit.identity": "lifecycle varchar, document_kind varchar",
    "audit.ingest_run": "started_at timestamp",
}


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """One document, its figures, and one broken check that is published."""
    dimensions = {
        "dim_statement": "forms.statement_code",
        "dim_fund": "fund.fund_code",
        "dim_revenue_source": "revenue_source.revenue_source",
    }
    for dimension, codes in dimensions.items():
        for value in closed_list(codes):
            yield f"marts.{dimension}", {"code": value, "name_zh": value, "name_en": value}
    yield "marts.dim_fiscal_year", {"code": "2024", "name_zh": "2024年", "name_en": "FY2024"}
    parent = None
    for code, level in (("201", "class"), ("20103", "section"), ("2010301", "item")):
        names = {
            "function_code": code,
            "level": level,
            "name_zh": code,
            "parent_code": parent,
            "class_code": "201",
        }
        yield "marts.dim_function", names
        parent = code
    economic = {
        "economic_code": "301",
        "classification": "department",
        "level": "class",
        "name_zh": "工资福利支出",
        "expense_group": "personnel",
    }
    yield "marts.dim_economic", economic
    yield "marts.dim_unit", {"unit_id": "u1", "unit_name": "样例局", "unit_kind": "department"}
    yield (
        "marts.dim_document",
        {"document_id": DOCUMENT, "sha256": SHA256, "file_name": "a.pdf", "media_type": "application/pdf"}
        | {
            "doc_type": "final_accounts",
            "stage": "final",
            "fiscal_year": 2024,
            "unit_id": "u1",
            "disclosure_id": "d1",
            "document_role": "whole",
            "page_count": 3,
        }
        | {"audit_status": "flagged", "finding_count": 1}
        | {"figures_printed": 8, "figures_loaded": 6, "figures_set_aside": 1, "figures_unread": 1},
    )
    table = {"document_id": DOCUMENT, "table_ref": "p1r1", "statement_code": "expenditure", "role": "form"}
    yield (
        "audit.table_coverage",
        table | {"figures": 5, "figures_loaded": 4, "figures_not_placed": 1, "reason": "header_unknown 1"},
    )

    def cited(
        table: str, statement: str, fund: str, ref: str, **keys: Any
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        place = {"statement_code": statement, "fund_code": fund, "source_ref": ref}
        yield table, HEADER | MONEY | place | keys
        yield "audit.evidence", {"document_id": DOCUMENT, "source_ref": ref, "printed_text": "12.50"}

    spending = {"measure": "total", "is_leaf": True}
    yield from cited("marts.fct_expenditure", "expenditure", "all", "p1r1", level="total", **spending)
    yield from cited(
        "marts.fct_expenditure", "expenditure", "all", "p1r2", level="class", function_code="201", **spending
    )
    yield from cited("marts.fct_revenue", "revenue", "all", "p1r3", revenue_source="total", level="total")
    yield from cited("marts.fct_balance", "summary", "all", "p1r4", item="total_income")
    yield from cited("marts.fct_three_public", "three_public", "general_public", "p1r5", item="total")
    economic_row = {"economic_code": "301", "level": "class", "measure": "total"}
    yield from cited(
        "marts.fct_economic_expenditure", "general_public_basic", "general_public", "p1r6", **economic_row
    )
    for statement in ("expenditure", "revenue", "summary", "three_public", "general_public_basic"):
        coverage = {"document_id": DOCUMENT, "statement_code": statement, "status": "extracted", "rows": 2}
        yield "audit.extraction_coverage", coverage
    empty = {"statement_code": "government_fund", "status": "empty_by_declaration", "rows": 0}
    yield "audit.extraction_coverage", {"document_id": DOCUMENT} | empty
    read = {
        f"{kind}{status}": number
        for kind in ("money_figures", "percentages", "counts")
        for status, number in (("", 2), ("_read", 1), ("_set_aside", 0), ("_unread", 1))
    }
    yield "audit.narrative_coverage", {"document_id": DOCUMENT} | read
    forms = {"due": 6, "extracted": 5, "partial": 0, "empty_by_declaration": 1, "blank": 0}
    forms |= {"in_companion": 0, "missing": 0}
    forms_read = {f"forms_{status}": number for status, number in forms.items()}
    performance = {"unit_performance_forms": 0, "project_performance_forms": 0}
    findings = {"findings_error": 1, "findings_warning": 0, "findings_info": 0}
    prose_read = {
        name: read[name] for name in ("money_figures", "money_figures_read", "money_figures_unread")
    }
    yield (
        "marts.rpt_disclosure_completeness",
        {"document_id": DOCUMENT, "file_name": "a.pdf", "unit_id": "u1", "unit_name": "样例局"}
        | forms_read
        | performance
        | prose_read
        | findings
        | {"audit_status": "flagged"},
    )
    total = {"unit_id": "u1", "unit_name": "样例局", "level": "total", "is_unit_total": True, "is_leaf": True}
    taken = {"statement_code": "expenditure", "fund_code": "all", "source_ref": "p1r1"}
    yield "marts.rpt_spending_by_function", HEADER | total | taken
    metric = {
        "metric_code": "staff_total",
        "value": 12,
        "unit": "person",
        "reported_value": 12,
        "reported_unit": "人",
    }
    place = {"statement_code": "profile", "source": "narrative", "source_ref": "p1s1", "basis": "final"}
    yield (
        "marts.fct_disclosure_metric",
        HEADER | place | metric | {"occurrence": 1, "reported_decimals": 0},
    )
    yield "audit.evidence", {"document_id": DOCUMENT, "source_ref": "p1s1", "printed_text": "12"}
    counts = {"files_seen": 3, "documents_loaded": 1, "files_same_bytes": 1, "files_quarantined": 1}
    yield "audit.ingest_run", {"run_id": "r1", "started_at": "2026-01-01"} | counts
    locked = {
        "file_name": "b.pdf",
        "reason_code": "PDF_ENCRYPTED",
        "message": "locked",
        "first_seen_at": "2026-01-01",
    }
    yield "audit.quarantine", locked
    for identity_id, on_fail in (("SUM-1", "publish"), ("READ-1", "hold")):
        yield (
            "audit.identity",
            {"identity_id": identity_id, "title_zh": "合计等于各行之和", "title_en": "The total is the sum"}
            | {"family": "sum", "basis_zh": "预算法", "severity": "error", "on_fail": on_fail}
            | {"lifecycle": "active", "document_kind": "final_accounts|departmental_budget"},
        )
    yield (
        "audit.fct_identity_check",
        CHECK | {"check_key": "k1", "identity_id": "READ-1", "status": "not_applicable"},
    )
    yield (
        "audit.fct_identity_check",
        CHECK | {"check_key": "k2", "identity_id": "SUM-1", "status": "pass", "scope": "a"},
    )
    broken = {"check_key": "k3", "identity_id": "SUM-1", "status": "fail", "scope": "b", "difference": 500}
    yield "audit.fct_identity_check", CHECK | broken | {"lhs_ref": "p1r1", "rhs_ref": "p1r2 p1r3"}
    for check_key, identity_id in (("k1", "READ-1"), ("k2", "SUM-1"), ("k3", "SUM-1")):
        due = {"check_key": check_key, "document_id": DOCUMENT, "identity_id": identity_id}
        yield "intermediate.int_identity__due", due
    finding = {
        "finding_key": "k3",
        "identity_id": "SUM-1",
        "family": "sum",
        "severity": "error",
        "scope": "b",
    }
    messages = {"message_zh": "不等", "message_en": "differs", "accepted": False}
    cause = {"cause_key": "k3", "is_cause": True}
    yield "audit.fct_finding", {"document_id": DOCUMENT} | finding | messages | cause
    known = {
        "finding_key": "k3",
        "document_id": DOCUMENT,
        "identity_id": "SUM-1",
        "severity": "error",
        "scope": "b",
        "message_zh": "不等",
        "message_en": "differs",
        "state": "opened",
        "opened_at": "2026-01-01 00:00:00",
        "opened_in_run": "r1",
    }
    yield "audit.fct_finding_history", known


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A correct warehouse with every table of the contract."""
    path = tmp_path_factory.mktemp("warehouse") / "sound.duckdb"
    with duckdb.connect(str(path)) as con:
        for schema in ("marts", "audit", "intermediate"):
            con.execute(f"create schema {schema}")
        con.execute(
            "create table intermediate.int_identity__due (check_key varchar, document_id varchar, identity_id varchar)"
        )
        for subject in subjects(read_contract(), "hold"):
            columns = {
                check.column: check.expected_type or "VARCHAR"
                for check in subject.checks
                if check.is_about_type and check.due_when is None
            }
            if not columns:
                continue
            declared = [
                f'"{name}" {"DECIMAL(28,4)" if type_ == "DECIMAL" else type_}'
                for name, type_ in columns.items()
            ]
            declared += [BEYOND_THE_CONTRACT[subject.name]] if subject.name in BEYOND_THE_CONTRACT else []
            con.execute(f"create table {subject.name} ({', '.join(declared)})")
        for table, row in _rows():
            names = ", ".join(f'"{name}"' for name in row)
            con.execute(
                f"insert into {table} ({names}) values ({', '.join('?' * len(row))})", list(row.values())
            )
    return path


@pytest.fixture
def warehouse(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound warehouse, to be broken."""
    return Path(shutil.copy(sound, tmp_path / "copy.duckdb"))


def alter(warehouse: Path, *statements: str) -> None:
    with duckdb.connect(str(warehouse)) as con:
        for statement in statements:
            con.execute(statement)


def wrong(
    warehouse: Path, policy: str = "hold", table: str | None = None
) -> dict[tuple[str, str], Measurement]:
    """What the contract's checks find wrong, by table and check: everything, or in one table."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        types = column_types(con)
        measured = [
            measurement
            for subject in subjects(read_contract(), policy)
            if table in (None, subject.name)
            for measurement in measure(con, subject.checks, types)
        ]
    found = {}
    for one in measured:
        check = one.check
        has_type = check.expected_type is None or str(one.found_type).startswith(check.expected_type)
        is_right = (has_type or one.found_type == NOT_DUE) and one.found_type != ABSENT
        if not is_right if check.is_about_type else one.violations != 0:
            found[check.table, check.label] = one
    return found


BREAKS = [
    ("insert into marts.fct_expenditure select * from marts.fct_expenditure where level = 'total'",
     "marts.fct_expenditure", "key"),
    ("update marts.fct_revenue set document_id = 'ffffffffffffffff'", "marts.fct_revenue", "document_id: reference"),
    ("update marts.fct_balance set item = 'sundry'", "marts.fct_balance", "item: list"),
    ("update marts.fct_balance set fund_code = 'sundry'", "marts.fct_balance", "fund_code: reference"),
    ("update marts.fct_three_public set stage = null", "marts.fct_three_public", "stage: required"),
    ("update marts.fct_three_public set amount_yuan = 12.5", "marts.fct_three_public", "amount_is_what_was_printed"),
    ("update marts.fct_three_public set reported_value = -12.5", "marts.fct_three_public", "amount_is_what_was_printed"),
    ("update marts.fct_three_public set reported_unit = '百万元'", "marts.fct_three_public", "amount_is_what_was_printed"),
    ("update marts.fct_three_public set reported_unit = '十万元'", "marts.fct_three_public", "amount_is_what_was_printed"),
    ("update marts.fct_three_public set reported_value = null", "marts.fct_three_public", "amount_is_what_was_printed"),
    ("update marts.fct_three_public set source = null", "marts.fct_three_public", "source: list"),
    ("update marts.dim_document set sha256 = null", "marts.dim_document", "sha256: pattern"),
    ("update marts.fct_expenditure set level = 'total' where level = 'class'",
     "marts.fct_expenditure", "level_follows_from_the_code"),
    ("update audit.fct_identity_check set tolerance = null where check_key = 'k3'",
     "audit.fct_identity_check", "decided_checks_state_the_difference"),
    ("update marts.fct_expenditure set page_no = 4", "marts.fct_expenditure", "page_is_counted_from_one"),
    ("update marts.fct_expenditure set level = 'item'", "marts.fct_expenditure", "level_follows_from_the_code"),
    ("alter table marts.fct_economic_expenditure alter amount_yuan type double",
     "marts.fct_economic_expenditure", "amount_yuan: type"),
    ("alter table marts.fct_economic_expenditure alter amount_yuan type double", "warehouse", "no_floating_point_in_facts"),
    ("alter table marts.fct_expenditure drop column is_leaf", "marts.fct_expenditure", "is_leaf: type"),
    ("drop table marts.fct_balance", "marts.fct_balance", "exists"),
    ("delete from marts.dim_function", "marts.dim_function", "not_empty"),
    ("delete from audit.evidence where source_ref = 'p1r5'", "marts.fct_three_public", "source_ref: reference"),
    ("delete from audit.evidence where source_ref = 'p1r3'", "audit.fct_identity_check", "rhs_ref: reference"),
    ("delete from marts.fct_three_public", "audit.extraction_coverage", "three_public: figures of an extracted form"),
    ("update audit.extraction_coverage set status = 'not_declared' where statement_code = 'revenue'",
     "audit.extraction_coverage", "revenue: no figures of an empty form"),
    ("delete from audit.extraction_coverage where statement_code = 'revenue'",
     "audit.extraction_coverage", "revenue: figures are covered"),
    ("update marts.dim_document set audit_status = 'held'", "marts.fct_revenue", "held_documents_are_kept_out"),
    ("delete from marts.rpt_disclosure_completeness", "marts.rpt_disclosure_completeness", "every_document_is_here"),
    ("insert into marts.rpt_spending_by_function select * replace ('general_public' as fund_code)"
     " from marts.rpt_spending_by_function", "marts.rpt_spending_by_function", "a_unit_has_one_total"),
    ("delete from audit.narrative_coverage", "audit.narrative_coverage", "every_document_is_here"),
    ("update audit.narrative_coverage set percentages = 3", "audit.narrative_coverage", "no_figure_is_lost"),
    ("update marts.dim_document set figures_unread = 0", "marts.dim_document", "no_printed_figure_is_lost"),
    ("update marts.dim_document set audit_status = 'passed'", "marts.dim_document", "what_passed_is_read"),
    ("update audit.table_coverage set figures = 6", "audit.table_coverage", "no_figure_is_lost"),
    ("update audit.table_coverage set reason = null", "audit.table_coverage", "what_is_not_placed_has_a_reason"),
    ("update audit.table_coverage set figures = 9, figures_loaded = 8", "audit.table_coverage", "counted_as_in_the_document"),
    ("update marts.fct_disclosure_metric set unit = 'yuan', reported_unit = '万元'",
     "marts.fct_disclosure_metric", "value_is_what_was_printed"),
    ("update marts.fct_disclosure_metric set metric_code = 'staff'", "marts.fct_disclosure_metric", "metric_code: list"),
    ("update audit.ingest_run set files_seen = 4", "audit.ingest_run", "no_file_is_lost"),
    ("delete from audit.quarantine", "audit.ingest_run", "quarantined_files_are_here"),
    ("update audit.fct_identity_check set status = 'unknown' where check_key = 'k2'",
     "audit.fct_identity_check", "status: list"),
    ("update audit.fct_identity_check set status = 'pass' where check_key = 'k3'",
     "audit.fct_identity_check", "decided_checks_state_the_difference"),
    ("delete from audit.fct_identity_check where check_key = 'k3'", "audit.fct_finding", "findings_are_broken_checks"),
    ("delete from audit.fct_finding", "audit.fct_identity_check", "broken_checks_are_findings"),
    ("delete from audit.fct_finding_history", "audit.fct_finding_history", "each_finding_has_its_history"),
    ("update audit.identity set on_fail = 'hold'", "marts.dim_document", "broken_hold_identity_holds"),
    ("update marts.fct_balance set basis = 'change_from_prior_year'", "marts.fct_balance", "comparison_base: type"),
]  # fmt: skip


def test_a_sound_warehouse_has_nothing_wrong(sound: Path) -> None:
    assert wrong(sound) == {}
    assert wrong(sound, "flag") == {}


@pytest.mark.parametrize(("statement", "table", "label"), BREAKS)
def test_each_break_is_found_where_it_is(warehouse: Path, statement: str, table: str, label: str) -> None:
    alter(warehouse, statement)
    assert (table, label) in wrong(warehouse, table=table)


@pytest.mark.parametrize(
    "statement",
    [
        "update marts.fct_expenditure set function_code = null where level = 'class'",
        "update marts.dim_unit set unit_kind = null",
        "update marts.fct_three_public set amount_yuan = 12500000, reported_unit = '百万元'",
    ],
)
def test_what_may_be_null_and_every_money_unit_pass(warehouse: Path, statement: str) -> None:
    alter(warehouse, statement)
    assert wrong(warehouse, table=statement.split()[1]) == {}


def test_a_code_the_catalogue_lacks_is_a_warning(warehouse: Path) -> None:
    alter(warehouse, "update marts.fct_expenditure set function_code = '999' where level = 'class'")
    found = wrong(warehouse)
    assert [(key, one.check.severity, one.examples) for key, one in found.items()] == [
        (("marts.fct_expenditure", "function_code: reference"), "warning", ("0123456789abcdef 999",))
    ]


def test_no_document_is_held_under_the_flag_policy(warehouse: Path) -> None:
    alter(warehouse, "update audit.identity set on_fail = 'hold'")
    assert wrong(warehouse, "flag") == {}
    alter(warehouse, "update marts.dim_document set audit_status = 'held', hold_code = 'IDENTITY_BROKEN'")
    assert ("marts.dim_document", "nothing_is_held_under_this_policy") in wrong(warehouse, "flag")


@pytest.mark.parametrize(
    ("statement", "identity_id", "unresolved"),
    [
        ("delete from audit.fct_identity_check where check_key = 'k1'", "READ-1", 1),
        ("delete from audit.fct_identity_check where check_key = 'k2'", "SUM-1", 1),
        ("delete from audit.fct_identity_check", "SUM-1", 1),
        ("update audit.fct_identity_check set status = null where check_key = 'k1'", "READ-1", 1),
        ("update audit.fct_identity_check set status = 'unknown'", "SUM-1", 2),
    ],
)
def test_an_identity_cannot_be_silent(
    warehouse: Path, statement: str, identity_id: str, unresolved: int
) -> None:
    alter(warehouse, statement)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        counted = {one.identity_id: one for one in tally(con)}
    assert counted[identity_id].unresolved == unresolved


def test_each_active_identity_is_one_expectation_with_its_id_severity_and_meaning(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        active = con.execute(
            "select identity_id, severity, title_zh from audit.identity where lifecycle = 'active'"
        ).fetchall()
        planned = identity_suite(tally(con), "flag")
    stated = [one for one in planned.expectations if one.meta and "identity_id" in one.meta]
    assert sorted((one.meta["identity_id"], one.meta["severity"]) for one in stated if one.meta) == sorted(
        (identity_id, severity) for identity_id, severity, _ in active
    )
    for identity_id, _, title in active:
        assert any(f"{identity_id} {title}" in (one.description or "") for one in stated)


def test_the_due_documents_are_known_without_the_builds_due_set(warehouse: Path) -> None:
    alter(
        warehouse,
        "drop schema intermediate cascade",
        "delete from audit.fct_identity_check where check_key = 'k1'",
    )
    with duckdb.connect(str(warehouse), read_only=True) as con:
        counted = {one.identity_id: one.unresolved for one in tally(con)}
    assert counted == {"READ-1": 1, "SUM-1": 0}


@pytest.mark.whole
def test_a_published_break_does_not_stop_a_publish(sound: Path, tmp_path: Path) -> None:
    verdict = run_expectations(sound, tmp_path / "docs", "hold")
    assert verdict == Verdict(passed=True, evaluated=verdict.evaluated)
    with duckdb.connect(str(sound), read_only=True) as con:
        types = column_types(con)
        due = subjects(read_contract(), "hold")
        planned = [table_suite(one, measure(con, one.checks, types)) for one in due]
    assert sum(len(one.frame) for one in planned) > 200
    assert verdict.evaluated > sum(len(one.expectations) for one in planned) > 0
    docs = tmp_path / "docs"
    assert "可以发布 / fit to publish" in (docs / "index.html").read_text(encoding="utf-8")
    meaning = (docs / "expectations" / "identities.html").read_text(encoding="utf-8")
    assert "SUM-1 合计等于各行之和 / The total is the sum" in meaning
    assert "依据 / Basis: 预算法" in meaning
    assert "不成立 fail 1" in meaning
    assert "严重程度 error，不成立时 publish / Severity error, on fail publish" in meaning
    pages = list(docs.rglob("*.html"))
    assert all("<script" not in page.read_text(encoding="utf-8") for page in pages)
    assert not any('src="http' in page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.whole
def test_the_command_refuses_a_broken_warehouse_and_names_each_break(warehouse: Path, tmp_path: Path) -> None:
    alter(
        warehouse,
        "insert into marts.fct_expenditure select * from marts.fct_expenditure where level = 'total'",
        "update marts.fct_revenue set unit_id = 'nobody', function_code = '999'",
        "update marts.fct_balance set item = 'sundry'",
        "alter table marts.fct_economic_expenditure alter amount_yuan type double",
        "alter table marts.fct_expenditure drop column is_leaf",
        "update marts.fct_three_public set stage = null",
        "alter table marts.fct_revenue drop column level",
        "drop table audit.quarantine",
        "delete from audit.evidence where source_ref = 'p1r5'",
        "delete from audit.fct_identity_check where check_key = 'k1'",
        "update audit.identity set on_fail = 'hold' where identity_id = 'SUM-1'",
    )
    command = [
        sys.executable,
        "-m",
        "expectations.run",
        str(warehouse),
        "--data-docs",
        str(tmp_path / "docs"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    verdict = json.loads(done.stdout)
    assert not verdict["passed"]
    told = {line.split(" / ")[0] for line in verdict["failed"]}
    assert told >= {
        "marts.fct_expenditure: 1 处不符",
        "marts.fct_revenue.unit_id: 1 处不符",
        "marts.fct_revenue.level: 缺列",
        "marts.fct_balance.item: 1 处不符",
        "marts.fct_economic_expenditure.amount_yuan: 类型为 DOUBLE，应为 DECIMAL(20,2)",
        "marts.fct_expenditure.is_leaf: 缺列",
        "audit.quarantine: 1 处不符",
        "marts.fct_three_public.source_ref: 1 处不符",
        "marts.fct_three_public.stage: 1 处不符",
        "audit.fct_identity_check READ-1: 应评 1 项中 1 项无结论",
        "marts.fct_* SUM-1: 1 个应扣留的文档在事实表中",
    }
    # what is missing is said once; only a rule of another table that needs it says that it could not be checked
    unchecked = [line.split(":")[0] for line in verdict["failed"] if "could not be checked" in line]
    assert unchecked == ["audit.ingest_run"]
    assert any("marts.fct_revenue.function_code" in line and "999" in line for line in verdict["warnings"])
    first_page = (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    assert "拒绝发布 / refused" in first_page
    assert "nobody" in first_page
    results = next((tmp_path / "docs" / "validations" / "marts" / "fct_balance").rglob("*.html"))
    assert "item: list｜" in results.read_text(encoding="utf-8")
