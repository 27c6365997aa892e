"""Releases, extracts, inventory, merge and guard on small files, without dbt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ingest.config import PROJECT_ROOT
from ingest.extraction.tables import DocumentRows
from ingest.inbox import inventory
from ingest.inbox.inventory import take_inventory
from ingest.outcomes import Outcome, Reason
from ingest.releases.extracts import PASSING, ExtractStore
from ingest.releases.guard import RegressionError, lost_documents, moved_totals, withdrawn_at_once
from ingest.releases.merge import UnmergeableError, add_history, merge
from ingest.releases.store import (
    BusyError,
    KnownDocument,
    Manifest,
    ReleaseError,
    ReleaseStore,
    is_sound,
    published_run,
)
from ingest.runs.plan import with_supersession
from ingest.version import reading_files
from ingest.warehouse.publish import Digest, combine, content_hash, table_digests

FACTS = [("d1", "u1", "1.10"), ("d1", "u1", "1.10"), ("d2", "u2", "5.00"), ("d3", "u2", "7.00")]
DOCUMENT_TABLES = ["marts.dim_document", "marts.dim_unit", "marts.fct_money", "audit.quarantine"]


def database(path: Path, facts: list[tuple[str, str, str]], run_id: str = "r1", held: str = "") -> Path:
    """A release with documents, units, one fact, quarantine and history."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema audit")
        con.execute(
            "create table marts.fct_money (document_id varchar, unit_id varchar, amount_yuan decimal(20, 2))"
        )
        con.executemany("insert into marts.fct_money values (?, ?, ?)", facts)
        con.execute(
            "create table marts.dim_document as select distinct document_id, unit_id, document_id || '.txt' as file_name,"
            " case when document_id = ? then 'held' else 'passed' end as audit_status from marts.fct_money",
            [held],
        )
        con.execute("create table marts.dim_unit as select distinct unit_id from marts.fct_money")
        con.execute("create table marts.dim_fund as select 'all' as code")
        con.execute("create table audit.quarantine (file_name varchar, first_seen_at timestamp)")
        con.execute("insert into audit.quarantine values ('bad.txt', now())")
        con.execute(
            "create table audit.ingest_run as select ? as run_id, now()::timestamp as started_at", [run_id]
        )
        con.execute(
            "create table audit.document_outcome as select ? as run_id, 'loaded' as outcome", [run_id]
        )
    return path


def manifest(path: Path, release_id: str, documents: tuple[str, ...] = ("d1", "d2", "d3")) -> Manifest:
    digests = table_digests(path)
    return Manifest(
        release_id, "2026-01-01 00:00:00", "x", "p", "hold", False, combine(digests),
        {table: str(digest) for table, digest in digests.items()}, {}, [], [],
        {sha: KnownDocument(sha, f"{sha}.txt", f"{sha}.txt", "loaded", "2026-01-01") for sha in documents},
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    store = ReleaseStore(tmp_path / "w.duckdb")
    store.folder.mkdir()
    return store


def released(store: ReleaseStore, release_id: str, facts: list[tuple[str, str, str]] = FACTS) -> Manifest:
    built = database(store.folder / "built", facts, release_id)
    made = manifest(built, release_id)
    store.add(built, made)
    store.publish(made)
    return made


# content


def test_a_content_hash_does_not_know_the_order_of_rows_nor_the_clock_nor_runs(tmp_path: Path) -> None:
    one = database(tmp_path / "one", FACTS, "r1")
    other = database(tmp_path / "other", FACTS[::-1], "r2")
    assert content_hash(one) == content_hash(other)


@pytest.mark.parametrize(
    "facts", [FACTS[1:], [*FACTS, FACTS[0], FACTS[0]], [*FACTS[:3], ("d3", "u2", "7.01")]]
)
def test_a_content_hash_knows_every_row(tmp_path: Path, facts: list[tuple[str, str, str]]) -> None:
    assert content_hash(database(tmp_path / "one", FACTS)) != content_hash(
        database(tmp_path / "other", facts)
    )


def test_digests_add_and_are_read_back() -> None:
    one, other = Digest(2, 2**128 - 1), Digest(1, 5)
    assert (one + other) - other == one
    assert Digest.parse(str(one)) == one
    with pytest.raises(ValueError, match="values"):
        Digest.parse("nonsense")


# merge


def test_a_merge_replaces_documents_and_units_and_foresees_every_digest(tmp_path: Path) -> None:
    base = database(tmp_path / "base", FACTS)
    fresh = [("d2", "u2", "6.00"), ("d4", "u3", "9.00")]  # d2 changed, d3 withdrawn, d4 new
    build = database(tmp_path / "build", fresh)
    target = tmp_path / "target"
    expected = merge(
        base, build, target, {"d2", "d3", "d4"}, {"u2", "u3"}, DOCUMENT_TABLES, table_digests(base)
    )
    assert table_digests(target) == expected
    assert content_hash(target) == content_hash(database(tmp_path / "whole", [*FACTS[:2], *fresh]))
    assert not target.with_name("target.wal").exists()


def test_a_merge_shows_that_the_base_is_not_what_its_manifest_says(tmp_path: Path) -> None:
    base = database(tmp_path / "base", FACTS)
    digests = table_digests(base)
    with duckdb.connect(str(base)) as con:
        con.execute("update marts.fct_money set amount_yuan = 0 where document_id = 'd1'")
    build = database(tmp_path / "build", [("d2", "u2", "6.00")])
    expected = merge(base, build, tmp_path / "target", {"d2", "d3"}, {"u2"}, DOCUMENT_TABLES, digests)
    assert table_digests(tmp_path / "target") != expected


def test_a_table_without_documents_or_units_is_not_merged(tmp_path: Path) -> None:
    base = database(tmp_path / "base", FACTS)
    build = database(tmp_path / "build", FACTS[:1])
    with pytest.raises(UnmergeableError, match="dim_fund"):
        merge(
            base,
            build,
            tmp_path / "t",
            {"d1"},
            {"u1"},
            [*DOCUMENT_TABLES, "marts.dim_fund"],
            table_digests(base),
        )


def test_history_is_carried_on_and_told_once(tmp_path: Path) -> None:
    base, target = database(tmp_path / "base", FACTS, "r1"), database(tmp_path / "target", FACTS, "r2")
    add_history(target, base, None, [])
    add_history(target, base, None, [["r3", "2026-01-01"]])
    add_history(target, None, None, [["r3", "2026-01-02"]])
    with duckdb.connect(str(target), read_only=True) as con:
        assert con.execute("select run_id from audit.ingest_run order by all").fetchall() == [
            ("r1",),
            ("r2",),
            ("r3",),
        ]
        assert con.execute("select count(*) from audit.document_outcome").fetchall() == [(2,)]


# releases


def test_a_manifest_is_read_back_and_a_damaged_one_is_none(store: ReleaseStore) -> None:
    made = released(store, "r1")
    assert store.manifest("r1") == made
    assert store.published() == made
    assert store.is_untouched(made, store.warehouse)
    place = store.folder / "r1.json"
    text = place.read_text(encoding="utf-8")
    for damaged in (text[:-20], text.replace('"format": 1', '"format": 9'), text.replace("4:", "5:", 1), ""):
        place.write_text(damaged, encoding="utf-8")
        assert store.manifest("r1") is None


def test_only_the_last_releases_are_kept_and_a_rollback_publishes_an_earlier_one(store: ReleaseStore) -> None:
    made = [released(store, f"r{number}", FACTS[:number]) for number in (1, 2, 3, 4)]
    store.prune(3, made[-1])
    assert [each.release_id for each in store.manifests()] == ["r2", "r3", "r4"]
    assert store.rollback(None).release_id == "r3"
    assert store.published() == made[2]
    assert is_sound(store.warehouse, made[2])
    assert store.rollback("r4") == made[3]
    with pytest.raises(ReleaseError, match="r2, r3, r4"):
        store.rollback("r1")


def test_a_rollback_refuses_a_release_that_is_not_sound(store: ReleaseStore) -> None:
    released(store, "r1")
    last = released(store, "r2", FACTS[:1])
    with duckdb.connect(str(store.release_file("r1"))) as con:
        con.execute("delete from marts.fct_money")
    with pytest.raises(ReleaseError, match="not what its manifest says"):
        store.rollback("r1")
    assert store.published() == last


def test_a_lost_or_broken_warehouse_is_still_known(store: ReleaseStore) -> None:
    made = released(store, "r1")
    store.warehouse.write_bytes(b"no database")
    assert store.published() == made
    assert not store.is_untouched(made, store.warehouse)
    store.warehouse.unlink()
    assert store.published() == made


def test_a_warehouse_of_another_program_is_not_taken_for_the_release(
    store: ReleaseStore, tmp_path: Path
) -> None:
    assert store.published() is None
    made = released(store, "r1")
    database(tmp_path / "other", FACTS[:1], "another").replace(store.warehouse)
    assert store.published() == made
    assert not store.is_untouched(made, store.warehouse)
    assert published_run(store.warehouse) == "another"


def test_one_writer_at_a_time(store: ReleaseStore) -> None:
    with store.locked(0, "refresh one"):
        began = time.monotonic()
        with pytest.raises(BusyError, match="refresh one"), store.locked(0.3, "refresh two"):
            raise AssertionError("two writers")
        assert time.monotonic() - began >= 0.3
    with store.locked(0, "refresh two"):
        pass


def test_what_dead_runs_left_is_removed_and_nothing_else(store: ReleaseStore) -> None:
    released(store, "r1")
    store.work_dir.mkdir()
    (store.work_dir / "build.duckdb").touch()
    (store.folder / "r9.duckdb").touch()  # killed between database and manifest
    (store.folder / ".r9.json.77").touch()
    store.warehouse.with_name(".w.duckdb.r9").touch()
    before = store.warehouse.read_bytes()
    assert store.clean() == [".r9.json.77", ".w.duckdb.r9", "r9.duckdb", "work"]
    assert store.clean() == []
    assert store.warehouse.read_bytes() == before
    assert [each.release_id for each in store.manifests()] == ["r1"]


def test_the_journal_tells_killed_runs_and_survives_half_a_line(store: ReleaseStore) -> None:
    store.note("a", "start")
    store.note("a", "end", outcome="published")
    store.note("b", "start")
    with store.journal.open("a", encoding="utf-8") as file:
        file.write('{"run_id": "c", "eve\n')
    store.note("d", "start")
    store.note("d", "end", outcome="failed", message="why")
    assert [(run["run_id"], run["outcome"]) for run in store.runs()] == [
        ("a", "published"), ("b", "killed"), ("d", "failed")
    ]  # fmt: skip


# extracts


def extract(sha: str = "ab" * 32, name: str = "a.txt") -> tuple[Outcome, DocumentRows]:
    sink = pa.BufferOutputStream()
    table = pa.table({"document_id": [sha[:16]], "file_name": [name], "title": ["明账"]})
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    rows = DocumentRows(sha[:16], {"document": bytes(sink.getvalue()), "cell": b"\x00\x01"})
    return Outcome(name, "extract", "loaded", sha, sha[:16], pages=3), rows


def test_an_extract_is_read_back_under_the_name_that_its_file_has_now(tmp_path: Path) -> None:
    store = ExtractStore(tmp_path, "v1")
    outcome, rows = extract()
    store.save(outcome, rows)
    assert store.load("ab" * 32, "a.txt") == (outcome, rows)
    found = store.load("ab" * 32, "b.txt")
    assert found
    assert found[1]
    assert found[0].file_name == "b.txt"
    assert pa.ipc.open_stream(found[1].tables["document"]).read_all().to_pylist() == [
        {"document_id": "ab" * 8, "file_name": "b.txt", "title": "明账"}
    ]
    assert ExtractStore(tmp_path, "v2").load("ab" * 32, "a.txt") is None


def test_a_quarantined_file_is_kept_with_its_message_under_its_new_name(tmp_path: Path) -> None:
    store = ExtractStore(tmp_path, "v1")
    store.save(
        Outcome("a.pdf", "extract", "quarantined", "cd" * 32, None, Reason.PDF_DAMAGED, "a.pdf: no page"),
        None,
    )
    found = store.load("cd" * 32, "b.pdf")
    assert found
    assert found[0].message == "b.pdf: no page"


@pytest.mark.parametrize("reason", PASSING)
def test_a_verdict_on_the_machine_is_not_kept(tmp_path: Path, reason: Reason) -> None:
    store = ExtractStore(tmp_path, "v1")
    store.save(Outcome("a", "extract", "quarantined", "cd" * 32, None, reason, "a: no"), None)
    assert store.load("cd" * 32, "a") is None


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
def test_a_damaged_extract_counts_as_absent(tmp_path: Path, damage: str) -> None:
    store = ExtractStore(tmp_path, "v1")
    store.save(*extract())
    place = next(path for path in tmp_path.rglob("*") if path.is_file())
    data = place.read_bytes()
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    place.write_bytes({"cut": data[:-1], "flip": flipped, "empty": b"", "other": b"text"}[damage])
    assert store.load("ab" * 32, "a.txt") is None
    store.save(*extract())
    assert store.load("ab" * 32, "a.txt") == extract()


def test_pruning_drops_other_versions_and_what_is_not_wanted(tmp_path: Path) -> None:
    old, store = ExtractStore(tmp_path, "v0"), ExtractStore(tmp_path, "v1")
    old.save(*extract("ef" * 32))
    assert store.adopt("ef" * 32)
    store.save(*extract())
    store.save(*extract("cd" * 32))
    store.prune(["ab" * 32, "ef" * 32])
    assert store.load("ab" * 32, "a.txt")
    assert store.load("ef" * 32, "a.txt")
    assert not store.load("cd" * 32, "a.txt")
    assert not old.load("ef" * 32, "a.txt")
    assert not store.adopt("cd" * 32)


# inventory


def test_files_that_did_not_change_are_not_hashed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, memory = tmp_path / "in", tmp_path / "memory.json"
    inbox.mkdir()
    for name in ("a.txt", "b.txt"):
        (inbox / name).write_text(name)
        os.utime(inbox / name, ns=(1, 1))
    monkeypatch.setattr(inventory, "_SETTLED_NS", 0)
    first = take_inventory(inbox, memory)
    looked_at: list[str] = []
    original = inventory.look_into
    monkeypatch.setattr(inventory, "look_into", lambda found: looked_at.append(found.name) or original(found))
    assert take_inventory(inbox, memory) == first
    assert looked_at == []
    (inbox / "b.txt").write_text("B.txt")  # the same size and, set back, the same time of change
    os.utime(inbox / "b.txt", ns=(1, 1))
    second = take_inventory(inbox, memory)
    assert looked_at == ["b.txt"]
    assert second.seen[0].sha256 == first.seen[0].sha256
    assert second.seen[1].sha256 != first.seen[1].sha256
    for damaged in ("", "[]", '{"format": 2, "files": {"a.txt": 3}}', memory.read_text()[:-9]):
        memory.write_text(damaged)
        assert take_inventory(inbox, memory) == second


def test_a_file_that_changed_just_now_is_hashed_next_time_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a")
    take_inventory(tmp_path / "in", tmp_path / "memory.json")
    kept = json.loads((tmp_path / "memory.json").read_text())
    assert not kept["files"]["a.txt"]["is_settled"]


def test_the_version_of_the_extractor_covers_every_module_that_reads() -> None:
    code = "import sys, ingest.extraction.read as read, importlib; [*map(importlib.import_module, read.READING)]; print('\\n'.join(m.__file__ for n, m in sys.modules.items() if n.startswith('ingest.') and m.__file__))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    loaded = {Path(line).relative_to(PROJECT_ROOT).as_posix() for line in done.stdout.split()}
    hashed = {path.relative_to(PROJECT_ROOT).as_posix() for path in reading_files()}
    others = {path for path in loaded - hashed if not path.startswith("ingest/processes/")}
    assert others == {"ingest/version.py"}


# guard


def known(sha: str, outcome: str = "loaded", **fields: str) -> KnownDocument:
    return KnownDocument(
        sha, f"{sha}.txt", f"{sha}.txt", outcome, fields.pop("seen_at", "2026-01-01"), **fields
    )


def test_a_document_that_no_longer_loads_stops_the_release(tmp_path: Path) -> None:
    base = manifest(database(tmp_path / "base", FACTS), "r1")
    lost_documents(base, {"d1": known("d1"), "d2": known("d2")})  # withdrawn is not lost
    with pytest.raises(RegressionError, match=r"d2\.txt: PDF_DAMAGED"):
        lost_documents(base, {"d1": known("d1"), "d2": known("d2", "quarantined", reason_code="PDF_DAMAGED")})


def test_most_documents_gone_at_once_stop_the_release(tmp_path: Path) -> None:
    base = manifest(database(tmp_path / "base", FACTS), "r1")
    withdrawn_at_once(base, ["d1"])
    with pytest.raises(RegressionError, match="2 of 3"):
        withdrawn_at_once(base, ["d1", "d2"])


def test_figures_that_move_without_new_input_stop_the_release(tmp_path: Path) -> None:
    base = database(tmp_path / "base", FACTS)
    moved = database(tmp_path / "moved", [*FACTS[:2], ("d2", "u2", "5.01"), FACTS[3]])
    moved_totals(base, moved, ["d1", "d3"])
    with pytest.raises(RegressionError, match=r"d2\.txt: 1 figures, 5\.00 yuan -> 1 figures, 5\.01 yuan"):
        moved_totals(base, moved, ["d1", "d2", "d3"])


def test_a_document_may_be_held_for_what_another_of_its_unit_says(tmp_path: Path) -> None:
    base = database(tmp_path / "base", FACTS)
    other = [*FACTS[:2], ("d2", "u2", "0"), FACTS[3]]
    moved_totals(
        base, database(tmp_path / "more", [*other, ("d4", "u2", "1")], held="d2"), ["d1", "d2", "d3"]
    )
    with pytest.raises(RegressionError, match="d2"):
        moved_totals(base, database(tmp_path / "same", other, held="d2"), ["d1", "d2", "d3"])


# versions of a disclosure


def test_the_version_that_arrived_last_supersedes_and_a_tie_supersedes_nothing() -> None:
    old, new = known("aa" * 32, disclosure="x"), known("bb" * 32, disclosure="x", seen_at="2026-02-01")
    other = known("cc" * 32, disclosure="y", seen_at="2026-03-01")
    nameless = [known("dd" * 32), known("ee" * 32, seen_at="2026-02-01")]
    all_of = {each.sha256: each for each in (old, new, other, *nameless)}
    found = with_supersession(all_of)
    assert {sha[:2]: each.superseded_by for sha, each in found.items()} == {
        "aa": "bb" * 8, "bb": None, "cc": None, "dd": None, "ee": None
    }  # fmt: skip
    tie = replace(old, sha256="ff" * 32, seen_at=new.seen_at)
    assert not any(each.superseded_by for each in with_supersession(all_of | {tie.sha256: tie}).values())
