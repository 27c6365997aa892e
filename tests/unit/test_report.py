"""What people are shown: text of documents is text, for spreadsheets, terminals and markup."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from ingest.cli import app
from ingest.report import print_findings, shown, visible, write_rows

HOSTILE = [
    '=HYPERLINK("http://x")',
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_spreadsheet_runs_nothing_that_a_document_says(text: str) -> None:
    stream = io.StringIO()
    write_rows(stream, ["name", text], [(text, -1), ("说明" + text, None)], "csv")
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert rows == [["name", "'" + text], ["'" + text, "-1"], ["说明" + text, ""]]


def test_json_holds_what_was_printed() -> None:
    stream = io.StringIO()
    write_rows(stream, ["text"], [("=1",)], "json")
    assert json.loads(stream.getvalue()) == [{"text": "=1"}]


@pytest.mark.parametrize(
    "name", ["[/bold].pdf", "[red]a[/red].pdf", "a\x1b[2Jb.pdf", "a\x07\x9b31m.pdf", "a\nb.pdf"]
)
def test_a_name_is_neither_markup_nor_an_order_to_the_terminal(name: str) -> None:
    stream = io.StringIO()
    table = Table("file")
    table.add_row(shown(name))
    Console(file=stream, width=80).print(table)
    assert visible(name) in stream.getvalue()
    assert not set("\x1b\x07\x9b") & set(stream.getvalue())


def test_findings_are_listed_under_their_documents() -> None:
    stream = io.StringIO()
    common = {"document_id": "d1", "identity_id": "SUM-1", "message_zh": "[red]不等", "message_en": "differs"}
    print_findings(
        Console(file=stream, width=80),
        [
            {"file_name": "a.pdf", "finding": "f1", "severity": "error", "page_no": 3, "follows": 2, "cause": "f1", **common},
            {"file_name": "a.pdf", "finding": "f2", "severity": "info", "page_no": None, "follows": 0, "cause": "f1", **common},
        ],
    )  # fmt: skip
    lines = [line.strip() for line in stream.getvalue().splitlines() if line.strip()]
    assert lines == [
        "a.pdf  d1",
        "f1  error  SUM-1  p3  (2 follow)", "[red]不等", "differs",
        "f2  info  SUM-1  (follows f1)", "[red]不等", "differs",
        "1 error, 1 info",
        "next    mingzhang explain f1",
    ]  # fmt: skip


def test_a_query_cannot_change_the_warehouse(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        con.execute("create table t as select 1 as n")
    before = warehouse.read_bytes()
    for query in ("delete from t", "create table u as select 1", "drop table t"):
        assert CliRunner().invoke(app, ["sql", query, "--warehouse", str(warehouse)]).exit_code == 1
    assert CliRunner().invoke(app, ["sql", "select n from t", "--warehouse", str(warehouse)]).exit_code == 0
    assert warehouse.read_bytes() == before
