"""The metrics of ``semantic/``: what ``mf query`` answers is what the reports hold, and nothing is counted twice.

Needs MetricFlow in an environment of its own (``pip install "dbt-metricflow[dbt-duckdb]" "dbt-core<1.12"``), whose folder ``bin``
``MINGZHANG_METRICFLOW`` names; without it these tests are skipped.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Callable

import duckdb
import pytest

from ingest.config import PROJECT_ROOT
from tests.conftest import SampleBuild

BIN = os.environ.get("MINGZHANG_METRICFLOW")
pytestmark = pytest.mark.skipif(
    BIN is None, reason="MINGZHANG_METRICFLOW names no environment with MetricFlow"
)
Ask = Callable[..., list[dict[str, str]]]


@pytest.fixture(scope="module")
def ask(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks MetricFlow for metrics by a dimension, over the sample warehouse."""
    folder = tmp_path_factory.mktemp("metrics") / "semantic"
    shutil.copytree(PROJECT_ROOT / "semantic", folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {
        "PATH": f"{BIN}:{os.environ['PATH']}", "DBT_PROFILES_DIR": str(folder),
        "MINGZHANG_WAREHOUSE": str(sample_build.warehouse), "MINGZHANG_METRICS_DB": str(folder / "metrics.duckdb"),
    }  # fmt: skip

    def run(*command: str) -> None:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def asked(metrics: str, by: str) -> list[dict[str, str]]:
        run("mf", "query", "--metrics", metrics, "--group-by", by, "--csv", "answer.csv")
        with (folder / "answer.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    run("dbt", "run")
    return asked


def test_spending_by_year_is_that_of_the_units(ask: Ask, warehouse: duckdb.DuckDBPyConnection) -> None:
    expected = dict(
        warehouse.execute(
            "select fiscal_year, sum(spending_yuan)::double from marts.rpt_unit_profile"
            " where counts_in_region and stage = 'final' and spending_yuan is not null group by all"
        ).fetchall()
    )
    answer = ask("final_spending", "metric_time__year")
    found = {int(row["metric_time__year"][:4]): float(row["final_spending"]) for row in answer}
    assert expected
    assert found == pytest.approx(expected)


def test_items_of_the_three_public_expenses_add_up_to_their_total(
    ask: Ask, warehouse: duckdb.DuckDBPyConnection
) -> None:
    [(total,)] = warehouse.execute(
        "select sum(final_yuan)::double from marts.rpt_three_public_by_unit where item = 'total' and stage = 'final'"
    ).fetchall()
    answer = ask("three_public_final", "three_public_row__item")
    assert total
    assert sum(float(row["three_public_final"]) for row in answer) == pytest.approx(total)
    assert len(answer) > 1


def test_every_metric_answers(ask: Ask, warehouse: duckdb.DuckDBPyConnection) -> None:
    [(errors,)] = warehouse.execute(
        "select count(*) from marts.rpt_finding where is_cause and severity = 'error'"
    ).fetchall()
    names = "budget_spending,three_public_budget,budget_total,final_total,execution_rate,open_findings,open_errors"
    answer = ask(names, "metric_time__year")
    for name in names.split(","):
        assert any(row[name] for row in answer), name
    assert sum(int(float(row["open_errors"] or 0)) for row in answer) == errors
