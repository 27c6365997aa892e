"""The command end to end: quarantine, exit status, idempotence, atomic publishing."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.config import Run
from ingest.runs.checking import CheckError, check
from ingest.warehouse.publish import content_hash, publish
from tests.conftest import Compiled, SampleBuild, run_mingzhang


def test_broken_files_are_quarantined_by_name_and_stop_nothing(
    sample_build: SampleBuild, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute("select file_name, reason_code, message from audit.quarantine").fetchall()
    assert {name: reason for name, reason, _ in rows} == sample_build.broken
    for name, _, message in rows:
        assert name in message


def test_a_misread_document_is_held_with_its_reason_and_its_figures_stay_out(
    sample_build: SampleBuild, warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = warehouse.execute(
        "select document_id, audit_status, hold_reason from marts.dim_document where file_name = ?",
        [sample_build.misread],
    ).fetchall()
    assert len(rows) == 1
    document_id, status, reason = rows[0]
    assert status == "held"
    assert "READ-001" in reason
    assert warehouse.execute(
        "select count(*) from marts.fct_expenditure where document_id = ?", [document_id]
    ).fetchall() == [(0,)]
    found = warehouse.execute(
        "select identity_id, scope from audit.fct_finding where document_id = ? and scope like 'expenditure%'",
        [document_id],
    ).fetchall()
    assert found == [("READ-001", "expenditure")]
    # the sums that break are put down to the reading, not to the publisher, each with the reason
    doubted = warehouse.execute(
        "select count(*), count(*) filter (where abs(difference) > tolerance)"
        " from audit.fct_identity_check as checked"
        " inner join audit.identity using (identity_id)"
        " where document_id = ? and family = 'sum' and statement_code = 'expenditure' and status = 'not_evaluable'"
        " and reason_code = 'most_sums_break'",
        [document_id],
    ).fetchall()
    assert doubted[0][0] >= 4
    assert doubted[0][1] == doubted[0][0]
    assert f"held {sample_build.misread}" in sample_build.stdout


def test_files_seen_are_loaded_or_quarantined(
    sample_build: SampleBuild, warehouse: duckdb.DuckDBPyConnection
) -> None:
    seen, loaded, same, quarantined = warehouse.execute(
        "select files_seen, documents_loaded, files_same_bytes, files_quarantined from audit.ingest_run"
    ).fetchall()[0]
    assert seen == sum(1 for path in sample_build.documents.rglob("*") if path.is_file())
    assert seen == loaded + same + quarantined
    assert quarantined == len(sample_build.broken)
    assert warehouse.execute("select files_left_out from audit.ingest_run").fetchall() == [(3,)]
    outcomes = [event["outcome"] for event in sample_build.events if event["stage"] == "extract"]
    assert len(outcomes) == seen + 3
    assert outcomes.count("left_out") == 3
    left_out = (
        "select file_name, reason_code from audit.document_outcome where outcome = 'left_out' order by all"
    )
    assert warehouse.execute(left_out).fetchall() == [
        (f"broken/{name}", "HIDDEN_FILE")
        for name in ("hidden.zip!/.DS_Store", "hidden.zip!/__MACOSX/._a.txt", "shared_bytes.zip!/.text.txt")
    ]


def test_the_summary_names_documents_and_quarantined_files(sample_build: SampleBuild) -> None:
    assert "quarantined" in sample_build.stdout
    assert str(sample_build.warehouse) in sample_build.stdout.replace("\n", "")
    for truth in sample_build.truths:
        assert truth.file_name in sample_build.stdout


def test_the_steps_one_by_one_change_nothing_whatever_the_number_of_workers(
    sample_build: SampleBuild, compiled: Compiled, tmp_path: Path
) -> None:
    before = (sample_build.warehouse.stat().st_mtime_ns, content_hash(sample_build.warehouse))
    build_file, var_dir = tmp_path / "steps.duckdb", compiled.give(tmp_path / "var")
    for arguments in (
        ("ingest", sample_build.documents, "--jobs", "1"),
        ("transform",),
        ("publish", "--warehouse", sample_build.warehouse),
    ):
        done = run_mingzhang(*arguments, "--build-file", build_file, var_dir=var_dir)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "unchanged" in done.stdout
    assert (sample_build.warehouse.stat().st_mtime_ns, content_hash(sample_build.warehouse)) == before
    assert [path.name for path in sample_build.warehouse.parent.iterdir()] == [sample_build.warehouse.name]
    assert not list(var_dir.glob("builds/*"))


def test_a_reader_keeps_its_snapshot_while_a_release_is_swapped_in(
    sample_build: SampleBuild, tmp_path: Path
) -> None:
    target = tmp_path / "w.duckdb"
    shutil.copy(sample_build.warehouse, target)
    build_file = tmp_path / "build.duckdb"
    shutil.copy(sample_build.warehouse, build_file)
    with duckdb.connect(str(build_file)) as con:
        con.execute("delete from marts.fct_three_public")
    with duckdb.connect(str(target), read_only=True) as reader:
        before = reader.execute("select count(*) from marts.fct_three_public").fetchall()
        release = publish(Run(warehouse=target), build_file)
        assert release.is_new
        assert reader.execute("select count(*) from marts.fct_three_public").fetchall() == before
    with duckdb.connect(str(target), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.fct_three_public").fetchall() == [(0,)]


def test_a_broken_structure_is_refused(sample_build: SampleBuild, tmp_path: Path) -> None:
    build_file = tmp_path / "build.duckdb"
    shutil.copy(sample_build.warehouse, build_file)
    with duckdb.connect(str(build_file)) as con:
        con.execute("insert into marts.fct_balance select * from marts.fct_balance limit 1")
    with pytest.raises(CheckError, match="fct_balance"):
        check(Run(var_dir=tmp_path), build_file)


def test_comments_and_old_storage_reach_the_published_file(warehouse: duckdb.DuckDBPyConnection) -> None:
    bare = warehouse.execute(
        "select table_name, column_name from duckdb_columns() where schema_name in ('marts', 'audit') and comment is null"
    ).fetchall()
    assert not bare
    tables = warehouse.execute(
        "select comment from duckdb_tables() where schema_name in ('marts', 'audit')"
    ).fetchall()
    assert all("/ " in comment for (comment,) in tables)
    tags = warehouse.execute(
        "select tags['storage_version'] from duckdb_databases() where database_name = 'w'"
    ).fetchall()
    assert tags[0][0].startswith("v1.4"), tags


def test_only_what_analysts_see_is_published(warehouse: duckdb.DuckDBPyConnection) -> None:
    schemas = warehouse.execute("select distinct schema_name from duckdb_tables() order by all").fetchall()
    assert schemas == [("audit",), ("marts",)]


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(("build", "no/such/folder"), 2), (("build", "--jobs", "0"), 2), (("nonsense",), 2)],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...], status: int, tmp_path: Path) -> None:
    assert run_mingzhang(*arguments, var_dir=tmp_path).returncode == status


def test_a_run_without_a_readable_document_fails_and_publishes_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "empty.pdf").touch()
    target = tmp_path / "w.duckdb"
    done = run_mingzhang("build", tmp_path / "in", "--warehouse", target, var_dir=tmp_path)
    assert done.returncode == 1
    assert not target.exists()


def test_listings_print_table_csv_and_json(sample_build: SampleBuild) -> None:
    for output, start in (("table", "file"), ("csv", "document_id,"), ("json", "{")):
        done = run_mingzhang(
            "status", "--warehouse", sample_build.warehouse, "--format", output, var_dir=sample_build.var_dir
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.lstrip().startswith(start)
