"""The sample documents as ground truth: the marts hold exactly what was printed, cell by cell."""

from __future__ import annotations

import duckdb

from tests.conftest import SampleBuild
from tests.golden.exercised import IN_SAMPLES, decided
from tests.pipeline.keys import compare


def test_every_printed_figure_is_in_the_marts_and_none_is_invented(
    sample_build: SampleBuild, warehouse: duckdb.DuckDBPyConnection
) -> None:
    matched, misses, extra = 0, [], {}
    for truth in sample_build.truths:
        result = compare(
            warehouse,
            truth.document_id,
            [(line.table, line.where, line.expect) for line in truth.lines],
        )
        matched += result.matched
        misses += [f"{truth.file_name}: {miss}" for miss in result.misses]
        extra |= {(truth.file_name, table): count for table, count in result.extra.items() if count}
    assert not misses, "\n".join(misses[:20])
    assert not extra
    assert matched > 5000


def test_unchanged_samples_give_no_finding(
    sample_build: SampleBuild, warehouse: duckdb.DuckDBPyConnection
) -> None:
    samples = [truth.document_id for truth in sample_build.truths if truth.kind != "unfilled_template"]
    found = warehouse.execute(
        "select identity_id, scope, message_en from audit.fct_finding where list_contains(?, document_id)",
        [samples],
    ).fetchall()
    assert not found
    statuses = dict(
        warehouse.execute(
            "select status, count(*) from audit.fct_identity_check where list_contains(?, document_id) group by all",
            [samples],
        ).fetchall()
    )
    assert statuses["pass"] > 1000
    assert "fail" not in statuses


def test_samples_decide_the_identities_that_no_golden_document_does(sample_build: SampleBuild) -> None:
    assert sorted(IN_SAMPLES - decided(sample_build.warehouse)) == []


def test_an_unfilled_template_is_found_and_yields_no_figure(
    sample_build: SampleBuild, warehouse: duckdb.DuckDBPyConnection
) -> None:
    templates = [truth.document_id for truth in sample_build.truths if truth.kind == "unfilled_template"]
    assert templates
    found = warehouse.execute(
        "select distinct document_id, identity_id from audit.fct_finding where list_contains(?, document_id)",
        [templates],
    ).fetchall()
    # it is a template, and nothing was read of it
    expected = [(template, rule) for template in templates for rule in ("READ-005", "STRUCTURE-004")]
    assert sorted(found) == sorted(expected)
    for table in (
        "fct_expenditure",
        "fct_revenue",
        "fct_balance",
        "fct_economic_expenditure",
        "fct_three_public",
    ):
        found = warehouse.execute(
            f"select count(*) from marts.{table} where list_contains(?, document_id)", [templates]
        ).fetchall()
        assert found == [(0,)]


def test_every_source_ref_resolves_to_the_printed_figure(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in (
        "fct_expenditure",
        "fct_revenue",
        "fct_balance",
        "fct_economic_expenditure",
        "fct_three_public",
    ):
        unresolved = warehouse.execute(
            f"""
            select fact.document_id, fact.source_ref, fact.reported_value, evidence.printed_text
            from marts.{table} as fact
            left join audit.evidence as evidence using (document_id, source_ref)
            where case fact.source
                when 'table'
                    then try_cast(regexp_replace(evidence.printed_text, '[\\s,]', '', 'g') as decimal(20, 6))
                        is distinct from fact.reported_value
                else not coalesce(contains(
                    regexp_replace(evidence.printed_text, '[\\s,]', '', 'g'),
                    printf('%.' || fact.reported_decimals || 'f', cast(abs(fact.reported_value) as double))
                ), false)
            end
            """
        ).fetchall()
        assert not unresolved
