"""What people are shown: text of documents is text, for spreadsheets, terminals and markup."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.terminal import SafeConsole, shown, visible
from ingest.views.listings import print_findings, print_rows, write_rows

HOSTILE = [
    '=HYPERLINK("http://x")',
    "+1+1",
    "-1-cmd|' /C calc'!A0",
    "-1,2",
    "-",
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


@pytest.mark.parametrize("text", ["-1", "+1", "-1,234,567.80", "-12.5%", "+0.00", "1=1", "说明"])
def test_a_number_with_its_sign_and_plain_text_stay_as_they_are_in_csv(text: str) -> None:
    stream = io.StringIO()
    write_rows(stream, ["name"], [(text,)], "csv")
    assert list(csv.reader(io.StringIO(stream.getvalue(), newline=""))) == [["name"], [text]]


def test_json_holds_what_was_printed_and_no_order_to_the_terminal() -> None:
    stream = io.StringIO()
    texts = ["=1", "a\x1b[2J\x9b\u202e\u2028b\n\U000e0041", "明账\u3000明"]
    write_rows(stream, ["text"], [(text,) for text in texts], "json")
    assert json.loads(stream.getvalue()) == [{"text": text} for text in texts]
    assert stream.getvalue().replace("\n", "").replace("\u3000", "").isprintable()
    assert "明账\u3000明" in stream.getvalue()


def test_json_loses_no_column_where_two_have_one_name() -> None:
    stream = io.StringIO()
    write_rows(stream, ["a", "a", "a_2"], [(1, 2, 3)], "json")
    assert json.loads(stream.getvalue()) == [{"a": 1, "a_2": 2, "a_2_2": 3}]


def test_no_rows_are_an_empty_array_and_a_head() -> None:
    empty, head = io.StringIO(), io.StringIO()
    write_rows(empty, ["a"], [], "json")
    write_rows(head, ["a"], [], "csv")
    assert (json.loads(empty.getvalue()), head.getvalue().strip()) == ([], "a")


def test_few_columns_are_a_table_and_many_are_printed_on_end() -> None:
    def printed(names: list[str], rows: list[tuple[object, ...]]) -> list[str]:
        stream = io.StringIO()
        print_rows(Console(file=stream, width=40), names, rows)
        lines = [line.rstrip() for line in stream.getvalue().splitlines()]
        assert max(map(cell_len, lines)) <= 40
        return lines

    few = printed(["name", "n"], [("一般公共预算财政拨款支出表", Decimal("1.50")), ("b", None)])
    assert few[3:5] == ["│ 一般公共预算财政拨款支出表 │ 1.50 │", f"│ b{' ' * 26}│{' ' * 6}│"]
    names = ["document_id", "file_name", "amount_yuan"]
    many = printed(
        names, [("0123456789abcdef", "一般公共预算财政拨款支出决算表二〇二五.pdf", 1), ("d2", "[b]", None)]
    )
    assert [line.split()[0] for line in many if line] == [
        "1",
        *names[:2],
        "算表二〇二五.pdf",
        names[2],
        "2",
        *names,
    ]
    assert many[2].split() == ["file_name", "一般公共预算财政拨款支出决"]
    assert many[-2].split() == ["file_name", "[b]"]


@pytest.mark.parametrize(
    "name",
    [
        "[/bold].pdf",
        "[red]a[/red].pdf",
        "a\x1b[2Jb.pdf",
        "a\x07\x9b31m.pdf",
        "a\nb.pdf",
        "a\u202efdp.\u2066b",
    ],
)
def test_a_name_is_neither_markup_nor_an_order_to_the_terminal(name: str) -> None:
    stream = io.StringIO()
    table = Table("file")
    table.add_row(shown(name))
    Console(file=stream, width=80).print(table)
    assert visible(name) in stream.getvalue()
    assert not set("\x1b\x07\x9b\u202e\u2066") & set(stream.getvalue())


def test_a_console_steers_nothing_whoever_forgot_to_make_a_text_visible() -> None:
    stream = io.StringIO()
    console = SafeConsole(file=stream, width=80, force_terminal=True, color_system=None)
    console.print(Text("a\x1b]0;t\x9b2J\u202eb"), "c\x1b[31md :cat: 一\u3000二", markup=False)
    assert stream.getvalue() == "a\ufffd]0;t\ufffd2J\ufffdb c\ufffd[31md :cat: 一\u3000二\n"


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
