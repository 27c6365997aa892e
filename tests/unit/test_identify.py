"""What a document does not print of itself: its companion says it, else the catalogue, else the file's name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.extraction.tables import TABLES
from ingest.inbox.catalogue import Entry, read_catalogue
from ingest.warehouse.identify import complete

FORMS, PROSE = "f" * 16, "p" * 16


@pytest.fixture
def build_file(tmp_path: Path) -> Path:
    """A build file with forms that say nothing of themselves and the prose that speaks of them."""
    path = tmp_path / "build.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw")
        for name in ("document", "claim", "cell", "form"):
            con.execute(f"create table raw.{name} ({TABLES[name]})")
        for document_id, name, prose in ((FORMS, "甲/附件2.pdf", 1), (PROSE, "甲/附件1.pdf", 40)):
            con.execute(
                "insert into raw.document (document_id, file_name, sha256, prose_paragraphs) values (?, ?, ?, ?)",
                [document_id, name, document_id * 4, prose],
            )
        con.execute(
            "update raw.document set unit_name = '云川市水务局', unit_kind = 'department', unit_from = 'title', fiscal_year = 2026,"
            " fiscal_year_from = 'title', doc_type = 'departmental_budget', stage = 'budget', stage_from = 'title'"
            " where document_id = ?",
            [PROSE],
        )
        con.execute("insert into raw.form (document_id, form_no) values (?, 1)", [FORMS])
        for figure in ("123.46", "77.10", "200.56"):
            con.execute(
                "insert into raw.claim (document_id, figure_text, unit_text) values (?, ?, '万元')",
                [PROSE, figure],
            )
        for figure in ("1,234,562.00", "771000.00", "200.56"):
            con.execute("insert into raw.cell (document_id, text, figures) values (?, ?, 1)", [FORMS, figure])
    return path


def _identity(path: Path) -> tuple[object, ...]:
    with duckdb.connect(str(path)) as con:
        found = con.execute(
            "select unit_name, unit_from, fiscal_year, fiscal_year_from, stage, stage_from from raw.document"
            " where document_id = ?",
            [FORMS],
        ).fetchone()
    assert found
    return found


def test_the_prose_that_speaks_of_the_forms_says_whose_they_are(build_file: Path) -> None:
    complete(build_file, ())
    assert _identity(build_file) == ("云川市水务局", "companion", 2026, "companion", "budget", "companion")


def test_other_prose_says_nothing(build_file: Path) -> None:
    with duckdb.connect(str(build_file)) as con:
        con.execute("delete from raw.claim where figure_text = '77.10'")
    complete(build_file, ())
    assert _identity(build_file) == (None,) * 6


def test_a_companion_lies_in_the_same_folder(build_file: Path) -> None:
    with duckdb.connect(str(build_file)) as con:
        con.execute("update raw.document set file_name = '乙/附件1.pdf' where document_id = ?", [PROSE])
    complete(build_file, ())
    assert _identity(build_file) == (None,) * 6


def test_the_catalogue_comes_before_the_file_name(build_file: Path) -> None:
    with duckdb.connect(str(build_file)) as con:
        con.execute("delete from raw.document where document_id = ?", [PROSE])
        con.execute("update raw.document set file_name = '附件2：云川市水务局2025年部门预算.pdf'")
    entry = Entry(
        sha256=FORMS, fiscal_year=2024, source_url="https://a.example", published_on=date(2024, 3, 1)
    )
    complete(build_file, [entry])
    assert _identity(build_file) == (
        "云川市水务局", "file_name", 2024, "catalogue", "budget", "file_name"
    )  # fmt: skip
    with duckdb.connect(str(build_file)) as con:
        row = con.execute("select * from raw.catalogue").fetchone()
    assert row == (FORMS, "https://a.example", date(2024, 3, 1), None)


def test_what_is_printed_is_not_changed(build_file: Path) -> None:
    complete(build_file, [Entry(file_name="附件1.pdf", unit_name="乙局", fiscal_year=2020)])
    with duckdb.connect(str(build_file)) as con:
        row = con.execute(
            "select unit_name, fiscal_year from raw.document where document_id = ?", [PROSE]
        ).fetchone()
    assert row == ("云川市水务局", 2026)


def test_a_catalogue_is_read(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text(
        "\ufefffile_name,published_on,stage,region_code\na.pdf,2026-02-03,final,310107\n", encoding="utf-8"
    )
    assert read_catalogue(path) == [
        Entry(file_name="a.pdf", published_on=date(2026, 2, 3), stage="final", region_code="310107")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\na.pdf\n", "no column file_name"),
        ("file_name,fiscal_year\na.pdf,26\n", "line 2: 26 is not a fiscal year"),
        ("file_name,stage\na.pdf,preliminary\n", "not in the code list"),
    ],
)
def test_a_catalogue_that_says_something_else_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_catalogue(path)
