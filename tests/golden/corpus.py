"""The prose corpus: invented disclosures in many wordings, the figures that they print, and those that are not read yet.

``python -m tests.golden.corpus [NN ...]`` prints the differences from the keys, with their sentences.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from ingest.config import Run
from ingest.warehouse.compiled import compiled_statements
from tests.golden.build import build
from tests.rows import Rows

CORPUS = Path(__file__).parent / "prose"
FACTS = {
    "fct_expenditure": ("function_code", "function_name", "level", "measure", "basis", "amount_yuan"),
    "fct_revenue": ("revenue_source", "function_code", "basis", "amount_yuan"),
    "fct_balance": ("item", "basis", "amount_yuan"),
    "fct_economic_expenditure": (
        "economic_code",
        "economic_name",
        "level",
        "measure",
        "basis",
        "amount_yuan",
    ),
    "fct_three_public": ("item", "basis", "amount_yuan"),
    "fct_project_budget": ("project_name", "allocation_name", "basis", "amount_yuan"),
    "fct_project_funding": ("form", "scope", "fund_line", "project_name"),
    "fct_disclosure_metric": ("metric_code", "detail", "basis", "value"),
    "fct_reported_ratio": ("subject_type", "subject_code", "subject_name", "ratio", "reported_pct"),
}
"""The columns that identify a row of a fact, and its figure."""
_COMMON = ("statement_code", "fund_code", "occurrence")
_FUNDING = ("initial_budget_yuan", "adjusted_budget_yuan", "executed_yuan", "execution_rate_pct")


@dataclass(frozen=True)
class Line:
    """One line of a key: ``where`` picks one row of a table, ``expect`` is what it must hold; None is null."""

    table: str
    where: dict[str, str | None]
    expect: dict[str, str | None]

    def __str__(self) -> str:
        return f"{self.table} {_written(self.where)}"


@dataclass(frozen=True)
class Difference:
    """A difference: a line that is missing, wrong or ambiguous, or a row that the key does not have (extra)."""

    document: str
    outcome: str
    what: str
    detail: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.document, self.outcome, self.what


def names() -> list[str]:
    """The documents of the corpus."""
    return sorted(path.stem for path in CORPUS.glob("*.txt"))


def documents() -> list[Path]:
    """Their files."""
    return [CORPUS / f"{name}.txt" for name in names()]


def key(name: str) -> list[Line]:
    """The lines of a document's key."""
    with (CORPUS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Line(row["table"], _pairs(row["where"]), _pairs(row["expect"])) for row in csv.DictReader(file)
        ]


def listed(file_name: str) -> set[tuple[str, str, str]]:
    """The differences listed in a file of the corpus, each with its reason."""
    with (CORPUS / file_name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["reason"] for row in rows), f"{file_name}: every line needs its reason"
    return {(row["document"], row["outcome"], row["what"]) for row in rows}


def differences(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[Difference]:
    """Every line of a document's key that no row matches, and every row that no line expects."""
    document_id = hashlib.sha256((CORPUS / f"{name}.txt").read_bytes()).hexdigest()[:16]
    picked: set[tuple[str, int]] = set()
    document = Rows(con, document_id, "source = 'narrative'")
    for line in key(name):
        defaults = dict.fromkeys(_FUNDING) if line.table == "fct_project_funding" else {}
        wanted = defaults | line.expect
        rows = document.pick(line.table, line.where, wanted)
        if len(rows) == 1:
            picked.add((line.table, rows[0][0]))
        if len(rows) != 1:
            yield Difference(name, "ambiguous" if rows else "missing", str(line))
        elif off := {
            column: str(got)
            for (column, want), got in zip(wanted.items(), rows[0][1:], strict=True)
            if not _same(got, want)
        }:
            yield Difference(name, "wrong", str(line), f"got {off}")
    for table, columns in FACTS.items():
        for row in document.rows(table):
            if (table, row["rowid"]) not in picked:
                shown = {column: row[column] for column in (*_COMMON, *columns) if column in row}
                what = {column: str(value) for column, value in shown.items() if value is not None}
                sentence = _sentence(con, document_id, row["source_ref"])
                yield Difference(name, "extra", f"{table} {_written(what)}", sentence)


def _sentence(con: duckdb.DuckDBPyConnection, document_id: str, ref: str) -> str:
    query = "select sentence from raw.claim where document_id = ? and source_ref = ?"
    found = con.execute(query, [document_id, ref]).fetchone()
    return found[0] if found else ""


def _same(got: object, want: str | None) -> bool:
    if got is None or want is None:
        return got is None and want is None
    try:
        return Decimal(str(got)) == Decimal(want)
    except InvalidOperation:
        return str(got) == want


def _pairs(text: str) -> dict[str, str | None]:
    return {column: value or None for column, _, value in (pair.partition("=") for pair in text.split())}


def _written(pairs: dict[str, str | None]) -> str:
    return " ".join(f"{column}={value or ''}" for column, value in pairs.items())


def main(wanted: list[str]) -> None:
    """Print the differences of the documents whose names begin with the arguments (of all documents without arguments)."""
    known = listed("known_gaps.csv") | listed("beyond_the_keys.csv")
    with tempfile.TemporaryDirectory() as work:
        statements = compiled_statements(Run(publish_policy="flag", var_dir=Path(work) / "var"))
        con = duckdb.connect(str(build(Path(work), documents(), statements)), read_only=True)
        for name in names():
            if not wanted or name.startswith(tuple(wanted)):
                for found in differences(con, name):
                    mark = "known" if found.identity in known else "NEW"
                    print(mark, found.document, found.outcome, found.what, "|", found.detail)


if __name__ == "__main__":
    main(sys.argv[1:])
