"""The generated pages match a warehouse that is built now, and the guides match the code."""

from __future__ import annotations

import re

import duckdb
import pytest

from ingest.config import PROJECT_ROOT
from ingest.outcomes import Reason
from ingest.views.contract import contract_page
from ingest.views.dictionary import identities_page, tables_page
from ingest.views.relations import relations, relations_page, relationships
from ingest.warehouse.holds import HoldReason


def test_the_data_dictionary_is_current(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert (PROJECT_ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == tables_page(warehouse)


def test_the_identity_catalogue_is_current(warehouse: duckdb.DuckDBPyConnection) -> None:
    written = (PROJECT_ROOT / "docs" / "identities.md").read_text(encoding="utf-8")
    assert without_counts(written) == without_counts(identities_page(warehouse))
    assert len(re.findall(_HELD, written)) > 60, "most identities say how often they held"


_HELD = r"\n- 最近一次发布 / last release: held in \d+ of \d+ decided checks"


def without_counts(page: str) -> str:
    """A page without how often identities held, which depends on the documents of the release."""
    return re.sub(_HELD, "", page)


def test_the_contract_is_current(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert (PROJECT_ROOT / "docs" / "contract.md").read_text(encoding="utf-8") == contract_page(warehouse)


def test_the_relations_are_current_and_each_table_is_there(warehouse: duckdb.DuckDBPyConnection) -> None:
    docs = PROJECT_ROOT / "docs"
    assert (docs / "relations.md").read_text(encoding="utf-8") == relations_page()
    assert (docs / "relationships.json").read_text(encoding="utf-8") == relationships()
    tables = warehouse.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('marts', 'audit')"
    ).fetchall()
    assert {place for (place,) in tables} == {each.place for each in relations().values()}


@pytest.mark.parametrize("page", ["README.md", "docs/start.md", "docs/questions.md"])
def test_every_query_of_a_page_runs_and_gives_the_columns_it_shows(
    warehouse: duckdb.DuckDBPyConnection, page: str
) -> None:
    text = (PROJECT_ROOT / page).read_text(encoding="utf-8")
    examples = re.findall(r"```sql\n(.*?)```\n\n\| (.*?) \|\n", text, re.DOTALL)
    assert len(examples) == text.count("```sql")
    for query, header in examples:
        assert [column[0] for column in warehouse.execute(query).description] == header.split(" | "), query


def test_a_question_takes_at_most_six_lines_and_one_join() -> None:
    text = (PROJECT_ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    queries = re.findall(r"^## (\d+)\. .*?```sql\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert [int(number) for number, _ in queries] == list(range(1, 16))
    long = [number for number, query in queries if query.count("\n") > 6 or query.count("join ") > 1]
    assert long == []


def test_every_code_of_quarantine_is_described() -> None:
    text = (PROJECT_ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    codes = [*Reason, *HoldReason, "IDENTITY_BROKEN"]
    assert re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE) == sorted(
        codes, key=lambda code: text.index(f"| `{code}` |")
    )


def test_every_report_answers_a_question(warehouse: duckdb.DuckDBPyConnection) -> None:
    reports = warehouse.execute(
        "select table_name from information_schema.tables where table_schema = 'marts' and table_name like 'rpt%'"
    ).fetchall()
    text = (PROJECT_ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    assert reports
    assert [report for (report,) in reports if f"`{report}`" not in text] == []
