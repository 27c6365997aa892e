"""Every identity on a handful of documents each: it holds, is broken, lacks a term, and differs by exactly the tolerance."""

from __future__ import annotations

import csv
from collections import defaultdict

import duckdb
import pytest

from .conftest import AS_OF, ROOT, WAIVED, Case, Warehouse, read_cases

REGISTRY = ROOT / "dbt_project" / "seeds" / "registry"
CASES = read_cases()
OTHER_SCOPE = "expenditure/all/208/total/final"
WAIVED_DOCUMENTS = {
    f"{identity}.broken" for identity, scope, until in WAIVED if until >= AS_OF and scope != OTHER_SCOPE
}


def active_identities() -> dict[str, str]:
    """Identity -> its tolerance policy."""
    with (REGISTRY / "identities.csv").open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        return {
            row["identity_id"]: row["tolerance_policy_id"] for row in rows if row["lifecycle"] == "active"
        }


WITHOUT_TOLERANCE = {identity for identity, policy in active_identities().items() if policy == "no_tolerance"}
"""Identities about words and structure: their edge case is the nearest to a broken one."""


@pytest.mark.parametrize("identity_id", active_identities())
def test_identity_has_its_four_cases(identity_id: str) -> None:
    names = {case.name for case in CASES if case.identity_id == identity_id}
    assert {"holds", "broken", "missing", "edge"} <= names


@pytest.fixture(scope="module")
def checks(warehouse: Warehouse) -> dict[tuple[object, ...], list[tuple[object, ...]]]:
    """Each check's status, reason, difference and tolerance, by document, identity and scope."""
    found: dict[tuple[object, ...], list[tuple[object, ...]]] = defaultdict(list)
    for document_id, identity_id, scope, *checked in warehouse.query(
        "select document_id, identity_id, scope, status, coalesce(reason_code, ''), abs(difference), tolerance"
        " from audit.fct_identity_check"
    ):
        found[document_id, identity_id, scope].append(tuple(checked))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.document_id)
def test_case(case: Case, checks: dict[tuple[object, ...], list[tuple[object, ...]]]) -> None:
    found = checks[case.document_id, case.identity_id, case.scope]
    assert len(found) == 1, f"not due, or due twice: {found}"
    status, reason, difference, tolerance = found[0]
    expected = "waived" if case.document_id in WAIVED_DOCUMENTS else case.status
    assert (status, reason) == (expected, case.reason)
    if case.name == "edge" and case.identity_id not in WITHOUT_TOLERANCE:
        assert difference == tolerance != 0, "an edge case lies exactly on its tolerance"


def test_only_cases_meant_to_break_have_findings_of_their_identity(warehouse: Warehouse) -> None:
    broken = {(case.document_id, case.identity_id) for case in CASES if case.status == "fail"}
    found = warehouse.query("select distinct document_id, identity_id from audit.fct_finding")
    own = {(document, identity) for document, identity in found if str(document).startswith(f"{identity}.")}
    assert own == broken


def test_finding_tells_both_sides_and_the_difference(warehouse: Warehouse) -> None:
    [(zh, en, reported, expected, difference, page)] = warehouse.query(
        "select message_zh, message_en, reported, expected, difference, page_no from audit.fct_finding"
        " where document_id = 'AL-T03-001.units_differ_beyond'"
    )
    assert (reported, expected, difference, page) == ("151.00", "100.00", "51.00", 1)
    assert "《收支总表》合计 151.00元" in str(zh)
    assert "《支出表》合计 0.01万元" in str(zh)
    assert "相差 51.00元（舍入最多可解释 50.005元）" in str(zh)
    assert "151.00 yuan differs from" in str(en)
    assert "0.01 x 10,000 yuan" in str(en)


@pytest.mark.parametrize(
    ("case", "severity"),
    [
        ("RATE-001.broken", "warning"),
        ("RATE-001.last_digit_is_cut", "info"),
        ("AL-T00-004.no_such_words", "error"),
        ("AL-T00-004.the_document_declares_its_rounding", "info"),
        ("AL-T00-004.more_than_it_declares", "error"),
    ],
)
def test_what_misleads_nobody_is_information(warehouse: Warehouse, case: str, severity: str) -> None:
    identity_id = case.partition(".")[0]
    found = warehouse.query(
        "select severity from audit.fct_finding where document_id = ? and identity_id = ?", case, identity_id
    )
    assert found == [(severity,)]


def test_message_names_the_rows_that_were_added(warehouse: Warehouse) -> None:
    [(zh,)] = warehouse.query(
        "select message_zh from audit.fct_finding where document_id = 'AL-T02-001.broken' and identity_id = 'AL-T02-001'"
    )
    for part in (
        "201 名称201 60.00元",
        "208 名称208 30.00元",
        "210 名称210 9.97元",
        "其下各行之和 99.97元",
        "100.00元",
    ):
        assert part in str(zh)


def test_waiver_accepts_the_finding_it_names_until_it_expires(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select document_id, accepted_reason from audit.fct_finding where starts_with(document_id, identity_id)"
        " and split_part(document_id, '.', 1) in ('AL-T00-001', 'AL-T00-002', 'AL-T00-003', 'AL-T00-004')"
        " and split_part(document_id, '.', 2) = 'broken'"
    )
    found = {row[0]: row[1] for row in rows}
    assert found == {
        "AL-T00-001.broken": "经核对与原文一致",  # named by its scope, on its last day
        "AL-T00-002.broken": "经核对与原文一致",  # the whole document
        "AL-T00-003.broken": None,  # expired the day before
        "AL-T00-004.broken": None,  # another scope
    }


def test_a_figure_that_breaks_two_checks_is_reported_once_and_named(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "select identity_id, is_cause, suspect_ref, suspect_reason_en from audit.fct_finding"
        " where document_id = 'PERF-006.broken_with_its_rate' and cause_key = (select cause_key from audit.fct_finding"
        " where document_id = 'PERF-006.broken_with_its_rate' and identity_id = 'PERF-006')"
    )
    assert sorted(rows) == [
        ("PERF-001", True, "c1", "Most likely this figure is wrong: 2 failed checks use it, 0 passing ones."),
        (
            "PERF-006",
            False,
            "c1",
            "Most likely this figure is wrong: 2 failed checks use it, 0 passing ones.",
        ),
    ]


def audit_status(warehouse: Warehouse, document_id: str) -> tuple[object, ...]:
    [row] = warehouse.query(
        "select audit_status, hold_reason is not null from intermediate.int_document__audit_status where document_id = ?",
        document_id,
    )
    return row


def test_audit_status_follows_findings_waivers_and_policy(warehouse: Warehouse) -> None:
    assert audit_status(warehouse, "AL-T07-001.holds") == ("passed", False)
    assert audit_status(warehouse, "AL-T07-001.broken") == ("flagged", False)
    assert audit_status(warehouse, "AL-T00-002.broken") == ("passed", False)  # waived
    assert audit_status(warehouse, "READ-001.edge") == ("flagged", False)
    assert audit_status(warehouse, "READ-001.all_sums_broken") == ("held", True)
    assert audit_status(warehouse, "READ-001.broken") == ("flagged", False)  # its hold is waived
    warehouse.make_audit_status("flag")
    assert audit_status(warehouse, "READ-001.all_sums_broken") == ("flagged", False)


def test_a_form_is_held_whatever_the_policy_unless_someone_compared_it(warehouse: Warehouse) -> None:
    held = dict(warehouse.query("select document_id, statement_code from intermediate.int_form__held"))
    assert held["READ-001.all_sums_broken"] == "expenditure"
    assert not {"READ-001.holds", "READ-001.edge", "READ-001.broken"} & set(held)  # the last is waived


def test_a_rule_of_the_warehouse_or_an_unknown_identity_holds_under_either_policy(
    warehouse: Warehouse,
) -> None:
    unknown, broken = "AL-T07-001.holds", "AL-T07-001.broken"
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(
            "update staging.stg_disclosure__document set stage = null, fiscal_year = null where document_id = ?",
            [unknown],
        )
        connection.execute(
            "insert into staging.stg_disclosure__broken_rule values (?, 'CONTRACT_KEY', 'fct_balance', 'a key', 2, '[]', false)",
            [broken],
        )
    for policy in ("hold", "flag"):
        warehouse.make_audit_status(policy)
        assert warehouse.query(
            "select document_id, hold_code, hold_reason from intermediate.int_document__audit_status"
            " where list_contains(['AL-T07-001.holds', 'AL-T07-001.broken'], document_id) order by all"
        ) == [
            (broken, "CONTRACT_KEY", "fct_balance: a key (2)"),
            (unknown, "IDENTITY_UNKNOWN", "unknown: fiscal_year, stage"),
        ]


def test_registry_names_only_codes_that_exist(warehouse: Warehouse) -> None:
    """Every form, fund, column and item that an active identity names is in a code list."""
    unknown = warehouse.query(
        """
        with term as (
            select terms.*
            from seeds.identity_terms as terms
            semi join (from seeds.identities where lifecycle = 'active') as active using (identity_id)
        ),
        named (kind, code) as (
            select 'form', unnest(string_split(statement_code, '|')) from term
            union all select 'fund', unnest(string_split(fund_code, '|')) from term
            union all select 'column', unnest(string_split(column_key, '|')) from term
            union all select 'row', unnest(string_split(row_key, '|')) from term
        ),
        known (kind, code) as (
            select 'form', statement_code from seeds.forms
            union all select 'fund', fund_code from seeds.fund
            union all select 'column', measure from seeds.measure
            union all select 'column', revenue_source from seeds.revenue_source
            union all select 'column', unnest(['amount', 'personnel', 'public', 'value', 'weight', 'score', 'full_weight'])
            union all select 'row', item from seeds.balance_item
            union all select 'row', item from seeds.three_public_item
            union all select 'row', metric_code from seeds.metric
            union all select 'row', unnest(['total', 'procurement_sme_elsewhere', 'staff_of_another_kind'])
        )
        select distinct kind, code from named anti join known using (kind, code) where code not in ('*', '=')
        """
    )
    assert unknown == []


def test_every_identity_is_decided_somewhere(warehouse: Warehouse) -> None:
    """A rule that matches nothing is worse than no rule."""
    decided = warehouse.query(
        "select identity_id from audit.fct_identity_check group by all having bool_or(status = 'pass') and bool_or(status = 'fail' or status = 'waived')"
    )
    assert {identity for (identity,) in decided} == set(active_identities())
