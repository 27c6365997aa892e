"""The loader: batches are written completely, and a document that the database refuses affects no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ingest.extraction.extract import extract
from ingest.extraction.raw_rows import pack_rows
from ingest.extraction.tables import TABLES, DocumentRows
from ingest.outcomes import DocumentError, Outcome, Reason
from ingest.warehouse import load
from ingest.warehouse.load import RawLoader, Totals


def _stream(**columns: list[object]) -> bytes:
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def read(number: int, pages: object = None) -> load.Read:
    """A document with two cells of confidence and one declaration; ``pages`` takes the place of the sentence."""
    key = f"{number:016x}"
    names = [column.split()[0] for column in TABLES["document"].split(", ")]
    tables = {
        "document": _stream(**{name: [key if name == "document_id" else None] for name in names}),
        "reading_confidence": _stream(
            document_id=[key] * 2, source_ref=["a", "b"], confidence=[0.5, number / 1000]
        ),
        "declaration": _stream(
            document_id=[key],
            statement_code=["summary"],
            kind=["empty"],
            text=[pages or "无"],
            source_ref=["a"],
        ),
    }
    return Outcome(f"{number}.txt", "extract", "loaded", key, key, pages=2), DocumentRows(key, tables)


def unreadable(number: int) -> load.Read:
    outcome = Outcome(f"{number}.txt", "extract", "quarantined", None, None, Reason.FILE_EMPTY, "nothing")
    return outcome, None


def refused(number: int) -> load.Read:
    """A document with a row that does not fit its table."""
    outcome, rows = read(number)
    assert rows
    wrong = _stream(document_id=[rows.document_id], source_ref=["a"], confidence=["much"])
    return outcome, DocumentRows(rows.document_id, rows.tables | {"reading_confidence": wrong})


def written(build_file: Path) -> list[tuple[str, int]]:
    with duckdb.connect(str(build_file), read_only=True) as con:
        return con.execute(
            "select document_id, count(*) from raw.reading_confidence group by all order by min(rowid)"
        ).fetchall()


@pytest.mark.parametrize("batch", [1, 3, 256])
def test_all_is_written_in_the_order_of_the_files_whatever_the_batch(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "_BATCH_DOCUMENTS", batch)
    came = [read(1), unreadable(2), read(3), refused(4), read(1), read(5)]
    with RawLoader(tmp_path / "b.duckdb", "run") as loader:
        told = [(outcome.file_name, outcome.outcome) for outcome in loader.load(iter(came))]
    assert told == [
        ("1.txt", "loaded"),
        ("2.txt", "quarantined"),
        ("3.txt", "loaded"),
        ("4.txt", "quarantined"),
        ("1.txt", "same_bytes"),
        ("5.txt", "loaded"),
    ]
    assert written(tmp_path / "b.duckdb") == [(f"{number:016x}", 2) for number in (1, 3, 5)]
    with duckdb.connect(str(tmp_path / "b.duckdb"), read_only=True) as con:
        reasons = con.execute("select file_name, reason_code from raw.quarantine order by all").fetchall()
        assert reasons == [("2.txt", "FILE_EMPTY"), ("4.txt", "VALUE_OUT_OF_RANGE")]
        assert con.execute("select count(*) from raw.outcome").fetchall() == [(6,)]
    assert (loader.totals.seen, loader.totals.loaded, loader.totals.quarantined) == (6, 3, 2)


def test_loading_again_replaces(tmp_path: Path) -> None:
    for _ in range(2):
        with RawLoader(tmp_path / "b.duckdb", "run") as loader:
            assert len(list(loader.load([read(1), read(2)]))) == 2
    assert sorted(written(tmp_path / "b.duckdb")) == [(f"{number:016x}", 2) for number in (1, 2)]


def test_files_are_taken_batch_by_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_BATCH_DOCUMENTS", 4)
    taken: list[int] = []

    def files() -> Iterator[load.Read]:
        for number in range(1, 13):
            taken.append(number)
            yield read(number)

    with RawLoader(tmp_path / "b.duckdb", "run") as loader:
        for done, _ in enumerate(loader.load(files()), start=1):
            assert len(taken) <= done + 4


def test_the_rate_and_the_time_left_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load.time, "monotonic", lambda: 120.0)
    totals = Totals(loaded=28, quarantined=2, pages=600, began=0.0)
    assert totals.progress(90) == (
        "30 of 90 files, 2 quarantined; 15 files/min, 5.0 pages/s; about 4 min left"
    )


def test_a_name_that_is_sql_is_a_name(tmp_path: Path) -> None:
    name = "'); drop table raw.document; --.txt"
    outcome, rows = read(1)
    with RawLoader(tmp_path / "it's; b.duckdb", "run") as loader:
        assert (
            len(
                list(
                    loader.load(
                        [
                            (replace(outcome, file_name=name), rows),
                            (replace(unreadable(2)[0], file_name=name), None),
                        ]
                    )
                )
            )
            == 2
        )
    with duckdb.connect(str(tmp_path / "it's; b.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from raw.document").fetchall() == [(1,)]
        assert con.execute("select distinct file_name from raw.outcome").fetchall() == [(name,)]


@pytest.mark.parametrize("year", [2**31, "两千"])
def test_a_value_that_does_not_fit_names_its_column(year: object) -> None:
    extraction = extract("某市财政局2025年部门预算\n2025年收入预算3万元。\n".encode())
    assert pack_rows(extraction, "1.txt").tables
    extraction.cover = replace(extraction.cover, fiscal_year=year)
    with pytest.raises(DocumentError, match=r"column fiscal_year of raw\.document") as raised:
        pack_rows(extraction, "1.txt")
    assert raised.value.reason is Reason.VALUE_OUT_OF_RANGE
