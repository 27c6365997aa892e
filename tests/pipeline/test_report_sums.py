"""No report counts twice: its leaves, summed by each of its dimensions, are the totals that the documents print."""

from __future__ import annotations

import duckdb
import pytest

from tests.pipeline.sums import DIMENSIONS, SUMS, compare_sums


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("report", SUMS)
def test_leaves_of_a_report_sum_to_what_is_printed(
    warehouse: duckdb.DuckDBPyConnection, report: str, dimension: str
) -> None:
    compared = compare_sums(warehouse, report, dimension)
    assert compared.differing == {}
    assert compared.documents == compared.printing


@pytest.mark.parametrize("report", SUMS)
def test_a_row_names_its_unit_year_and_document(warehouse: duckdb.DuckDBPyConnection, report: str) -> None:
    assert (
        warehouse.execute(
            f"select count(*) from marts.{report} where unit_name is null or fiscal_year is null or document_choice is null"
        ).fetchall()
        == [(0,)]
    )  # fmt: skip
