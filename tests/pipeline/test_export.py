"""``mingzhang export``: every format holds the rows of the warehouse, typed and described, and no cell is a formula."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from typer.testing import CliRunner

from ingest.cli import app
from ingest.views.relations import relations

REPORT = "rpt_unit_profile"
RUN_BY_SPREADSHEETS = "=HYPERLINK(1)"


def _export(warehouse: duckdb.DuckDBPyConnection, *arguments: str | Path) -> tuple[int, str]:
    [(_, _, file)] = warehouse.execute("pragma database_list").fetchall()[:1]
    result = CliRunner().invoke(app, ["export", *map(str, arguments), "--warehouse", file])
    return result.exit_code, result.output


def _rows(warehouse: duckdb.DuckDBPyConnection, table: str, where: str = "true") -> int:
    [(count,)] = warehouse.execute(f"select count(*) from {table} where {where}").fetchall()
    return int(count)


def test_every_report_is_a_csv_file_with_its_rows(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    status, said = _export(warehouse, "-o", tmp_path / "out")
    assert status == 0, said
    files = sorted((tmp_path / "out").iterdir())
    reports = [name for name in relations() if name.startswith("rpt_")]
    assert [path.stem for path in files] == sorted(reports)
    for path in files:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets know UTF-8 by its mark"
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.DictReader(file))) == _rows(warehouse, f"marts.{path.stem}")


def test_parquet_holds_types_and_values(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    status, said = _export(warehouse, REPORT, "dim_unit", "--format", "parquet", "-o", tmp_path)
    assert status == 0, said
    read = f"from read_parquet('{tmp_path / REPORT}.parquet')"
    with duckdb.connect() as con:
        types = {name: kind for name, kind, *_ in con.execute(f"describe {read}").fetchall()}
        values = con.execute(f"{read} order by all").fetchall()
    assert types["spending_yuan"] == "DECIMAL(20,2)"
    assert values == warehouse.execute(f"from marts.{REPORT} order by all").fetchall()
    assert (tmp_path / "dim_unit.parquet").exists()


def test_excel_has_a_cover_frozen_heads_notes_and_numbers(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    target = tmp_path / "w.xlsx"
    where = "stage = 'final'"
    status, said = _export(
        warehouse, REPORT, "rpt_finding", "--format", "excel", "-o", target, "--where", where
    )
    assert status == 0, said
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["说明 cover", "字典 dictionary", REPORT, "rpt_finding"]
    cover = [cell.value for row in book["说明 cover"].iter_rows() for cell in row]
    assert where in cover
    assert any("Apache-2.0" in str(value) for value in cover)
    sheet = book[REPORT]
    heads = {cell.value: cell for cell in sheet[1]}
    assert sheet.freeze_panes == "A2"
    assert "Total expenditure" in heads["spending_yuan"].comment.text
    assert sheet.max_row - 1 == _rows(warehouse, f"marts.{REPORT}", where) > 0
    column = heads["spending_yuan"].column
    total = sum(Decimal(str(row[column - 1] or 0)) for row in sheet.iter_rows(min_row=2, values_only=True))
    assert [(total,)] == warehouse.execute(
        f"select sum(spending_yuan) from marts.{REPORT} where {where}"
    ).fetchall()
    meant = {row[1] for row in book["字典 dictionary"].iter_rows(min_row=2, values_only=True)}
    assert set(heads) <= meant


def test_the_data_package_describes_types_keys_and_what_they_point_to(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    status, said = _export(warehouse, "all", "--format", "package", "-o", tmp_path)
    assert status == 0, said
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    resources = {each["name"]: each for each in package["resources"]}
    assert set(resources) == set(relations())
    assert package["licenses"][0]["name"] == "Apache-2.0"
    schema = resources["fct_expenditure"]["schema"]
    fields = {each["name"]: each for each in schema["fields"]}
    assert fields["amount_yuan"]["type"] == "number"
    assert fields["document_id"]["constraints"] == {"required": True}
    assert {"fields": ["unit_id"], "reference": {"resource": "dim_unit", "fields": ["unit_id"]}} in schema[
        "foreignKeys"
    ]
    assert resources["dim_unit"]["schema"]["primaryKey"] == ["unit_id"]
    assert "primaryKey" not in schema, "a part of its key may be null"
    for name, resource in resources.items():
        with (tmp_path / resource["path"]).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [each["name"] for each in resource["schema"]["fields"]], name
    _check_references(tmp_path, resources)


def _check_references(folder: Path, resources: dict[str, dict]) -> None:
    """Every foreign key of a data package leads to a row of its files."""
    checked = 0
    with duckdb.connect() as con:
        for name, resource in resources.items():
            for key in resource["schema"].get("foreignKeys", []):
                [column], reference = key["fields"], key["reference"]
                target = folder / f"{reference['resource'] or name}.csv"
                lost = con.execute(
                    f"select count(*) from read_csv('{folder / name}.csv', all_varchar = true) where {column} is not null"
                    f" and {column} not in (select {reference['fields'][0]} from read_csv('{target}', all_varchar = true))"
                ).fetchall()
                assert lost == [(0,)], (name, key)
                checked += 1
    assert checked > 50


@pytest.mark.parametrize(
    "asked", [["no_such_table"], ["--where", "nothing = 1"], ["--where", "true); drop table x; select (1"]]
)
def test_what_cannot_be_asked_is_wrong_usage_and_writes_nothing(
    warehouse: duckdb.DuckDBPyConnection, tmp_path: Path, asked: list[str]
) -> None:
    assert _export(warehouse, *asked, "-o", tmp_path / "out")[0] == 2
    assert not (tmp_path / "out").exists()


def test_no_text_of_a_document_becomes_a_formula(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create schema marts; create schema audit")
        con.execute(
            "create table audit.ingest_run as select 'r' as run_id, 'published' as outcome, now()::timestamp as started_at,"
            " now()::timestamp as finished_at"
        )
        con.execute(f"create table marts.rpt_x as select '{RUN_BY_SPREADSHEETS}' as text, -1.5 as figure")
    for kind, target in (("csv", tmp_path), ("excel", tmp_path / "x.xlsx")):
        done = CliRunner().invoke(
            app, ["export", "--format", kind, "-o", str(target), "--warehouse", str(warehouse)]
        )
        assert done.exit_code == 0, done.output
    with (tmp_path / "rpt_x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{RUN_BY_SPREADSHEETS}", "-1.5"]
    cells = openpyxl.load_workbook(tmp_path / "x.xlsx")["rpt_x"][2]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", RUN_BY_SPREADSHEETS), ("n", -1.5)]
