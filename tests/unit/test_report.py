"""What people are shown: text of documents is text, for spreadsheets, terminals and markup."""

from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console
from rich.table import Table

from ingest.report import shown, visible, write_rows

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
