"""dbt's generic tests for closed lists and foreign keys: whole rows of what breaks them, with the columns that do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest

GENERIC = Path(__file__).parents[2] / "dbt_project" / "tests" / "generic"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create table closed_list (list_name varchar, code varchar)")
    con.execute(
        "insert into closed_list values ('stage', 'budget'), ('stage', 'final'), ('sign', '1'), ('sign', '-1')"
    )
    con.execute("create table dim_unit as select unnest(['u1', 'u2', null]) as unit_id")
    con.execute("create table dim_year as select unnest([2024, 2025]) as fiscal_year")
    con.execute(
        "create table fct (document_id varchar, stage varchar, sign integer, unit_id varchar, fiscal_year integer)"
    )
    return con


def failing(con: duckdb.DuckDBPyConnection, test: str, **arguments: Any) -> list[dict[str, Any]]:
    """The rows that a generic test returns for the table ``fct``, rendered as dbt renders it."""
    text = (GENERIC / f"{test}.sql").read_text(encoding="utf-8")
    text = text.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
    named = ", ".join(["model='fct'", *(f"{name}={value!r}" for name, value in arguments.items())])
    sql = jinja2.Environment().from_string(f"{text}{{{{ {test}({named}) }}}}").render(ref=lambda name: name)
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_a_value_outside_its_list_is_named_with_its_row(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into fct values ('a', 'final', 1, 'u1', 2024), ('b', 'plan', -1, 'u1', 2024)")
    con.execute("insert into fct values ('c', 'plan', 2, 'u1', 2024), ('d', null, null, 'u1', 2024)")
    rows = failing(con, "closed_lists", columns={"stage": "stage", "sign": "sign"})
    assert [(row["document_id"], row["broken_columns"]) for row in rows] == [
        ("b", "stage"),
        ("c", "stage, sign"),
    ]
    assert rows[0]["unit_id"] == "u1"


def test_a_list_that_does_not_exist_has_no_values(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into fct values ('a', 'final', 1, 'u1', 2024)")
    assert len(failing(con, "closed_lists", columns={"stage": "stages"})) == 1


def test_a_reference_that_leads_nowhere_is_named_with_its_row(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into fct values ('a', 'final', 1, 'u1', 2024), ('b', 'final', 1, 'u3', 2024)")
    con.execute("insert into fct values ('c', 'final', 1, 'u3', 2026), ('d', 'final', 1, null, null)")
    keys = {"unit_id": "dim_unit.unit_id", "fiscal_year": "dim_year.fiscal_year"}
    rows = failing(con, "foreign_keys", keys=keys)
    assert [(row["document_id"], row["broken_columns"]) for row in rows] == [
        ("b", "unit_id"),
        ("c", "unit_id, fiscal_year"),
    ]
