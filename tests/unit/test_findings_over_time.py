"""The history of findings over releases: opened, still there, gone by a revision, with its document, or found no more."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.releases.findings import carry_findings_on

FIRST, SECOND, THIRD = "2026-01-01 00:00:00", "2026-02-01 00:00:00", "2026-03-01 00:00:00"
Row = tuple[object, ...]


def release(path: Path, findings: list[tuple[str, str, str]], replaced: dict[str, str] | None = None) -> Path:
    """A release with findings (key, document, scope), and documents with the ones that replace them."""
    documents = (
        {document for _, document, _ in findings} | set(replaced or {}) | set((replaced or {}).values())
    )
    with duckdb.connect(str(path)) as con:
        con.execute("create schema audit; create schema marts")
        con.execute(
            "create table marts.dim_document (document_id varchar, unit_id varchar, fiscal_year integer,"
            " stage varchar, superseded_by varchar)"
        )
        for document in sorted(documents | {"kept"}):
            con.execute(
                "insert into marts.dim_document values (?, 'u', 2025, 'final', ?)",
                [document, (replaced or {}).get(document)],
            )
        con.execute(
            "create table audit.fct_finding (finding_key varchar, document_id varchar, identity_id varchar,"
            " severity varchar, scope varchar, message_zh varchar, message_en varchar)"
        )
        for key, document, scope in findings:
            con.execute(
                "insert into audit.fct_finding values (?, ?, 'AL-T00-001', 'error', ?, ?, 'en')",
                [key, document, scope, f"the words about {scope.partition('@')[0]}"],
            )
        con.execute(
            "create table audit.fct_finding_history (finding_key varchar, document_id varchar, unit_id varchar,"
            " fiscal_year integer, stage varchar, identity_id varchar, severity varchar, scope varchar, message_zh varchar,"
            " message_en varchar, state varchar, opened_at timestamp, opened_in_run varchar, gone_at timestamp,"
            " gone_in_run varchar, gone_reason varchar, continued_as varchar)"
        )
    return path


def history(path: Path) -> dict[object, Row]:
    """Key -> state, run that opened it, run since which it is gone, why, and its key in the revision."""
    with duckdb.connect(str(path), read_only=True) as con:
        rows = con.execute(
            "select finding_key, state, opened_in_run, gone_in_run, gone_reason, continued_as"
            " from audit.fct_finding_history order by all"
        ).fetchall()
    found = {row[0]: tuple(row[1:]) for row in rows}
    assert len(found) == len(rows), "one row per finding"
    return found


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = release(tmp_path / "first.duckdb", [("a", "d1", "x"), ("b", "d1", "y"), ("c", "d2", "x")])
    carry_findings_on(path, None, "run1", FIRST)
    return path


def test_all_are_opened_in_a_first_release(first: Path) -> None:
    assert set(history(first).values()) == {("opened", "run1", None, None, None)}


def test_a_finding_stays_is_opened_or_is_gone(first: Path, tmp_path: Path) -> None:
    second = release(tmp_path / "second.duckdb", [("a", "d1", "x"), ("n", "d3", "x")])
    carry_findings_on(second, first, "run2", SECOND)
    assert history(second) == {
        "a": ("still_there", "run1", None, None, None),
        "n": ("opened", "run2", None, None, None),
        "b": ("gone", "run1", "run2", "not_found_again", None),
        "c": ("gone", "run1", "run2", "withdrawn", None),
    }
    third = release(tmp_path / "third.duckdb", [("a", "d1", "x")])
    carry_findings_on(third, second, "run3", THIRD)
    assert history(third)["b"] == ("gone", "run1", "run2", "not_found_again", None), "it went once"
    assert history(third)["n"] == ("gone", "run2", "run3", "withdrawn", None)


def test_a_revision_ends_a_finding_or_has_it_too(first: Path, tmp_path: Path) -> None:
    second = release(
        tmp_path / "second.duckdb",
        [("a", "d1", "x"), ("b", "d1", "y"), ("r", "d9", "x")],
        {"d1": "d9"},
    )
    carry_findings_on(second, first, "run2", SECOND)
    found = history(second)
    assert found["a"] == ("gone", "run1", "run2", "continued", "r")
    assert found["b"] == ("gone", "run1", "run2", "revised", None)
    assert found["r"] == ("still_there", "run1", None, None, None), (
        "the revision's finding is as old as the first"
    )


def test_a_revision_that_moves_a_finding_has_it_still(tmp_path: Path) -> None:
    first = release(tmp_path / "first.duckdb", [("a", "d1", "x@line 3"), ("b", "d1", "y@line 4")])
    carry_findings_on(first, None, "run1", FIRST)
    second = release(
        tmp_path / "second.duckdb",
        [("a", "d1", "x@line 3"), ("b", "d1", "y@line 4"), ("r", "d9", "x@line 5")],
        {"d1": "d9"},
    )
    carry_findings_on(second, first, "run2", SECOND)
    assert history(second) == {
        "a": ("gone", "run1", "run2", "continued", "r"),
        "b": ("gone", "run1", "run2", "revised", None),
        "r": ("still_there", "run1", None, None, None),
    }


def test_a_finding_that_comes_back_keeps_when_it_was_opened(first: Path, tmp_path: Path) -> None:
    second = release(tmp_path / "second.duckdb", [("a", "d1", "x")])
    carry_findings_on(second, first, "run2", SECOND)
    third = release(tmp_path / "third.duckdb", [("a", "d1", "x"), ("b", "d1", "y")])
    carry_findings_on(third, second, "run3", THIRD)
    assert history(third)["b"] == ("still_there", "run1", None, None, None)


def test_carrying_on_twice_changes_nothing(first: Path, tmp_path: Path) -> None:
    second = release(tmp_path / "second.duckdb", [("a", "d1", "x")])
    carry_findings_on(second, first, "run2", SECOND)
    once = history(second)
    carry_findings_on(second, first, "run2", SECOND)
    assert history(second) == once


def test_a_release_before_that_cannot_be_read_gives_no_history(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"no database")
    second = release(tmp_path / "second.duckdb", [("a", "d1", "x")])
    carry_findings_on(second, damaged, "run2", SECOND)
    assert history(second) == {"a": ("opened", "run2", None, None, None)}
